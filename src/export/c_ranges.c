#include "export/c_ranges.h"

#include <math.h>

#include "base/memory.h"
#include "engine/reference/reference.h"
#include "nn/members.h"
#include "train/predictor.h"

#define BLOCK 64 /* rows at once */

/* What one member needs to run. */
typedef struct Runner {
    const percept_model *model;
    Network network; /* of the member */
    const void *parameters;
    Engine *engine;
    void *outputs;
    double *filled;
    uint32_t rows[BLOCK];
} Runner;

static void runner_clear(Runner *runner)
{
    engine_free(runner->engine);
    memory_free(runner->outputs);
    memory_free(runner->filled);
    network_clear(&runner->network);
}

static percept_status runner_create(const percept_model *model, size_t member, Runner *out, percept_error *error)
{
    const size_t size = model_real_size(model);
    *out = (Runner){.model = model};
    for (uint32_t i = 0; i < BLOCK; i++)
        out->rows[i] = i;
    percept_status status = network_member(&model->network, member, &out->network, error);
    if (status != PERCEPT_OK)
        return status;
    out->parameters = (const char *)model->parameters + network_member_offset(&model->network, member) * size;
    status = memory_allocate(BLOCK * network_outputs(&out->network), size, "the outputs", &out->outputs, error);
    if (status == PERCEPT_OK)
        status =
            memory_allocate(BLOCK * network_inputs(&out->network), sizeof(double), "the features", &out->filled, error);
    const EngineConfig config = {.network = &out->network, .precision = model->precision, .batch_capacity = BLOCK};
    if (status == PERCEPT_OK)
        status = reference_create(&config, &out->engine, error);
    if (status != PERCEPT_OK)
        runner_clear(out);
    return status;
}

static double read_at(const Runner *runner, size_t layer, size_t i)
{
    return runner->model->precision == PERCEPT_FLOAT32 ? (double)reference_layer_f32(runner->engine, layer).X[i]
                                                       : reference_layer_f64(runner->engine, layer).X[i];
}

static void widen(const Runner *runner, size_t count, CRanges *ranges)
{
    for (size_t l = 0; l < runner->network.depth; l++) {
        const size_t inputs = runner->network.layers[l].inputs;
        double *low = ranges->low + ranges->first[l], *high = ranges->high + ranges->first[l];
        for (size_t i = 0; i < count * inputs; i++) {
            const double x = read_at(runner, l, i);
            low[i % inputs] = x < low[i % inputs] ? x : low[i % inputs];
            high[i % inputs] = x > high[i % inputs] ? x : high[i % inputs];
        }
    }
}

static void run_rows(Runner *runner, const double *rows, size_t count, CRanges *ranges)
{
    const size_t width = network_inputs(&runner->network);
    for (size_t first = 0; first < count; first += BLOCK) {
        const size_t block = count - first < BLOCK ? count - first : BLOCK;
        Storage storage = {.references = 1,
                           .type = PERCEPT_FLOAT64,
                           .count = block,
                           .width = width,
                           .features =
                               (void *)predictor_fill(runner->model, rows + first * width, block, runner->filled)};
        const percept_dataset data = {.storage = &storage, .count = block, .rows = runner->rows};
        const Batch batch = {.data = &data, .scaler = &runner->model->scaler, .count = block};
        engine_predict(runner->engine, runner->parameters, &batch, runner->outputs);
        widen(runner, block, ranges);
    }
}

static percept_status allocate(const Network *network, CRanges *out, percept_error *error)
{
    size_t all = 0;
    percept_status status = memory_allocate(network->depth, sizeof *out->first, "ranges", &out->first, error);
    for (size_t l = 0; l < network->depth && status == PERCEPT_OK; l++) {
        out->first[l] = all;
        all += network->layers[l].inputs;
    }
    if (status == PERCEPT_OK)
        status = memory_allocate(all, sizeof *out->low, "ranges", &out->low, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(all, sizeof *out->high, "ranges", &out->high, error);
    for (size_t i = 0; i < all && status == PERCEPT_OK; i++) {
        out->low[i] = INFINITY;
        out->high[i] = -INFINITY;
    }
    return status;
}

percept_status c_ranges_measure(const percept_model *model, const double *rows, size_t count, CRanges *out,
                                percept_error *error)
{
    *out = (CRanges){0};
    percept_status status = allocate(&model->network, out, error);
    for (size_t m = 0; m < model->network.members && status == PERCEPT_OK; m++) {
        Runner runner;
        status = runner_create(model, m, &runner, error);
        if (status != PERCEPT_OK)
            break;
        run_rows(&runner, rows, count, out);
        runner_clear(&runner);
    }
    if (status != PERCEPT_OK)
        c_ranges_clear(out);
    return status;
}

void c_ranges_clear(CRanges *ranges)
{
    memory_free(ranges->first);
    memory_free(ranges->low);
    memory_free(ranges->high);
    *ranges = (CRanges){0};
}
