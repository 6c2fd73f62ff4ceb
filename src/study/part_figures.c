/* A table of results, one row per run:
 *
 *   figures: {figures: [final valid_accuracy, parameters], runs: [NAME, …], epoch: 9, caption: TEXT}
 *
 * Without `epoch`, results of the whole run. Missing results are empty cells. */
#include <stdio.h>

#include "base/memory.h"
#include "base/number.h"
#include "study/part_runs.h"

#define DIGITS 6

/* 2^53: below it a double holds every integer. */
#define MOST_EPOCH 9007199254740992

static percept_status add_row(const StudyWork *work, const StudyRun *run, const FieldTexts *figures, long epoch)
{
    char numbers[FIELD_ITEMS][NUMBER_SIZE];
    const char *cells[FIELD_ITEMS + 1] = {run->name[0] != '\0' ? run->name : work->study->name};
    for (size_t f = 0; f < figures->count; f++) {
        const double *value = results_find(&work->results, run->name, epoch, figures->items[f]);
        if (value != NULL)
            number_format_digits(*value, DIGITS, numbers[f]);
        cells[f + 1] = value != NULL ? numbers[f] : NULL;
    }
    page_table_row(work->page, cells);
    return PERCEPT_OK;
}

percept_status part_figures(StudyWork *work, const Part *part, percept_error *error)
{
    static FieldTexts none;
    FieldTexts figures = none, runs = none;
    const char *caption = NULL, *columns[FIELD_ITEMS + 1] = {"run"};
    bool numeric[FIELD_ITEMS + 1] = {false};
    double epoch = (double)RESULT_WHOLE;
    size_t *indices = NULL, count = 0;
    const Field fields[] = {
        {"figures", &figures, FIELD_TEXTS, true},
        {"runs", &runs, FIELD_TEXTS, false},
        {"epoch", &epoch, FIELD_NUMBER, false},
        {"caption", &caption, FIELD_TEXT, false},
    };
    percept_status status = part_read(work, part, fields, sizeof fields / sizeof fields[0], error);
    if (status == PERCEPT_OK && !(epoch >= (double)RESULT_WHOLE && epoch <= MOST_EPOCH))
        status = part_refuse(work, part, error, "epoch: expected a number of an epoch");
    if (status == PERCEPT_OK)
        status = part_runs(work, part, &runs, &indices, &count, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t f = 0; f < figures.count; f++) {
        columns[f + 1] = figures.items[f];
        numeric[f + 1] = true;
    }
    page_table_begin(work->page, caption, columns, figures.count + 1, numeric);
    for (size_t i = 0; status == PERCEPT_OK && i < count; i++)
        status = add_row(work, &work->study->runs[indices[i]], &figures, (long)epoch);
    page_table_end(work->page);
    memory_free(indices);
    return status;
}
