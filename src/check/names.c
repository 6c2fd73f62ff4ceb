#include <stdio.h>
#include <string.h>

#include "check/check.h"

static const struct {
    const char *name;
    double step;
} methods[CHECK_METHODS] = {
    [CHECK_CENTRAL] = {"central", 1e-5},  /* ∛u = 6e-6, u = 2⁻⁵² */
    [CHECK_FORWARD] = {"forward", 1e-8},  /* √u = 1.5e-8 */
    [CHECK_COMPLEX] = {"complex", 1e-30}, /* h² is lost beside 1 */
};

const char *check_method_name(CheckMethod method)
{
    return methods[method].name;
}

int check_method_find(const char *name)
{
    for (int m = 0; m < CHECK_METHODS; m++)
        if (strcmp(methods[m].name, name) == 0)
            return m;
    return -1;
}

double check_method_step(CheckMethod method)
{
    return methods[method].step;
}

static void name_of_layer(const Layer *layer, size_t l, size_t number, char name[CHECK_NAME_SIZE])
{
    const size_t weight = number - layer->weights;
    if (number < layer->biases)
        snprintf(name, CHECK_NAME_SIZE, "W%zu[%zu,%zu]", l + 1, weight / layer->inputs, weight % layer->inputs);
    else
        snprintf(name, CHECK_NAME_SIZE, "b%zu[%zu]", l + 1, number - layer->biases);
}

void check_name(const Network *network, size_t number, char name[CHECK_NAME_SIZE])
{
    if (number >= network->parameter_count) {
        const size_t feature = number - network->parameter_count, width = network_inputs(network);
        snprintf(name, CHECK_NAME_SIZE, "x[%zu,%zu]", feature / width, feature % width);
        return;
    }
    const NetworkTensor *tensor = network->tensors;
    while (number - tensor->offset >= tensor_size(tensor))
        tensor++;
    const size_t at = number - tensor->offset;
    if (!tensor->of_stage && network->members == 1)
        name_of_layer(&network->layers[tensor->side - 1], tensor->side - 1, number, name);
    else if (tensor->columns > 0)
        snprintf(name, CHECK_NAME_SIZE, "%s[%zu,%zu]", tensor->name, at / tensor->columns, at % tensor->columns);
    else
        snprintf(name, CHECK_NAME_SIZE, "%s[%zu]", tensor->name, at);
}
