#include "train/outputs.h"

#include <string.h>

#include "nn/activation.h"

bool outputs_are_probabilities(const Network *network)
{
    const char *output = activation_at_f64(network->layers[network->depth - 1].activation)->name;
    return strcmp(output, "softmax") == 0 || strcmp(output, "sigmoid") == 0;
}

void outputs_widen(const percept_model *model, const void *outputs, size_t count, double *wide)
{
    if (model->precision == PERCEPT_FLOAT64)
        memcpy(wide, outputs, count * sizeof *wide);
    else
        for (size_t i = 0; i < count; i++)
            wide[i] = (double)((const float *)outputs)[i];
}
