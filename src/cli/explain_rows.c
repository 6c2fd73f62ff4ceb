#include "cli/explain_rows.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* A number above 0 at the beginning of a text; *end is what follows it. */
static bool read_number(const char *text, const char **end, size_t *out)
{
    char *after = NULL;
    if (*text < '0' || *text > '9')
        return false;
    const unsigned long long number = strtoull(text, &after, 10);
    *end = after;
    *out = (size_t)number;
    return number > 0 && number < SIZE_MAX;
}

percept_status row_range_parse(const char *text, RowRange *out, percept_error *error)
{
    const char *end = NULL;
    RowRange range = {0, 0};
    bool read = read_number(text, &end, &range.first);
    if (read && *end == '\0')
        range.last = range.first;
    else if (read && strcmp(end, ":") == 0)
        range.last = SIZE_MAX;
    else
        read = read && *end == ':' && read_number(end + 1, &end, &range.last) && *end == '\0';
    if (!read || range.first > range.last)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "--rows is '%.40s'; give a number counted from 1, as 3, or a range, as 1:5", text);
    *out = range;
    return PERCEPT_OK;
}

#define ROWS_STEP 256

percept_status explain_rows_read(RowReader *reader, size_t most, ExplainRows *out, percept_error *error)
{
    ExplainRows rows = {.inputs = percept_model_inputs(reader->model)};
    const size_t width = rows.inputs * sizeof *rows.features;
    size_t capacity = 0;
    bool end = false;
    Buffer copied = {0};
    percept_status status = PERCEPT_OK;
    while (status == PERCEPT_OK && !end && rows.count < most) {
        if (rows.count == capacity) {
            capacity = 2 * capacity + ROWS_STEP;
            status = memory_grow(&rows.features, rows.count * width, capacity, width, "the rows", error);
            if (status == PERCEPT_OK)
                status = memory_grow(&rows.numbers, rows.count * sizeof *rows.numbers, capacity, sizeof *rows.numbers,
                                     "the rows", error);
        }
        copied.size = 0;
        if (status == PERCEPT_OK)
            status = row_reader_next(reader, rows.features + rows.count * rows.inputs, &copied, &end, error);
        if (status == PERCEPT_OK && !end) {
            rows.numbers[rows.count] = rows.count;
            rows.count++;
        }
    }
    buffer_clear(&copied);
    if (status == PERCEPT_OK)
        *out = rows;
    else
        explain_rows_clear(&rows);
    return status;
}
