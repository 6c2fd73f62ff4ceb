#include "report/search_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

/* Columns besides those of keys, and keys that have one. */
#define OTHER_COLUMNS 8
#define MOST_KEYS 24
#define MOST_COLUMNS (OTHER_COLUMNS + MOST_KEYS)

TextNumber search_figure(const Trials *trials, double figure)
{
    const TextNumber none = {""};
    if (isnan(figure))
        return none;
    return trials->by_accuracy ? text_percent(figure) : text_loss(figure);
}

/* ---- The order ---------------------------------------------------------------------------------------------------- */

typedef struct Place {
    size_t trial; /* place in the list */
    int group;
    double badness;
} Place;

static int compare(const void *left, const void *right)
{
    const Place *a = left, *b = right;
    if (a->group != b->group)
        return a->group - b->group;
    if (a->badness < b->badness || a->badness > b->badness)
        return a->badness < b->badness ? -1 : 1;
    return (a->trial > b->trial) - (a->trial < b->trial);
}

/* Finished trials, then others with a score, then those without. */
static Place place_of(const Trials *trials, size_t t)
{
    const Trial *trial = &trials->list[t];
    const bool lost = trial_is_lost(trial) || isnan(trial->figure);
    return (Place){t,
                   trial->state == RUN_DONE && !lost ? 0
                   : lost                            ? 2
                                                     : 1,
                   lost                  ? 0
                   : trials->by_accuracy ? -trial->figure
                                         : trial->figure};
}

/* ---- Trials ------------------------------------------------------------------------------------------------------- */

static size_t key_columns(const Trials *trials)
{
    return trials->key_count < MOST_KEYS ? trials->key_count : MOST_KEYS;
}

static bool has_repeats(const Trials *trials)
{
    for (size_t t = 0; t < trials->count; t++)
        if (trials->list[t].repeats > 1)
            return true;
    return false;
}

static void begin_table(Page *page, const Trials *trials)
{
    const char *columns[MOST_COLUMNS] = {"trial", trials->by_accuracy ? "validation accuracy" : "validation loss"};
    bool numeric[MOST_COLUMNS] = {false, true};
    size_t count = 2;
    if (has_repeats(trials)) {
        columns[count] = "deviation";
        numeric[count++] = true;
        columns[count] = "converged";
        numeric[count++] = true;
    }
    for (size_t k = 0; k < key_columns(trials); k++) {
        columns[count] = trials->keys[k].name;
        numeric[count++] = trials->keys[k].names == NULL && trials->keys[k].axis == trials->keys[k].name;
    }
    static const char *const last[] = {"parameters", "epochs", "seconds"};
    for (size_t i = 0; i < sizeof last / sizeof last[0]; i++) {
        columns[count] = last[i];
        numeric[count++] = true;
    }
    columns[count++] = "state";
    page_table_begin_sortable(page, "Every trial, the best first; a click on a heading sorts by it", columns, count,
                              numeric);
}

static void add_trial(Page *page, const Trials *trials, size_t t)
{
    const Trial *trial = &trials->list[t];
    const char *cells[MOST_COLUMNS];
    TextNumber numbers[OTHER_COLUMNS] = {0}, figure = search_figure(trials, trial->figure);
    size_t count = 0, used = 0;
    snprintf(numbers[used].text, sizeof numbers[used].text, "%zu", trial->number);
    cells[count++] = numbers[used++].text;
    cells[count++] = figure.text;
    if (has_repeats(trials)) {
        numbers[used] = search_figure(trials, trial->deviation);
        cells[count++] = numbers[used++].text;
        snprintf(numbers[used].text, sizeof numbers[used].text, "%zu of %zu", trial->converged, trial->repeats);
        cells[count++] = numbers[used++].text;
    }
    for (size_t k = 0; k < key_columns(trials); k++)
        cells[count++] = trials->keys[k].texts[t];
    numbers[used] = text_count(trial->parameters);
    cells[count++] = numbers[used++].text;
    numbers[used] = text_count(trial->epochs);
    cells[count++] = numbers[used++].text;
    snprintf(numbers[used].text, sizeof numbers[used].text, "%.2f", trial->seconds);
    cells[count++] = numbers[used++].text;
    cells[count] = run_state_name(trial->state);
    page_table_row_marked(page, cells,
                          t == trials->best            ? PAGE_GOOD
                          : trial_is_lost(trial)       ? PAGE_BAD
                          : trial->state == RUN_PRUNED ? PAGE_QUIET
                                                       : PAGE_PLAIN,
                          NULL);
}

percept_status search_table_trials(Page *page, const Trials *trials, percept_error *error)
{
    Place *places = NULL;
    percept_status status = memory_allocate(trials->count, sizeof *places, "the trials", &places, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t t = 0; t < trials->count; t++)
        places[t] = place_of(trials, t);
    qsort(places, trials->count, sizeof *places, compare);
    begin_table(page, trials);
    for (size_t t = 0; t < trials->count; t++)
        add_trial(page, trials, places[t].trial);
    page_table_end(page);
    memory_free(places);
    return PERCEPT_OK;
}

/* ---- Rungs -------------------------------------------------------------------------------------------------------- */

void search_table_rungs(Page *page, const Trials *trials)
{
    static const char *const columns[] = {"epochs", "trials", "went on", "best score there"};
    static const bool numeric[] = {true, true, true, true};
    page_table_begin(page, "Rungs: how many trials came to so many epochs, and how many of them went on", columns, 4,
                     numeric);
    for (size_t first = 0, end = 0; first < trials->rung_count; first = end) {
        const RungRow *rung = &trials->rungs[first];
        size_t promoted = 0;
        double best = NAN;
        for (; end < trials->rung_count && trials->rungs[end].rung == rung->rung; end++) {
            promoted += trials->rungs[end].promoted;
            best = trials_better(trials, trials->rungs[end].figure, best) ? trials->rungs[end].figure : best;
        }
        const TextNumber epochs = text_count(rung->epochs), came = text_count(end - first), on = text_count(promoted),
                         figure = search_figure(trials, best);
        const char *const cells[] = {epochs.text, came.text, on.text, figure.text};
        page_table_row(page, cells);
    }
    page_table_end(page);
}
