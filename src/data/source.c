#include "data/source.h"

#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/stream.h"
#include "data/class_review.h"
#include "data/csv.h"
#include "data/foreign.h"
#include "data/idx.h"
#include "data/libsvm.h"
#include "data/npy.h"
#include "data/npz.h"
#include "data/png_folder.h"

/* Number of bytes from which a format is recognized. */
#define START 4096

/* ---- IDX by path --------------------------------------------------------------------------------------------- */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static bool idx_recognize(const char *path)
{
    return strstr(base_name(path), "-idx") != NULL || strstr(base_name(path), ".idx") != NULL;
}

/* Replaces the first `old` behind `skip` bytes by `new`, which is as long. */
static bool replace(char *text, size_t skip, const char *old, const char *new)
{
    char *found = strstr(text + skip, old);
    if (found != NULL)
        memcpy(found, new, strlen(new));
    return found != NULL;
}

/* train-images-idx3-ubyte.gz → train-labels-idx1-ubyte.gz, or without .gz where that is what lies there. */
static percept_status idx_find_labels(const char *path, char **labels, percept_error *error)
{
    static const char packed[] = ".gz";
    char *name = NULL;
    percept_status status = memory_copy_string(path, &name, error);
    if (status != PERCEPT_OK)
        return status;
    size_t skip = (size_t)(base_name(path) - path), length = strlen(name);
    if (!replace(name, skip, "images", "labels") ||
        !(replace(name, skip, "idx3", "idx1") || replace(name, skip, "idx2", "idx1"))) {
        memory_free(name);
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the name of '%s' does not say where its labels are; call the images NAME-images-idx3-ubyte "
                         "and put NAME-labels-idx1-ubyte beside them",
                         path);
    }
    if (length > strlen(packed) && strcmp(name + length - strlen(packed), packed) == 0)
        name[length - strlen(packed)] = '\0';
    status = source_find_file("", name, labels, error);
    if (status == PERCEPT_OK && *labels == NULL)
        status = error_set(error, PERCEPT_ERROR_IO, "the labels of '%s' are missing; put '%s' (or .gz) beside it", path,
                           name);
    memory_free(name);
    return status;
}

/* Labels of IDX are numbers without a name: y. */
static percept_status check_idx_answers(const char *labels, const SourceOptions *options, percept_error *error)
{
    const char *name = options->target_count > 0 ? options->targets[0] : options->label;
    if (name == NULL || (strcmp(name, "y") == 0 && options->target_count <= 1))
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s: the labels in '%.100s' are called y",
                     options->target_count > 0 ? "data.targets" : "data.label", labels);
}

static percept_status idx_read_any(const char *const paths[][SOURCE_FILES], size_t parts, const SourceOptions *options,
                                   size_t class_count, Storage **out, size_t *counts, percept_error *error)
{
    percept_status status = check_idx_answers(paths[0][1], options, error);
    if (status == PERCEPT_OK)
        status = idx_read(paths, parts, class_count, out, counts, error);
    if (status != PERCEPT_OK)
        return status;
    if (options->target_count > 0)
        status = storage_learn_labels(*out, error);
    else if (options->schema == NULL && class_count == 0)
        status = class_review(*out, "y", error);
    if (status != PERCEPT_OK)
        storage_release(*out);
    return status;
}

/* ---- Tables by path ------------------------------------------------------------------------------------------ */

/* True if the name, without .gz, ends with one of the endings. */
static bool has_ending(const char *path, const char *const *endings, size_t count)
{
    static const char packed[] = ".gz";
    size_t length = strlen(path);
    if (length > strlen(packed) && strcasecmp(path + length - strlen(packed), packed) == 0)
        length -= strlen(packed);
    for (size_t e = 0; e < count; e++) {
        const size_t ending = strlen(endings[e]);
        if (length > ending && strncasecmp(path + length - ending, endings[e], ending) == 0)
            return true;
    }
    return false;
}

static bool csv_recognize_name(const char *path)
{
    static const char *const endings[] = {".csv", ".tsv"};
    return has_ending(path, endings, sizeof endings / sizeof endings[0]);
}

static bool libsvm_recognize_name(const char *path)
{
    static const char *const endings[] = {".libsvm", ".svmlight", ".svm"};
    return has_ending(path, endings, sizeof endings / sizeof endings[0]);
}

/* ---- Arrays and pictures by path ----------------------------------------------------------------------------- */

static bool npy_recognize_name(const char *path)
{
    static const char *const endings[] = {".npy"};
    return has_ending(path, endings, 1);
}

static bool npy_recognize(const char *start, size_t size)
{
    static const char magic[] = "\x93NUMPY";
    return size >= strlen(magic) && memcmp(start, magic, strlen(magic)) == 0;
}

static percept_status npy_read_part(const char *const paths[][SOURCE_FILES], size_t parts, const SourceOptions *options,
                                    size_t class_count, Storage **out, size_t *counts, percept_error *error)
{
    (void)parts;
    percept_status status = npy_read(paths[0][0], paths[0][1], options, class_count, out, error);
    if (status == PERCEPT_OK)
        counts[0] = (*out)->count;
    return status;
}

static bool npz_recognize_name(const char *path)
{
    const char *ending = strrchr(base_name(path), '.');
    return ending != NULL && strcasecmp(ending, ".npz") == 0;
}

