#include "train/train.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "train/average.h"
#include "train/calibration.h"
#include "train/conformal.h"
#include "train/epoch_metrics.h"
#include "train/nonfinite.h"
#include "train/progress.h"
#include "train/training_prepare.h"
#include "train/update.h"
#include "train/whole.h"

static double seconds_since(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + 1e-9 * (double)(now.tv_nsec - start->tv_nsec);
}

const percept_progress *training_progress(const Training *training)
{
    return &training->progress;
}

size_t training_updates(const Training *training)
{
    return training->state.updates;
}

/* Epochs since the best one have used up all patience. */
static bool is_out_of_patience(const Training *training)
{
    const TrainingState *state = &training->state;
    return training->options->patience > 0 && state->best_count > 0 &&
           state->epoch - state->best_count >= training->options->patience;
}

bool training_is_over(const Training *training)
{
    const TrainingState *state = &training->state;
    const WholeOptimizer *whole = training->whole;
    return state->epoch >= training->options->epochs ||
           (state->step == 0 &&
            (is_out_of_patience(training) || (whole != NULL && whole->is_over != NULL && whole->is_over(training))));
}

percept_model training_model(const Training *training)
{
    percept_model model = *training->model;
    model.parameters = training_result_parameters(training);
    return model;
}

/* ---- Reporting ----------------------------------------------------------------------------------------------------- */

/* Calls the callback with `progress`, then lets a checkpoint be written. */
static percept_status report(Training *training, percept_callback *callback, void *user, percept_error *error)
{
    const TrainingOptions *options = training->options;
    percept_progress *progress = &training->progress;
    progress->seconds = seconds_since(&training->start);
    const bool stopping = callback != NULL && callback(progress, user) != 0;
    percept_status status = PERCEPT_OK;
    if (options->pause != NULL)
        status = options->pause(training, stopping, options->pause_user, error);
    if (status == PERCEPT_OK && stopping)
        status = error_set(error, PERCEPT_ERROR_INTERRUPTED, "training was stopped in epoch %zu, after step %zu of %zu",
                           progress->epoch, progress->step, training->steps);
    return status;
}

/* ---- Steps and epochs --------------------------------------------------------------------------------------------- */

/* Weight decay and dropout of the next step. */
static void set_factors(Training *training, const ScheduleMoment *moment)
{
    const TrainingOptions *options = training->options;
    if (options->decay_schedule != NULL) {
        const double decay = options->weight_decay * schedule_factor(options->decay_schedule, moment);
        const bool decoupled = optimizer_at_f64(options->optimizer)->decoupled;
        training->optimizer.options.weight_decay = decoupled ? decay : 0;
        training->update.weight_decay = decoupled ? 0 : decay;
    }
    if (options->dropout_schedule != NULL)
        training->dropout_factor = schedule_factor(options->dropout_schedule, moment);
}

/* The rate of the step that comes. */
static void set_rate(Training *training)
{
    const TrainingState *state = &training->state;
    size_t steps = 0;
    if (__builtin_mul_overflow(training->options->epochs, training->steps, &steps))
        steps = SIZE_MAX;
    const ScheduleMoment moment = {.epoch = state->epoch,
                                   .epochs = training->options->epochs,
                                   .step = state->updates,
                                   .steps = steps,
                                   .reduction = state->plateau.reduction};
    const double rate = schedule_rate(training->options->schedule, &training->schedule, &moment);
    training->update.learning_rate = rate;
    training->progress.learning_rate = rate;
    optimizer_begin_step(&training->optimizer, state->updates + 1, rate);
    set_factors(training, &moment);
}

/* One update from a batch; the sums are those before it. */
static void apply(Training *training, const Batch *batch, EngineSums *sums)
{
    training_move_dropout(training);
    set_rate(training);
    training->state.updates++;
    update_parameters(training, batch, sums);
    training->state.examples += batch->count;
}

static void add_sums(const Training *training, const EngineSums *of_batch, EngineSums *sums)
{
    sums->count += of_batch->count;
    sums->weight += of_batch->weight;
    sums->loss += training->loss_unit * (of_batch->loss + of_batch->weight * of_batch->penalty);
    sums->correct += of_batch->correct;
}

/* Refuses a loss that is not finite, unless that is allowed; `fed`: it is of examples of the caller's. */
static percept_status check_loss(Training *training, const EngineSums *sums, bool fed, percept_error *error)
{
    const TrainingState *state = &training->state;
    char what[128], where[96] = "examples that were fed";
    if (nonfinite_is_allowed(training, sums->loss + sums->penalty))
        return PERCEPT_OK;
    if (!fed)
        snprintf(where, sizeof where, "epoch %zu, step %zu of %zu", (size_t)state->epoch, (size_t)state->step,
                 training->steps);
    snprintf(what, sizeof what, "the loss became %s in %s",
             isnan(sums->loss + sums->penalty) ? "not a number" : "infinite", where);
    return nonfinite_refuse(training, what, error);
}

