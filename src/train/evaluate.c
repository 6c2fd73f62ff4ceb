#include "train/evaluate.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "nn/loss.h"

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

/* Adds one count for each example of the batch at (label, predicted class). */
static void count_confusion(const percept_model *model, const Batch *batch, const void *outputs, uint64_t *confusion)
{
    const size_t width = network_outputs(&model->network), classes = model->class_count;
    for (size_t i = 0; i < batch->count; i++) {
        const int32_t predicted = model->precision == PERCEPT_FLOAT32
                                      ? output_class_f32(width, (const float *)outputs + i * width)
                                      : output_class_f64(width, (const double *)outputs + i * width);
        const size_t label = (size_t)batch->data->labels[batch_row(batch, i)];
        confusion[label * classes + (size_t)predicted]++;
    }
}

percept_status evaluate_dataset(const percept_model *model, Engine *engine, const percept_dataset *data,
                                uint64_t *confusion, EngineSums *sums, percept_error *error)
{
    const size_t block = evaluate_block(&model->network);
    void *outputs = NULL;
    if (confusion != NULL) {
        percept_status status = memory_allocate(block * network_outputs(&model->network), model_real_size(model),
                                                "the outputs", &outputs, error);
        if (status != PERCEPT_OK)
            return status;
    }
    *sums = (EngineSums){0};
    for (size_t first = 0; first < data->count; first += block) {
        const size_t left = data->count - first;
        const Batch batch = {data, &model->scaler, NULL, first, left < block ? left : block};
        EngineSums part;
        engine_evaluate(engine, model->parameters, &batch, outputs, &part);
        if (confusion != NULL)
            count_confusion(model, &batch, outputs, confusion);
        sums->count += part.count;
        sums->loss += part.loss;
        sums->correct += part.correct;
        sums->penalty = part.penalty;
    }
    memory_free(outputs);
    return PERCEPT_OK;
}

/* A team and an engine that predicts `count` examples a call. */
typedef struct Predictor {
    Team *team;
    Engine *engine;
} Predictor;

static void predictor_clear(Predictor *predictor)
{
    engine_free(predictor->engine);
    team_free(predictor->team);
}

static percept_status predictor_create(const percept_model *model, size_t count, size_t threads, Predictor *out,
                                       percept_error *error)
{
    *out = (Predictor){NULL, NULL};
    percept_status status = team_create(threads, &out->team, error);
    if (status == PERCEPT_OK) {
        const EngineConfig config = {.network = &model->network,
                                     .precision = model->precision,
                                     .batch_capacity = count,
                                     .training = false,
                                     .team = out->team};
        status = engine_create(engine_kind_find("cpu"), &config, &out->engine, error);
    }
    if (status != PERCEPT_OK)
        predictor_clear(out);
    return status;
}

percept_status percept_model_evaluate(const percept_model *model, const percept_dataset *data, size_t threads,
                                      percept_metrics *out, percept_error *error)
{
    percept_metrics metrics = {.classes = model->class_count};
    Predictor predictor;
    EngineSums sums;
    percept_status status = model_check_data(model, data, error);
    if (status == PERCEPT_OK && model->class_count > 0)
        status = memory_allocate_zeroed(model->class_count * model->class_count, sizeof *metrics.confusion,
                                        "the confusion matrix", &metrics.confusion, error);
    if (status == PERCEPT_OK)
        status = predictor_create(model, evaluate_block(&model->network), threads, &predictor, error);
    if (status == PERCEPT_OK) {
        status = evaluate_dataset(model, predictor.engine, data, metrics.confusion, &sums, error);
        predictor_clear(&predictor);
    }
    if (status != PERCEPT_OK) {
        percept_metrics_clear(&metrics);
        return status;
    }
    metrics.count = sums.count;
    metrics.loss = sums.loss / (double)sums.count;
    metrics.accuracy = model->class_count > 0 ? (double)sums.correct / (double)sums.count : NAN;
    *out = metrics;
    return PERCEPT_OK;
}

/* Predicts examples first … first+count-1 through a dataset that borrows the caller's features. */
static void predict_block(const percept_model *model, Engine *engine, const double *features, size_t count,
                          uint32_t *rows, void *buffer, double *outputs)
{
    const size_t numbers = count * network_outputs(&model->network);
    Storage storage = {.references = 1,
                       .type = PERCEPT_FLOAT64,
                       .count = count,
                       .width = network_inputs(&model->network),
                       .features = (void *)features};
    const percept_dataset data = {.storage = &storage, .count = count, .rows = rows};
    const Batch batch = {&data, &model->scaler, NULL, 0, count};
    engine_predict(engine, model->parameters, &batch, buffer);
    if (model->precision == PERCEPT_FLOAT64)
        memcpy(outputs, buffer, numbers * sizeof *outputs);
    else
        for (size_t i = 0; i < numbers; i++)
            outputs[i] = (double)((const float *)buffer)[i];
}

percept_status percept_model_predict(const percept_model *model, const double *features, size_t count, size_t threads,
                                     double *outputs, percept_error *error)
{
    const size_t most = evaluate_block(&model->network), block = count < most ? count : most;
    const size_t inputs = network_inputs(&model->network), width = network_outputs(&model->network);
    uint32_t *rows = NULL;
    void *buffer = NULL;
    Predictor predictor;
    if (count == 0)
        return PERCEPT_OK;
    percept_status status = memory_allocate(block, sizeof *rows, "the rows", &rows, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(block * width, model_real_size(model), "the outputs", &buffer, error);
    if (status == PERCEPT_OK)
        status = predictor_create(model, block, threads, &predictor, error);
    if (status == PERCEPT_OK) {
        for (size_t i = 0; i < block; i++)
            rows[i] = (uint32_t)i;
        for (size_t first = 0; first < count; first += block)
            predict_block(model, predictor.engine, features + first * inputs,
                          count - first < block ? count - first : block, rows, buffer, outputs + first * width);
        predictor_clear(&predictor);
    }
    memory_free(rows);
    memory_free(buffer);
    return status;
}

void percept_metrics_clear(percept_metrics *metrics)
{
    memory_free(metrics->confusion);
    memset(metrics, 0, sizeof *metrics);
}
