#include "train/predictor.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "engine/kinds.h"
#include "model/fold.h"
#include "nn/loss.h"
#include "train/evaluate.h"
#include "train/log_odds.h"
#include "train/outputs.h"
#include "train/target_units.h"

static percept_status create_engine(percept_predictor *predictor, size_t threads, percept_error *error)
{
    const percept_model *model = predictor->model;
    percept_status status = team_create(threads, &predictor->team, error);
    if (status == PERCEPT_OK)
        status = model_fold(model, &predictor->folded, &predictor->parameters, error);
    if (status != PERCEPT_OK)
        return status;
    const EngineConfig config = {.network = predictor->parameters != NULL ? &predictor->folded : &model->network,
                                 .precision = model->precision,
                                 .batch_capacity = predictor->block,
                                 .training = false,
                                 .team = predictor->team};
    return engine_create(engine_kind_find("cpu"), &config, &predictor->engine, error);
}

percept_status predictor_create(const percept_model *model, size_t block, size_t threads, percept_predictor **out,
                                percept_error *error)
{
    percept_predictor *predictor = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *predictor, "a predictor", &predictor, error);
    if (status != PERCEPT_OK)
        return status;
    predictor->model = model;
    predictor->block = block;
    status = memory_allocate(block, sizeof *predictor->rows, "the rows", &predictor->rows, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(block, network_outputs(&model->network) * model_real_size(model), "the outputs",
                                 &predictor->outputs, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(block, network_outputs(&model->network) * model_real_size(model), "the logits",
                                 &predictor->logits, error);
    if (status == PERCEPT_OK && model->schema.fills != NULL)
        status = memory_allocate(block, network_inputs(&model->network) * sizeof(double), "the features",
                                 &predictor->filled, error);
    if (status == PERCEPT_OK)
        status = create_engine(predictor, threads, error);
    if (status != PERCEPT_OK) {
        percept_predictor_free(predictor);
        return status;
    }
    for (size_t i = 0; i < block; i++)
        predictor->rows[i] = (uint32_t)i;
    *out = predictor;
    return PERCEPT_OK;
}

percept_status percept_predictor_create(const percept_model *model, size_t threads, percept_predictor **out,
                                        percept_error *error)
{
    if (model == NULL || out == NULL)
        return error_null(error, "percept_predictor_create", "model and out");
    return predictor_create(model, evaluate_block(&model->network), threads, out, error);
}

void percept_predictor_free(percept_predictor *predictor)
{
    if (predictor == NULL)
        return;
    engine_free(predictor->engine);
    team_free(predictor->team);
    if (predictor->parameters != NULL)
        network_clear(&predictor->folded);
    memory_free(predictor->parameters);
    memory_free(predictor->rows);
    memory_free(predictor->outputs);
    memory_free(predictor->filled);
    memory_free(predictor->logits);
    memory_free(predictor);
}

percept_model predictor_model(const percept_predictor *predictor)
{
    percept_model model = *predictor->model;
    if (predictor->parameters != NULL) {
        model.network = predictor->folded;
        model.parameters = predictor->parameters;
    }
    return model;
}

size_t percept_predictor_block(const percept_predictor *predictor)
{
    return predictor != NULL ? predictor->block : 0;
}

const double *predictor_fill(const percept_model *model, const double *features, size_t count, double *filled)
{
    const size_t width = network_inputs(&model->network);
    const Schema *schema = &model->schema;
    const double *fills = schema->fills;
    bool missing = false;
    for (size_t i = 0; fills != NULL && !missing && i < count * width; i++)
        missing = isnan(features[i]);
    if (!missing)
        return features;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < width; j++) {
            const double x = features[i * width + j];
            filled[i * width + j] = isnan(x) && !schema_is_category(schema, j) ? fills[j] : x;
        }
    return filled;
}

/* What the engine says of `count` ≤ block examples, through a dataset that borrows the caller's features. */
static void run_block(const percept_predictor *predictor, const double *features, size_t count)
{
    const percept_model *model = predictor->model;
    Storage storage = {.references = 1,
                       .type = PERCEPT_FLOAT64,
                       .count = count,
                       .width = network_inputs(&model->network),
                       .features = (void *)predictor_fill(model, features, count, predictor->filled)};
    const percept_dataset data = {.storage = &storage, .count = count, .rows = predictor->rows};
    const Batch batch = {.data = &data, .scaler = &model->scaler, .count = count};
    const void *parameters = predictor->parameters != NULL ? predictor->parameters : model->parameters;
    engine_predict(predictor->engine, parameters, &batch, predictor->outputs);
}

static void predict_block(const percept_predictor *predictor, const double *features, size_t count, double *outputs)
{
    const percept_model *model = predictor->model;
    run_block(predictor, features, count);
    outputs_widen(model, predictor->outputs, count * network_outputs(&model->network), outputs);
    target_units_restore(model, count, outputs);
}

