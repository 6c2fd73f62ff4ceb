#include "train/calibration.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "data/dataset.h"
#include "nn/activation.h"
#include "nn/members.h"
#include "train/evaluate.h"
#include "train/outputs.h"

percept_status calibration_check(const percept_model *model, const percept_dataset *valid, percept_error *error)
{
    const Network *network = &model->network;
    const SideStages *last = &network->sides[network->depth];
    if (valid == NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "train.calibration temperature needs a validation set, but there is none; make one "
                         "(--validation 0.2), or leave train.calibration out");
    if (model->class_count == 0 || !outputs_are_probabilities(network) || last->before + last->after > 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "train.calibration temperature needs classes and the output softmax or sigmoid; leave it out");
    return PERCEPT_OK;
}

/* ---- Logits ----------------------------------------------------------------------------------------------------- */

/* Where the logits of one member after the other go. */
typedef struct Collector {
    const percept_model *model;
    const percept_dataset *valid;
    const EngineKind *engine;
    Team *team;
    void *outputs, *raw; /* of a block, in the model's precision */
    double *z;           /* of the member that comes */
} Collector;

static percept_status collect(void *context, const Network *member, size_t offset, percept_error *error)
{
    Collector *collector = context;
    const percept_model *model = collector->model;
    const percept_dataset *valid = collector->valid;
    const size_t block = evaluate_block(&model->network), width = network_outputs(member);
    const EngineConfig config = {.network = member,
                                 .precision = model->precision,
                                 .batch_capacity = block,
                                 .team = collector->team,
                                 .logits = collector->raw};
    Engine *engine = NULL;
    const percept_status status = engine_create(collector->engine, &config, &engine, error);
    for (size_t first = 0; first < valid->count && status == PERCEPT_OK; first += block) {
        const size_t left = valid->count - first, count = left < block ? left : block;
        const Batch batch = {.data = valid, .scaler = &model->scaler, .first = first, .count = count};
        engine_predict(engine, (const char *)model->parameters + offset * model_real_size(model), &batch,
                       collector->outputs);
        outputs_widen(model, collector->raw, count * width, collector->z);
        collector->z += count * width;
    }
    engine_free(engine);
    return status;
}

/* z: members × examples × outputs, released with memory_free. */
static percept_status collect_logits(const percept_model *model, const percept_dataset *valid, const EngineKind *engine,
                                     Team *team, double **z, percept_error *error)
{
    const Network *network = &model->network;
    const size_t row = network_outputs(network) * model_real_size(model), block = evaluate_block(network);
    Collector collector = {.model = model, .valid = valid, .engine = engine, .team = team};
    size_t count = 0;
    if (__builtin_mul_overflow(network->members * network_outputs(network), valid->count, &count))
        count = SIZE_MAX; /* which cannot be allocated */
    percept_status status = memory_allocate(count, sizeof **z, "the logits", z, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(block, row, "the outputs", &collector.outputs, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(block, row, "the logits", &collector.raw, error);
    collector.z = *z;
    if (status == PERCEPT_OK)
        status = network_each_member(network, collect, &collector, error);
    memory_free(collector.outputs);
    memory_free(collector.raw);
    return status;
}

static percept_status collect_weights(const percept_dataset *valid, double **weights, percept_error *error)
{
    if (valid->storage->weights == NULL)
        return PERCEPT_OK;
    const percept_status status =
        memory_allocate(valid->count, sizeof **weights, "the weights of the examples", weights, error);
    for (size_t i = 0; i < valid->count && status == PERCEPT_OK; i++)
        (*weights)[i] = dataset_weight(valid, i);
    return status;
}

/* ---- The last layer --------------------------------------------------------------------------------------------- */

static void divide(const percept_model *model, size_t begin, size_t count, double divisor)
{
    for (size_t p = begin; p < begin + count; p++)
        if (model->precision == PERCEPT_FLOAT64)
            ((double *)model->parameters)[p] /= divisor;
        else
            ((float *)model->parameters)[p] = (float)((double)((float *)model->parameters)[p] / divisor);
}

static void divide_last_layers(const percept_model *model, double divisor)
{
    const Network *network = &model->network;
    const Layer *last = &network->layers[network->depth - 1];
    for (size_t m = 0; m < network->members; m++) {
        const size_t offset = network_member_offset(network, m);
        divide(model, offset + last->weights, last->inputs * last->outputs, divisor);
        divide(model, offset + last->biases, last->outputs, divisor);
    }
}

/* ----------------------------------------------------------------------------------------------------------------- */

void calibration_report(const Calibration *found, percept_result *result)
{
    result->temperature = found != NULL ? found->temperature : NAN;
    result->log_loss_before = found != NULL ? found->before.log_loss : NAN;
    result->log_loss_after = found != NULL ? found->after.log_loss : NAN;
    result->calibration_error_before = found != NULL ? found->before.calibration_error : NAN;
    result->calibration_error_after = found != NULL ? found->after.calibration_error : NAN;
}

percept_status calibration_run(percept_model *model, const percept_dataset *valid, const EngineKind *engine, Team *team,
                               Calibration *out, percept_error *error)
{
    double *z = NULL, *weights = NULL;
    *out = (Calibration){NAN, {NAN, NAN}, {NAN, NAN}};
    percept_status status = collect_logits(model, valid, engine, team, &z, error);
    if (status == PERCEPT_OK)
        status = collect_weights(valid, &weights, error);
    if (status == PERCEPT_OK) {
        const char *output = activation_at_f64(network_output_activation(&model->network))->name;
        const Logits logits = {.members = model->network.members,
                               .count = valid->count,
                               .width = network_outputs(&model->network),
                               .softmax = strcmp(output, "softmax") == 0,
                               .z = z,
                               .labels = valid->labels,
                               .weights = weights};
        const double temperature = temperature_find(&logits);
        status = temperature_measure(&logits, 1, &out->before, error);
        if (status == PERCEPT_OK)
            status = temperature_measure(&logits, temperature, &out->after, error);
        if (status == PERCEPT_OK && isfinite(out->after.log_loss)) {
            out->temperature = temperature;
            divide_last_layers(model, temperature);
        }
    }
    memory_free(z);
    memory_free(weights);
    return status;
}
