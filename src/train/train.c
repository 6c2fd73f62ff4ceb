#include "train/train.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "train/evaluate.h"

/* Everything a training holds while it runs. */
typedef struct Training {
    percept_model *model;
    const percept_dataset *train, *valid;
    const TrainingOptions *options;
    Engine *engine, *evaluator; /* the evaluator takes the larger blocks of evaluation */
    OptimizerState optimizer;
    EngineUpdate update;
    RandomStream shuffling;
    uint32_t *order;       /* the epoch's permutation, or NULL */
    void *best_parameters; /* of the best epoch, or NULL */
    size_t steps;          /* of one epoch */
    percept_callback *callback;
    void *user;
    percept_progress progress;
    percept_result result;
    double best_figure;              /* of the monitored figure, larger is better */
    double best_loss, best_accuracy; /* validation figures of the best epoch */
    struct timespec start;
} Training;

static double seconds_since(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + 1e-9 * (double)(now.tv_nsec - start->tv_nsec);
}

static size_t parameter_bytes(const Training *training)
{
    return training->model->network.parameter_count * model_real_size(training->model);
}

static percept_status prepare_optimizer(Training *training, percept_error *error)
{
    const TrainingOptions *options = training->options;
    const Optimizer_f64 *row = optimizer_at_f64(options->optimizer);
    const size_t slots = row->slots(&options->optimizer_options);
    training->optimizer.options = options->optimizer_options;
    for (size_t s = 0; s < slots; s++) {
        percept_status status =
            memory_allocate_zeroed(training->model->network.parameter_count, model_real_size(training->model),
                                   "the optimizer's state", &training->optimizer.slots[s], error);
        if (status != PERCEPT_OK)
            return status;
    }
    training->update.weight_decay = options->weight_decay;
    training->update.state = &training->optimizer;
    if (slots > 0)
        training->update.apply =
            training->model->precision == PERCEPT_FLOAT32 ? optimizer_at_f32(options->optimizer)->apply : row->apply;
    return PERCEPT_OK;
}

static percept_status prepare_engines(Training *training, Team *team, percept_error *error)
{
    const TrainingOptions *options = training->options;
    const Network *network = &training->model->network;
    EngineConfig config = {.network = network,
                           .precision = training->model->precision,
                           .batch_capacity = options->batch_size < training->train->count ? options->batch_size
                                                                                          : training->train->count,
                           .training = true,
                           .team = team};
    percept_status status = engine_create(options->engine, &config, &training->engine, error);
    if (status != PERCEPT_OK || training->valid == NULL)
        return status;
    config.batch_capacity = evaluate_block(network);
    config.training = false;
    return engine_create(options->engine, &config, &training->evaluator, error);
}

static percept_status prepare(Training *training, Team *team, percept_error *error)
{
    const TrainingOptions *options = training->options;
    const size_t count = training->train->count, batch = options->batch_size;
    percept_status status = model_check_data(training->model, training->train, error);
    if (status == PERCEPT_OK && training->valid != NULL)
        status = model_check_data(training->model, training->valid, error);
    if (status != PERCEPT_OK)
        return status;
    training->steps = options->drop_last && count >= batch ? count / batch : (count - 1) / batch + 1;
    status = prepare_engines(training, team, error);
    if (status == PERCEPT_OK)
        status = prepare_optimizer(training, error);
    if (status == PERCEPT_OK && options->shuffle)
        status = memory_allocate(count, sizeof *training->order, "the order of the examples", &training->order, error);
    if (status == PERCEPT_OK && training->valid != NULL && options->keep_best)
        status =
            memory_allocate(parameter_bytes(training), 1, "the best parameters", &training->best_parameters, error);
    return status;
}

static void clear(Training *training)
{
    engine_free(training->engine);
    engine_free(training->evaluator);
    for (size_t s = 0; s < OPTIMIZER_SLOTS; s++)
        memory_free(training->optimizer.slots[s]);
    memory_free(training->order);
    memory_free(training->best_parameters);
}

static percept_status tell(Training *training, percept_error *error)
{
    training->progress.seconds = seconds_since(&training->start);
    if (training->callback != NULL && training->callback(&training->progress, training->user) != 0)
        return error_set(error, PERCEPT_ERROR_INTERRUPTED, "training was stopped in epoch %zu, after step %zu of %zu",
                         training->progress.epoch, training->progress.step, training->steps);
    return PERCEPT_OK;
}

