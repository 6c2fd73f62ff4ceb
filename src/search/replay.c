/* What the database knows of a search that was interrupted. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/checksum.h"
#include "search/state.h"

static int compare(const void *left, const void *right)
{
    const EarlierRun *a = left, *b = right;
    if (a->trial != b->trial)
        return a->trial < b->trial ? -1 : 1;
    return (a->repeat > b->repeat) - (a->repeat < b->repeat);
}

percept_status replay_read(Search *search, percept_error *error)
{
    RunRows rows = {0};
    const RunQuery query = {.search = search->id};
    percept_status status = database_runs(search->database, &query, &rows, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(rows.count, sizeof *search->earlier, "what is known", &search->earlier, error);
    for (size_t i = 0; status == PERCEPT_OK && i < rows.count; i++) {
        RunRow *row = &rows.rows[i];
        if (strcmp(row->kind, "best") == 0) {
            search->best_run = row->id;
            continue;
        }
        search->earlier[search->earlier_count++] =
            (EarlierRun){row->trial, row->repeat, row->id, row->state, row->seconds, row->message, row->checksum};
        row->message = row->checksum = NULL; /* ours now */
    }
    run_rows_clear(&rows);
    if (search->earlier_count > 0)
        qsort(search->earlier, search->earlier_count, sizeof *search->earlier, compare);
    return status;
}

void replay_clear(Search *search)
{
    for (size_t i = 0; i < search->earlier_count; i++) {
        memory_free(search->earlier[i].message);
        memory_free(search->earlier[i].checksum);
    }
    memory_free(search->earlier);
    search->earlier = NULL;
    search->earlier_count = 0;
}

/* ---- Scores ----------------------------------------------------------------------------------------------------- */

/* What the model holds after `count` epochs, as the training decides it (train/epoch_metrics.h): the first best one, or the
 * last. */
static double figure_after(const Search *search, const TrialRecord *trial, const EpochRow *rows, size_t count)
{
    size_t kept = count - 1;
    double best = NAN, best_loss = NAN;
    for (size_t e = 0; trial->keeps_best && e < count; e++) {
        const bool known = !isnan(rows[e].valid_accuracy);
        const bool by_accuracy = trial->best_by_accuracy && known;
        const double figure = by_accuracy ? rows[e].valid_accuracy : -rows[e].valid_loss;
        const bool tie = by_accuracy && figure >= best && rows[e].valid_loss < best_loss;
        if (e > 0 && !(figure > best || (isnan(best) && !isnan(figure)) || tie))
            continue;
        best = figure;
        best_loss = rows[e].valid_loss;
        kept = e;
    }
    return search->by_accuracy ? rows[kept].valid_accuracy : rows[kept].valid_loss;
}

/* The state of a run after `to` epochs, of which the database has `count`; false if it is not known. */
static bool find_end(const EarlierRun *known, size_t count, size_t to, size_t epochs, JobEnd *out)
{
    const bool done = known->state == RUN_DONE;
    *out = JOB_FINISHED;
    if (count > to || (count == to && to < epochs && !done)) {
        *out = JOB_PAUSED;
        return true;
    }
    if (known->state == RUN_DIVERGED)
        *out = JOB_DIVERGED;
    else if (known->state == RUN_PRUNED && known->message != NULL)
        *out = JOB_STOPPED;
    else
        return done;
    return true;
}

static const EarlierRun *find(const Search *search, size_t trial, size_t repeat)
{
    const EarlierRun key = {.trial = trial, .repeat = repeat};
    return search->earlier_count > 0
               ? bsearch(&key, search->earlier, search->earlier_count, sizeof *search->earlier, compare)
               : NULL;
}

percept_status replay_check_data(const Search *search, size_t trial, const char *checksum, percept_error *error)
{
    const EarlierRun *known = find(search, trial, 0);
    const char *part = known != NULL ? data_checksum_difference(known->checksum, checksum) : NULL;
    if (part == NULL)
        return PERCEPT_OK;
    return error_set(
        error, PERCEPT_ERROR_ARGUMENT,
        "the data of '%s' have changed since trial %zu was trained (the %s); undo the change, or begin another "
        "search",
        search->folder, trial, part);
}

percept_status replay_find(const Search *search, size_t trial, size_t repeat, size_t to, WorkOutcome *out, bool *found,
                           percept_error *error)
{
    const TrialRecord *record = &search->trials[trial];
    EpochRow *rows = NULL;
    size_t count = 0;
    *found = false;
    const EarlierRun *known = find(search, trial, repeat);
    if (known == NULL || record->epochs == 0)
        return PERCEPT_OK;
    percept_status status = database_epochs(search->database, known->run, 0, &rows, &count, error);
    JobEnd end = JOB_FAILED;
    if (status == PERCEPT_OK && find_end(known, count, to, record->epochs, &end)) {
        const size_t epochs = count < to ? count : to;
        *found = true;
        *out = (WorkOutcome){.end = end, .epochs = epochs, .run = known->run, .figure = NAN, .seconds = 0};
        if (end != JOB_DIVERGED && epochs > 0)
            out->figure = figure_after(search, record, rows, epochs);
        if (epochs > 0)
            out->seconds = rows[epochs - 1].seconds;
        if (known->message != NULL && end != JOB_PAUSED)
            strncpy(out->message, known->message, sizeof out->message - 1);
    }
    memory_free(rows);
    return status;
}
