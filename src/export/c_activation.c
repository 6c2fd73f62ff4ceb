#include "export/c_activation.h"

#include <stdio.h>
#include <string.h>

#include "nn/activation.h"

/* The activations as C: functions of one number, templates or functions of the C library. Softmax, which is of a whole
 * row, is a function of its own. */
static const struct {
    const char *activation, *function;
} activations[] = {
    {"sigmoid", "sigmoid"}, {"tanh", "tanh"}, {"relu", "relu"},         {"leaky-relu", "leaky_relu"},
    {"elu", "elu"},         {"selu", "selu"}, {"softplus", "softplus"}, {"gelu", "gelu"},
    {"silu", "silu"},       {"mish", "mish"}, {"identity", ""},         {"softmax", "softmax"},
};

static const char *function_of(size_t activation)
{
    for (size_t a = 0; a < sizeof activations / sizeof activations[0]; a++)
        if (strcmp(activations[a].activation, activation_at_f64(activation)->name) == 0)
            return activations[a].function;
    return NULL;
}

bool c_activation_is_known(size_t activation)
{
    return function_of(activation) != NULL;
}

const char *c_activated(CSource *source, size_t activation, const char *argument, char out[C_EXPRESSION_SIZE])
{
    const char *function = function_of(activation);
    char name[C_NAME_SIZE];
    if (function[0] == '\0')
        snprintf(out, C_EXPRESSION_SIZE, "%s", argument);
    else
        snprintf(out, C_EXPRESSION_SIZE, "%s(%s)", c_need(source, function, name), argument);
    return out;
}
