#include "plot/table.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/number.h"

static size_t count_of(const char *text, char c)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += *text == c;
    return count;
}

/* Takes the next line off *rest; NULL when there is no whole one. */
static char *take_line(char **rest)
{
    char *line = *rest, *end = strchr(line, '\n');
    if (end == NULL)
        return NULL;
    *end = '\0';
    *rest = end + 1;
    if (end > line && end[-1] == '\r')
        end[-1] = '\0';
    return line;
}

/* Takes the next field off *rest, which becomes NULL behind the last. */
static char *take_field(char **rest)
{
    char *field = *rest, *comma = strchr(field, ',');
    if (comma != NULL)
        *comma = '\0';
    *rest = comma == NULL ? NULL : comma + 1;
    return field;
}

/* A number, or what a run writes where there is none. */
static bool read_value(const char *field, double *value)
{
    static const struct {
        const char *word;
        double value;
    } words[] = {{"nan", NAN}, {"inf", INFINITY}, {"-inf", -INFINITY}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(field, words[i].word) == 0) {
            *value = words[i].value;
            return true;
        }
    return number_parse(field, value);
}

static percept_status read_row(Table *table, char *line, size_t number, const char *path, percept_error *error)
{
    double *row = table->values + table->rows * table->columns;
    const size_t fields = count_of(line, ',') + 1;
    if (fields != table->columns)
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s', line %zu: %zu values, but the header names %zu columns",
                         path, number, fields, table->columns);
    for (size_t c = 0; line != NULL; c++) {
        const char *field = take_field(&line);
        if (!read_value(field, &row[c]))
            return error_set(error, PERCEPT_ERROR_FORMAT, "'%s', line %zu: '%s' is not a number", path, number, field);
    }
    table->rows++;
    return PERCEPT_OK;
}

static percept_status parse(Table *table, const char *path, percept_error *error)
{
    char *rest = table->text;
    const size_t lines = count_of(rest, '\n');
    char *header = take_line(&rest);
    if (header == NULL || header[0] == '\0')
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' has no header; is it a run's metrics.csv?", path);
    table->columns = count_of(header, ',') + 1;
    percept_status status = memory_allocate(table->columns, sizeof *table->names, "the columns", &table->names, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t c = 0; header != NULL; c++)
        table->names[c] = take_field(&header);
    status = memory_allocate(lines, table->columns * sizeof *table->values, "the table", &table->values, error);
    for (size_t number = 2; status == PERCEPT_OK; number++) {
        char *line = take_line(&rest);
        if (line == NULL)
            break;
        status = read_row(table, line, number, path, error);
    }
    return status;
}

percept_status table_read(const char *path, Table *out, percept_error *error)
{
    Table table = {0};
    uint8_t *bytes = NULL;
    size_t size = 0;
    percept_status status = file_read(path, &bytes, &size, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(size + 1, 1, "the table", &table.text, error);
    if (status == PERCEPT_OK) {
        memcpy(table.text, bytes, size);
        table.text[size] = '\0';
        status = parse(&table, path, error);
    }
    memory_free(bytes);
    if (status == PERCEPT_OK)
        *out = table;
    else
        table_clear(&table);
    return status;
}

void table_clear(Table *table)
{
    memory_free(table->names);
    memory_free(table->values);
    memory_free(table->text);
    memset(table, 0, sizeof *table);
}

int table_find(const Table *table, const char *name)
{
    for (size_t c = 0; c < table->columns; c++)
        if (strcmp(table->names[c], name) == 0)
            return (int)c;
    return -1;
}
