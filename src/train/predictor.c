#include "train/predictor.h"

#include <math.h>
#include <stdatomic.h>
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

/* ---- Life ---------------------------------------------------------------------------------------------------------- */

static void hand_clear(PredictorHand *hand)
{
    engine_free(hand->engine);
    team_free(hand->team);
    memory_free(hand->outputs);
    memory_free(hand->logits);
    memory_free(hand->filled);
    *hand = (PredictorHand){0};
}

static percept_status hand_create(const percept_predictor *predictor, size_t threads, PredictorHand *hand,
                                  percept_error *error)
{
    const percept_model *model = predictor->model;
    const size_t block = predictor->block, real_size = model_real_size(model);
    const size_t outputs = network_outputs(&model->network) * real_size;
    percept_status status = memory_allocate(block, outputs, "the outputs", &hand->outputs, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(block, outputs, "the logits", &hand->logits, error);
    if (status == PERCEPT_OK && model->schema.fills != NULL)
        status = memory_allocate(block, network_inputs(&model->network) * sizeof(double), "the features", &hand->filled,
                                 error);
    if (status == PERCEPT_OK)
        status = team_create(threads, &hand->team, error);
    if (status != PERCEPT_OK)
        return status;
    const EngineConfig config = {.network = predictor->parameters != NULL ? &predictor->folded : &model->network,
                                 .precision = model->precision,
                                 .batch_capacity = block,
                                 .training = false,
                                 .team = hand->team};
    return engine_create(engine_kind_find("cpu"), &config, &hand->engine, error);
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
        status = model_fold(model, &predictor->folded, &predictor->parameters, error);
    if (status == PERCEPT_OK)
        status = hand_create(predictor, threads, &predictor->whole, error);
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

static void free_each(percept_predictor *predictor)
{
    for (size_t r = 0; predictor->each != NULL && r < team_size(predictor->whole.team); r++)
        hand_clear(&predictor->each[r]);
    memory_free(predictor->each);
    predictor->each = NULL;
}

void percept_predictor_free(percept_predictor *predictor)
{
    if (predictor == NULL)
        return;
    free_each(predictor);
    hand_clear(&predictor->whole);
    if (predictor->parameters != NULL)
        network_clear(&predictor->folded);
    memory_free(predictor->parameters);
    memory_free(predictor->rows);
    memory_free(predictor);
}

/* A hand for each rank. Where memory lacks, the whole team goes on doing one block after the other. */
static void create_each(percept_predictor *predictor)
{
    const size_t ranks = team_size(predictor->whole.team);
    percept_error failure;
    percept_status status =
        memory_allocate_zeroed(ranks, sizeof *predictor->each, "the engines", &predictor->each, &failure);
    for (size_t r = 0; status == PERCEPT_OK && r < ranks; r++)
        status = hand_create(predictor, 1, &predictor->each[r], &failure);
    if (status != PERCEPT_OK)
        free_each(predictor);
}

/* ---- A block ------------------------------------------------------------------------------------------------------- */

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
    return predictor != NULL ? predictor->block * team_size(predictor->whole.team) : 0;
}

const double *predictor_fill(const percept_model *model, const double *features, size_t count, double *filled)
{
    const size_t width = network_inputs(&model->network);
    const Schema *schema = &model->schema;
    const double *fills = schema->fills;
    size_t missing = 0;
    for (size_t i = 0; fills != NULL && i < count * width; i++)
        missing += isnan(features[i]) ? 1 : 0;
    if (missing == 0)
        return features;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < width; j++) {
            const double x = features[i * width + j];
            filled[i * width + j] = isnan(x) && !schema_is_category(schema, j) ? fills[j] : x;
        }
    return filled;
}

/* What the engine says of `count` ≤ block examples, through a dataset that borrows the caller's features. */
static void run_block(const percept_predictor *predictor, const PredictorHand *hand, const double *features,
                      size_t count)
{
    const percept_model *model = predictor->model;
    Storage storage = {.references = 1,
                       .type = PERCEPT_FLOAT64,
                       .count = count,
                       .width = network_inputs(&model->network),
                       .features = (void *)predictor_fill(model, features, count, hand->filled)};
    const percept_dataset data = {.storage = &storage, .count = count, .rows = predictor->rows};
    const Batch batch = {.data = &data, .scaler = &model->scaler, .count = count};
    const void *parameters = predictor->parameters != NULL ? predictor->parameters : model->parameters;
    engine_predict(hand->engine, parameters, &batch, hand->outputs);
}

static void block_outputs(const percept_predictor *predictor, const PredictorHand *hand, const double *features,
                          size_t count, void *outputs)
{
    const percept_model *model = predictor->model;
    run_block(predictor, hand, features, count);
    outputs_widen(model, hand->outputs, count * network_outputs(&model->network), outputs);
    target_units_restore(model, count, outputs);
}

/* For two classes from one output: the other probability follows from the weighted sum of the sigmoid, if there is
 * one. */