static bool npz_recognize(const char *start, size_t size)
{
    return size >= 4 && memcmp(start, "PK\3\4", 4) == 0;
}

static percept_status npz_read_parts(const char *const paths[][SOURCE_FILES], size_t parts,
                                     const SourceOptions *options, size_t class_count, Storage **out, size_t *counts,
                                     percept_error *error)
{
    (void)parts;
    return npz_read(paths[0][0], options, class_count, out, counts, error);
}

static percept_status png_read_parts(const char *const paths[][SOURCE_FILES], size_t parts,
                                     const SourceOptions *options, size_t class_count, Storage **out, size_t *counts,
                                     percept_error *error)
{
    (void)parts;
    (void)options;
    return png_folder_read(paths[0][0], class_count, out, counts, error);
}

/* ---- Formats ------------------------------------------------------------------------------------------------- */

static const SourceFormat format_table[] = {
    {.name = "idx",
     .form = "NAME-images-idx3-ubyte with NAME-labels-idx1-ubyte beside it, both plain or .gz",
     .files_per_part = 2,
     .answers = true,
     .recognize = idx_recognize,
     .find_second = idx_find_labels,
     .read = idx_read_any},
    {.name = "npy",
     .form = "NAME.npy, plain or .gz, its labels in data.label_file",
     .files_per_part = 2,
     .answers = true,
     .recognize = npy_recognize_name,
     .recognize_start = npy_recognize,
     .find_second = npy_find_labels,
     .read = npy_read_part},
    {.name = "npz",
     .form = "NAME.npz",
     .files_per_part = 1,
     .answers = true,
     .recognize = npz_recognize_name,
     .recognize_start = npz_recognize,
     .read = npz_read_parts},
    {.name = "png",
     .form = "a folder of folders of pictures, CLASS/NAME.png",
     .files_per_part = 1,
     .recognize = png_folder_recognize,
     .read = png_read_parts},
    {.name = "libsvm",
     .form = "NAME.libsvm or NAME.svm, plain or .gz",
     .files_per_part = 1,
     .columns = true,
     .recognize = libsvm_recognize_name,
     .recognize_start = libsvm_recognize,
     .read = libsvm_read},
    /* Any text may be CSV: last. */
    {.name = "csv",
     .form = "NAME.csv or NAME.tsv, plain or .gz",
     .files_per_part = 1,
     .columns = true,
     .recognize = csv_recognize_name,
     .recognize_start = csv_recognize,
     .read = csv_read},
};

#define FORMATS (sizeof format_table / sizeof format_table[0])

const SourceFormat *source_formats(size_t *count)
{
    *count = FORMATS;
    return format_table;
}

const SourceFormat *source_format_find(const char *name)
{
    for (size_t f = 0; f < FORMATS; f++)
        if (strcmp(format_table[f].name, name) == 0)
            return &format_table[f];
    return NULL;
}

/* ---- The format of a file ------------------------------------------------------------------------------------ */

static percept_status refuse_format(const char *path, percept_error *error)
{
    percept_status status = foreign_refuse_name(path, error);
    if (status != PERCEPT_OK)
        return status;
    return error_set(
        error, PERCEPT_ERROR_ARGUMENT,
        "'%.64s' is in no format that is recognized here: CSV, NPZ, NPY, IDX, LIBSVM or a folder of PNG; save "
        "it as CSV, or name its format (--format)",
        path);
}

/* Reads up to `size` bytes, the file's first ones, inflated. */
static percept_status read_start(const char *path, char *start, size_t size, size_t *length, percept_error *error)
{
    ByteStream *stream = NULL;
    percept_status status = byte_stream_open(path, &stream, error);
    *length = 0;
    for (size_t got = 1; status == PERCEPT_OK && got > 0 && *length < size; *length += got)
        status = byte_stream_read(stream, start + *length, size - *length, &got, error);
    byte_stream_close(stream);
    return status;
}

percept_status source_format_of(const char *path, const SourceOptions *options, const SourceFormat **out,
                                percept_error *error)
{
    const SourceFormat *format = options->format != NULL ? source_format_find(options->format) : NULL;
    if (options->format != NULL && format == NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "there is no file format '%.64s'", options->format);
    for (size_t f = 0; format == NULL && f < FORMATS; f++)
        if (format_table[f].recognize(path))
            format = &format_table[f];
    if (format == NULL) {
        char start[START];
        size_t length = 0;
        percept_status status = read_start(path, start, sizeof start, &length, error);
        if (status != PERCEPT_OK)
            return status;
        status = foreign_refuse_content(path, start, length, error);
        if (status != PERCEPT_OK)
            return status;
        for (size_t f = 0; format == NULL && f < FORMATS; f++)
            if (format_table[f].recognize_start != NULL && format_table[f].recognize_start(start, length))
                format = &format_table[f];
    }
    if (format == NULL)
        return refuse_format(path, error);
    const bool others = options->weight != NULL || options->drop_count > 0 || options->category_count > 0 ||
                        options->column_count > 0 || options->group != NULL || options->time != NULL;
    if (!format->columns && (format->answers ? others : source_chooses_columns(options)))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "'%s' is a file of format %s, without columns that %s could choose", path, format->name,
                         format->answers
                             ? "data.weight, .drop, .categories, .columns, .group and .time"
                             : "data.label, .targets, .weight, .drop, .categories, .columns, .group and .time");
    *out = format;
    return PERCEPT_OK;
}