/* For two classes from one output: the other probability follows from the weighted sum of the sigmoid, if there is
 * one. */
static void two_probabilities(const percept_predictor *predictor, const double *features, size_t count,
                              double *probabilities)
{
    const percept_model *model = predictor->model;
    const bool sigmoid = outputs_are_probabilities(&model->network);
    engine_keep_logits(predictor->engine, predictor->logits);
    run_block(predictor, features, count);
    engine_keep_logits(predictor->engine, NULL);
    outputs_widen(model, predictor->logits, count, probabilities);
    for (size_t i = count; i-- > 0;) /* from the last: each sum is read before its place is written to */
        probabilities[2 * i] = odds_probability(-probabilities[i]);
    for (size_t i = 0; i < count; i++) {
        outputs_widen(model, (const char *)predictor->outputs + i * model_real_size(model), 1,
                      &probabilities[2 * i + 1]);
        if (!sigmoid)
            probabilities[2 * i] = 1 - probabilities[2 * i + 1];
    }
}

/* What is computed of the examples of one block. */
typedef void BlockFunction(const percept_predictor *predictor, const double *features, size_t count, double *out);

/* Block by block; out has `width` values for each example. */
static void run_blocks(const percept_predictor *predictor, const double *features, size_t count, BlockFunction *run,
                       size_t width, double *out)
{
    const size_t inputs = network_inputs(&predictor->model->network), block = predictor->block;
    for (size_t first = 0; first < count; first += block)
        run(predictor, features + first * inputs, count - first < block ? count - first : block, out + first * width);
}

void percept_predictor_run(percept_predictor *predictor, const double *features, size_t count, double *outputs)
{
    if (predictor != NULL && features != NULL && outputs != NULL)
        run_blocks(predictor, features, count, predict_block, network_outputs(&predictor->model->network), outputs);
}

void percept_predictor_probabilities(percept_predictor *predictor, const double *features, size_t count,
                                     double *probabilities)
{
    if (predictor == NULL || features == NULL || probabilities == NULL)
        return;
    const percept_model *model = predictor->model;
    if (model->class_count == 2 && network_outputs(&model->network) == 1)
        run_blocks(predictor, features, count, two_probabilities, 2, probabilities);
    else
        percept_predictor_run(predictor, features, count, probabilities);
}

/* The weighted sums of the last layer, for the examples of one block. */
static void block_logits(const percept_predictor *predictor, const double *features, size_t count, double *logits)
{
    const percept_model *model = predictor->model;
    engine_keep_logits(predictor->engine, predictor->logits);
    run_block(predictor, features, count);
    engine_keep_logits(predictor->engine, NULL);
    outputs_widen(model, predictor->logits, count * network_outputs(&model->network), logits);
    target_units_restore(model, count, logits);
}

void percept_predictor_logits(percept_predictor *predictor, const double *features, size_t count, double *logits)
{
    if (predictor != NULL && features != NULL && logits != NULL)
        run_blocks(predictor, features, count, block_logits, network_outputs(&predictor->model->network), logits);
}

/* The class that outputs of the engine, in the model's precision, name for example i of a block. */
static int32_t class_at(const percept_predictor *predictor, size_t i)
{
    const percept_model *model = predictor->model;
    const size_t width = network_outputs(&model->network);
    double two[2];
    if (model->threshold > 0) {
        outputs_widen(model, (const char *)predictor->outputs + i * width * model_real_size(model), width, two);
        return outputs_class(model->threshold, width, two);
    }
    return model->precision == PERCEPT_FLOAT64 ? output_class_f64(width, (const double *)predictor->outputs + i * width)
                                               : output_class_f32(width, (const float *)predictor->outputs + i * width);
}

void percept_predictor_classes(percept_predictor *predictor, const double *features, size_t count, int32_t *classes)
{
    if (predictor == NULL || features == NULL || classes == NULL)
        return;
    const percept_model *model = predictor->model;
    const size_t inputs = network_inputs(&model->network), block = predictor->block;
    for (size_t first = 0; first < count; first += block) {
        const size_t n = count - first < block ? count - first : block;
        run_block(predictor, features + first * inputs, n);
        for (size_t i = 0; i < n; i++)
            classes[first + i] = model->class_count == 0 ? -1 : class_at(predictor, i);
    }
}

percept_status percept_model_predict(const percept_model *model, const double *features, size_t count, size_t threads,
                                     double *outputs, percept_error *error)
{
    if (model == NULL || (count > 0 && (features == NULL || outputs == NULL)))
        return error_null(error, "percept_model_predict", "model, features and outputs");
    const size_t most = evaluate_block(&model->network);
    percept_predictor *predictor = NULL;
    if (count == 0)
        return PERCEPT_OK;
    percept_status status = predictor_create(model, count < most ? count : most, threads, &predictor, error);
    if (status == PERCEPT_OK)
        percept_predictor_run(predictor, features, count, outputs);
    percept_predictor_free(predictor);
    return status;
}
