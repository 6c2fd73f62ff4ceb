#include "train/training_prepare.h"

#include <math.h>

#include "base/memory.h"
#include "train/average.h"
#include "train/blocks.h"
#include "train/calibration.h"
#include "train/checkpoint.h"
#include "train/class_weights.h"
#include "train/conformal.h"
#include "train/epoch_metrics.h"
#include "train/evaluate.h"
#include "train/outputs.h"
#include "train/target_units.h"
#include "train/whole.h"

/* As good as for ever. */
#define MOST_WARMUP 1e15

static percept_status allocate_vector(const Training *training, size_t count, const char *what, void **out,
                                      percept_error *error)
{
    return memory_allocate_zeroed(count, model_real_size(training->model), what, out, error);
}

static percept_status prepare_groups(Training *training, percept_error *error)
{
    const TrainingOptions *options = training->options;
    const WholeOptimizer *whole = training->whole;
    const WholeRule rule = {
        whole != NULL ? whole->takes : NULL,
        options->adamw_rate > 0 && whole != NULL ? options->adamw_rate / options->schedule_options.base : 1};
    const percept_status status =
        groups_create(&training->model->network, &options->rate_factors, &options->decay_factors, &rule,
                      &training->groups, &training->optimizer.group_count, error);
    training->optimizer.groups = training->groups;
    return status;
}

static percept_status prepare_optimizer(Training *training, percept_error *error)
{
    const TrainingOptions *options = training->options;
    const Optimizer_f64 *row = optimizer_at_f64(options->optimizer);
    const size_t slots = row->slots(&options->optimizer_options);
    size_t isa = 0;
    percept_status status = isa_select(&isa, error);
    if (status != PERCEPT_OK)
        return status;
    training->whole = whole_find(row->name);
    training->optimizer.options = options->optimizer_options;
    training->optimizer.options.weight_decay = row->decoupled ? options->weight_decay : 0;
    for (size_t s = 0; s < slots && status == PERCEPT_OK; s++) {
        training->optimizer.slot_counts[s] = training->model->network.parameter_count;
        status = allocate_vector(training, training->optimizer.slot_counts[s], "the optimizer's state",
                                 &training->optimizer.slots[s], error);
    }
    if (status == PERCEPT_OK && training->whole != NULL)
        status = training->whole->prepare(training, error);
    if (status == PERCEPT_OK)
        status = prepare_groups(training, error);
    training->optimizer.apply =
        optimizer_apply_at(options->optimizer, isa, training->model->precision == PERCEPT_FLOAT32);
    training->update.weight_decay = row->decoupled ? 0 : options->weight_decay;
    training->update.state = &training->optimizer;
    if (status == PERCEPT_OK && !optimizer_treats_all_alike(&training->optimizer))
        training->update.apply = optimizer_apply_groups;
    else
        training->update.apply = slots > 0 ? training->optimizer.apply : NULL;
    return status;
}

/* Engines add λW to the gradients of all that is decayed by itself; other factors are the trainer's. */
static bool decays_otherwise(const Training *training)
{
    return training->options->decay_factors.count > 0 && training->update.weight_decay != 0;
}

/* What an update needs that no engine makes on its own. */
static percept_status prepare_gradient(Training *training, percept_error *error)
{
    const TrainingOptions *options = training->options;
    const Network *network = &training->model->network;
    if (!(options->clip_norm > 0) && !decays_otherwise(training) && training->whole == NULL)
        return PERCEPT_OK;
    percept_status status =
        allocate_vector(training, network->parameter_count, "the gradient", &training->gradient, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(block_count(network->parameter_count), sizeof *training->squares,
                                        "the gradient's squares", &training->squares, error);
    if (status == PERCEPT_OK && options->clip_scope != CLIP_NETWORK)
        status = memory_allocate_zeroed(network->tensor_count, sizeof *training->tensor_squares,
                                        "the gradient's squares", &training->tensor_squares, error);
    return status;
}

static percept_status prepare_vectors(Training *training, percept_error *error)
{
    const TrainingOptions *options = training->options;
    const Network *network = &training->model->network;
    percept_status status = PERCEPT_OK;
    if (training->valid != NULL && options->keep_best)
        status =
            allocate_vector(training, network->value_count, "the best parameters", &training->best_parameters, error);
    if (status == PERCEPT_OK && average_is_asked(options))
        status =
            allocate_vector(training, network->value_count, "the average of the parameters", &training->average, error);
    return status;
}

static percept_status prepare_augment(Training *training, percept_error *error)
{
    const TrainingOptions *options = training->options;
    const PictureShape *picture = &options->picture;
    if (!augment_is_asked(&options->augment))
        return PERCEPT_OK;
    if (picture->height * picture->width * picture->channels != training->train->storage->width)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "data.augment: pictures of %zu × %zu × %zu values, but the examples have %zu features; set "
                         "data.picture",
                         picture->height, picture->width, picture->channels, training->train->storage->width);
    return augment_create(&options->augment, picture, training->train->count, &options->augmenting,
                          team_size(training->team), &training->augment, error);
}

