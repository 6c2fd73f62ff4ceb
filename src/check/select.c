#include <string.h>

#include "base/memory.h"
#include "check/check.h"
#include "check/differences.h"
#include "check/probe.h"

/* Number of draws that may hit numbers already chosen, before fewer are taken. */
#define TRIES 100

/* Lists the inputs of layer l that are not 0 in every example; all of them if none is. */
static size_t list_active(const Probe_f64 *probe, size_t l, uint32_t *active)
{
    const size_t inputs = probe->network->layers[l].inputs;
    size_t count = 0;
    for (size_t i = 0; i < inputs; i++) {
        bool any = false;
        for (size_t e = 0; e < probe->count && !any; e++)
            any = probe->A[l][e * inputs + i] != 0;
        if (any)
            active[count++] = (uint32_t)i;
    }
    for (size_t i = 0; count == 0 && i < inputs; i++)
        active[i] = (uint32_t)i;
    return count > 0 ? count : inputs;
}

/* Chooses `each` of first … first + size-1, or all if there are no more. */
static void draw(uint8_t *chosen, size_t size, size_t each, RandomStream *stream)
{
    if (size <= each) {
        memset(chosen, 1, size);
        return;
    }
    for (size_t k = 0; k < each;) {
        const size_t at = random_below(stream, size);
        k += !chosen[at];
        chosen[at] = 1;
    }
}

static void draw_weights(const Layer *layer, const uint32_t *active, size_t active_count, size_t each,
                         RandomStream *stream, uint8_t *chosen)
{
    if (layer->inputs * layer->outputs <= each) {
        memset(chosen, 1, layer->inputs * layer->outputs);
        return;
    }
    size_t left = each;
    for (size_t t = 0; t < TRIES * each && left > 0; t++) {
        const size_t o = random_below(stream, layer->outputs), i = active[random_below(stream, active_count)];
        left -= !chosen[o * layer->inputs + i];
        chosen[o * layer->inputs + i] = 1;
    }
}

static void choose_layer(const Probe_f64 *probe, const CheckSelection *selection, size_t l, RandomStream *stream,
                         uint32_t *active, uint8_t *chosen)
{
    const Layer *layer = &probe->network->layers[l];
    const size_t weights = layer->inputs * layer->outputs;
    if (selection->each == 0) {
        memset(chosen + layer->weights, 1, weights + layer->outputs);
    } else if (selection->first) {
        memset(chosen + layer->weights, 1, weights < selection->each ? weights : selection->each);
    } else {
        const size_t count = list_active(probe, l, active);
        draw_weights(layer, active, count, selection->each, stream, chosen + layer->weights);
        draw(chosen + layer->biases, layer->outputs, selection->each, stream);
    }
}

static void choose(const Probe_f64 *probe, const CheckSelection *selection, RandomStream *stream, uint32_t *active,
                   uint8_t *chosen)
{
    const Network *network = probe->network;
    const size_t features = probe->count * network_inputs(network);
    for (size_t l = 0; l < network->depth; l++)
        if (selection->layer == 0 || selection->layer == l + 1)
            choose_layer(probe, selection, l, stream, active, chosen);
    if (selection->inputs && selection->each == 0)
        memset(chosen + network->parameter_count, 1, features);
    else if (selection->inputs)
        draw(chosen + network->parameter_count, features, selection->each, stream);
}

percept_status check_select(const CheckSubject *subject, const CheckSelection *selection, RandomStream *stream,
                            uint8_t **chosen, percept_error *error)
{
    const Network *network = subject->engine->config.network;
    const size_t count = differences_count(network, subject->batch->count, selection->inputs);
    const size_t inputs = network_inputs(network), widest = network_widest(network);
    Probe_f64 probe = {0};
    uint32_t *active = NULL;
    uint8_t *list = NULL;
    if (selection->layer > network->depth)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "there is no layer %zu; the network has layers 1 to %zu",
                         selection->layer, network->depth);
    percept_status status = memory_allocate_zeroed(count, 1, "the list of what to check", &list, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(inputs > widest ? inputs : widest, sizeof *active, "the inputs", &active, error);
    if (status == PERCEPT_OK)
        status = probe_create_f64(network, subject->parameters, subject->batch, &probe, error);
    if (status == PERCEPT_OK) {
        choose(&probe, selection, stream, active, list);
        *chosen = list;
    } else {
        memory_free(list);
    }
    probe_clear_f64(&probe);
    memory_free(active);
    return status;
}
