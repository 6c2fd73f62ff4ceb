#include "train/progress.h"

#include <math.h>

percept_progress progress_unmeasured(void)
{
    return (percept_progress){.struct_size = sizeof(percept_progress),
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

void progress_begin(Training *training)
{
    training->progress = progress_unmeasured();
    training->progress.epoch = training->state.epoch;
    training->progress.epochs = training->options->epochs;
    training->progress.steps = training->steps;
}

void progress_step(Training *training)
{
    const TrainingState *state = &training->state;
    percept_progress *progress = &training->progress;
    progress->step = state->step;
    progress->examples = state->examples;
    progress->train_loss = engine_mean_loss(&state->sums);
    if (training->model->class_count > 0)
        progress->train_accuracy = (double)state->sums.correct / (double)state->sums.count;
}

void progress_epoch(Training *training)
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