static void block_pairs(const percept_predictor *predictor, const PredictorHand *hand, const double *features,
                        size_t count, void *out)
{
    const percept_model *model = predictor->model;
    double *probabilities = out;
    const bool sigmoid = outputs_are_probabilities(&model->network);
    engine_keep_logits(hand->engine, hand->logits);
    run_block(predictor, hand, features, count);
    engine_keep_logits(hand->engine, NULL);
    outputs_widen(model, hand->logits, count, probabilities);
    for (size_t i = count; i-- > 0;) /* from the last: each sum is read before its place is written to */
        probabilities[2 * i] = odds_probability(-probabilities[i]);
    for (size_t i = 0; i < count; i++) {
        outputs_widen(model, (const char *)hand->outputs + i * model_real_size(model), 1, &probabilities[2 * i + 1]);
        if (!sigmoid)
            probabilities[2 * i] = 1 - probabilities[2 * i + 1];
    }
}

/* The weighted sums of the last layer, for the examples of one block. */
static void block_logits(const percept_predictor *predictor, const PredictorHand *hand, const double *features,
                         size_t count, void *logits)
{
    const percept_model *model = predictor->model;
    engine_keep_logits(hand->engine, hand->logits);
    run_block(predictor, hand, features, count);
    engine_keep_logits(hand->engine, NULL);
    outputs_widen(model, hand->logits, count * network_outputs(&model->network), logits);
    target_units_restore(model, count, logits);
}

/* The class that outputs of the engine, in the model's precision, name for example i of a block. */
static int32_t class_at(const percept_model *model, const void *outputs, size_t i)
{
    const size_t width = network_outputs(&model->network);
    double two[2];
    if (model->threshold > 0) {
        outputs_widen(model, (const char *)outputs + i * width * model_real_size(model), width, two);
        return outputs_class(model->threshold, width, two);
    }
    return model->precision == PERCEPT_FLOAT64 ? output_class_f64(width, (const double *)outputs + i * width)
                                               : output_class_f32(width, (const float *)outputs + i * width);
}

/* The class of each example. */
static void block_classes(const percept_predictor *predictor, const PredictorHand *hand, const double *features,
                          size_t count, void *out)
{
    int32_t *classes = out;
    run_block(predictor, hand, features, count);
    for (size_t i = 0; i < count; i++)
        classes[i] = predictor->model->class_count == 0 ? -1 : class_at(predictor->model, hand->outputs, i);
}

/* ---- Many blocks --------------------------------------------------------------------------------------------------- */

/* What is computed of the examples of one block. */
typedef void BlockFunction(const percept_predictor *predictor, const PredictorHand *hand, const double *features,
                           size_t count, void *out);

typedef struct Blocks {
    const percept_predictor *predictor;
    const double *features;
    size_t count; /* examples */
    BlockFunction *run;
    size_t size; /* bytes of the result for an example */
    char *out;
    atomic_size_t next; /* the first example of the next block */
} Blocks;

/* Does blocks until none is left. */
static void do_blocks(Blocks *blocks, const PredictorHand *hand)
{
    const size_t inputs = network_inputs(&blocks->predictor->model->network), block = blocks->predictor->block;
    size_t first = 0;
    while ((first = atomic_fetch_add_explicit(&blocks->next, block, memory_order_relaxed)) < blocks->count) {
        const size_t left = blocks->count - first;
        blocks->run(blocks->predictor, hand, blocks->features + first * inputs, left < block ? left : block,
                    blocks->out + first * blocks->size);
    }
}

static void do_share(void *context, Team *team, size_t rank)
{
    Blocks *blocks = context;
    (void)team;
    do_blocks(blocks, &blocks->predictor->each[rank]);
}

/* One block is shared by the team, of several each rank does its own: it then waits for nobody. The bits are the same,
 * since an engine's do not depend on its threads. */
static void run_blocks(percept_predictor *predictor, const double *features, size_t count, BlockFunction *run,
                       size_t size, void *out)
{
    Blocks blocks = {
        .predictor = predictor, .features = features, .count = count, .run = run, .size = size, .out = out};
    const bool several = count > predictor->block && team_size(predictor->whole.team) > 1;
    if (several && predictor->each == NULL)
        create_each(predictor);
    if (several && predictor->each != NULL)
        team_run(predictor->whole.team, do_share, &blocks);
    else
        do_blocks(&blocks, &predictor->whole);
}

void percept_predictor_run(percept_predictor *predictor, const double *features, size_t count, double *outputs)
{
    if (predictor != NULL && features != NULL && outputs != NULL)
        run_blocks(predictor, features, count, block_outputs,
                   network_outputs(&predictor->model->network) * sizeof *outputs, outputs);
}

void percept_predictor_probabilities(percept_predictor *predictor, const double *features, size_t count,
                                     double *probabilities)
{
    if (predictor == NULL || features == NULL || probabilities == NULL)
        return;
    const percept_model *model = predictor->model;
    if (model->class_count == 2 && network_outputs(&model->network) == 1)
        run_blocks(predictor, features, count, block_pairs, 2 * sizeof *probabilities, probabilities);
    else
        percept_predictor_run(predictor, features, count, probabilities);
}

void percept_predictor_logits(percept_predictor *predictor, const double *features, size_t count, double *logits)
{
    if (predictor != NULL && features != NULL && logits != NULL)
        run_blocks(predictor, features, count, block_logits,
                   network_outputs(&predictor->model->network) * sizeof *logits, logits);
}

void percept_predictor_classes(percept_predictor *predictor, const double *features, size_t count, int32_t *classes)
{
    if (predictor != NULL && features != NULL && classes != NULL)
        run_blocks(predictor, features, count, block_classes, sizeof *classes, classes);
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
