#include "cli/rows.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Bytes that a number may take, with its comma: far more than any number needs. */
#define NUMBER_BYTES 64
#define LINE_LEAST 4096

percept_status row_reader_create(FILE *stream, const char *name, size_t width, RowReader *out, percept_error *error)
{
    *out = (RowReader){.stream = stream, .name = name, .width = width};
    if (__builtin_mul_overflow(width, (size_t)NUMBER_BYTES, &out->capacity) || out->capacity > SIZE_MAX - LINE_LEAST)
        return error_set(error, PERCEPT_ERROR_MEMORY, "a row of %zu numbers is longer than memory", width);
    out->capacity += LINE_LEAST;
    return memory_allocate(out->capacity, 1, "a line of the input", &out->buffer, error);
}

void row_reader_clear(RowReader *reader)
{
    memory_free(reader->buffer);
    reader->buffer = NULL;
}

/* Reads a line without its end; *length is its length, *end true past the last. */
static percept_status read_line(RowReader *reader, size_t *length, bool *end, percept_error *error)
{
    size_t used = 0;
    int byte = 0;
    errno = 0;
    while (used < reader->capacity && (byte = getc(reader->stream)) != EOF && byte != '\n')
        reader->buffer[used++] = (char)byte;
    reader->line++;
    if (used == reader->capacity)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "%s, line %zu: longer than %zu bytes, too long for %zu numbers; is this CSV?", reader->name,
                         reader->line, reader->capacity - 1, reader->width);
    if (byte == EOF && ferror(reader->stream))
        return error_set(error, PERCEPT_ERROR_IO, "cannot read %s: %s", reader->name, strerror(errno));
    *end = byte == EOF && used == 0;
    if (used > 0 && reader->buffer[used - 1] == '\r')
        used--;
    reader->buffer[used] = '\0';
    *length = used;
    return PERCEPT_OK;
}

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t';
}

/* Takes spaces, then quotes, off both ends of a cell. */
static void trim(const char **cell, size_t *length)
{
    while (*length > 0 && is_space((*cell)[0])) {
        (*cell)++;
        (*length)--;
    }
    while (*length > 0 && is_space((*cell)[*length - 1]))
        (*length)--;
    if (*length >= 2 && (*cell)[0] == '"' && (*cell)[*length - 1] == '"') {
        (*cell)++;
        *length -= 2;
    }
}

/* True if the whole cell is a number, finite in double. The program runs in the C locale: the point is '.'. */
static bool read_number(const char *cell, size_t length, double *number)
{
    char text[NUMBER_BYTES + 1], *end = NULL;
    trim(&cell, &length);
    if (length == 0 || length > NUMBER_BYTES)
        return false;
    for (size_t i = 0; i < length; i++)
        if (strchr("0123456789+-.eE", cell[i]) == NULL || cell[i] == '\0')
            return false;
    memcpy(text, cell, length);
    text[length] = '\0';
    *number = strtod(text, &end);
    return *end == '\0' && isfinite(*number);
}

/* Bytes of the cell that begins at `cell`, of which `left` bytes are left in the line. */
static size_t cell_size(const char *cell, size_t left)
{
    const char *comma = memchr(cell, ',', left);
    return comma != NULL ? (size_t)(comma - cell) : left;
}

static size_t count_cells(const char *line, size_t length)
{
    size_t cells = 1;
    for (size_t i = 0; i < length; i++)
        cells += line[i] == ',';
    return cells;
}

/* True if no cell is a number. */
static bool is_header(const char *line, size_t length)
{
    double number = 0;
    for (size_t begin = 0; begin <= length; begin++) {
        const size_t size = cell_size(line + begin, length - begin);
        if (read_number(line + begin, size, &number))
            return false;
        begin += size;
    }
    return true;
}

static percept_status refuse_count(const RowReader *reader, size_t cells, percept_error *error)
{
    return error_set(error, PERCEPT_ERROR_FORMAT, "%s, line %zu: has %zu value%s, but the model takes %zu; %s",
                     reader->name, reader->line, cells, cells == 1 ? "" : "s", reader->width,
                     cells == 1 ? "is this CSV, with commas?" : "give one a feature, without the label");
}

static percept_status read_cells(const RowReader *reader, const char *line, size_t length, double *row,
                                 percept_error *error)
{
    size_t begin = 0;
    for (size_t column = 0; column < reader->width; column++) {
        const size_t size = cell_size(line + begin, length - begin);
        if (!read_number(line + begin, size, &row[column]))
            return error_set(error, PERCEPT_ERROR_FORMAT,
                             "%s, line %zu, column %zu: '%.*s' is not a finite number; give a value such as 0.5",
                             reader->name, reader->line, column + 1, (int)(size < 32 ? size : 32), line + begin);
        begin += size + 1;
    }
    return PERCEPT_OK;
}

static bool is_blank(const char *line, size_t length)
{
    while (length > 0 && is_space(line[length - 1]))
        length--;
    return length == 0;
}

percept_status row_reader_next(RowReader *reader, double *row, bool *end, percept_error *error)
{
    static const char mark[] = "\xEF\xBB\xBF"; /* with which some programs begin UTF-8 */
    for (;;) {
        size_t length = 0;
        percept_status status = read_line(reader, &length, end, error);
        const char *line = reader->buffer;
        if (status != PERCEPT_OK || *end)
            return status;
        if (reader->line == 1 && length >= 3 && memcmp(line, mark, 3) == 0) {
            line += 3;
            length -= 3;
        }
        if (is_blank(line, length))
            continue;
        const bool first = !reader->begun;
        reader->begun = true;
        const size_t cells = count_cells(line, length);
        if (cells != reader->width)
            return refuse_count(reader, cells, error);
        if (first && is_header(line, length))
            continue;
        return read_cells(reader, line, length, row, error);
    }
}
