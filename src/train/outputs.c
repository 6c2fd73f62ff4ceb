#include "train/outputs.h"

#include <string.h>

#include "nn/activation.h"
#include "nn/loss.h"

bool outputs_are_probabilities(const Network *network)
{
    const char *output = activation_at_f64(network->layers[network->depth - 1].activation)->name;
    return strcmp(output, "softmax") == 0 || strcmp(output, "sigmoid") == 0;
}

int32_t outputs_class(double threshold, size_t width, const double *outputs)
{
    const int32_t class = output_class_f64(width, outputs);
    return threshold > 0 && class >= 0 ? outputs[width - 1] >= threshold : class;
}

void outputs_widen(const percept_model *model, const void *outputs, size_t count, double *wide)
{
    if (model->precision == PERCEPT_FLOAT64)
        memcpy(wide, outputs, count * sizeof *wide);
    else
        for (size_t i = 0; i < count; i++)
            wide[i] = (double)((const float *)outputs)[i];
}
