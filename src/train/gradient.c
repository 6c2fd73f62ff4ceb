#include "train/gradient.h"

#include <string.h>

/* EngineUpdate.apply that leaves the parameters as they are. */
static void keep_gradient(void *state, size_t begin, size_t end, void *parameters, const void *gradient)
{
    const Training *training = state;
    const size_t size = model_real_size(training->model), first = begin * size;
    (void)parameters;
    memcpy((char *)training->gradient + first, (const char *)gradient + first, (end - begin) * size);
}

/* Running statistics move in an engine's step alone; there are none where batches are cut into blocks. */
void find_gradient(Training *training, const Batch *batch, EngineSums *sums)
{
    const Network *network = &training->model->network;
    const EngineUpdate keep = {.apply = keep_gradient, .state = training};
    if (network->value_count > network->parameter_count && !training->options->in_blocks)
        engine_step(training->engine, training->model->parameters, batch, &keep, sums);
    else
        engine_gradient(training->engine, training->model->parameters, batch, training->gradient, NULL, sums);
}
