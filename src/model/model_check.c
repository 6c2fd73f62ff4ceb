#include "model/model_check.h"

#include <math.h>

#include "model/model_file.h"

static double parameter_at(const percept_model *model, size_t i)
{
    return model->precision == PERCEPT_FLOAT64 ? ((const double *)model->parameters)[i]
                                               : (double)((const float *)model->parameters)[i];
}

percept_status model_check_finite(const percept_model *model, percept_error *error)
{
    const Network *network = &model->network;
    for (size_t t = 0; t < network->tensor_count; t++)
        for (size_t i = 0; i < tensor_size(&network->tensors[t]); i++) {
            const double value = parameter_at(model, network->tensors[t].offset + i);
            if (!isfinite(value))
                return error_set(error, PERCEPT_ERROR_FORMAT,
                                 "value %zu of the tensor '%s' is %s, so the model cannot predict; train it again "
                                 "with a smaller learning rate",
                                 i, network->tensors[t].name, isnan(value) ? "not a number" : "infinite");
        }
    return PERCEPT_OK;
}
