#include "bench/explain.h"

#include <string.h>

#include "base/memory.h"
#include "bench/memory_rate.h"
#include "bench/peak.h"
#include "bench/training.h"
#include "model/model.h"

#define PEAK_SECONDS 0.2

const char *explain_product_name(EngineProduct product)
{
    static const char *const names[ENGINE_PRODUCTS] = {"forward", "weight gradient", "input gradient"};
    return names[product];
}

/* ---- Shapes -------------------------------------------------------------------------------------------------------- */

/* Bytes of an element of the operands: weights, which are used as they are, and activations or deltas, which may be
 * rounded before. */
typedef struct Sizes {
    size_t weight, value;
} Sizes;

/* Operands and result; a weight gradient that is added to the weights reads them, too, and one that is not is read by the
 * optimizer. */
static double count_bytes(const ExplainRow *row, Sizes sizes)
{
    const double m = (double)row->rows, n = (double)row->columns, k = (double)row->depth;
    const double weight = (double)sizes.weight, value = (double)sizes.value;
    const double first = row->product == ENGINE_FORWARD ? weight : value;
    const double second = row->product == ENGINE_INPUT_GRADIENT ? weight : value;
    const double result = (row->product == ENGINE_WEIGHT_GRADIENT ? 2 : 1) * weight;
    return first * m * k + second * k * n + result * m * n;
}

static ExplainRow make_row(const Layer *layer, size_t l, EngineProduct product, size_t batch, Sizes sizes)
{
    ExplainRow row = {.layer = l, .product = product};
    row.rows = product == ENGINE_INPUT_GRADIENT ? batch : layer->outputs;
    row.columns = product == ENGINE_FORWARD ? batch : layer->inputs;
    row.depth = product == ENGINE_FORWARD ? layer->inputs : product == ENGINE_WEIGHT_GRADIENT ? batch : layer->outputs;
    row.operations = 2 * (double)row.rows * (double)row.columns * (double)row.depth;
    row.bytes = count_bytes(&row, sizes);
    return row;
}

/* In the order of a step: forward, then back. */
static void make_rows(const percept_model *model, bool bfloat16, Explanation *out)
{
    const Network *network = &model->network;
    const size_t item = model_real_size(model);
    const Sizes sizes = {.weight = item, .value = bfloat16 ? sizeof(uint16_t) : item};
    ExplainRow *row = out->rows;
    for (size_t l = 0; l < network->depth; l++)
        for (int p = 0; p < ENGINE_PRODUCTS; p++)
            if (l > 0 || p != ENGINE_INPUT_GRADIENT || network->sides[0].before > 0)
                *row++ = make_row(&network->layers[l], l, (EngineProduct)p, out->batch, sizes);
    out->row_count = (size_t)(row - out->rows);
}

/* An engine like the training's, for its plans alone. */
static percept_status ask_for_plans(const percept_model *model, const TrainingOptions *training, Team *team,
                                    Explanation *out, percept_error *error)
{
    const EngineConfig config = {.network = &model->network,
                                 .precision = model->precision,
                                 .bfloat16 = training->bfloat16,
                                 .batch_capacity = out->batch,
                                 .training = true,
                                 .team = team};
    Engine *engine = NULL;
    const percept_status status = engine_create(training->engine, &config, &engine, error);
    for (size_t r = 0; r < out->row_count && status == PERCEPT_OK; r++)
        engine_plan(engine, out->rows[r].layer, out->rows[r].product, out->batch, &out->rows[r].plan);
    engine_free(engine);
    return status;
}

/* ---- Times --------------------------------------------------------------------------------------------------------- */

typedef struct Watch {
    EngineTrace trace;
    Beginning beginning;
    size_t trace_bytes; /* of trace.products */
    double seconds;     /* that it takes */
    double begin, end;
    size_t first, examples; /* seen before, and since */
} Watch;

/* A tenth of the time warms up. */
static int observe(const percept_progress *progress, void *user)
{
    Watch *watch = user;
    const double now = timing_now();
    beginning_after_epoch(&watch->beginning, progress);
    if (watch->first == 0 && now - watch->begin >= watch->seconds / 10) {
        memset(watch->trace.products, 0, watch->trace_bytes);
        watch->trace.gathering = 0;
        watch->first = progress->examples;
        watch->begin = timing_now();
        return 0;
    }
    watch->examples = progress->examples - watch->first;
    watch->end = now;
    return watch->first > 0 && now - watch->begin >= watch->seconds;
}

static void take_times(const Watch *watch, Explanation *out)
{
    const double steps = (double)watch->examples / (double)out->batch;
    out->gathering = watch->trace.gathering / steps;
    out->step = (watch->end - watch->begin) / steps;
    for (size_t r = 0; r < out->row_count; r++) {
        ExplainRow *row = &out->rows[r];
        row->seconds = watch->trace.products[row->layer][row->product] / steps;
        row->gflops = row->seconds > 0 ? 1e-9 * row->operations / row->seconds : 0;
        row->share_of_peak = 1e9 * row->gflops / out->peak;
    }
}

static percept_status run(const percept_data *data, percept_model *model, TrainingOptions *training, Team *team,
                          Watch *watch, percept_error *error)
{
    training->metrics = (MetricsOptions){0};
    training->trace = &watch->trace;
    const percept_dataset *valid = training->schedule->needs_validation ? data->valid : NULL;
    watch->begin = timing_now();
    const percept_status status = train_run(model, data->train, valid, training, team, observe, watch, NULL, error);
    return status == PERCEPT_ERROR_INTERRUPTED ? PERCEPT_OK : status; /* as observe asked */
}

percept_status explain_training(const percept_recipe *recipe, const percept_data *data, percept_model *model,
                                double seconds, size_t anew, Explanation *out, percept_error *error)
{
    TrainingOptions training;
    Watch watch = {.seconds = seconds};
    Team *team = NULL;
    const size_t depth = model->network.depth;
    *out = (Explanation){0};
    percept_status status = experiment_training(recipe, data, &training, error);
    if (status != PERCEPT_OK)
        return status;
    out->batch = training.batch_size < data->train->count ? training.batch_size : data->train->count;
    watch.trace_bytes = depth * sizeof *watch.trace.products;
    status = memory_allocate_zeroed(depth, sizeof *watch.trace.products, "the times", &watch.trace.products, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(depth, ENGINE_PRODUCTS * sizeof *out->rows, "the rows", &out->rows, error);
    if (status == PERCEPT_OK)
        status = team_create((size_t)recipe_integer(recipe, "threads"), &team, error);
    if (status == PERCEPT_OK) {
        make_rows(model, training.bfloat16, out);
        status = ask_for_plans(model, &training, team, out, error);
    }
    if (status == PERCEPT_OK)
        status = beginning_create(model, anew, &training, &watch.beginning, error);
    if (status == PERCEPT_OK) {
        out->peak = training.bfloat16 ? peak_measure_bfloat16(team, PEAK_SECONDS)
                                      : peak_measure(model->precision, team, PEAK_SECONDS);
        status = memory_rate_measure(team, PEAK_SECONDS, &out->memory, error);
    }
    if (status == PERCEPT_OK)
        status = run(data, model, &training, team, &watch, error);
    if (status == PERCEPT_OK)
        take_times(&watch, out);
    beginning_clear(&watch.beginning);
    team_free(team);
    memory_free(watch.trace.products);
    return status;
}

void explanation_clear(Explanation *explanation)
{
    memory_free(explanation->rows);
    *explanation = (Explanation){0};
}
