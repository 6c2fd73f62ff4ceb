/* The parameters of a model by name: the public percept_model_tensor functions; and its scaling. */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "base/quote.h"
#include "data/strided.h"
#include "model/model.h"

static const NetworkTensor *tensor_at(const percept_model *model, size_t i)
{
    return model != NULL && i < model->network.tensor_count ? &model->network.tensors[i] : NULL;
}

size_t percept_model_tensors(const percept_model *model)
{
    return model != NULL ? model->network.tensor_count : 0;
}

const char *percept_model_tensor_name(const percept_model *model, size_t i)
{
    const NetworkTensor *tensor = tensor_at(model, i);
    return tensor != NULL ? tensor->name : NULL;
}

const char *percept_model_tensor_role(const percept_model *model, size_t i)
{
    const NetworkTensor *tensor = tensor_at(model, i);
    return tensor != NULL ? tensor_role_name(tensor->role) : NULL;
}

size_t percept_model_tensor_shape(const percept_model *model, size_t i, size_t *rows, size_t *columns)
{
    const NetworkTensor *tensor = tensor_at(model, i);
    if (rows != NULL)
        *rows = tensor != NULL ? tensor->rows : 0;
    if (columns != NULL)
        *columns = tensor == NULL ? 0 : tensor->columns > 0 ? tensor->columns : 1;
    return tensor == NULL ? 0 : tensor->columns > 0 ? 2 : 1;
}

/* ---- Values -------------------------------------------------------------------------------------------------------- */

static percept_status refuse_name(const percept_model *model, const char *name, percept_error *error)
{
    const Network *network = &model->network;
    const char **names = NULL;
    char quoted[QUOTED_SIZE];
    percept_status status = memory_allocate(network->tensor_count, sizeof *names, "the names", &names, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t t = 0; t < network->tensor_count; t++)
        names[t] = network->tensors[t].name;
    const char *nearest = nearest_word(name, names, network->tensor_count);
    status =
        error_set(error, PERCEPT_ERROR_ARGUMENT, "the model has no tensor %s; %s '%.64s'", quote_text(name, quoted),
                  nearest != NULL ? "did you mean" : "its first is", nearest != NULL ? nearest : names[0]);
    memory_free(names);
    return status;
}

/* The tensor of that name, if the caller's array is right for it. */
static percept_status find(const percept_model *model, const char *name, percept_type type, size_t count,
                           const NetworkTensor **out, percept_error *error)
{
    *out = network_tensor_find(&model->network, name);
    if (*out == NULL)
        return refuse_name(model, name, error);
    if (type != PERCEPT_FLOAT32 && type != PERCEPT_FLOAT64)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "values of type %d; give PERCEPT_FLOAT32 or PERCEPT_FLOAT64",
                         (int)type);
    if (count != tensor_size(*out))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%zu values for the tensor '%s', which has %zu", count, name,
                         tensor_size(*out));
    return PERCEPT_OK;
}

percept_status percept_model_get_tensor(const percept_model *model, const char *name, percept_type type, void *values,
                                        size_t count, percept_error *error)
{
    const NetworkTensor *tensor = NULL;
    if (model == NULL || name == NULL || values == NULL)
        return error_null(error, "percept_model_get_tensor", "model, name and values");
    percept_status status = find(model, name, type, count, &tensor, error);
    for (size_t i = 0; status == PERCEPT_OK && i < count; i++) {
        const size_t place = tensor->offset + i;
        const double value = model->precision == PERCEPT_FLOAT64 ? ((const double *)model->parameters)[place]
                                                                 : (double)((const float *)model->parameters)[place];
        if (type == PERCEPT_FLOAT64)
            ((double *)values)[i] = value;
        else
            ((float *)values)[i] = (float)value;
    }
    return status;
}

/* The value as the model holds it. */
static double value_at(const percept_model *model, percept_type type, const void *values, size_t i)
{
    const double value = type == PERCEPT_FLOAT64 ? ((const double *)values)[i] : (double)((const float *)values)[i];
    return model->precision == PERCEPT_FLOAT64 ? value : (double)(float)value;
}

