#include "train/target_units.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "nn/activation.h"
#include "nn/loss.h"

static int unit_power(const percept_model *model)
{
    return loss_at_f64(model->network.loss)->unit_power;
}

bool target_units_apply(const Network *network)
{
    const char *output = activation_at_f64(network->layers[network->depth - 1].activation)->name;
    return strcmp(output, "identity") == 0 && loss_at_f64(network->loss)->unit_power > 0;
}

static double deviation_of(const percept_model *model, size_t j)
{
    return model->target_scaler.deviation != NULL ? model->target_scaler.deviation[j] : 1;
}

void target_units_restore(const percept_model *model, size_t count, double *outputs)
{
    const Scaler *scaler = &model->target_scaler;
    const size_t width = network_outputs(&model->network);
    for (size_t i = 0; i < count * width && scaler->mean != NULL; i++)
        outputs[i] = outputs[i] * scaler->deviation[i % width] + scaler->mean[i % width];
    for (size_t i = 0; i < count * width && scaler->transform.kind != TARGET_AS_IT_IS; i++)
        outputs[i] = target_restore(&scaler->transform, i % width, outputs[i]);
    for (size_t i = 0; i < count * width && model->network.intervals > 0; i += 3) {
        outputs[i + 1] = outputs[i + 1] > outputs[i] ? outputs[i] : outputs[i + 1];
        outputs[i + 2] = outputs[i + 2] < outputs[i] ? outputs[i] : outputs[i + 2];
    }
}

bool target_units_measure(const percept_model *model, const percept_dataset *data)
{
    return data->storage->targets != NULL && unit_power(model) > 0;
}

double target_unit(const percept_model *model, size_t j)
{
    const double deviation = deviation_of(model, j), *level = network_levels(&model->network, j);
    if (level != NULL)
        return isnan(*level) ? 3 * deviation * deviation : 0;
    return unit_power(model) == 2 ? deviation * deviation : deviation;
}

/* The loss of (a - t) / σ against 0, times σ^p: the differences are taken before anything is rounded. */
double target_units_loss(const percept_model *model, const Batch *batch, const double *predictions,
                         const double *targets)
{
    const size_t width = network_outputs(&model->network);
    const Loss_f64 *loss = loss_at_f64(model->network.loss);
    const TargetTransform *transform = &model->target_scaler.transform;
    const double zero = 0;
    double sum = 0, of_output = 0;
    for (size_t i = 0; i < batch->count; i++) {
        double example = 0;
        for (size_t j = 0; j < width; j++) {
            const double prediction = target_transform(transform, j, *predictions++);
            const double difference =
                (prediction - target_transform(transform, j, *targets++)) / deviation_of(model, j);
            const Answers_f64 answers = {.targets = &zero, .levels = network_levels(&model->network, j)};
            loss->forward(1, 1, NULL, &difference, answers, &of_output);
            example += of_output * target_unit(model, j);
        }
        sum += batch_weight(batch, NULL, i) * (example / (double)width);
    }
    return sum;
}

percept_status target_units_of_training(const percept_model *model, double **units, double *unit, percept_error *error)
{
    const size_t width = network_outputs(&model->network);
    bool alike = true;
    *unit = 1;
    *units = NULL;
    if (model->target_scaler.deviation == NULL && !(model->network.intervals > 0))
        return PERCEPT_OK;
    *unit = target_unit(model, 0);
    for (size_t j = 1; j < width; j++) {
        alike = alike && target_unit(model, j) == *unit;
        *unit = fmax(*unit, target_unit(model, j));
    }
    if (alike)
        return PERCEPT_OK;
    percept_status status = memory_allocate(width, sizeof **units, "the units of the targets", units, error);
    for (size_t j = 0; j < width && status == PERCEPT_OK; j++)
        (*units)[j] = target_unit(model, j) / *unit;
    return status;
}
