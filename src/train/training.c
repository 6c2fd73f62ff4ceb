#include "train/training.h"

#include "nn/dropout.h"

size_t training_vector_bytes(const Training *training)
{
    return training->model->network.value_count * model_real_size(training->model);
}

size_t training_averaged(const Training *training, size_t epochs)
{
    const TrainingOptions *options = training->options;
    if (options->average == AVERAGE_EPOCHS)
        return epochs > options->average_from ? epochs - options->average_from : 0;
    return options->average == AVERAGE_SNAPSHOTS ? schedule_cycles(&training->schedule, epochs)
                                                 : training->state.updates;
}

/* An epoch counts from its last step on. */
void *training_result_parameters(const Training *training)
{
    const size_t epochs = training->state.epoch + (training->state.step == training->steps);
    return training->average != NULL && training_averaged(training, epochs) > 0 ? training->average
                                                                                : training->model->parameters;
}

void training_collect(const Training *training)
{
    const bool shared = training->options->in_blocks && training->options->blocks.ranks != NULL;
    if (!shared || training->gradient != NULL || training->whole != NULL) /* then each updates all of them */
        return;
    for (size_t s = 0; s < OPTIMIZER_SLOTS; s++)
        if (training->optimizer.slots[s] != NULL)
            blocks_spread(training->engine, training->optimizer.slots[s]);
}

void training_move_dropout(Training *training)
{
    const Network *network = &training->model->network;
    if (network->dropout_units == 0)
        return;
    training->dropout = training->options->dropout;
    random_advance(&training->dropout, dropout_draws(network, training->state.examples));
}

const CategoryDropout *training_category_dropout(Training *training, const percept_dataset *data)
{
    const size_t categories = schema_categories(&data->storage->schema);
    if (!(training->options->category_dropout.probability > 0) || categories == 0)
        return NULL;
    training->category_dropout = training->options->category_dropout;
    random_advance(&training->category_dropout.stream, training->state.examples * (uint64_t)categories);
    return &training->category_dropout;
}