percept_status percept_model_set_tensor(percept_model *model, const char *name, percept_type type, const void *values,
                                        size_t count, percept_error *error)
{
    const NetworkTensor *tensor = NULL;
    if (model == NULL || name == NULL || values == NULL)
        return error_null(error, "percept_model_set_tensor", "model, name and values");
    percept_status status = find(model, name, type, count, &tensor, error);
    for (size_t i = 0; status == PERCEPT_OK && i < count; i++)
        if (!isfinite(value_at(model, type, values, i)))
            status = error_set(error, PERCEPT_ERROR_ARGUMENT,
                               "value %zu of %zu for the tensor '%s' is not finite; a model holds finite numbers",
                               i + 1, count, name);
    for (size_t i = 0; status == PERCEPT_OK && i < count; i++)
        if (model->precision == PERCEPT_FLOAT64)
            ((double *)model->parameters)[tensor->offset + i] = value_at(model, type, values, i);
        else
            ((float *)model->parameters)[tensor->offset + i] = (float)value_at(model, type, values, i);
    return status;
}

/* ---- Scaling ------------------------------------------------------------------------------------------------------- */

static void get_scale(const Scaler *scaler, double *mean, double *deviation)
{
    for (size_t j = 0; j < scaler->width; j++) {
        if (mean != NULL)
            mean[j] = scaler->mean != NULL ? scaler->mean[j] : 0;
        if (deviation != NULL)
            deviation[j] = scaler->divisor * (scaler->deviation != NULL ? scaler->deviation[j] : 1);
    }
    for (size_t j = 0; mean != NULL && j < scaler->width; j++)
        mean[j] *= scaler->divisor;
}

void percept_model_get_scale(const percept_model *model, double *mean, double *deviation)
{
    if (model != NULL)
        get_scale(&model->scaler, mean, deviation);
}

void percept_model_get_target_scale(const percept_model *model, double *mean, double *deviation)
{
    if (model != NULL)
        get_scale(&model->target_scaler, mean, deviation);
}

static percept_status set_scale(Scaler *scaler, const double *mean, const double *deviation, const char *what,
                                percept_error *error)
{
    const size_t width = scaler->width;
    double *means = NULL, *deviations = NULL;
    for (size_t j = 0; j < width; j++)
        if (!isfinite(mean[j]) || !isfinite(deviation[j]) || !(deviation[j] > 0))
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "%s %zu has mean %g and deviation %g; give finite numbers, and a deviation above 0", what,
                             j + 1, mean[j], deviation[j]);
    percept_status status = memory_allocate(width, sizeof *means, "the means", &means, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(width, sizeof *deviations, "the deviations", &deviations, error);
    if (status != PERCEPT_OK) {
        memory_free(means);
        return status;
    }
    memcpy(means, mean, width * sizeof *means);
    memcpy(deviations, deviation, width * sizeof *deviations);
    const TargetTransform transform = scaler->transform;
    scaler->transform = (TargetTransform){0};
    scaler_clear(scaler);
    *scaler = (Scaler){.kind = SCALER_STANDARDIZE,
                       .width = width,
                       .divisor = 1,
                       .mean = means,
                       .deviation = deviations,
                       .transform = transform};
    return PERCEPT_OK;
}

percept_status percept_model_set_scale(percept_model *model, const double *mean, const double *deviation,
                                       percept_error *error)
{
    if (model == NULL || mean == NULL || deviation == NULL)
        return error_null(error, "percept_model_set_scale", "model, mean and deviation");
    for (size_t j = 0; j < model->schema.width; j++)
        if (schema_is_category(&model->schema, j) && (mean[j] != 0 || deviation[j] != 1))
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "input %zu is a category, which is not scaled; give it mean 0 and deviation 1", j + 1);
    return set_scale(&model->scaler, mean, deviation, "input", error);
}

percept_status percept_model_set_target_scale(percept_model *model, const double *mean, const double *deviation,
                                              percept_error *error)
{
    if (model == NULL || mean == NULL || deviation == NULL)
        return error_null(error, "percept_model_set_target_scale", "model, mean and deviation");
    if (model->class_count > 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "the model tells classes apart, so it has no targets to scale");
    return set_scale(&model->target_scaler, mean, deviation, "target", error);
}
