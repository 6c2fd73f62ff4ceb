#include <string.h>

#include "base/memory.h"
#include "check/check.h"
#include "check/differences.h"
#include "engine/reference/reference.h"
#include "nn/members.h"

/* Number of draws that may hit numbers already chosen, before fewer are taken. */
#define TRIES 100

/* A selection under way; of one member, but for the features. */
typedef struct Choice {
    const CheckSelection *selection;
    const Network *network;
    size_t examples;
    const Engine *engine; /* after a pass over the batch */
    RandomStream *stream;
    uint32_t *active; /* room for the inputs of any layer */
    uint8_t *chosen;
} Choice;

/* Lists the inputs of layer l that are not 0 in every example; all of them if none is. */
static size_t list_active(const Choice *choice, size_t l)
{
    const size_t inputs = choice->network->layers[l].inputs;
    const double *X = reference_layer_f64(choice->engine, l).X;
    uint32_t *active = choice->active;
    size_t count = 0;
    for (size_t i = 0; i < inputs; i++) {
        bool any = false;
        for (size_t e = 0; e < choice->examples && !any; e++)
            any = X[e * inputs + i] != 0;
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

static void choose_layer(const Choice *choice, size_t l)
{
    const Layer *layer = &choice->network->layers[l];
    const size_t weights = layer->inputs * layer->outputs, each = choice->selection->each;
    uint8_t *chosen = choice->chosen;
    if (each == 0) {
        memset(chosen + layer->weights, 1, weights + layer->outputs);
    } else if (choice->selection->first) {
        memset(chosen + layer->weights, 1, weights < each ? weights : each);
    } else {
        const size_t count = list_active(choice, l);
        draw_weights(layer, choice->active, count, each, choice->stream, chosen + layer->weights);
        draw(chosen + layer->biases, layer->outputs, each, choice->stream);
    }
}

static void choose_tensor(const Choice *choice, const NetworkTensor *tensor)
{
    const size_t size = tensor_size(tensor), each = choice->selection->each;
    uint8_t *chosen = choice->chosen + tensor->offset;
    if (each == 0 || each >= size)
        memset(chosen, 1, size);
    else if (choice->selection->first)
        memset(chosen, 1, each);
    else
        draw(chosen, size, each, choice->stream);
}

static void choose_stages(const Choice *choice)
{
    const CheckSelection *selection = choice->selection;
    for (size_t t = 0; t < choice->network->tensor_count; t++) {
        const NetworkTensor *tensor = &choice->network->tensors[t];
        const size_t layer = tensor->side > 0 ? tensor->side : 1;
        const bool shift = tensor->role == ROLE_SHIFT || tensor->role == ROLE_BIAS;
        if (tensor->of_stage && tensor->role != ROLE_STATISTIC && !(selection->first && shift) &&
            (selection->layer == 0 || selection->layer == layer))
            choose_tensor(choice, tensor);
    }
}

/* True if feature j is a code of a category, which has no derivative: a stage with `counts` takes it. */
static bool is_code(const Network *network, size_t j)
{
    const SideStages *here = &network->sides[0];
    for (const Stage *stage = network->stages + here->first; stage < network->stages + here->first + here->before;
         stage++) {
        if (j < stage->first)
            continue;
        if (j < stage->first + stage->inputs && (stage->counts != NULL || stage->inputs != stage->outputs))
            return stage->counts != NULL;
        j = j < stage->first + stage->inputs ? j : j - stage->inputs + stage->outputs;
    }
    return false;
}

static void choose_features(const Choice *choice)
{
    const size_t width = network_inputs(choice->network), features = choice->examples * width;
    uint8_t *chosen = choice->chosen + choice->network->parameter_count;
    if (choice->selection->each == 0)
        memset(chosen, 1, features);
    else
        draw(chosen, features, choice->selection->each, choice->stream);
    for (size_t j = 0; j < width; j++)
        for (size_t e = 0; is_code(choice->network, j) && e < choice->examples; e++)
            chosen[e * width + j] = 0;
}

/* The choice among the numbers of all members. */
typedef struct WholeChoice {
    const CheckSubject *subject;
    const Choice *choice;
} WholeChoice;

/* MemberVisit */
static percept_status choose_member(void *context, const Network *member, size_t offset, percept_error *error)
{
    const WholeChoice *whole = context;
    const CheckSubject *subject = whole->subject;
    Choice choice = *whole->choice;
    Engine *engine = NULL;
    percept_status status = reference_pass_f64(member, subject->parameters + offset, subject->batch, &engine, error);
    choice.network = member;
    choice.engine = engine;
    choice.chosen += offset;
    for (size_t l = 0; status == PERCEPT_OK && l < member->depth; l++)
        if (choice.selection->layer == 0 || choice.selection->layer == l + 1)
            choose_layer(&choice, l);
    if (status == PERCEPT_OK)
        choose_stages(&choice);
    engine_free(engine);
    return status;
}

percept_status check_select(const CheckSubject *subject, const CheckSelection *selection, RandomStream *stream,
                            uint8_t **chosen, percept_error *error)
{
    const Network *network = subject->engine->config.network;
    const size_t count = differences_count(network, subject->batch->count, selection->inputs);
    Choice choice = {.selection = selection, .network = network, .examples = subject->batch->count, .stream = stream};
    size_t widest = 0;
    if (selection->layer > network->depth)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "there is no layer %zu; the network has layers 1 to %zu",
                         selection->layer, network->depth);
    for (size_t l = 0; l < network->depth; l++)
        widest = network->layers[l].inputs > widest ? network->layers[l].inputs : widest;
    percept_status status = memory_allocate_zeroed(count, 1, "the list of what to check", &choice.chosen, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(widest, sizeof *choice.active, "the inputs", &choice.active, error);
    if (status == PERCEPT_OK)
        status = network_each_member(network, choose_member, &(WholeChoice){subject, &choice}, error);
    if (status == PERCEPT_OK && selection->inputs)
        choose_features(&choice);
    if (status == PERCEPT_OK)
        *chosen = choice.chosen;
    else
        memory_free(choice.chosen);
    memory_free(choice.active);
    return status;
}