/* One step; *total collects the epoch's sums. */
static percept_status run_step(Training *training, size_t step, EngineSums *total, percept_error *error)
{
    const size_t first = step * training->options->batch_size, left = training->train->count - first;
    const size_t count = left < training->options->batch_size ? left : training->options->batch_size;
    const Batch batch = {training->train, &training->model->scaler,
                         training->order != NULL ? training->order + first : NULL, first, count};
    EngineSums sums;
    training->optimizer.step++;
    engine_step(training->engine, training->model->parameters, &batch, &training->update, &sums);
    total->count += sums.count;
    total->loss += sums.loss + (double)sums.count * sums.penalty;
    total->correct += sums.correct;
    percept_progress *progress = &training->progress;
    progress->step = step + 1;
    progress->examples += count;
    progress->train_loss = total->loss / (double)total->count;
    if (training->model->class_count > 0)
        progress->train_accuracy = (double)total->correct / (double)total->count;
    if (!isfinite(sums.loss) || !isfinite(sums.penalty))
        return error_set(error, PERCEPT_ERROR_DIVERGED,
                         "the loss became %s in epoch %zu, step %zu of %zu; try a smaller train.learning_rate (now %g)",
                         isnan(sums.loss + sums.penalty) ? "not a number" : "infinite", progress->epoch, step + 1,
                         training->steps, training->update.learning_rate);
    return step + 1 < training->steps ? tell(training, error) : PERCEPT_OK;
}

/* Validation figures of the parameters as they are, and whether they are the best so far. */
static percept_status validate(Training *training, percept_error *error)
{
    percept_progress *progress = &training->progress;
    EngineSums sums;
    percept_status status = evaluate_dataset(training->model, training->evaluator, training->valid, NULL, NULL, &sums, error);
    if (status != PERCEPT_OK)
        return status;
    progress->valid_loss = sums.loss / (double)sums.count;
    if (training->model->class_count > 0)
        progress->valid_accuracy = (double)sums.correct / (double)sums.count;
    const bool by_accuracy = training->options->monitor == MONITOR_VALID_ACCURACY && training->model->class_count > 0;
    const double figure = by_accuracy ? progress->valid_accuracy : -progress->valid_loss;
    progress->best = training->result.best_epoch < 0 || !(figure <= training->best_figure);
    if (progress->best) {
        training->best_figure = figure;
        training->best_loss = progress->valid_loss;
        training->best_accuracy = progress->valid_accuracy;
        training->result.best_epoch = (long)progress->epoch;
        if (training->best_parameters != NULL)
            memcpy(training->best_parameters, training->model->parameters, parameter_bytes(training));
    }
    return PERCEPT_OK;
}

static percept_status run_epoch(Training *training, size_t epoch, percept_error *error)
{
    const TrainingOptions *options = training->options;
    EngineSums total = {0};
    training->update.learning_rate =
        options->schedule->rate(options->learning_rate, options->decay, epoch, options->epochs);
    training->optimizer.learning_rate = training->update.learning_rate;
    training->progress = (percept_progress){.epoch = epoch,
                                            .epochs = options->epochs,
                                            .steps = training->steps,
                                            .examples = training->progress.examples,
                                            .learning_rate = training->update.learning_rate,
                                            .train_accuracy = NAN,
                                            .valid_loss = NAN,
                                            .valid_accuracy = NAN};
    if (training->order != NULL)
        random_permutation(&training->shuffling, training->order, training->train->count);
    percept_status status = PERCEPT_OK;
    for (size_t step = 0; step < training->steps && status == PERCEPT_OK; step++)
        status = run_step(training, step, &total, error);
    if (status == PERCEPT_OK && training->valid != NULL)
        status = validate(training, error);
    if (status != PERCEPT_OK)
        return status;
    training->progress.epoch_done = 1;
    training->result.epochs = epoch + 1;
    training->result.train_loss = training->progress.train_loss;
    training->result.train_accuracy = training->progress.train_accuracy;
    training->result.valid_loss = training->progress.valid_loss;
    training->result.valid_accuracy = training->progress.valid_accuracy;
    return tell(training, error);
}

/* Leaves the best epoch's parameters in the model, if they were kept. */
static void finish(Training *training, percept_result *result)
{
    percept_result *own = &training->result;
    own->seconds = seconds_since(&training->start);
    own->examples_per_second = own->seconds > 0 ? (double)training->progress.examples / own->seconds : 0;
    if (training->best_parameters != NULL && own->best_epoch >= 0) {
        memcpy(training->model->parameters, training->best_parameters, parameter_bytes(training));
        own->valid_loss = training->best_loss;
        own->valid_accuracy = training->best_accuracy;
    }
    if (result != NULL)
        *result = *own;
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
        .callback = callback,
        .user = user,
        .result = {
            .best_epoch = -1, .train_loss = NAN, .train_accuracy = NAN, .valid_loss = NAN, .valid_accuracy = NAN}};
    clock_gettime(CLOCK_MONOTONIC, &training.start);
    percept_status status = prepare(&training, team, error);
    if (status == PERCEPT_OK) {
        for (size_t epoch = 0; epoch < options->epochs && status == PERCEPT_OK; epoch++) {
            status = run_epoch(&training, epoch, error);
            if (options->patience > 0 && training.result.best_epoch >= 0 && status == PERCEPT_OK &&
                epoch - (size_t)training.result.best_epoch >= options->patience && epoch + 1 < options->epochs) {
                training.result.stopped_early = 1;
                break;
            }
        }
        finish(&training, result);
    }
    clear(&training);
    return status;
}
