#include "train/conformal.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "nn/members.h"
#include "train/evaluate.h"
#include "train/outputs.h"

/* Fractions such as 0.9 are not exact in binary: what a product lacks or has too much by rounding is no reason to ask for one
 * example more. */
#define EXACT (1 - 1e-12)

static double total_weight(const percept_dataset *data)
{
    double total = 0;
    for (size_t i = 0; i < data->count; i++)
        total += dataset_weight(data, i);
    return total;
}

percept_status conformal_check(const percept_model *model, const percept_dataset *valid, percept_error *error)
{
    const double c = model->network.intervals;
    if (valid == NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "model.intervals needs a validation set, but there is none; make one (--validation 0.2), or "
                         "leave model.intervals out");
    if (c * (total_weight(valid) + 1) * EXACT > total_weight(valid))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "model.intervals %g needs %.0f validation examples, but there are %zu; make more "
                         "(--validation), or choose a smaller fraction",
                         c, ceil(c / (1 - c) * EXACT), valid->count);
    return PERCEPT_OK;
}

/* ---- The correction --------------------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    const double x = ((const ConformalScore *)a)->score, y = ((const ConformalScore *)b)->score;
    return (x > y) - (x < y);
}

double conformal_correction(ConformalScore *scores, size_t count, double fraction)
{
    double total = 0, passed = 0;
    size_t i = 0;
    qsort(scores, count, sizeof *scores, compare);
    for (size_t k = 0; k < count; k++)
        total += scores[k].weight;
    const double wanted = fraction * (total + 1) * EXACT;
    for (; i + 1 < count; i++) {
        passed += scores[i].weight;
        if (passed >= wanted)
            break;
    }
    return scores[i].score;
}

/* ---- Outputs and scores ----------------------------------------------------------------------------------------- */

/* Where the scores of all targets go. */
typedef struct Room {
    void *raw;                 /* block × outputs, of the model's precision */
    double *outputs, *targets; /* block × outputs */
    ConformalScore *scores;    /* targets × examples */
} Room;

static percept_status room_create(const percept_model *model, size_t examples, Room *room, percept_error *error)
{
    const size_t width = network_outputs(&model->network), block = evaluate_block(&model->network);
    percept_status status = memory_allocate(block, width * model_real_size(model), "the outputs", &room->raw, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(block, width * sizeof *room->outputs, "the outputs", &room->outputs, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(block, width * sizeof *room->targets, "the targets", &room->targets, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(examples, width / 3 * sizeof *room->scores, "the scores", &room->scores, error);
    return status;
}

static void room_clear(Room *room)
{
    memory_free(room->raw);
    memory_free(room->outputs);
    memory_free(room->targets);
    memory_free(room->scores);
}

/* max(low - t, t - high) of each target, as it is learned. */
static void score_block(const Room *room, const Batch *batch, size_t examples, size_t targets)
{
    for (size_t i = 0; i < batch->count; i++)
        for (size_t t = 0; t < targets; t++) {
            const double *outputs = room->outputs + (i * targets + t) * 3,
                         target = room->targets[(i * targets + t) * 3];
            room->scores[t * examples + batch->first + i] = (ConformalScore){
                fmax(outputs[1] - target, target - outputs[2]), dataset_weight(batch->data, batch->first + i)};
        }
}

static percept_status score_all(const percept_model *model, const percept_dataset *valid, const EngineKind *kind,
                                Team *team, const Room *room, percept_error *error)
{
    const Network *network = &model->network;
    const size_t block = evaluate_block(network), width = network_outputs(network);
    const EngineConfig config = {
        .network = network, .precision = model->precision, .batch_capacity = block, .team = team};
    Engine *engine = NULL;
    const percept_status status = engine_create(kind, &config, &engine, error);
    for (size_t first = 0; first < valid->count && status == PERCEPT_OK; first += block) {
        const size_t left = valid->count - first, count = left < block ? left : block;
        const Batch batch = {.data = valid,
                             .scaler = &model->scaler,
                             .first = first,
                             .count = count,
                             .target_scaler = &model->target_scaler};
        engine_predict(engine, model->parameters, &batch, room->raw);
        outputs_widen(model, room->raw, count * width, room->outputs);
        batch_targets_of_f64(&batch, width, 0, count, room->targets);
        score_block(room, &batch, valid->count, width / 3);
    }
    engine_free(engine);
    return status;
}

/* ----------------------------------------------------------------------------------------------------------------- */

/* Adds to output j of all members. */
static void shift(const percept_model *model, size_t j, double by)
{
    const Network *network = &model->network;
    for (size_t m = 0; m < network->members; m++) {
        const size_t bias = network_member_offset(network, m) + network->layers[network->depth - 1].biases + j;
        if (model->precision == PERCEPT_FLOAT64)
            ((double *)model->parameters)[bias] += by;
        else
            ((float *)model->parameters)[bias] = (float)((double)((float *)model->parameters)[bias] + by);
    }
}

percept_status conformal_run(percept_model *model, const percept_dataset *valid, const EngineKind *engine, Team *team,
                             percept_error *error)
{
    Room room = {0};
    percept_status status = room_create(model, valid->count, &room, error);
    if (status == PERCEPT_OK)
        status = score_all(model, valid, engine, team, &room, error);
    for (size_t t = 0; status == PERCEPT_OK && t < network_outputs(&model->network) / 3; t++) {
        const double correction =
            conformal_correction(room.scores + t * valid->count, valid->count, model->network.intervals);
        if (!isfinite(correction))
            continue;
        shift(model, 3 * t + 1, -correction);
        shift(model, 3 * t + 2, correction);
    }
    room_clear(&room);
    return status;
}
