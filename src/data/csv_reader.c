#include "data/csv_reader.h"

#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/quote.h"
#include "data/foreign.h"

/* Bytes read at once. */
#define BLOCK ((size_t)1 << 18)
/* Number of lines from which the dialect is detected if no more are available at once: names, and two rows. */
#define SAMPLE_LINES 3
/* A line that is this long and has not ended is waited for until it has doubled, so that it is not looked through again
 * and again. */
#define LONG_LINE ((size_t)1 << 16)
/* Number of bytes that identify a file that is no text. */
#define RECOGNIZED ((size_t)4096)
/* Zeros follow the bytes in the buffer: every number ends there, and may be read as padded. */
#define SENTINEL NUMBER_PADDING

/* ---- The buffer ---------------------------------------------------------------------------------------------- */

/* Refuses a file whose byte `place` behind those in the buffer is 0, of `got` more: most often it is no text at all. */
static percept_status refuse_zero(const CsvReader *reader, size_t got, size_t place, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    if (reader->bytes == reader->end) { /* the buffer holds the file's beginning */
        size_t size = reader->end + got;
        for (size_t more = 1; status == PERCEPT_OK && more > 0 && size < RECOGNIZED; size += more)
            status = byte_stream_read(reader->stream, reader->buffer + size, RECOGNIZED - size, &more, error);
        if (status == PERCEPT_OK)
            status = foreign_refuse_content(reader->name, reader->buffer, size, error);
    }
    if (status != PERCEPT_OK)
        return status;
    return error_set(error, PERCEPT_ERROR_FORMAT, "'%.100s' is no text: its byte %zu is 0; save it as CSV in UTF-8",
                     reader->name, reader->bytes + place);
}

/* Makes room behind the bytes in the buffer: moves them to its front, or doubles it. */
static percept_status make_room(CsvReader *reader, percept_error *error)
{
    const size_t held = reader->end - reader->begin;
    if (reader->begin > 0) {
        memmove(reader->buffer, reader->buffer + reader->begin, held);
        reader->begin = 0;
        reader->end = held;
    }
    if (held + SENTINEL + reader->latin1 < reader->capacity) /* room for one byte, which may become two */
        return PERCEPT_OK;
    if (held >= reader->longest)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "%s, line %zu: longer than %zu bytes, too long for a line; is this CSV, and is each quote "
                         "closed?",
                         reader->name, reader->line, reader->longest);
    const size_t wanted = held < reader->longest / 2 ? 2 * held : reader->longest;
    percept_status status = memory_grow(&reader->buffer, held, wanted + SENTINEL, 1, "a line", error);
    if (status == PERCEPT_OK)
        reader->capacity = wanted + SENTINEL;
    return status;
}

/* Reads at least `wanted` bytes more, unless the stream ends or the buffer is full. */
static percept_status read_more(CsvReader *reader, size_t wanted, percept_error *error)
{
    percept_status status = make_room(reader, error);
    for (size_t got = 0; status == PERCEPT_OK && wanted > 0; wanted -= got < wanted ? got : wanted) {
        char *into = reader->buffer + reader->end;
        const size_t room = reader->capacity - SENTINEL - reader->end;
        if (room < 1 + (size_t)reader->latin1)
            break;
        status = byte_stream_read(reader->stream, into, reader->latin1 ? room / 2 : room, &got, error);
        if (status != PERCEPT_OK)
            break;
        const char *zero = memchr(into, 0, got);
        if (zero != NULL)
            return refuse_zero(reader, got, (size_t)(zero - into), error);
        if (reader->latin1)
            got = text_from_latin1(into, got);
        reader->bytes += got;
        reader->end += got;
        reader->finished = got == 0;
        if (reader->finished)
            break;
    }
    memset(reader->buffer + reader->end, 0, SENTINEL);
    return status;
}

/* ---- Records ------------------------------------------------------------------------------------------------- */

static size_t count_lines(const char *begin, const char *end, char line_end)
{
    size_t lines = 0;
    for (; begin < end && (begin = memchr(begin, line_end, (size_t)(end - begin))) != NULL; begin++)
        lines++;
    return lines;
}

