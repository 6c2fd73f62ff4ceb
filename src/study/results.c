#include "study/results.h"

#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "plot/table.h"

#define FIRST_CAPACITY 256

static percept_status make_room(Results *results, percept_error *error)
{
    if (results->count < results->capacity)
        return PERCEPT_OK;
    const size_t capacity = results->capacity == 0 ? FIRST_CAPACITY : 2 * results->capacity;
    percept_status status = memory_grow(&results->list, results->count * sizeof *results->list, capacity,
                                        sizeof *results->list, "the results", error);
    if (status == PERCEPT_OK)
        results->capacity = capacity;
    return status;
}

percept_status results_add(Results *results, const char *run, long epoch, const char *figure, double value,
                           percept_error *error)
{
    Result result = {.epoch = epoch, .value = value};
    percept_status status = make_room(results, error);
    if (status == PERCEPT_OK)
        status = memory_copy_string(run, &result.run, error);
    if (status == PERCEPT_OK)
        status = memory_copy_string(figure, &result.figure, error);
    if (status == PERCEPT_OK)
        results->list[results->count++] = result;
    else
        memory_free(result.run);
    return status;
}

percept_status results_add_metrics(Results *results, const char *run, const char *folder, percept_error *error)
{
    char *path = NULL;
    Table table = {0};
    percept_status status = file_join(folder, "metrics.csv", &path, error);
    if (status == PERCEPT_OK)
        status = table_read(path, &table, error);
    const int epoch = status == PERCEPT_OK ? table_find(&table, "epoch") : -1;
    for (size_t r = 0; epoch >= 0 && status == PERCEPT_OK && r < table.rows; r++) {
        const double *row = table.values + r * table.columns;
        for (size_t c = 0; status == PERCEPT_OK && c < table.columns; c++)
            if (c != (size_t)epoch)
                status = results_add(results, run, (long)row[epoch], table.names[c], row[c], error);
    }
    table_clear(&table);
    memory_free(path);
    return status;
}

const double *results_find(const Results *results, const char *run, long epoch, const char *figure)
{
    for (size_t i = results->count; i-- > 0;) {
        const Result *result = &results->list[i];
        if (result->epoch == epoch && strcmp(result->figure, figure) == 0 && strcmp(result->run, run) == 0)
            return &result->value;
    }
    return NULL;
}

void results_clear(Results *results)
{
    for (size_t i = 0; i < results->count; i++) {
        memory_free(results->list[i].run);
        memory_free(results->list[i].figure);
    }
    memory_free(results->list);
    *results = (Results){0};
}
