#include "train/evaluate.h"

#include "base/memory.h"
#include "train/log_odds.h"
#include "train/outputs.h"
#include "train/target_units.h"

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
    const bool odds = outputs_are_probabilities(&model->network) && model->class_count > 0;
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
    outputs_widen(model, room->raw, numbers, room->outputs);
    target_units_restore(model, batch->count, room->outputs);
    if (room->logits != NULL) {
        outputs_widen(model, room->logits, numbers, room->log_odds);
        log_odds_of_logits(&model->network, batch->count, room->log_odds);
    }
    if (room->targets != NULL)
        batch_targets_of_f64(&plain, network_outputs(&model->network), 0, batch->count, room->targets);
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
