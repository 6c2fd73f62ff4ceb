#include "export/c_flow.h"

#include <stdio.h>
#include <string.h>

const char *c_flow_other(CFlow *flow, size_t width)
{
    const bool to_b = strcmp(flow->at, "a") == 0;
    size_t *room = to_b ? &flow->wide_b : &flow->wide_a;
    *room = width > *room ? width : *room;
    return to_b ? "b" : "a";
}

void c_flow_loop(CFlow *flow, size_t count)
{
    c_put(&flow->source->forward, "    for (int j = 0; j < %zu; j++)\n        ", count);
}

bool c_flow_is_linked(const Network *network, size_t side)
{
    for (size_t s = 0; s < network->stage_count; s++)
        if (network->stages[s].kind->links && network->stages[s].from == side)
            return true;
    return false;
}

/* The tensor at this offset of member 0. */
static const NetworkTensor *tensor_at(const Network *network, size_t offset)
{
    for (size_t t = 0; t < network->tensor_count; t++)
        if (network->tensors[t].offset == offset && tensor_size(&network->tensors[t]) > 0)
            return &network->tensors[t];
    return NULL;
}

/* Its name in a network of one member. */
static const char *own_name(const Network *network, const NetworkTensor *tensor)
{
    return network->members > 1 ? tensor->name + strlen("members.0.") : tensor->name;
}

double c_flow_value(const CFlow *flow, size_t member, size_t offset)
{
    const Network *network = &flow->source->model->network;
    const bool statistic = offset >= network->parameter_count;
    const size_t all = statistic ? network->value_count - network->parameter_count : network->parameter_count;
    const double value = flow->source->values[offset + member * (all / network->members)];
    return flow->source->wide ? value : (double)(float)value;
}

const char *c_flow_tensor(CFlow *flow, size_t offset, double divisor, char name[C_NAME_SIZE])
{
    CSource *source = flow->source;
    const Network *network = &source->model->network;
    const NetworkTensor *tensor = tensor_at(network, offset);
    CText words = {.error = source->tables.error};
    snprintf(name, C_NAME_SIZE, "0");
    if (tensor == NULL)
        return name;
    c_put_name(&words, own_name(network, tensor));
    c_put(&words, "%c", '\0');
    if (words.status == PERCEPT_OK)
        snprintf(name, C_NAME_SIZE, "%s", (const char *)words.buffer.bytes);
    if (tensor->columns > 0)
        c_put(&source->tables, "/* %zu × %zu */\n", tensor->rows, tensor->columns);
    c_table_begin(source, name, network->members, tensor_size(tensor));
    for (size_t m = 0; m < network->members; m++) {
        if (m > 0)
            c_table_next_member(source);
        for (size_t e = 0; e < tensor_size(tensor); e++) {
            const double value = c_flow_value(flow, m, offset + e);
            c_table_value(source, source->wide ? value / divisor : (double)((float)value / (float)divisor));
        }
    }
    c_table_end(source);
    c_put(&source->tables, "\n");
    if (network->members > 1 && words.status == PERCEPT_OK)
        snprintf(name, C_NAME_SIZE, "%s[m]", (const char *)words.buffer.bytes);
    buffer_clear(&words.buffer);
    return name;
}
