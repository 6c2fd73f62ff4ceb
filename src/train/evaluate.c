#include "train/evaluate.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "nn/activation.h"
#include "nn/loss.h"
#include "train/log_odds.h"
#include "train/metrics.h"
#include "train/predictor.h"
#include "train/target_units.h"

/* Numbers (features and activations of the widest layer) that a block may hold: 2 MiB in float32, which stays in a core's
 * second-level cache. */
#define BLOCK_NUMBERS ((size_t)1 << 19)
#define BLOCK_LEAST 64
#define BLOCK_MOST 4096

bool evaluate_gives_probabilities(const Network *network)
{
    const char *output = activation_at_f64(network->layers[network->depth - 1].activation)->name;
    return strcmp(output, "softmax") == 0 || strcmp(output, "sigmoid") == 0;
}

size_t evaluate_block(const Network *network)
{
    const size_t inputs = network_inputs(network), widest = network_widest(network);
    const size_t block = BLOCK_NUMBERS / (inputs > widest ? inputs : widest);
    return block < BLOCK_LEAST ? BLOCK_LEAST : block > BLOCK_MOST ? BLOCK_MOST : block;
}

/* Where the outputs of a block go; all but `raw` are NULL where they are not wanted. */
typedef struct Room {
    void *raw, *logits; /* block × outputs, of the model's precision */
    double *outputs, *log_odds, *targets;
} Room;

static void room_clear(Room *room)
{
    memory_free(room->raw);
    memory_free(room->logits);
    memory_free(room->outputs);
    memory_free(room->log_odds);
    memory_free(room->targets);
}

static percept_status room_create(const percept_model *model, const percept_dataset *data, Room *out,
                                  percept_error *error)
{
    const size_t block = evaluate_block(&model->network), width = network_outputs(&model->network);
    const bool odds = evaluate_gives_probabilities(&model->network) && model->class_count > 0;
    percept_status status = memory_allocate(block, width * model_real_size(model), "the outputs", &out->raw, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(block, width * sizeof *out->outputs, "the outputs", &out->outputs, error);
    if (status == PERCEPT_OK && odds)
        status = memory_allocate(block, width * model_real_size(model), "the logits", &out->logits, error);
    if (status == PERCEPT_OK && odds)
        status = memory_allocate(block, width * sizeof *out->log_odds, "the logits", &out->log_odds, error);
    if (status == PERCEPT_OK && data->storage->targets != NULL)
        status = memory_allocate(block, width * sizeof *out->targets, "the targets", &out->targets, error);
    return status;
}

/* What the block holds, from what the engine has left. */
static EvaluateBlock block_of(const percept_model *model, const Batch *batch, Room *room)
{
    const size_t numbers = batch->count * network_outputs(&model->network);
    Batch plain = *batch;
    plain.target_scaler = NULL;
    predictor_widen(model, room->raw, numbers, room->outputs);
    target_units_restore(model, batch->count, room->outputs);
    if (room->logits != NULL) {
        predictor_widen(model, room->logits, numbers, room->log_odds);
        log_odds_of_logits(&model->network, batch->count, room->log_odds);
    }
    if (room->targets != NULL)
        batch_targets_f64(&plain, 0, batch->count, room->targets);
    return (EvaluateBlock){batch->data, batch->first, batch->count, room->outputs, room->log_odds, room->targets};
}

static void add_sums(EngineSums *sums, const EngineSums *part)
{
    sums->count += part->count;
    sums->weight += part->weight;
    sums->loss += part->loss;
    sums->correct += part->correct;
    sums->penalty = part->penalty;
}

percept_status evaluate_dataset(const percept_model *model, Engine *engine, const percept_dataset *data, size_t count,
                                EvaluateVisit *visit, void *user, EngineSums *sums, percept_error *error)
{
    const size_t block = evaluate_block(&model->network);
    const bool by_units = target_units_measure(model, data);
    Room room = {0};
    if (visit != NULL || by_units) {
        percept_status status = room_create(model, data, &room, error);
        if (status != PERCEPT_OK) {
            room_clear(&room);
            return status;
        }
    }
    *sums = (EngineSums){0};
    engine_keep_logits(engine, room.logits);
    for (size_t first = 0; first < count; first += block) {
        const size_t left = count - first;
        const Batch batch = {.data = data,
                             .scaler = &model->scaler,
                             .first = first,
                             .count = left < block ? left : block,
                             .target_scaler = &model->target_scaler};
        EngineSums part;
        engine_evaluate(engine, model->parameters, &batch, room.raw, &part);
        if (room.raw != NULL) {
            const EvaluateBlock seen = block_of(model, &batch, &room);
            if (by_units)
                part.loss = target_units_loss(model, &batch, seen.outputs, seen.targets);
            if (visit != NULL)
                visit(user, &seen);
        }
        add_sums(sums, &part);
    }
    engine_keep_logits(engine, NULL);
    room_clear(&room);
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
static void count_confusion(void *user, const EvaluateBlock *block)
{
    const Counts *counts = user;
    const size_t width = network_outputs(&counts->model->network), classes = counts->model->class_count;
    for (size_t i = 0; i < block->count; i++) {
        const int32_t predicted = output_class_f64(width, block->outputs + i * width);
        if (predicted >= 0)
            counts->confusion[(size_t)block->data->labels[block->first + i] * classes + (size_t)predicted]++;
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

static void gather(void *user, const EvaluateBlock *block)
{
    Metrics *metrics = user;
    if (metrics->classes > 0)
        metrics_add_labels(metrics, block->count, block->outputs, block->log_odds, block->data->labels + block->first);
    else
        metrics_add_targets(metrics, block->count, block->outputs, block->targets);
}

percept_status percept_model_report(const percept_model *model, const percept_dataset *data, size_t threads,
                                    percept_report *out, percept_error *error)
{
    if (model == NULL || data == NULL || out == NULL)
        return error_null(error, "percept_model_report", "model, data and out");
    Metrics metrics = {0};
    EngineSums sums;
    percept_status status = model_check_data(model, data, error);
    if (status == PERCEPT_OK)
        status = metrics_create(model->class_count, network_outputs(&model->network),
                                evaluate_gives_probabilities(&model->network), data->count, &metrics, error);
    if (status == PERCEPT_OK)
        status = evaluate(model, data, threads, gather, &metrics, &sums, error);
    if (status == PERCEPT_OK)
        status = metrics_report(&metrics, out, error);
    if (status == PERCEPT_OK)
        out->metrics.loss = engine_mean_loss(&sums);
    metrics_clear(&metrics);
    return status;
}