/* Room for a block of the largest part that is measured. Never less than ROOM_LEAST, so that the size of a part does not
 * decide how its sums are rounded: engines compute small batches in another way. */
static size_t evaluator_room(const Training *training)
{
    enum { ROOM_LEAST = 2048 };
    const MetricsOptions *metrics = &training->options->metrics;
    const size_t block = evaluate_block(&training->model->network);
    size_t room = metrics->when != METRICS_DURING ? training->train->count : 0;
    if (training->valid != NULL && training->valid->count > room)
        room = training->valid->count;
    if (metrics->test != NULL && metrics->test->count > room)
        room = metrics->test->count;
    room = room > ROOM_LEAST ? room : ROOM_LEAST;
    return room < block ? room : block;
}

static percept_status prepare_engines(Training *training, percept_error *error)
{
    const TrainingOptions *options = training->options;
    const Network *network = &training->model->network;
    EngineConfig config = {.network = network,
                           .precision = training->model->precision,
                           .bfloat16 = options->bfloat16,
                           .batch_capacity = options->batch_size < training->train->count ? options->batch_size
                                                                                          : training->train->count,
                           .training = true,
                           .team = training->team,
                           .class_weights = training->class_weights,
                           .loss_units = training->loss_units,
                           .dropout = &training->dropout,
                           .dropout_factor = options->dropout_schedule != NULL ? &training->dropout_factor : NULL,
                           .adversarial = options->adversarial,
                           .adversarial_share = options->adversarial_share,
                           .trace = options->trace};
    percept_status status = options->in_blocks
                                ? blocks_create(options->engine, &config, &options->blocks, &training->engine, error)
                                : engine_create(options->engine, &config, &training->engine, error);
    if (status != PERCEPT_OK || !epoch_metrics_need_evaluation(training))
        return status;
    config.trace = NULL;
    config.bfloat16 = false;
    config.batch_capacity = evaluator_room(training);
    config.training = false;
    return engine_create(options->engine, &config, &training->evaluator, error);
}

/* Bytes of scaled features up to which they are kept. */
#define MOST_SCALED (16u << 20)

/* Scaling divides in float64, which takes a tenth of a step of a small network. Bytes are scaled so fast that keeping them
 * would be of no use. */
static percept_status keep_scaled(Training *training, percept_error *error)
{
    const Storage *storage = training->train->storage;
    const bool single = training->model->precision == PERCEPT_FLOAT32;
    const size_t size = model_real_size(training->model), count = training->train->count, width = storage->width;
    const Batch batch = {.data = training->train, .scaler = &training->model->scaler, .count = count};
    if (storage->type == PERCEPT_UINT8 || training->augment != NULL || count > MOST_SCALED / size / width)
        return PERCEPT_OK;
    training->scaled.type = single ? PERCEPT_FLOAT32 : PERCEPT_FLOAT64;
    const percept_status status =
        memory_allocate(count, width * size, "scaled features", &training->scaled.rows, error);
    if (status != PERCEPT_OK)
        return status;
    if (single)
        batch_gather_f32(&batch, 0, count, training->scaled.rows, width);
    else
        batch_gather_f64(&batch, 0, count, training->scaled.rows, width);
    return PERCEPT_OK;
}

static percept_status check_adversarial(const TrainingOptions *options, const percept_dataset *train,
                                        const WholeOptimizer *whole, percept_error *error)
{
    if (!(options->adversarial > 0))
        return PERCEPT_OK;
    if (schema_categories(&train->storage->schema) > 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "train.adversarial moves numbers, but the data have columns of categories; leave it out");
    if (whole != NULL && whole->step != NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "train.adversarial changes the loss with each step, which %s cannot minimize; choose another "
                         "optimizer",
                         whole->name);
    return PERCEPT_OK;
}