/* The end of the record at the buffer's begin, which more is read for if need be. */
static percept_status find_end(CsvReader *reader, char **end, percept_error *error)
{
    for (;;) {
        bool open = false;
        char *begin = reader->buffer + reader->begin, *limit = reader->buffer + reader->end;
        *end = csv_record_end(begin, limit, &reader->dialect, &open);
        if (*end != NULL)
            return PERCEPT_OK;
        if (reader->finished && open)
            return error_set(error, PERCEPT_ERROR_FORMAT,
                             "%s, line %zu: a quoted cell begins in this line and is never closed", reader->name,
                             reader->line);
        if (reader->finished) {
            *end = limit;
            return PERCEPT_OK;
        }
        const size_t held = reader->end - reader->begin;
        percept_status status = read_more(reader, held > LONG_LINE ? held : 1, error);
        if (status != PERCEPT_OK)
            return status;
    }
}

/* Blank lines at the end of a file are nothing to speak of; those before a record are. */
static void count_blanks(CsvReader *reader, size_t line)
{
    if (reader->pending_blanks > 0 && reader->blank_lines == 0)
        reader->first_blank = line - reader->pending_blanks;
    reader->blank_lines += reader->pending_blanks;
    reader->pending_blanks = 0;
}

percept_status csv_reader_next(CsvReader *reader, CsvRecord *record, bool *end, percept_error *error)
{
    const CsvDialect *dialect = &reader->dialect;
    for (;;) {
        char *stop = NULL;
        percept_status status = find_end(reader, &stop, error);
        if (status != PERCEPT_OK)
            return status;
        char *begin = reader->buffer + reader->begin, *limit = reader->buffer + reader->end;
        *end = begin == limit;
        if (*end)
            return PERCEPT_OK;
        *record = (CsvRecord){begin, csv_record_trim(begin, stop, dialect), reader->line};
        reader->begin = (size_t)(stop - reader->buffer) + (stop < limit);
        reader->line +=
            1 + (memchr(begin, '"', (size_t)(stop - begin)) != NULL ? count_lines(begin, stop, dialect->line_end) : 0);
        if (!csv_record_blank(record->begin, record->end, dialect)) {
            count_blanks(reader, record->line);
            return PERCEPT_OK;
        }
        if (reader->columns == 1)
            return PERCEPT_OK;
        reader->pending_blanks += reader->columns > 0;
    }
}

/* ---- Opening ------------------------------------------------------------------------------------------------- */

/* Fills the buffer until the dialect can be detected. */
static percept_status read_sample(CsvReader *reader, percept_error *error)
{
    percept_status status = memory_allocate(BLOCK + SENTINEL, 1, "a block of a file", &reader->buffer, error);
    if (status != PERCEPT_OK)
        return status;
    reader->capacity = BLOCK + SENTINEL;
    memset(reader->buffer, 0, SENTINEL);
    /* In a terminal, each line is handled at once. */
    const size_t lines = byte_stream_is_terminal(reader->stream) ? 1 : SAMPLE_LINES;
    while (status == PERCEPT_OK && !reader->finished) {
        status = read_more(reader, reader->end > LONG_LINE ? reader->end : 1, error);
        if (count_lines(reader->buffer, reader->buffer + reader->end, '\n') >= lines ||
            count_lines(reader->buffer, reader->buffer + reader->end, '\r') >= lines)
            break;
    }
    return status;
}

/* Takes off the mark with which some programs begin UTF-8. */
static void skip_mark(CsvReader *reader)
{
    static const char mark[] = "\xEF\xBB\xBF";
    if (reader->end - reader->begin >= 3 && memcmp(reader->buffer + reader->begin, mark, 3) == 0)
        reader->begin += 3;
}

/* Copies cells as names: pointers, then texts, in one block. `count` of them, "" where there is no cell: the first one, if
 * `skip_first`, and those behind the last. */
static percept_status copy_names(const CsvReader *reader, char *at, char *end, size_t count, bool skip_first,
                                 char ***out, percept_error *error)
{
    const size_t table = count * sizeof(char *);
    char **names = NULL;
    percept_status status =
        memory_allocate(table + (size_t)(end - at) + count + 1, 1, "the names of the columns", &names, error);
    if (status != PERCEPT_OK)
        return status;
    char *text = (char *)names + table;
    for (size_t c = 0; c < count; c++) {
        CsvCell cell = {.text = end};
        if (at != NULL && !(c == 0 && skip_first))
            at = csv_cell_read(at, end, &reader->dialect, &cell);
        csv_cell_unescape(&cell);
        names[c] = text;
        memcpy(text, cell.text, cell.length);
        text[cell.length] = '\0';
        text += cell.length + 1;
    }
    *out = names;
    return PERCEPT_OK;
}

