#include "train/views.h"

#include "base/memory.h"
#include "engine/members.h"
#include "train/log_odds.h"
#include "train/outputs.h"
#include "train/target_units.h"

/* Room for a block of examples; matrices are block × outputs. */
typedef struct Room {
    Augment *augment;
    size_t views;       /* copies and the picture itself */
    void *raw, *logits; /* of one view, of the model's precision */
    double **A, **Z;    /* outputs and weighted sums of each view */
    double *numbers;    /* behind all of them */
    double *mean, *sums, *losses, *targets, *norms;
    int32_t *labels;
} Room;

bool views_deform(const AugmentOptions *options)
{
    AugmentOptions kept = *options;
    kept.mixup = kept.erase = kept.noise = 0;
    return augment_is_asked(&kept);
}

static void room_clear(Room *room)
{
    augment_free(room->augment);
    memory_free(room->raw);
    memory_free(room->logits);
    memory_free(room->A);
    memory_free(room->Z);
    memory_free(room->numbers);
    memory_free(room->losses);
    memory_free(room->labels);
    memory_free(room->norms);
}

/* Lists of the views' matrices, then mean, sums and targets, in one block. */
static percept_status lay_out(Room *room, size_t block, size_t width, percept_error *error)
{
    const size_t size = block * width;
    percept_status status = memory_allocate(room->views, sizeof *room->A, "the outputs", &room->A, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(room->views, sizeof *room->Z, "the outputs", &room->Z, error);
    if (status == PERCEPT_OK)
        status = memory_allocate((2 * room->views + 3) * width, block * sizeof *room->numbers, "the outputs",
                                 &room->numbers, error);
    for (size_t v = 0; v < room->views && status == PERCEPT_OK; v++) {
        room->A[v] = room->numbers + 2 * v * size;
        room->Z[v] = room->A[v] + size;
    }
    if (status == PERCEPT_OK) {
        room->mean = room->numbers + 2 * room->views * size;
        room->sums = room->mean + size;
        room->targets = room->sums + size;
    }
    return status;
}

static percept_status room_create(const percept_model *model, const percept_dataset *data, const Views *views,
                                  size_t threads, Room *room, percept_error *error)
{
    const size_t block = evaluate_block(&model->network), width = network_outputs(&model->network);
    AugmentOptions options = views->options;
    options.mixup = options.erase = options.noise = 0;
    room->views = views->copies + 1;
    percept_status status =
        augment_create(&options, &views->picture, data->count, &views->stream, threads, &room->augment, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(block, width * model_real_size(model), "the outputs", &room->raw, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(block, width * model_real_size(model), "the outputs", &room->logits, error);
    if (status == PERCEPT_OK)
        status = lay_out(room, block, width, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(block, sizeof *room->losses, "the losses", &room->losses, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(block, sizeof *room->labels, "the labels", &room->labels, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(room->views, sizeof *room->norms, "the outputs", &room->norms, error);
    return status;
}

/* Outputs and weighted sums of all views, and their mean. */
static void predict(const percept_model *model, Engine *engine, const Batch *batch, Room *room)
{
    const size_t numbers = batch->count * network_outputs(&model->network);
    Network together = model->network;
    together.members = room->views;
    for (size_t v = 0; v < room->views; v++) {
        Batch seen = *batch;
        seen.augment = v > 0 ? room->augment : NULL;
        seen.epoch = v > 0 ? v - 1 : 0;
        engine_predict(engine, model->parameters, &seen, room->raw);
        outputs_widen(model, room->raw, numbers, room->A[v]);
        outputs_widen(model, room->logits, numbers, room->Z[v]);
    }
    members_average_f64(&together, batch->count, (const double *const *)room->A, (const double *const *)room->Z,
                        room->mean, room->sums, room->norms);
}

/* Losses and right answers of the mean; the mean becomes what is reported, its weighted sums log odds. */
static void judge(const percept_model *model, const Batch *batch, Room *room, EngineSums *part)
{
    const size_t width = network_outputs(&model->network);
    Batch plain = *batch;
    plain.target_scaler = NULL;
    members_judge_f64(&model->network, batch, room->mean, room->sums, room->losses, room->targets, room->labels, part);
    target_units_restore(model, batch->count, room->mean);
    if (outputs_are_probabilities(&model->network))
        log_odds_of_logits(&model->network, batch->count, room->sums);
    if (!batch_has_targets(batch))
        return;
    batch_targets_of_f64(&plain, width, 0, batch->count, room->targets);
    if (target_units_measure(model, batch->data))
        part->loss = target_units_loss(model, batch, room->mean, room->targets);
}

static void run(const percept_model *model, Engine *engine, const percept_dataset *data, Room *room,
                EvaluateVisit *visit, void *user, EngineSums *sums)
{
    const size_t block = evaluate_block(&model->network);
    const bool odds = outputs_are_probabilities(&model->network) && model->class_count > 0;
    engine_keep_logits(engine, room->logits);
    for (size_t first = 0; first < data->count; first += block) {
        const size_t left = data->count - first;
        const Batch batch = {.data = data,
                             .scaler = &model->scaler,
                             .first = first,
                             .count = left < block ? left : block,
                             .target_scaler = &model->target_scaler};
        EngineSums part;
        predict(model, engine, &batch, room);
        judge(model, &batch, room, &part);
        visit(user, &(EvaluateBlock){data, first, batch.count, room->mean, odds ? room->sums : NULL,
                                     batch_has_targets(&batch) ? room->targets : NULL});
        sums->count += part.count;
        sums->weight += part.weight;
        sums->loss += part.loss;
        sums->correct += part.correct;
    }
    engine_keep_logits(engine, NULL);
}

percept_status views_evaluate(const percept_model *model, Engine *engine, const percept_dataset *data,
                              const Views *views, size_t threads, EvaluateVisit *visit, void *user, EngineSums *sums,
                              percept_error *error)
{
    Room room = {0};
    percept_status status = room_create(model, data, views, threads, &room, error);
    *sums = (EngineSums){0};
    if (status == PERCEPT_OK)
        run(model, engine, data, &room, visit, user, sums);
    room_clear(&room);
    return status;
}