percept_status training_check(const percept_model *model, const percept_dataset *train, const percept_dataset *valid,
                              const TrainingOptions *options, percept_error *error)
{
    const WholeOptimizer *whole = whole_find(optimizer_at_f64(options->optimizer)->name);
    percept_status status = model_check_data(model, train, error);
    if (status == PERCEPT_OK && valid != NULL)
        status = model_check_data(model, valid, error);
    if (status == PERCEPT_OK && valid == NULL && options->schedule->needs_validation)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT,
                           "train.schedule %s needs validation data; set data.validation or data.split, or choose "
                           "another schedule",
                           options->schedule->name);
    if (status == PERCEPT_OK && options->metrics.test != NULL)
        status = model_check_data(model, options->metrics.test, error);
    if (status == PERCEPT_OK && options->metrics.naive &&
        (model->class_count == 0 || !outputs_are_probabilities(&model->network)))
        status = error_set(error, PERCEPT_ERROR_ARGUMENT,
                           "metrics.naive needs classes and the output softmax or sigmoid; leave it out");
    if (status == PERCEPT_OK && model->network.intervals > 0)
        status = conformal_check(model, valid, error);
    if (status == PERCEPT_OK && options->temperature)
        status = calibration_check(model, valid, error);
    if (status == PERCEPT_OK && options->optimizer_options.nesterov && !(options->optimizer_options.momentum > 0))
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "train.nesterov needs train.momentum above 0, such as 0.9");
    if (status == PERCEPT_OK)
        status = check_adversarial(options, train, whole, error);
    if (status == PERCEPT_OK && options->in_blocks)
        status = blocks_check(&model->network, error);
    if (status == PERCEPT_OK)
        status = average_check(options, error);
    if (status == PERCEPT_OK && whole != NULL)
        status = whole->check(options, &model->network, train->count, error);
    return status;
}

percept_status training_prepare(Training *training, percept_error *error)
{
    const TrainingOptions *options = training->options;
    const size_t count = training->train->count, batch = options->batch_size;
    percept_status status = training_check(training->model, training->train, training->valid, options, error);
    if (status != PERCEPT_OK)
        return status;
    training->steps = options->drop_last && count >= batch ? count / batch : (count - 1) / batch + 1;
    status = class_weights_create(options, training->train, &training->class_weights, error);
    training->schedule = options->schedule_options;
    if (options->warmup_epochs > 0)
        training->schedule.warmup += (size_t)fmin(options->warmup_epochs * (double)training->steps + 0.5, MOST_WARMUP);
    if (status == PERCEPT_OK)
        status = target_units_of_training(training->model, &training->loss_units, &training->loss_unit, error);
    if (status == PERCEPT_OK)
        status = prepare_augment(training, error);
    if (status == PERCEPT_OK)
        status = keep_scaled(training, error);
    if (status == PERCEPT_OK)
        status = prepare_engines(training, error);
    if (status == PERCEPT_OK)
        status = prepare_optimizer(training, error);
    if (status == PERCEPT_OK)
        status = prepare_gradient(training, error);
    if (status == PERCEPT_OK)
        status = prepare_vectors(training, error);
    const bool whole_step = training->whole != NULL && training->whole->step != NULL;
    if (status == PERCEPT_OK && options->shuffle && !whole_step) /* which takes all examples, in any order */
        status = memory_allocate(count, sizeof *training->order, "the order of the examples", &training->order, error);
    if (status == PERCEPT_OK && options->resume != NULL)
        status = checkpoint_restore(options->resume, training, error);
    if (status == PERCEPT_OK && options->in_blocks && options->blocks.ranks != NULL)
        status = checkpoint_align(training, options->blocks.ranks, error);
    return status;
}

void training_clear(Training *training)
{
    if (training->whole_state != NULL)
        training->whole->clear(training);
    engine_free(training->engine);
    engine_free(training->evaluator);
    for (size_t s = 0; s < OPTIMIZER_SLOTS; s++)
        memory_free(training->optimizer.slots[s]);
    augment_free(training->augment);
    memory_free(training->scaled.rows);
    memory_free(training->groups);
    memory_free(training->class_weights);
    memory_free(training->loss_units);
    memory_free(training->order);
    memory_free(training->best_parameters);
    memory_free(training->average);
    memory_free(training->gradient);
    memory_free(training->squares);
    memory_free(training->tensor_squares);
}
