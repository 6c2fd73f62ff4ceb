/* The winner, trained again. */
#include <math.h>

#include "base/file.h"
#include "base/memory.h"
#include "run/tensorboard.h"
#include "search/ensemble.h"
#include "search/state.h"
#include "train/calibration.h"
#include "train/progress.h"

/* The first repeat of the winner that converged: no seed is chosen for its result. */
static size_t first_converged(const Search *search, size_t trial)
{
    size_t repeat = 0;
    while (repeat + 1 < search->repeats && search->runs[trial * search->repeats + repeat].end != JOB_FINISHED)
        repeat++;
    return repeat;
}

/* The winner's recipe, but with as many threads as the base recipe has: no bit depends on them. */
static percept_status make_recipe(const Search *search, size_t trial, size_t repeat, percept_recipe **out,
                                  percept_error *error)
{
    const double *point = scheduler_ledger(search->scheduler)->points + trial * search->space->count;
    const DataSet *set = NULL;
    char *threads = NULL;
    percept_status status = work_recipe(search->space, search->shared, point,
                                        work_seed(&search->workshop, trial, repeat), out, &set, error);
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
    percept_status status = make_recipe(search, winner, place.repeat, &recipe, error);
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

/* ---- An ensemble ------------------------------------------------------------------------------------------------- */

static percept_progress progress_of(const EpochRow *row, size_t epochs, long best)
{
    percept_progress progress = progress_unmeasured();
    progress.epoch = row->epoch;
    progress.epochs = epochs;
    progress.epoch_done = 1;
    progress.best = (long)row->epoch == best;
    progress.learning_rate = row->learning_rate;
    progress.train_loss = row->train_loss;
    progress.train_accuracy = row->train_accuracy;
    progress.valid_loss = row->valid_loss;
    progress.valid_accuracy = row->valid_accuracy;
    progress.seconds = row->seconds;
    return progress;
}

/* The epochs of a trial's run, as its metrics.csv would have them. Released with memory_free. */
static percept_status read_epochs(const Search *search, const RepeatRecord *of, percept_progress **out, size_t *count,
                                  percept_error *error)
{
    EpochRow *rows = NULL;
    long best = -1;
    percept_status status = database_epochs(search->database, of->run, 0, &rows, count, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(*count, sizeof **out, "the epochs", out, error);
    for (size_t e = 0; status == PERCEPT_OK && e < *count; e++) /* the epoch that was kept has the trial's score */
        if (best < 0 && of->figure <= (search->by_accuracy ? rows[e].valid_accuracy : rows[e].valid_loss) &&
            of->figure >= (search->by_accuracy ? rows[e].valid_accuracy : rows[e].valid_loss))
            best = (long)e;
    for (size_t e = 0; status == PERCEPT_OK && e < *count; e++)
        (*out)[e] = progress_of(&rows[e], *count, best);
    memory_free(rows);
    return status;
}

/* The network of the ensemble whose run has the best score. */
static const SearchEnsemblePart *best_part(const Search *search)
{
    const SearchEnsemble *ensemble = &search->ensemble;
    const SearchEnsemblePart *best = &ensemble->parts[0]; /* candidates came in the order of their trials' scores */
    for (size_t p = 1; p < ensemble->count && search->repeats > 1; p++) {
        const double figure =
            search->runs[ensemble->parts[p].trial * search->repeats + ensemble->parts[p].repeat].figure;
        const double other = search->runs[best->trial * search->repeats + best->repeat].figure;
        if (search->by_accuracy ? figure > other : figure < other)
            best = &ensemble->parts[p];
    }
    return best;
}

/* One temperature for the members together, where the recipe has one for each training. */
static percept_status calibrate(const Run *run, percept_model *model, percept_result *out, percept_error *error)
{
    Calibration found;
    if (!run->options.temperature)
        return PERCEPT_OK;
    percept_status status = calibration_run(model, run->data.valid, run->options.engine, run->team, &found, error);
    if (status != PERCEPT_OK)
        return status;
    out->temperature = found.temperature;
    out->log_loss_before = found.before.log_loss;
    out->log_loss_after = found.after.log_loss;
    out->calibration_error_before = found.before.calibration_error;
    out->calibration_error_after = found.after.calibration_error;
    return PERCEPT_OK;
}

/* The result of the ensemble, which was not trained itself: metrics of the validation part. */
static percept_status measure(Search *search, const Run *run, percept_model *model, const percept_progress *epochs,
                              size_t count, percept_result *out, percept_error *error)
{
    percept_metrics metrics = {.struct_size = sizeof metrics};
    *out = (percept_result){.struct_size = sizeof *out,
                            .epochs = count,
                            .best_epoch = -1,
                            .train_loss = NAN,
                            .train_accuracy = NAN,
                            .examples_per_second = NAN,
                            .temperature = NAN,
                            .log_loss_before = NAN,
                            .log_loss_after = NAN,
                            .calibration_error_before = NAN,
                            .calibration_error_after = NAN};
    percept_status status = calibrate(run, model, out, error);
    if (status == PERCEPT_OK)
        status = percept_model_evaluate(model, run->data.valid, search->jobs, &metrics, error);
    if (status != PERCEPT_OK)
        return status;
    out->valid_loss = metrics.loss;
    out->valid_accuracy = metrics.accuracy;
    for (size_t e = 0; e < count; e++)
        if (epochs[e].best)
            out->best_epoch = (long)e;
    for (size_t r = 0; r < search->trial_count * search->repeats; r++)
        out->seconds += search->runs[r].seconds;
    search->ensemble.score = search->by_accuracy ? metrics.accuracy : metrics.loss;
    percept_metrics_clear(&metrics);
    return PERCEPT_OK;
}

/* best/ of the model, which it takes over; an earlier one is replaced. */
static percept_status write_best(Search *search, percept_model *model, percept_result *result, percept_metrics *test,
                                 percept_error *error)
{
    const SearchEnsemblePart *part = best_part(search);
    const RunPlace place = {
        .kind = "best", .whole = search->folder, .search = search->id, .trial = part->trial, .repeat = part->repeat};
    percept_recipe *recipe = NULL;
    percept_progress *epochs = NULL;
    char *folder = NULL;
    size_t count = 0;
    Run run = {.lock = -1};
    percept_status status = make_recipe(search, part->trial, part->repeat, &recipe, error);
    if (status == PERCEPT_OK)
        status = file_join(search->folder, RUN_FOLDER_BEST, &folder, error);
    if (status == PERCEPT_OK)
        status = run_begin(&run, recipe, folder, true, error);
    if (status == PERCEPT_OK)
        status =
            read_epochs(search, &search->runs[part->trial * search->repeats + part->repeat], &epochs, &count, error);
    if (status == PERCEPT_OK)
        status = measure(search, &run, model, epochs, count, result, error);
    if (status == PERCEPT_OK && run_record(&run, &place, NULL) == PERCEPT_OK) /* as any run it does without */
        search->best_run = run.recording.id;
    if (status == PERCEPT_OK) {
        status = run_adopt(&run, model, result, epochs, count, error);
        model = NULL;
    }
    if (status == PERCEPT_OK)
        status = run_finish(&run, error);
    if (status == PERCEPT_OK) {
        *test = run.test;
        run.test = (percept_metrics){0};
    }
    run_clear(&run);
    percept_model_free(model);
    memory_free(epochs);
    memory_free(folder);
    percept_recipe_free(recipe);
    return status;
}

percept_status search_make_ensemble(Search *search, percept_result *result, percept_metrics *test, percept_error *error)
{
    const DataSet *set = NULL;
    percept_model *model = NULL;
    *test = (percept_metrics){0};
    percept_status status = shared_data_take(search->shared, search->space->base, &set, error);
    if (status == PERCEPT_OK)
        status = ensemble_make(search, set->data.valid, &model, error);
    shared_data_give_back(search->shared, set);
    if (status == PERCEPT_OK)
        status = write_best(search, model, result, test, error);
    return status == PERCEPT_OK ? ensemble_write_table(search, error) : status;
}
