#include "model/model_check.h"

#include <math.h>

#include "model/model_file.h"

static double parameter_at(const percept_model *model, size_t i)
{
    return model->precision == PERCEPT_FLOAT64 ? ((const double *)model->parameters)[i]
                                               : (double)((const float *)model->parameters)[i];
}

/* Parameters first … first + count - 1, which are one tensor. */
static percept_status check_tensor(const percept_model *model, size_t l, const char *part, size_t first, size_t count,
                                   percept_error *error)
{
    for (size_t i = 0; i < count; i++) {
        char name[MODEL_TENSOR_NAME_SIZE];
        const double value = parameter_at(model, first + i);
        if (isfinite(value))
            continue;
        model_tensor_name(name, l, part);
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "value %zu of the tensor '%s' is %s, so the model cannot predict; train it again with a "
                         "smaller learning rate",
                         i, name, isnan(value) ? "not a number" : "infinite");
    }
    return PERCEPT_OK;
}

percept_status model_check_finite(const percept_model *model, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t l = 0; l < model->network.depth && status == PERCEPT_OK; l++) {
        const Layer *layer = &model->network.layers[l];
        status = check_tensor(model, l, "weight", layer->weights, layer->inputs * layer->outputs, error);
        if (status == PERCEPT_OK)
            status = check_tensor(model, l, "bias", layer->biases, layer->outputs, error);
    }
    return status;
}
