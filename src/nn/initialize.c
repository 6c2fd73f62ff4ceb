#include "nn/initialize.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "nn/activation.h"
#include "nn/members.h"

static double draw_zeros(RandomStream *stream, size_t fan_in, size_t fan_out, double scale, double gain)
{
    (void)stream, (void)fan_in, (void)fan_out, (void)scale, (void)gain;
    return 0;
}

static double draw_normal(RandomStream *stream, size_t fan_in, size_t fan_out, double scale, double gain)
{
    (void)fan_in, (void)fan_out, (void)gain;
    return random_normal(stream, 0, scale);
}

static double draw_uniform(RandomStream *stream, size_t fan_in, size_t fan_out, double scale, double gain)
{
    (void)fan_in, (void)fan_out, (void)gain;
    return random_uniform(stream, -scale, scale);
}

/* X. Glorot, Y. Bengio, 2010, equation 16 */
static double draw_glorot(RandomStream *stream, size_t fan_in, size_t fan_out, double scale, double gain)
{
    (void)scale, (void)gain;
    const double bound = sqrt(6.0 / (double)(fan_in + fan_out));
    return random_uniform(stream, -bound, bound);
}

/* K. He, X. Zhang, S. Ren, J. Sun, 2015, equation 10; the activation's gain is √2 for ReLU */
static double draw_he(RandomStream *stream, size_t fan_in, size_t fan_out, double scale, double gain)
{
    (void)fan_out, (void)scale;
    return random_normal(stream, 0, gain / sqrt((double)fan_in));
}

static double draw_fan_in(RandomStream *stream, size_t fan_in, size_t fan_out, double scale, double gain)
{
    (void)fan_out, (void)scale, (void)gain;
    const double bound = 1 / sqrt((double)fan_in);
    return random_uniform(stream, -bound, bound);
}

static double draw_fan_out(RandomStream *stream, size_t fan_in, size_t fan_out, double scale, double gain)
{
    (void)fan_in, (void)scale, (void)gain;
    const double bound = 1 / sqrt((double)fan_out);
    return random_uniform(stream, -bound, bound);
}

static double draw_product(RandomStream *stream, size_t fan_in, size_t fan_out, double scale, double gain)
{
    (void)scale, (void)gain;
    const double bound = sqrt(6.0 / ((double)fan_in * (double)fan_out));
    return random_uniform(stream, -bound, bound);
}

static const Initializer table[] = {
    {"zeros", "0", DRAW_NONE, draw_zeros},
    {"normal", "N(0, scale^2)", DRAW_NORMAL, draw_normal},
    {"uniform", "U(-scale, scale)", DRAW_UNIFORM, draw_uniform},
    {"glorot", "U(-a, a), a = sqrt(6 / (fan_in + fan_out))", DRAW_UNIFORM, draw_glorot},
    {"he", "N(0, gain^2 / fan_in), gain of the layer's activation", DRAW_NORMAL, draw_he},
    {"fan-in", "U(-a, a), a = 1 / sqrt(fan_in)", DRAW_UNIFORM, draw_fan_in},
    {"fan-out", "U(-a, a), a = 1 / sqrt(fan_out)", DRAW_UNIFORM, draw_fan_out},
    {"product", "U(-a, a), a = sqrt(6 / (fan_in * fan_out))", DRAW_UNIFORM, draw_product},
};

const Initializer *initializer_at(size_t index)
{
    return index < sizeof table / sizeof table[0] ? &table[index] : NULL;
}

