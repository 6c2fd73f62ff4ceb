#include "check/differences.h"

size_t differences_count(const Network *network, size_t examples, bool inputs)
{
    return network->parameter_count + (inputs ? examples * network_inputs(network) : 0);
}
