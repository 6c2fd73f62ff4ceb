#include "data/npz_write.h"

#include <stdio.h>
#include <string.h>

#include <zip.h>

#include "base/file.h"
#include "base/memory.h"

/* Magic, version and length of the dictionary. */
#define PREFIX 10
/* The items begin at a multiple of this, as NumPy has it. */
#define HEADER_STEP 64
#define HEADER_SIZE 192
#define NAME_SIZE 128
/* 1980-01-01, the first day that ZIP knows. */
#define FIRST_DAY ((1U << 5) | 1U)

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ORDER "<"
#else
#define ORDER ">"
#endif

static const struct {
    const char *description;
    size_t size;
} types[] = {[NPZ_UINT8] = {"|u1", 1},
             [NPZ_INT32] = {ORDER "i4", 4},
             [NPZ_FLOAT32] = {ORDER "f4", 4},
             [NPZ_FLOAT64] = {ORDER "f8", 8},
             [NPZ_TEXT] = {ORDER "U", 4}}; /* with the number of code points behind it */

/* The header of an NPY file (version 1), filled up with spaces; returns its size. */
static size_t write_header(const NpzArray *array, uint8_t header[HEADER_SIZE])
{
    char shape[64], text[HEADER_SIZE], description[32];
    if (array->type == NPZ_TEXT)
        snprintf(description, sizeof description, "%s%zu", types[array->type].description, array->columns);
    else
        snprintf(description, sizeof description, "%s", types[array->type].description);
    if (array->columns > 0 && array->type != NPZ_TEXT)
        snprintf(shape, sizeof shape, "(%zu, %zu)", array->rows, array->columns);
    else
        snprintf(shape, sizeof shape, "(%zu,)", array->rows);
    const int written =
        snprintf(text, sizeof text, "{'descr': '%s', 'fortran_order': False, 'shape': %s, }", description, shape);
    const size_t length = written > 0 ? (size_t)written : 0;
    const size_t size = (PREFIX + length + 1 + HEADER_STEP - 1) / HEADER_STEP * HEADER_STEP;
    memset(header, ' ', size);
    memcpy(header, "\x93NUMPY\1\0", PREFIX - 2);
    header[PREFIX - 2] = (uint8_t)(size - PREFIX);
    header[PREFIX - 1] = 0;
    memcpy(header + PREFIX, text, length);
    header[size - 1] = '\n';
    return size;
}

static percept_status fail(zip_t *archive, const char *path, percept_error *error)
{
    return error_set(error, PERCEPT_ERROR_MEMORY, "cannot make the archive '%s': %s", path,
                     zip_error_strerror(zip_get_error(archive)));
}

/* Adds an array as NAME.npy; its bytes are put together in *bytes, which must live until the archive is closed. */
static percept_status add_array(zip_t *archive, const char *path, const NpzArray *array, uint8_t **bytes,
                                percept_error *error)
{
    uint8_t header[HEADER_SIZE];
    char name[NAME_SIZE];
    const size_t start = write_header(array, header);
    size_t size = 0;
    if (__builtin_mul_overflow(array->rows, array->columns > 0 ? array->columns : 1, &size) ||
        __builtin_mul_overflow(size, types[array->type].size, &size) || size > SIZE_MAX - start)
        return error_set(error, PERCEPT_ERROR_MEMORY, "the array %s is more than can be addressed", array->name);
    percept_status status = memory_allocate(start + size, 1, array->name, bytes, error);
    if (status != PERCEPT_OK)
        return status;
    memcpy(*bytes, header, start);
    memcpy(*bytes + start, array->items, size);
    snprintf(name, sizeof name, "%s.npy", array->name);
    zip_source_t *source = zip_source_buffer(archive, *bytes, start + size, 0);
    if (source == NULL)
        return fail(archive, path, error);
    const zip_int64_t index = zip_file_add(archive, name, source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free(source);
        return fail(archive, path, error);
    }
    if (zip_set_file_compression(archive, (zip_uint64_t)index, ZIP_CM_STORE, 0) != 0 ||
        zip_file_set_dostime(archive, (zip_uint64_t)index, 0, FIRST_DAY, 0) != 0)
        return fail(archive, path, error);
    return PERCEPT_OK;
}

/* Copies what has been archived in memory into the file. */
static percept_status write_file(zip_source_t *memory, const char *path, percept_error *error)
{
    uint8_t piece[1 << 14];
    FileWriter *writer = NULL;
    zip_int64_t got = 0;
    percept_status status = file_writer_open(path, &writer, error);
    if (status != PERCEPT_OK)
        return status;
    if (zip_source_open(memory) != 0)
        got = -1;
    while (got >= 0 && (got = zip_source_read(memory, piece, sizeof piece)) > 0)
        file_writer_write(writer, piece, (size_t)got);
    if (got == 0)
        return file_writer_commit(writer, error);
    file_writer_abandon(writer);
    return error_set(error, PERCEPT_ERROR_MEMORY, "cannot make the archive '%s': %s", path,
                     zip_error_strerror(zip_source_error(memory)));
}

/* Makes the archive in `memory`, which is kept. */
static percept_status fill(zip_source_t *memory, const char *path, const NpzArray *arrays, size_t count,
                           uint8_t **blocks, percept_error *error)
{
    zip_error_t failure;
    zip_error_init(&failure);
    zip_source_keep(memory); /* one for the archive, one for us */
    zip_t *archive = zip_open_from_source(memory, ZIP_TRUNCATE, &failure);
    if (archive == NULL) {
        zip_source_free(memory);
        percept_status status = error_set(error, PERCEPT_ERROR_MEMORY, "cannot make the archive '%s': %s", path,
                                          zip_error_strerror(&failure));
        zip_error_fini(&failure);
        return status;
    }
    percept_status status = PERCEPT_OK;
    for (size_t a = 0; a < count && status == PERCEPT_OK; a++)
        status = add_array(archive, path, &arrays[a], &blocks[a], error);
    if (status == PERCEPT_OK && zip_close(archive) == 0)
        return PERCEPT_OK;
    if (status == PERCEPT_OK)
        status = fail(archive, path, error);
    zip_discard(archive);
    return status;
}

percept_status npz_write(const char *path, const NpzArray *arrays, size_t count, percept_error *error)
{
    uint8_t **blocks = NULL;
    percept_status status = memory_allocate_zeroed(count, sizeof *blocks, "an archive", &blocks, error);
    if (status != PERCEPT_OK)
        return status;
    zip_source_t *memory = zip_source_buffer_create(NULL, 0, 0, NULL);
    if (memory == NULL)
        status = error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory to make the archive '%s'", path);
    else
        status = fill(memory, path, arrays, count, blocks, error);
    if (status == PERCEPT_OK)
        status = write_file(memory, path, error);
    if (memory != NULL)
        zip_source_free(memory);
    for (size_t a = 0; a < count; a++)
        memory_free(blocks[a]);
    memory_free(blocks);
    return status;
}
