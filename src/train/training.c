#include "train/training.h"

#include "base/memory.h"
#include "train/evaluate.h"

size_t training_vector_bytes(const Training *training)
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
        percept_status status = memory_allocate_zeroed(training_vector_bytes(training), 1, "the optimizer's state",
                                                       &training->optimizer.slots[s], error);
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

percept_status training_prepare(Training *training, Team *team, percept_error *error)
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
        status = memory_allocate_zeroed(training_vector_bytes(training), 1, "the best parameters",
                                        &training->best_parameters, error);
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
    memory_free(training->order);
    memory_free(training->best_parameters);
}
