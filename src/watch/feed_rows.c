#include "watch/feed_rows.h"

#include "base/json_value.h"

static json_t *state_words(RunState state)
{
    return json_string(run_state_name(state));
}

static json_t *request_words(RunRequest request)
{
    static const char *const names[] = {[REQUEST_NONE] = "none", [REQUEST_PAUSE] = "pause", [REQUEST_STOP] = "stop"};
    return json_string(names[request]);
}

/* Adds a field of a row under its own name; not 0 for lack of memory. */
#define ADD(object, row, field, make) json_object_set_new(object, #field, make((row)->field))

/* The object if none of the additions failed. */
static json_t *finish(json_t *object, int failures)
{
    if (failures == 0)
        return object;
    json_decref(object);
    return NULL;
}

/* ---- Runs ------------------------------------------------------------------------------------------------------------ */

static int add_names(json_t *object, const RunRow *row)
{
    return ADD(object, row, id, json_integer) | ADD(object, row, search, json_integer) |
           ADD(object, row, kind, json_words) | ADD(object, row, name, json_words) |
           ADD(object, row, folder, json_words) | ADD(object, row, trial, json_count) |
           ADD(object, row, repeat, json_count) | ADD(object, row, state, state_words) |
           ADD(object, row, request, request_words) | ADD(object, row, dataset, json_words) |
           ADD(object, row, tags, json_words) | ADD(object, row, message, json_words);
}

static int add_counts(json_t *object, const RunRow *row)
{
    return ADD(object, row, train_count, json_count) | ADD(object, row, valid_count, json_count) |
           ADD(object, row, test_count, json_count) | ADD(object, row, parameters, json_count) |
           ADD(object, row, threads, json_count) | ADD(object, row, epochs, json_count) |
           ADD(object, row, epoch, json_count) | ADD(object, row, best_epoch, json_integer);
}

static int add_figures(json_t *object, const RunRow *row)
{
    return ADD(object, row, train_loss, json_figure) | ADD(object, row, train_accuracy, json_figure) |
           ADD(object, row, valid_loss, json_figure) | ADD(object, row, valid_accuracy, json_figure) |
           ADD(object, row, test_loss, json_figure) | ADD(object, row, test_accuracy, json_figure) |
           ADD(object, row, started, json_figure) | ADD(object, row, ended, json_figure) |
           ADD(object, row, updated, json_figure) | ADD(object, row, seconds, json_figure);
}

/* What the recipe says, and where it was run. */
static int add_recipe(json_t *object, const RunRow *row)
{
    json_t *recipe = row->recipe != NULL ? json_loads(row->recipe, 0, NULL) : NULL;
    return json_object_set_new(object, "recipe", recipe != NULL ? recipe : json_object()) |
           ADD(object, row, version, json_words) | ADD(object, row, machine, json_words) |
           ADD(object, row, checksum, json_words);
}

json_t *feed_run_row(const RunRow *row, bool recipe)
{
    json_t *object = json_object();
    return finish(object, add_names(object, row) | add_counts(object, row) | add_figures(object, row) |
                              (recipe ? add_recipe(object, row) : 0));
}

static bool is_live(RunState state)
{
    return state == RUN_RUNNING || state == RUN_PAUSED || state == RUN_WAITING;
}

json_t *feed_run_rows(const RunRows *rows, int64_t search, int64_t since, bool recipes)
{
    json_t *list = json_array(), *live = json_array(), *object = json_object();
    size_t count = 0;
    int failures = 0;
    for (size_t r = 0; r < rows->count && failures == 0; r++) {
        const RunRow *row = &rows->rows[r];
        if (row->search != search)
            continue;
        count++;
        if (is_live(row->state))
            failures |= json_array_append_new(live, json_integer(row->id));
        if (!(row->updated * 1000 + 1 < (double)since)) /* the page has the time rounded to milliseconds */
            failures |= json_array_append_new(list, feed_run_row(row, recipes));
    }
    failures |= json_object_set_new(object, "rows", list) | json_object_set_new(object, "live", live) |
                json_object_set_new(object, "count", json_count(count));
    return finish(object, failures);
}

/* ---- Searches -------------------------------------------------------------------------------------------------------- */

json_t *feed_search_row(const SearchRow *row, double best)
{
    json_t *object = json_object();
    return finish(object, ADD(object, row, id, json_integer) | ADD(object, row, best_run, json_integer) |
                              ADD(object, row, name, json_words) | ADD(object, row, folder, json_words) |
                              ADD(object, row, strategy, json_words) | ADD(object, row, objective, json_words) |
                              ADD(object, row, space, json_words) | ADD(object, row, message, json_words) |
                              ADD(object, row, state, state_words) | ADD(object, row, request, request_words) |
                              ADD(object, row, planned, json_count) | ADD(object, row, runs, json_count) |
                              ADD(object, row, done, json_count) | ADD(object, row, diverged, json_count) |
                              ADD(object, row, failed, json_count) | ADD(object, row, pruned, json_count) |
                              ADD(object, row, started, json_figure) | ADD(object, row, ended, json_figure) |
                              ADD(object, row, updated, json_figure) |
                              json_object_set_new(object, "best", json_figure(best)));
}