static percept_status run_step(Training *training, percept_error *error)
{
    TrainingState *state = &training->state;
    const size_t batch_size = training->options->batch_size;
    const size_t first = state->step * batch_size, left = training->train->count - first;
    const size_t count = left < batch_size ? left : batch_size;
    const Batch batch = {.data = training->train,
                         .scaler = &training->model->scaler,
                         .order = training->order != NULL ? training->order + first : NULL,
                         .first = first,
                         .count = count,
                         .target_scaler = &training->model->target_scaler,
                         .category_dropout = training_category_dropout(training, training->train),
                         .augment = training->augment,
                         .epoch = state->epoch,
                         .scaled = training->scaled.rows != NULL ? &training->scaled : NULL};
    EngineSums sums;
    apply(training, &batch, &sums);
    state->step++;
    if (state->step == training->steps)
        average_after_epoch(training);
    add_sums(training, &sums, &state->sums);
    progress_step(training);
    return check_loss(training, &sums, false, error);
}

/* The epoch's order: the next permutation of the stream, or the first of a new one. */
static void draw_order(Training *training)
{
    const TrainingOptions *options = training->options;
    training->drawn = training->shuffling;
    if (training->order == NULL)
        return;
    if (options->reseed && options->shuffling.kind == RANDOM_PCG64)
        random_default_rng(&training->drawn, training->state.epoch);
    else if (options->reseed)
        (void)random_legacy_seed(&training->drawn, training->state.epoch & UINT32_MAX, NULL);
    random_permutation(&training->drawn, training->order, training->train->count);
}

/* Before the first step of an epoch, or before the next one of an epoch that is resumed. */
static percept_status begin_epoch(Training *training, percept_error *error)
{
    TrainingState *state = &training->state;
    progress_begin(training);
    draw_order(training);
    if (state->step > 0)
        return PERCEPT_OK;
    state->metrics = epoch_metrics_none();
    return training->options->metrics.when == METRICS_BEFORE ? epoch_metrics_measure(training, error) : PERCEPT_OK;
}

/* After the last step of an epoch: the state becomes that before the next one. */
static percept_status end_epoch(Training *training, percept_error *error)
{
    TrainingState *state = &training->state;
    percept_progress *progress = &training->progress;
    percept_status status = PERCEPT_OK;
    if (epoch_metrics_are_of_steps(training))
        epoch_metrics_of_steps(training);
    if (training->options->metrics.when != METRICS_BEFORE)
        status = epoch_metrics_measure(training, error);
    if (status != PERCEPT_OK)
        return status;
    if (training->valid != NULL && !nonfinite_is_allowed(training, state->metrics.valid.loss)) {
        char what[128];
        snprintf(what, sizeof what, "the validation loss became %s in epoch %zu",
                 isnan(state->metrics.valid.loss) ? "not a number" : "infinite", (size_t)state->epoch);
        return nonfinite_refuse(training, what, error);
    }
    progress_epoch(training);
    state->train_loss = progress->train_loss;
    state->train_accuracy = progress->train_accuracy;
    state->valid_loss = progress->valid_loss;
    state->valid_accuracy = progress->valid_accuracy;
    state->epoch++;
    state->step = 0;
    state->sums = (EngineSums){0};
    training->shuffling = training->drawn;
    return PERCEPT_OK;
}

/* A step, and what ends with it; reading the clock is left to the callers, since it takes as long as a small step. */
static percept_status advance(Training *training, percept_error *error)
{
    percept_status status = training->begun ? PERCEPT_OK : begin_epoch(training, error);
    training->begun = status == PERCEPT_OK;
    if (status == PERCEPT_OK)
        status = run_step(training, error);
    if (status == PERCEPT_OK && training->state.step == training->steps) {
        status = end_epoch(training, error);
        training->begun = false;
    }
    return status;
}

percept_status train_step(Training *training, percept_error *error)
{
    const percept_status status = advance(training, error);
    training->progress.seconds = seconds_since(&training->start);
    return status;
}

percept_status train_epoch(Training *training, percept_callback *callback, void *user, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    do {
        status = advance(training, error);
        if (status == PERCEPT_OK)
            status = report(training, callback, user, error);
    } while (status == PERCEPT_OK && !training->progress.epoch_done);
    return status;
}

