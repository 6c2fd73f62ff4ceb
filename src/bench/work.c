#include "bench/work.h"

#include "base/memory.h"
#include "base/random.h"

/* ---- Data drawn at random ------------------------------------------------------------------------------------------ */

static percept_status draw(size_t count, size_t width, size_t classes, percept_dataset **out, percept_error *error)
{
    Storage *storage = NULL;
    RandomStream stream;
    percept_status status = storage_create(PERCEPT_UINT8, count, width, classes, &storage, error);
    if (status != PERCEPT_OK)
        return status;
    unsigned char *features = storage->features;
    random_default_rng(&stream, 0);
    for (size_t i = 0; i < count * width; i++)
        features[i] = (unsigned char)random_below(&stream, 256);
    for (size_t i = 0; i < count; i++) /* every class occurs */
        storage->labels[i] = (int32_t)(i < classes ? i : random_below(&stream, classes));
    status = dataset_view(storage, 0, count, out, error);
    storage_release(storage);
    return status;
}

percept_status work_draw(const percept_recipe *recipe, size_t count, percept_data *out, percept_error *error)
{
    const size_t sizes = recipe_count(recipe, "model.layers");
    const int64_t *layers = recipe_integers(recipe, "model.layers");
    *out = (percept_data){0};
    if (sizes < 2)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "data drawn at random need model.layers, inputs first, such as 784-64-10");
    const size_t outputs = (size_t)layers[sizes - 1], classes = outputs > 2 ? outputs : 2;
    if (count < classes)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%zu examples cannot be of %zu classes; draw %zu at least",
                         count, classes, classes);
    return draw(count, (size_t)layers[0], classes, &out->train, error);
}

/* ---- Arithmetic ---------------------------------------------------------------------------------------------------- */

static double products(const Layer *layer)
{
    return 2 * (double)layer->inputs * (double)layer->outputs;
}

double work_forward(const Network *network)
{
    double sum = 0;
    for (size_t l = 0; l < network->depth; l++)
        sum += products(&network->layers[l]);
    return sum * (double)network->members;
}

double work_training(const Network *network)
{
    const bool to_features = network->sides[0].before > 0; /* stages there need the first layer's input gradient */
    return 3 * work_forward(network) - (to_features ? 0 : (double)network->members * products(&network->layers[0]));
}
