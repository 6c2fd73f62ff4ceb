/* The winner, trained again. */
#include "base/file.h"
#include "base/memory.h"
#include "run/tensorboard.h"
#include "search/state.h"

/* The first repeat of the winner that converged: no seed is chosen for its result. */
static size_t first_converged(const Search *search, size_t trial)
{
    size_t repeat = 0;
    while (repeat + 1 < search->repeats && search->runs[trial * search->repeats + repeat].end != JOB_FINISHED)
        repeat++;
    return repeat;
}

/* The winner's recipe, but with as many threads as the base recipe has: no bit depends on them. */
static percept_status make_recipe(const Search *search, percept_recipe **out, percept_error *error)
{
    const size_t winner = search_winner(search), dimensions = search->space->count;
    const double *point = scheduler_ledger(search->scheduler)->points + winner * dimensions;
    const DataSet *set = NULL;
    char *threads = NULL;
    percept_status status =
        work_recipe(search->space, search->shared, point, first_converged(search, winner), out, &set, error);
    shared_data_give_back(search->shared, set);
    if (status == PERCEPT_OK)
        status = recipe_format(search->space->base, "threads", &threads, error);
    if (status == PERCEPT_OK)
        status = recipe_set(*out, "threads", threads, NULL, error);
    if (status == PERCEPT_OK)
        status = tensorboard_move(*out, search->folder, error);
    memory_free(threads);
    return status;
}

/* Continues a run that an earlier process finished or started. */
static percept_status begin(const Search *search, percept_recipe *recipe, Run *run, bool *finished,
                            percept_error *error)
{
    char *folder = NULL, *path = NULL;
    *finished = false;
    percept_status status = file_join(search->folder, RUN_FOLDER_BEST, &folder, error);
    if (status == PERCEPT_OK)
        status = file_join(folder, "recipe.yaml", &path, error);
    if (status == PERCEPT_OK && !file_exists(path))
        status = run_begin(run, recipe, folder, false, error);
    else if (status == PERCEPT_OK)
        status = run_folder_find(folder, finished, error);
    if (status == PERCEPT_OK && run->folder == NULL)
        status = run_resume(run, recipe, folder, error);
    memory_free(path);
    memory_free(folder);
    return status;
}

percept_status search_train_best(Search *search, percept_callback *callback, void *user, percept_result *result,
                                 percept_metrics *test, percept_error *error)
{
    percept_recipe *recipe = NULL;
    Run run = {.lock = -1};
    bool finished = false;
    const size_t winner = search_winner(search);
    const RunPlace place = {.kind = "best",
                            .whole = search->folder,
                            .search = search->id,
                            .trial = winner,
                            .repeat = first_converged(search, winner)};
    *test = (percept_metrics){0};
    percept_status status = make_recipe(search, &recipe, error);
    if (status == PERCEPT_OK)
        status = begin(search, recipe, &run, &finished, error);
    if (status == PERCEPT_OK && run_record(&run, &place, NULL) == PERCEPT_OK) /* as any run it does without */
        search->best_run = run.recording.id;
    if (status == PERCEPT_OK)
        status = run_train(&run, callback, user, error);
    if (status == PERCEPT_OK)
        status = run_finish(&run, error);
    if (status == PERCEPT_OK) {
        *result = run.result;
        *test = run.test;
        run.test = (percept_metrics){0};
    }
    run_clear(&run);
    percept_recipe_free(recipe);
    return status;
}