percept_status train_feed(Training *training, const percept_dataset *data, double *loss, percept_error *error)
{
    const size_t capacity = training->engine->config.batch_capacity;
    EngineSums all = {0};
    if (training->whole != NULL && training->whole->step != NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "train.optimizer %s works on the training set alone; choose another one to feed examples",
                         training->whole->name);
    percept_status status = model_check_data(training->model, data, error);
    for (size_t first = 0; status == PERCEPT_OK && first < data->count; first += capacity) {
        const size_t left = data->count - first;
        const Batch batch = {.data = data,
                             .scaler = &training->model->scaler,
                             .first = first,
                             .count = left < capacity ? left : capacity,
                             .target_scaler = &training->model->target_scaler,
                             .category_dropout = training_category_dropout(training, data)};
        EngineSums sums;
        apply(training, &batch, &sums);
        add_sums(training, &sums, &all);
        status = check_loss(training, &sums, true, error);
    }
    training->progress.examples = training->state.examples;
    if (status == PERCEPT_OK && loss != NULL)
        *loss = engine_mean_loss(&all);
    return status;
}

void train_set_rate(Training *training, double rate)
{
    training->schedule.base = rate;
}

/* ---- A run -------------------------------------------------------------------------------------------------------- */

/* Stores in the model the parameters that are kept: those of the best epoch, else the average, else the last. */
static void keep(Training *training, percept_result *result)
{
    const TrainingState *state = &training->state;
    const bool best = training->best_parameters != NULL && state->best_count > 0;
    const double seconds = seconds_since(&training->start);
    const void *kept = best                 ? training->best_parameters
                       : state->updates > 0 ? training_result_parameters(training)
                                            : NULL;
    if (kept != NULL && kept != training->model->parameters)
        memcpy(training->model->parameters, kept, training_vector_bytes(training));
    if (result == NULL)
        return;
    *result = (percept_result){
        .struct_size = sizeof *result,
        .epochs = state->epoch,
        .best_epoch = (long)state->best_count - 1,
        .stopped_early = is_out_of_patience(training) && state->epoch < training->options->epochs,
        .train_loss = state->train_loss,
        .train_accuracy = state->train_accuracy,
        .valid_loss = best ? state->best_loss : state->valid_loss,
        .valid_accuracy = best ? state->best_accuracy : state->valid_accuracy,
        .seconds = seconds,
        .examples_per_second = seconds > 0 ? (double)(state->examples - training->examples_before) / seconds : 0,
    };
    calibration_report(NULL, result);
}

/* The checkpoint keeps the parameters that are trained; only the model that comes out is calibrated. */
static percept_status calibrate(const Training *training, percept_result *result, percept_error *error)
{
    Calibration found;
    const EngineKind *engine = training->options->engine;
    if (training->model->network.intervals > 0)
        return conformal_run(training->model, training->valid, engine, training->team, error);
    if (!training->options->temperature)
        return PERCEPT_OK;
    percept_status status = calibration_run(training->model, training->valid, engine, training->team, &found, error);
    if (status == PERCEPT_OK && result != NULL)
        calibration_report(&found, result);
    return status;
}

percept_status train_begin(percept_model *model, const percept_dataset *train, const percept_dataset *valid,
                           const TrainingOptions *options, Team *team, Training **out, percept_error *error)
{
    Training *training = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *training, "a training", &training, error);
    if (status != PERCEPT_OK)
        return status;
    *training = (Training){
        .model = model,
        .train = train,
        .valid = valid,
        .options = options,
        .shuffling = options->shuffling,
        .team = team,
        .state = {.train_loss = NAN,
                  .train_accuracy = NAN,
                  .valid_loss = NAN,
                  .valid_accuracy = NAN,
                  .plateau = {.reduction = 1}},
    };
    clock_gettime(CLOCK_MONOTONIC, &training->start);
    status = training_prepare(training, error);
    if (status != PERCEPT_OK) {
        train_free(training);
        return status;
    }
    training->examples_before = training->state.examples;
    progress_begin(training);
    *out = training;
    return PERCEPT_OK;
}

percept_status train_finish(Training *training, percept_result *result, percept_error *error)
{
    keep(training, result);
    const percept_status status = nonfinite_check_parameters(training, error);
    return status == PERCEPT_OK ? calibrate(training, result, error) : status;
}

void train_free(Training *training)
{
    if (training == NULL)
        return;
    training_clear(training);
    memory_free(training);
}

percept_status train_run(percept_model *model, const percept_dataset *train, const percept_dataset *valid,
                         const TrainingOptions *options, Team *team, percept_callback *callback, void *user,
                         percept_result *result, percept_error *error)
{
    Training *training = NULL;
    percept_status status = train_begin(model, train, valid, options, team, &training, error);
    if (status != PERCEPT_OK)
        return status;
    while (status == PERCEPT_OK && !training_is_over(training))
        status = train_epoch(training, callback, user, error);
    if (status == PERCEPT_OK)
        status = train_finish(training, result, error);
    else
        keep(training, result);
    train_free(training);
    return status;
}
