#include "watch/feed.h"

#include <math.h>
#include <string.h>

#include "base/json_value.h"
#include "base/memory.h"
#include "watch/feed_rows.h"

/* Hands the object on, or says that memory was short: what could not be added is not 0. */
static percept_status give(json_t *object, int failures, json_t **out, percept_error *error)
{
    if (object != NULL && failures == 0) {
        *out = object;
        return PERCEPT_OK;
    }
    json_decref(object);
    return error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory for an answer to the page");
}

/* ---- The best of a search --------------------------------------------------------------------------------------------- */

/* The figure that the search goes by. */
static double figure_of(const SearchRow *search, const RunRow *run)
{
    const bool told = run->search == search->id && run->state != RUN_DIVERGED && run->state != RUN_FAILED;
    if (!told || search->objective == NULL)
        return NAN;
    return strcmp(search->objective, "valid_loss") == 0 ? -run->valid_loss : run->valid_accuracy;
}

/* The best figure among the runs of a search; NaN without any. */
static double best_figure(const SearchRow *search, const RunRows *runs)
{
    double best = NAN;
    for (size_t r = 0; r < runs->count; r++)
        best = fmax(best, figure_of(search, &runs->rows[r])); /* of a number and NaN the number */
    return fabs(best);
}

/* ---- All ------------------------------------------------------------------------------------------------------------- */

percept_status feed_overview(Database *database, const FeedQuery *query, json_t **out, percept_error *error)
{
    RunRows runs = {0};
    SearchRows searches = {0};
    percept_status status = database_runs(database, &(RunQuery){.where = NULL}, &runs, error);
    if (status == PERCEPT_OK)
        status = database_searches(database, &searches, error);
    if (status == PERCEPT_OK) {
        json_t *object = json_object(), *list = json_array();
        int failures = json_object_set_new(object, "runs", feed_run_rows(&runs, 0, query->since, false));
        for (size_t s = 0; s < searches.count; s++)
            failures |=
                json_array_append_new(list, feed_search_row(&searches.rows[s], best_figure(&searches.rows[s], &runs)));
        failures |= json_object_set_new(object, "searches", list);
        status = give(object, failures, out, error);
    }
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
                    json_object_set_new(object, "promoted", json_boolean(rungs[r].promoted)) |
                    json_array_append_new(list, object);
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
        status = database_runs(database, &(RunQuery){.search = query->id}, &runs, error);
    if (status == PERCEPT_OK)
        status = database_rungs(database, query->id, &rungs, &rung_count, error);
    if (status == PERCEPT_OK) {
        json_t *object = json_object();
        const int failures =
            json_object_set_new(object, "search", feed_search_row(search, best_figure(search, &runs))) |
            json_object_set_new(object, "runs", feed_run_rows(&runs, query->id, query->since, true)) |
            json_object_set_new(object, "rungs", rung_list(rungs, rung_count));
        status = give(object, failures, out, error);
    }
    memory_free(rungs);
    run_rows_clear(&runs);
    search_rows_clear(&searches);
    return status;
}
