#include "train/train.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "train/epoch_metrics.h"
#include "train/nonfinite.h"
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

static void begin_progress(Training *training)
{
    training->progress = (percept_progress){.epoch = training->state.epoch,
                                            .epochs = training->options->epochs,
                                            .steps = training->steps,
                                            .train_accuracy = NAN,
                                            .valid_loss = NAN,
                                            .valid_accuracy = NAN,
                                            .test_loss = NAN,
                                            .test_accuracy = NAN,
                                            .train_loss_sum = NAN,
                                            .valid_loss_sum = NAN,
                                            .test_loss_sum = NAN,
                                            .train_loss_naive = NAN,
                                            .valid_loss_naive = NAN,
                                            .test_loss_naive = NAN,
                                            .valid_rmse = NAN,
                                            .valid_mae = NAN,
                                            .valid_r2 = NAN,
                                            .test_rmse = NAN,
                                            .test_mae = NAN,
                                            .test_r2 = NAN};
}

static void progress_of_step(Training *training)
{
    const TrainingState *state = &training->state;
    percept_progress *progress = &training->progress;
    progress->step = state->step;
    progress->examples = state->examples;
    progress->train_loss = engine_mean_loss(&state->sums);
    if (training->model->class_count > 0)
        progress->train_accuracy = (double)state->sums.correct / (double)state->sums.count;
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
                         .target_scaler = &training->model->target_scaler};
    EngineSums sums;
    training_move_dropout(training);
    set_rate(training);
    state->updates++;
    update_parameters(training, &batch, &sums);
    state->step++;
    state->examples += count;
    state->sums.count += sums.count;
    state->sums.weight += sums.weight;
    state->sums.loss += training->loss_unit * (sums.loss + sums.weight * sums.penalty);
    state->sums.correct += sums.correct;
    progress_of_step(training);
    if (nonfinite_is_allowed(training, sums.loss + sums.penalty))
        return PERCEPT_OK;
    char what[128];
    snprintf(what, sizeof what, "the loss became %s in epoch %zu, step %zu of %zu",
             isnan(sums.loss + sums.penalty) ? "not a number" : "infinite", (size_t)state->epoch, (size_t)state->step,
             training->steps);
    return nonfinite_refuse(training, what, error);
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
    begin_progress(training);
    draw_order(training);
    if (state->step > 0)
        return PERCEPT_OK;
    state->metrics = epoch_metrics_none();
    return training->options->metrics.when == METRICS_BEFORE ? epoch_metrics_measure(training, error) : PERCEPT_OK;
}

/* What is reported of an epoch. */
static void progress_of_epoch(Training *training)
{
    const EpochMetrics *metrics = &training->state.metrics;
    percept_progress *progress = &training->progress;
    progress->epoch_done = 1;
    progress->best = training->valid != NULL && training->state.best_count == training->state.epoch + 1;
    progress->train_loss = metrics->train.loss;
    progress->train_accuracy = metrics->train.accuracy;
    progress->valid_loss = metrics->valid.loss;
    progress->valid_accuracy = metrics->valid.accuracy;
    progress->test_loss = metrics->test.loss;
    progress->test_accuracy = metrics->test.accuracy;
    progress->train_loss_sum = metrics->train.loss_sum;
    progress->valid_loss_sum = metrics->valid.loss_sum;
    progress->test_loss_sum = metrics->test.loss_sum;
    progress->train_loss_naive = metrics->train.naive;
    progress->valid_loss_naive = metrics->valid.naive;
    progress->test_loss_naive = metrics->test.naive;
    progress->valid_rmse = metrics->valid.rmse;
    progress->valid_mae = metrics->valid.mae;
    progress->valid_r2 = metrics->valid.r2;
    progress->test_rmse = metrics->test.rmse;
    progress->test_mae = metrics->test.mae;
    progress->test_r2 = metrics->test.r2;
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
    progress_of_epoch(training);
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

static percept_status run_epoch(Training *training, percept_callback *callback, void *user, percept_error *error)
{
    percept_status status = begin_epoch(training, error);
    while (status == PERCEPT_OK && !training->progress.epoch_done) {
        status = run_step(training, error);
        if (status == PERCEPT_OK && training->state.step == training->steps)
            status = end_epoch(training, error);
        if (status == PERCEPT_OK)
            status = report(training, callback, user, error);
    }
    return status;
}

/* ---- A run -------------------------------------------------------------------------------------------------------- */

/* Stores in the model the parameters that are kept: those of the best epoch, else the average, else the last. */
static void finish(Training *training, percept_result *result)
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
}

percept_status train_run(percept_model *model, const percept_dataset *train, const percept_dataset *valid,
                         const TrainingOptions *options, Team *team, percept_callback *callback, void *user,
                         percept_result *result, percept_error *error)
{
    Training training = {
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
    clock_gettime(CLOCK_MONOTONIC, &training.start);
    percept_status status = training_prepare(&training, error);
    if (status == PERCEPT_OK) {
        training.examples_before = training.state.examples;
        while (status == PERCEPT_OK && !training_is_over(&training))
            status = run_epoch(&training, callback, user, error);
        finish(&training, result);
        if (status == PERCEPT_OK)
            status = nonfinite_check_parameters(&training, error);
    }
    training_clear(&training);
    return status;
}
