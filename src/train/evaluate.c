#include "train/evaluate.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "nn/activation.h"
#include "nn/loss.h"
#include "train/metrics.h"
#include "train/predictor.h"

/* Numbers (features and activations of the widest layer) that a block may hold: 2 MiB in float32, which stays in a core's
 * second-level cache. */
#define BLOCK_NUMBERS ((size_t)1 << 19)
#define BLOCK_LEAST 64
#define BLOCK_MOST 4096

size_t evaluate_block(const Network *network)
{
    const size_t inputs = network_inputs(network), widest = network_widest(network);
    const size_t block = BLOCK_NUMBERS / (inputs > widest ? inputs : widest);
    return block < BLOCK_LEAST ? BLOCK_LEAST : block > BLOCK_MOST ? BLOCK_MOST : block;
}

percept_status evaluate_dataset(const percept_model *model, Engine *engine, const percept_dataset *data, size_t count,
                                EvaluateVisit *visit, void *user, EngineSums *sums, percept_error *error)
{
    const size_t block = evaluate_block(&model->network);
    void *outputs = NULL;
    if (visit != NULL) {
        percept_status status = memory_allocate(block * network_outputs(&model->network), model_real_size(model),
                                                "the outputs", &outputs, error);
        if (status != PERCEPT_OK)
            return status;
    }
    *sums = (EngineSums){0};
    for (size_t first = 0; first < count; first += block) {
        const size_t left = count - first;
        const Batch batch = {data, &model->scaler, NULL, first, left < block ? left : block};
        EngineSums part;
        engine_evaluate(engine, model->parameters, &batch, outputs, &part);
        if (visit != NULL)
            visit(user, data, first, batch.count, outputs);
        sums->count += part.count;
        sums->weight += part.weight;
        sums->loss += part.loss;
        sums->correct += part.correct;
        sums->penalty = part.penalty;
    }
    memory_free(outputs);
    return PERCEPT_OK;
}

/* Evaluates with a predictor of its own. */
static percept_status evaluate(const percept_model *model, const percept_dataset *data, size_t threads,
                               EvaluateVisit *visit, void *user, EngineSums *sums, percept_error *error)
{
    percept_predictor *predictor = NULL;
    percept_status status = percept_predictor_create(model, threads, &predictor, error);
    if (status == PERCEPT_OK)
        status = evaluate_dataset(model, predictor->engine, data, data->count, visit, user, sums, error);
    percept_predictor_free(predictor);
    return status;
}

/* ---- Loss, accuracy, confusion ---------------------------------------------------------------------------------- */

/* Where counts go. */
typedef struct Counts {
    const percept_model *model;
    uint64_t *confusion;
} Counts;

/* Adds one for each example at (label, predicted class). */
static void count_confusion(void *user, const percept_dataset *data, size_t first, size_t count, const void *outputs)
{
    const Counts *counts = user;
    const percept_model *model = counts->model;
    const size_t width = network_outputs(&model->network), classes = model->class_count;
    for (size_t i = 0; i < count; i++) {
        const int32_t predicted = model->precision == PERCEPT_FLOAT32
                                      ? output_class_f32(width, (const float *)outputs + i * width)
                                      : output_class_f64(width, (const double *)outputs + i * width);
        if (predicted >= 0)
            counts->confusion[(size_t)data->labels[first + i] * classes + (size_t)predicted]++;
    }
}

percept_status percept_model_evaluate(const percept_model *model, const percept_dataset *data, size_t threads,
                                      percept_metrics *out, percept_error *error)
{
    if (model == NULL || data == NULL || out == NULL)
        return error_null(error, "percept_model_evaluate", "model, data and out");
    EngineSums sums;
    percept_metrics metrics = {.classes = model->class_count};
    percept_status status = model_check_data(model, data, error);
    if (status == PERCEPT_OK && model->class_count > 0)
        status = memory_allocate_zeroed(model->class_count * model->class_count, sizeof *metrics.confusion,
                                        "the confusion matrix", &metrics.confusion, error);
    if (status == PERCEPT_OK) {
        Counts counts = {model, metrics.confusion};
        status = evaluate(model, data, threads, model->class_count > 0 ? count_confusion : NULL, &counts, &sums, error);
    }
    if (status != PERCEPT_OK) {
        percept_metrics_clear(&metrics);
        return status;
    }
    metrics.count = sums.count;
    metrics.loss = engine_mean_loss(&sums);
    metrics.accuracy = model->class_count > 0 ? (double)sums.correct / (double)sums.count : NAN;
    *out = metrics;
    return PERCEPT_OK;
}

void percept_metrics_clear(percept_metrics *metrics)
{
    if (metrics == NULL)
        return;
    memory_free(metrics->confusion);
    memset(metrics, 0, sizeof *metrics);
}

/* ---- All figures ------------------------------------------------------------------------------------------------ */

/* Where blocks go. */
typedef struct Gathering {
    const percept_model *model;
    double *outputs, *targets; /* of a block; targets only for regression */
    Metrics metrics;
} Gathering;

static void gather(void *user, const percept_dataset *data, size_t first, size_t count, const void *outputs)
{
    Gathering *gathering = user;
    const Batch batch = {data, NULL, NULL, first, count};
    predictor_widen(gathering->model, outputs, count * gathering->metrics.width, gathering->outputs);
    if (gathering->targets == NULL) {
        metrics_add_labels(&gathering->metrics, count, gathering->outputs, data->labels + first);
        return;
    }
    batch_targets_f64(&batch, 0, count, gathering->targets);
    metrics_add_targets(&gathering->metrics, count, gathering->outputs, gathering->targets);
}

/* Softmax and sigmoid give probabilities. */
static bool gives_probabilities(const Network *network)
{
    const char *output = activation_at_f64(network->layers[network->depth - 1].activation)->name;
    return strcmp(output, "softmax") == 0 || strcmp(output, "sigmoid") == 0;
}

static percept_status gathering_create(const percept_model *model, size_t count, Gathering *out, percept_error *error)
{
    const size_t width = network_outputs(&model->network), block = evaluate_block(&model->network);
    *out = (Gathering){.model = model};
    percept_status status = memory_allocate(block, width * sizeof *out->outputs, "the outputs", &out->outputs, error);
    if (status == PERCEPT_OK && model->class_count == 0)
        status = memory_allocate(block, width * sizeof *out->targets, "the targets", &out->targets, error);
    if (status == PERCEPT_OK)
        status = metrics_create(model->class_count, width, gives_probabilities(&model->network), count, &out->metrics,
                                error);
    return status;
}

static void gathering_clear(Gathering *gathering)
{
    memory_free(gathering->outputs);
    memory_free(gathering->targets);
    metrics_clear(&gathering->metrics);
}

percept_status percept_model_report(const percept_model *model, const percept_dataset *data, size_t threads,
                                    percept_report *out, percept_error *error)
{
    if (model == NULL || data == NULL || out == NULL)
        return error_null(error, "percept_model_report", "model, data and out");
    Gathering gathering = {0};
    EngineSums sums;
    percept_status status = model_check_data(model, data, error);
    if (status == PERCEPT_OK)
        status = gathering_create(model, data->count, &gathering, error);
    if (status == PERCEPT_OK)
        status = evaluate(model, data, threads, gather, &gathering, &sums, error);
    if (status == PERCEPT_OK)
        status = metrics_report(&gathering.metrics, out, error);
    if (status == PERCEPT_OK)
        out->metrics.loss = engine_mean_loss(&sums);
    gathering_clear(&gathering);
    return status;
}
