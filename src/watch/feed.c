#include "watch/feed.h"

#include <math.h>
#include <string.h>

#include "base/json_value.h"
#include "base/memory.h"
#include "watch/feed_rows.h"

static percept_status memory_short(percept_error *error)
{
    return error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory for an answer to the page");
}

/* Hands the object on, or says that memory was short: what could not be added is not 0. */
static percept_status give(json_t *object, int failures, json_t **out, percept_error *error)
{
    if (object != NULL && failures == 0) {
        *out = object;
        return PERCEPT_OK;
    }
    json_decref(object);
    return memory_short(error);
}

/* ---- The best of a search --------------------------------------------------------------------------------------------- */

/* Over the repeats of a trial. */
typedef struct TrialSum {
    double sum;
    size_t count;
} TrialSum;

/* The best mean score of the trials, without those that diverged or failed; NaN if there are none. sums: room for as
 * many trials as there are runs. */
static double best_figure(const SearchRow *search, const RunRows *runs, TrialSum *sums)
{
    const bool loss = search->objective != NULL && strcmp(search->objective, "valid_loss") == 0;
    double best = NAN;
    memset(sums, 0, runs->count * sizeof *sums);
    for (size_t r = 0; r < runs->count; r++) {
        const RunRow *run = &runs->rows[r];
        const double figure = loss ? run->valid_loss : run->valid_accuracy;
        if (run->search == search->id && run->kind != NULL && strcmp(run->kind, "trial") == 0 &&
            run->trial < runs->count && run->state != RUN_DIVERGED && run->state != RUN_FAILED && isfinite(figure)) {
            sums[run->trial].sum += figure;
            sums[run->trial].count++;
        }
    }
    for (size_t t = 0; t < runs->count; t++) {
        const double mean = sums[t].sum / (double)sums[t].count; /* NaN of none */
        best = loss ? fmin(best, mean) : fmax(best, mean);       /* of a number and NaN the number */
    }
    return best;
}

/* Each search with its best. */
static percept_status add_searches(json_t *object, const SearchRows *searches, const RunRows *runs,
                                   percept_error *error)
{
    TrialSum *sums = NULL;
    percept_status status = memory_allocate(runs->count, sizeof *sums, "the trials", &sums, error);
    if (status != PERCEPT_OK)
        return status;
    json_t *list = json_array();
    int failures = 0;
    for (size_t s = 0; s < searches->count; s++) {
        const SearchRow *search = &searches->rows[s];
        failures |= json_array_append_new(list, feed_search_row(search, best_figure(search, runs, sums)));
    }
    failures |= json_object_set_new(object, "searches", list);
    memory_free(sums);
    return failures == 0 ? PERCEPT_OK : memory_short(error);
}

/* ---- All ------------------------------------------------------------------------------------------------------------- */

percept_status feed_overview(Database *database, const FeedQuery *query, json_t **out, percept_error *error)
{
    RunRows runs = {0};
    SearchRows searches = {0};
    percept_status status = database_runs(database, &(RunQuery){.recipes_since = INT64_MAX}, &runs, error);
    if (status == PERCEPT_OK)
        status = database_searches(database, &searches, error);
    json_t *object = json_object();
    if (status == PERCEPT_OK)
        status = add_searches(object, &searches, &runs, error);
    if (status == PERCEPT_OK)
        status =
            give(object, json_object_set_new(object, "runs", feed_run_rows(&runs, 0, query->since, false)), out, error);
    else
        json_decref(object);
    run_rows_clear(&runs);
    search_rows_clear(&searches);
    return status;
}

/* ---- A search -------------------------------------------------------------------------------------------------------- */

static json_t *rung_list(const RungRow *rungs, size_t count)
{
    json_t *list = json_array();
    int failures = 0;
    for (size_t r = 0; r < count; r++) {
        json_t *object = json_object();
        failures |= json_object_set_new(object, "trial", json_count(rungs[r].trial)) |
                    json_object_set_new(object, "rung", json_count(rungs[r].rung)) |
                    json_object_set_new(object, "epochs", json_count(rungs[r].epochs)) |
                    json_object_set_new(object, "figure", json_figure(rungs[r].figure)) |
                    json_object_set_new(object, "promoted", json_boolean(rungs[r].promoted));
        failures |= json_array_append_new(list, object);
    }
    if (failures == 0)
        return list;
    json_decref(list);
    return NULL;
}

static percept_status find_search(const SearchRows *rows, int64_t id, const SearchRow **out, percept_error *error)
{
    for (size_t s = 0; s < rows->count; s++)
        if (rows->rows[s].id == id) {
            *out = &rows->rows[s];
            return PERCEPT_OK;
        }
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "there is no search %lld", (long long)id);
}

percept_status feed_search(Database *database, const FeedQuery *query, json_t **out, percept_error *error)
{
    SearchRows searches = {0};
    RunRows runs = {0};
    RungRow *rungs = NULL;
    size_t rung_count = 0;
    const SearchRow *search = NULL;
    percept_status status = database_searches(database, &searches, error);
    if (status == PERCEPT_OK)
        status = find_search(&searches, query->id, &search, error);
    if (status == PERCEPT_OK)
        status = database_runs(database, &(RunQuery){.search = query->id, .recipes_since = query->since / 1000 - 1},
                               &runs, error); /* a second more than those that the page knows */
    if (status == PERCEPT_OK)
        status = database_rungs(database, query->id, &rungs, &rung_count, error);
    if (status == PERCEPT_OK) {
        json_t *object = json_object();
        const int failures = json_object_set_new(object, "search", feed_search_row(search, NAN)) |
                             json_object_set_new(object, "runs", feed_run_rows(&runs, query->id, query->since, true)) |
                             json_object_set_new(object, "rungs", rung_list(rungs, rung_count));
        status = give(object, failures, out, error);
    }
    memory_free(rungs);
    run_rows_clear(&runs);
    search_rows_clear(&searches);
    return status;
}