/* Removes the lines before the table from the buffer, and keeps the information in them. */
static percept_status take_prelude(CsvReader *reader, percept_error *error)
{
    const CsvPrelude *prelude = &reader->start.prelude;
    percept_status status = PERCEPT_OK;
    if (prelude->begin == NULL)
        return PERCEPT_OK;
    if (prelude->counts != NULL) {
        reader->class_count = csv_cell_count(prelude->counts, prelude->counts_end, &reader->dialect);
        status = copy_names(reader, prelude->counts, prelude->counts_end, reader->class_count, false, &reader->classes,
                            error);
    }
    reader->line += count_lines(reader->buffer + reader->begin, prelude->begin, reader->dialect.line_end);
    reader->begin = (size_t)(prelude->begin - reader->buffer);
    return status;
}

/* Counts the columns of the first record, and takes it if it is names; otherwise it comes again. */
static percept_status begin_table(CsvReader *reader, HeaderKind told, percept_error *error)
{
    CsvRecord first = {0};
    bool end = false;
    percept_status status = csv_reader_next(reader, &first, &end, error);
    if (status != PERCEPT_OK || end)
        return status;
    reader->columns = csv_cell_count(first.begin, first.end, &reader->dialect);
    const size_t below = reader->start.survey.columns;
    if (told == HEADER_AUTO && below != reader->columns && !reader->start.row_names &&
        (reader->columns == 1 || !reader->dialect.header))
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "%.100s, line %zu: has %zu value%s, but the next line has %zu; is it no part of the table?",
                         reader->name, first.line, reader->columns, reader->columns == 1 ? "" : "s", below);
    if (reader->dialect.header) {
        const CsvSurvey *survey = &reader->start.survey;
        const bool ends_open = reader->start.row_names && survey->list[survey->columns - 1].missing == survey->rows;
        reader->columns += reader->start.row_names;
        reader->start.row_names = reader->start.row_names && !ends_open;
        return copy_names(reader, first.begin, first.end, reader->columns, reader->start.row_names, &reader->names,
                          error);
    }
    reader->begin = (size_t)(first.begin - reader->buffer);
    reader->line = first.line;
    return status;
}

static percept_status check_names(const CsvReader *reader, percept_error *error)
{
    for (size_t c = 0; reader->names != NULL && c < reader->columns; c++)
        if (!text_is_utf8(reader->names[c]))
            return error_set(error, PERCEPT_ERROR_FORMAT,
                             "%.100s: the name of column %zu is not UTF-8; if the file is in Latin-1, add --encoding "
                             "latin1",
                             reader->name, c + 1);
    return PERCEPT_OK;
}

percept_status csv_reader_open(ByteStream *stream, const char *name, const SourceOptions *options, size_t longest,
                               CsvReader *out, percept_error *error)
{
    const bool latin1 = options->encoding == ENCODING_LATIN1;
    CsvReader reader = {.stream = stream, .name = name, .line = 1, .longest = longest, .latin1 = latin1};
    percept_status status = read_sample(&reader, error);
    if (status == PERCEPT_OK)
        status = foreign_refuse_content(name, reader.buffer, reader.end, error);
    skip_mark(&reader);
    if (status == PERCEPT_OK)
        status = csv_dialect_detect(reader.buffer + reader.begin, reader.end - reader.begin, reader.finished, options,
                                    &reader.dialect, &reader.start, error);
    if (status == PERCEPT_OK)
        status = take_prelude(&reader, error);
    if (status == PERCEPT_OK)
        status = begin_table(&reader, options->header, error);
    if (status == PERCEPT_OK)
        status = check_names(&reader, error);
    if (status == PERCEPT_OK)
        *out = reader;
    else
        csv_reader_clear(&reader);
    return status;
}

void csv_reader_clear(CsvReader *reader)
{
    byte_stream_close(reader->stream);
    memory_free(reader->buffer);
    memory_free(reader->names);
    memory_free(reader->classes);
    csv_survey_clear(&reader->start.survey);
    *reader = (CsvReader){0};
}
