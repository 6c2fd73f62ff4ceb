#include "train/training_prepare.h"

#include <math.h>

#include "base/memory.h"
#include "train/checkpoint.h"
#include "train/class_weights.h"
#include "train/epoch_metrics.h"
#include "train/evaluate.h"
#include "train/outputs.h"
#include "train/target_units.h"
#include "train/update.h"

/* As good as for ever. */
#define MOST_WARMUP 1e15

static percept_status allocate_vector(const Training *training, const char *what, void **out, percept_error *error)
{
    return memory_allocate_zeroed(training_vector_bytes(training), 1, what, out, error);
}

static percept_status prepare_optimizer(Training *training, percept_error *error)
{
    const TrainingOptions *options = training->options;
    const Optimizer_f64 *row = optimizer_at_f64(options->optimizer);
    const size_t slots = row->slots(&options->optimizer_options);
    percept_status status = PERCEPT_OK;
    training->optimizer.options = options->optimizer_options;
    training->optimizer.options.weight_decay = row->decoupled ? options->weight_decay : 0;
    training->optimizer.network = &training->model->network;
    for (size_t s = 0; s < slots && status == PERCEPT_OK; s++)
        status = allocate_vector(training, "the optimizer's state", &training->optimizer.slots[s], error);
    training->apply =
        training->model->precision == PERCEPT_FLOAT32 ? optimizer_at_f32(options->optimizer)->apply : row->apply;
    training->update.weight_decay = row->decoupled ? 0 : options->weight_decay;
    training->update.state = &training->optimizer;
    training->update.apply = slots > 0 ? training->apply : NULL;
    return status;
}

static percept_status prepare_vectors(Training *training, percept_error *error)
{
    const TrainingOptions *options = training->options;
    percept_status status = PERCEPT_OK;
    if (training->valid != NULL && options->keep_best)
        status = allocate_vector(training, "the best parameters", &training->best_parameters, error);
    if (status == PERCEPT_OK && options->ema > 0)
        status = allocate_vector(training, "the average of the parameters", &training->average, error);
    if (status == PERCEPT_OK && options->clip_norm > 0)
        status = allocate_vector(training, "the gradient", &training->gradient, error);
    if (status == PERCEPT_OK && options->clip_norm > 0)
        status = memory_allocate_zeroed(update_blocks(&training->model->network), sizeof *training->squares,
                                        "the gradient's squares", &training->squares, error);
    return status;
}

static percept_status prepare_engines(Training *training, percept_error *error)
{
    const TrainingOptions *options = training->options;
    const Network *network = &training->model->network;
    EngineConfig config = {.network = network,
                           .precision = training->model->precision,
                           .bfloat16 = options->bfloat16,
                           .batch_capacity = options->batch_size < training->train->count ? options->batch_size
                                                                                          : training->train->count,
                           .training = true,
                           .team = training->team,
                           .class_weights = training->class_weights,
                           .loss_units = training->loss_units,
                           .dropout = &training->dropout,
                           .trace = options->trace};
    percept_status status = engine_create(options->engine, &config, &training->engine, error);
    if (status != PERCEPT_OK || !epoch_metrics_need_evaluation(training))
        return status;
    config.trace = NULL;
    config.bfloat16 = false;
    config.batch_capacity = evaluate_block(network);
    config.training = false;
    return engine_create(options->engine, &config, &training->evaluator, error);
}

static percept_status check(const Training *training, percept_error *error)
{
    const TrainingOptions *options = training->options;
    percept_status status = model_check_data(training->model, training->train, error);
    if (status == PERCEPT_OK && training->valid != NULL)
        status = model_check_data(training->model, training->valid, error);
    if (status == PERCEPT_OK && training->valid == NULL && options->schedule->needs_validation)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT,
                           "train.schedule %s needs validation data; set data.validation or data.split, or choose "
                           "another schedule",
                           options->schedule->name);
    if (status == PERCEPT_OK && options->metrics.test != NULL)
        status = model_check_data(training->model, options->metrics.test, error);
    if (status == PERCEPT_OK && options->metrics.naive &&
        (training->model->class_count == 0 || !outputs_are_probabilities(&training->model->network)))
        status = error_set(error, PERCEPT_ERROR_ARGUMENT,
                           "metrics.naive needs classes and the output softmax or sigmoid; leave it out");
    if (status == PERCEPT_OK && options->optimizer_options.nesterov && !(options->optimizer_options.momentum > 0))
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "train.nesterov needs train.momentum above 0, such as 0.9");
    return status;
}

percept_status training_prepare(Training *training, percept_error *error)
{
    const TrainingOptions *options = training->options;
    const size_t count = training->train->count, batch = options->batch_size;
    percept_status status = check(training, error);
    if (status != PERCEPT_OK)
        return status;
    training->steps = options->drop_last && count >= batch ? count / batch : (count - 1) / batch + 1;
    status = class_weights_create(options, training->train, &training->class_weights, error);
    training->schedule = options->schedule_options;
    if (options->warmup_epochs > 0)
        training->schedule.warmup += (size_t)fmin(options->warmup_epochs * (double)training->steps + 0.5, MOST_WARMUP);
    if (status == PERCEPT_OK)
        status = target_units_of_training(training->model, &training->loss_units, &training->loss_unit, error);
    if (status == PERCEPT_OK)
        status = prepare_engines(training, error);
    if (status == PERCEPT_OK)
        status = prepare_optimizer(training, error);
    if (status == PERCEPT_OK)
        status = prepare_vectors(training, error);
    if (status == PERCEPT_OK && options->shuffle)
        status = memory_allocate(count, sizeof *training->order, "the order of the examples", &training->order, error);
    if (status == PERCEPT_OK && options->resume != NULL)
        status = checkpoint_restore(options->resume, training, error);
    return status;
}

void training_clear(Training *training)
{
    engine_free(training->engine);
    engine_free(training->evaluator);
    for (size_t s = 0; s < OPTIMIZER_SLOTS; s++)
        memory_free(training->optimizer.slots[s]);
    memory_free(training->class_weights);
    memory_free(training->loss_units);
    memory_free(training->order);
    memory_free(training->best_parameters);
    memory_free(training->average);
    memory_free(training->gradient);
    memory_free(training->squares);
}
