#include "check/differences.h"

size_t differences_count(const Network *network, size_t examples, bool inputs)
{
    return network->parameter_count + (inputs ? examples * network_inputs(network) : 0);
}

size_t differences_span(const Network *network)
{
    size_t span = 0;
    for (size_t s = 0; s < network->stage_count; s++)
        for (size_t t = 0; t < network->stages[s].tensor_count; t++)
            if (network->stages[s].offsets[t] + network->stages[s].sizes[t] > span)
                span = network->stages[s].offsets[t] + network->stages[s].sizes[t];
    return span > network->value_count ? span : network->value_count;
}
