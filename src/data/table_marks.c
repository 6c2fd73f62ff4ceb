/* Groups and times of the examples of a table. */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/quote.h"
#include "data/row_marks.h"
#include "data/table.h"

percept_status percept_table_set_groups(percept_table *table, percept_type type, const void *values, ptrdiff_t stride,
                                        percept_error *error)
{
    LabelTable names = {0};
    int32_t *groups = NULL;
    char room[STRIDED_SPELLED];
    if (table == NULL || values == NULL)
        return error_null(error, "percept_table_set_groups", "table and values");
    if (type != PERCEPT_TEXT && !strided_holds_integers(type))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "groups of type %d; give PERCEPT_TEXT or a type of integers",
                         (int)type);
    Strided array = {values, type, table->count, 1, stride, 0};
    strided_complete(&array);
    percept_status status = memory_allocate(table->count, sizeof *groups, "the groups", &groups, error);
    for (size_t i = 0; status == PERCEPT_OK && i < table->count; i++) {
        const char *text = room;
        if (type == PERCEPT_TEXT)
            text = strided_text(&array, i);
        else
            strided_spell(&array, i, room);
        status = text != NULL ? table_refuse(label_table_add(&names, text, strlen(text), &groups[i], error), error)
                              : error_set(error, PERCEPT_ERROR_ARGUMENT,
                                          "groups, row %zu: the group is missing; give examples without one groups of "
                                          "their own",
                                          i + 1);
    }
    if (status == PERCEPT_OK) {
        memory_free(table->groups);
        table->groups = groups;
        table->group_count = names.count;
    } else {
        memory_free(groups);
    }
    label_table_clear(&names);
    return status;
}

static percept_status read_time(const Strided *array, size_t i, double *out, percept_error *error)
{
    char quoted[QUOTED_SIZE];
    if (array->type != PERCEPT_TEXT) {
        *out = strided_at(array, i, 0);
        return isfinite(*out) ? PERCEPT_OK
                              : error_set(error, PERCEPT_ERROR_ARGUMENT,
                                          "times, row %zu: the time is %g; give a number", i + 1, *out);
    }
    const char *text = strided_text(array, i);
    if (text != NULL && row_marks_date(text, strlen(text), out))
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_ARGUMENT,
                     "times, row %zu: %s is no date such as 2024-05-31 or 2024-05-31 23:59:00", i + 1,
                     text != NULL ? quote_text(text, quoted) : "a missing text");
}

percept_status percept_table_set_times(percept_table *table, percept_type type, const void *values, ptrdiff_t stride,
                                       percept_error *error)
{
    double *times = NULL;
    if (table == NULL || values == NULL)
        return error_null(error, "percept_table_set_times", "table and values");
    if (strided_item_size(type) == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "times of type %d, which is no percept_type", (int)type);
    Strided array = {values, type, table->count, 1, stride, 0};
    strided_complete(&array);
    percept_status status = memory_allocate(table->count, sizeof *times, "the times", &times, error);
    for (size_t i = 0; status == PERCEPT_OK && i < table->count; i++)
        status = read_time(&array, i, &times[i], error);
    if (status != PERCEPT_OK) {
        memory_free(times);
        return status;
    }
    memory_free(table->times);
    table->times = times;
    return PERCEPT_OK;
}