int initializer_find(const char *name)
{
    for (size_t i = 0; initializer_at(i) != NULL; i++)
        if (strcmp(table[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* The initializer of layer l. */
static const Initializer *of_layer(const char *const *names, size_t name_count, size_t l)
{
    return &table[initializer_find(names[name_count == 1 ? 0 : l])];
}

/* Of layer l's activation, or of the stage that takes its place. */
static double gain_of(const Network *network, size_t l)
{
    for (size_t s = 0; s < network->stage_count; s++) {
        const Stage *stage = &network->stages[s];
        if (stage->side == l + 1 && stage->kind->gain != NULL)
            return stage->kind->gain(stage);
    }
    return activation_at_f64(network->layers[l].activation)->gain;
}

/* Draws W (outputs × inputs) of one layer, row by row or, by input, column by column. */
static void draw_weights(const Layer *layer, const Initializer *initializer, double scale, double gain, bool by_input,
                         RandomStream *stream, double *W)
{
    const size_t slow = by_input ? layer->inputs : layer->outputs;
    const size_t fast = by_input ? layer->outputs : layer->inputs;
    for (size_t i = 0; i < slow; i++)
        for (size_t j = 0; j < fast; j++) {
            const size_t at = by_input ? j * layer->inputs + i : i * layer->inputs + j;
            W[at] = initializer->draw(stream, layer->inputs, layer->outputs, scale, gain);
        }
}

percept_status network_initialize(const Network *network, const char *const *names, size_t name_count, double scale,
                                  bool by_input, RandomStream *stream, double *parameters, percept_error *error)
{
    if (name_count != 1 && name_count != network->depth)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "%zu initializers for %zu layers; give one for all or one for each", name_count,
                         network->depth);
    for (size_t n = 0; n < name_count; n++)
        if (initializer_find(names[n]) < 0)
            return error_set(error, PERCEPT_ERROR_ARGUMENT, "unknown initializer '%s'", names[n]);
    for (size_t m = 0; m < network->members; m++, parameters += network_member_offset(network, 1))
        for (size_t l = 0; l < network->depth; l++) {
            const Layer *layer = &network->layers[l];
            draw_weights(layer, of_layer(names, name_count, l), scale, gain_of(network, l), by_input, stream,
                         parameters + layer->weights);
            memset(parameters + layer->biases, 0, layer->outputs * sizeof *parameters);
        }
    return PERCEPT_OK;
}

/* Weights and scales 1, all else 0. */
static void begin_plainly(const Stage *stage, double *parameters)
{
    for (size_t t = 0; t < stage->tensor_count; t++) {
        const bool one = stage->kind->tensors[t].role == ROLE_SCALE || stage->kind->tensors[t].role == ROLE_WEIGHT;
        for (size_t i = 0; i < stage->sizes[t]; i++)
            parameters[stage->offsets[t] + i] = one ? 1 : 0;
    }
}

static percept_status begin_kind(const Network *network, const Stage *stage, const StageData *features,
                                 RandomStream *stream, double *parameters, percept_error *error)
{
    StageData data;
    double *buffer = NULL;
    const bool fitted = stage->kind->fitted && stage->side == 0 && features != NULL && features->rows > 0;
    percept_status status =
        fitted ? stage_data(network, stage, features, parameters, &buffer, &data, error) : PERCEPT_OK;
    if (status == PERCEPT_OK)
        status = stage->kind->initialize(stage, fitted ? &data : NULL, stream, parameters, error);
    memory_free(buffer);
    return status;
}

/* What the stages of all members begin from. */
typedef struct Beginning {
    const StageData *features;
    RandomStream *stream;
    double *parameters; /* of all */
} Beginning;

/* MemberVisit */
static percept_status begin_stages(void *context, const Network *network, size_t offset, percept_error *error)
{
    const Beginning *beginning = context;
    double *parameters = beginning->parameters + offset;
    percept_status status = PERCEPT_OK;
    for (size_t s = 0; s < network->stage_count && status == PERCEPT_OK; s++) {
        const Stage *stage = &network->stages[s];
        if (stage->kind->initialize == NULL)
            begin_plainly(stage, parameters);
        else
            status = begin_kind(network, stage, beginning->features, beginning->stream, parameters, error);
    }
    return status;
}

percept_status network_initialize_stages(const Network *network, const StageData *features, RandomStream *stream,
                                         double *parameters, percept_error *error)
{
    Beginning beginning = {.features = features, .stream = stream};
    beginning.parameters = parameters;
    return network_each_member(network, begin_stages, &beginning, error);
}

/* ---- Draws ----------------------------------------------------------------------------------------------- */

size_t network_draws(const Network *network, const char *const *names, size_t name_count, InitializerDraws *draws)
{
    size_t used = 0;
    for (size_t l = 0; l < network->depth; l++) {
        const DrawKind kind = of_layer(names, name_count, l)->kind;
        const uint64_t count = (uint64_t)network->layers[l].inputs * network->layers[l].outputs;
        if (kind == DRAW_NONE)
            continue;
        if (used == 0 || draws[used - 1].kind != kind)
            draws[used++] = (InitializerDraws){kind, 0};
        draws[used - 1].count += count;
    }
    return used;
}

static const char *const kind_names[] = {[DRAW_NONE] = "none", [DRAW_UNIFORM] = "uniform", [DRAW_NORMAL] = "normal"};

const char *draw_kind_name(DrawKind kind)
{
    return kind_names[kind];
}

DrawKind draw_kind_find(const char *name, size_t length)
{
    for (DrawKind kind = DRAW_UNIFORM; kind <= DRAW_NORMAL; kind++)
        if (strlen(kind_names[kind]) == length && strncmp(kind_names[kind], name, length) == 0)
            return kind;
    return DRAW_NONE;
}

void draw_skip(RandomStream *stream, DrawKind kind, uint64_t count)
{
    for (uint64_t i = 0; i < count && kind != DRAW_NONE; i++)
        (void)(kind == DRAW_UNIFORM ? random_unit(stream) : random_normal(stream, 0, 1));
}
