/* In place of src/data/source.c: tables of text are the only format of files. */
#include "data/source.h"

#include <string.h>
#include <strings.h>

#include "base/stream.h"
#include "data/csv.h"
#include "data/foreign.h"

/* Number of bytes from which a format is recognized. */
#define START 4096

static bool recognize(const char *path)
{
    const char *ending = strrchr(path, '.');
    return ending != NULL && (strcasecmp(ending, ".csv") == 0 || strcasecmp(ending, ".tsv") == 0);
}

static const SourceFormat csv = {.name = "csv",
                                 .form = "NAME.csv or NAME.tsv",
                                 .files_per_part = 1,
                                 .columns = true,
                                 .recognize = recognize,
                                 .recognize_start = csv_recognize,
                                 .read = csv_read};

const SourceFormat *source_formats(size_t *count)
{
    *count = 1;
    return &csv;
}

const SourceFormat *source_format_find(const char *name)
{
    return strcmp(name, csv.name) == 0 ? &csv : NULL;
}

/* Looks at the first bytes of a file whose name says nothing. */
static percept_status check_start(const char *path, percept_error *error)
{
    char start[START];
    size_t length = 0;
    ByteStream *stream = NULL;
    percept_status status = byte_stream_open(path, &stream, error);
    for (size_t got = 1; status == PERCEPT_OK && got > 0 && length < sizeof start; length += got)
        status = byte_stream_read(stream, start + length, sizeof start - length, &got, error);
    byte_stream_close(stream);
    if (status == PERCEPT_OK)
        status = foreign_refuse_content(path, start, length, error);
    if (status == PERCEPT_OK && !csv_recognize(start, length))
        status = error_set(error, PERCEPT_ERROR_FORMAT, "'%s' is no table of text; save it as CSV", path);
    return status;
}

percept_status source_format_of(const char *path, const SourceOptions *options, const SourceFormat **out,
                                percept_error *error)
{
    (void)options;
    const percept_status status = recognize(path) ? PERCEPT_OK : check_start(path, error);
    if (status == PERCEPT_OK)
        *out = &csv;
    return status;
}
