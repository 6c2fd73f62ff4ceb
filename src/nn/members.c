#include "nn/members.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"

/* Parameters and statistics of one member. */
static size_t trained_of(const Network *network)
{
    return network->parameter_count / network->members;
}

static size_t statistics_of(const Network *network)
{
    return (network->value_count - network->parameter_count) / network->members;
}

/* Stages' statistics move by so many elements, up or down. */
static void move_statistics(Network *network, size_t from, size_t to)
{
    for (size_t s = 0; s < network->stage_count; s++) {
        Stage *stage = &network->stages[s];
        for (size_t t = 0; t < stage->tensor_count; t++)
            if (stage->kind->tensors[t].role == ROLE_STATISTIC)
                stage->offsets[t] = stage->offsets[t] - from + to;
    }
}

static void name_member(size_t m, const NetworkTensor *from, NetworkTensor *to)
{
    *to = *from;
    snprintf(to->name, sizeof to->name, "members.%zu.%.*s", m, (int)(sizeof to->name - 32), from->name);
}

percept_status network_add_members(Network *network, size_t members, percept_error *error)
{
    const size_t trained = network->parameter_count, statistics = network->value_count - trained;
    NetworkTensor *tensors = NULL;
    size_t used = 0, all = 0;
    network->members = 1;
    if (members == 1)
        return PERCEPT_OK;
    if (members == 0 || __builtin_mul_overflow(network->value_count, members, &all) || all > SIZE_MAX / 64 ||
        members > SIZE_MAX / 64 / (network->dropout_units + 1))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%zu members of a network with %zu values cannot be addressed",
                         members, network->value_count);
    percept_status status =
        memory_allocate(members * network->tensor_count, sizeof *tensors, "the tensors", &tensors, error);
    if (status != PERCEPT_OK)
        return status;
    for (int statistic = 0; statistic < 2; statistic++)
        for (size_t m = 0; m < members; m++)
            for (size_t t = 0; t < network->tensor_count; t++) {
                const NetworkTensor *own = &network->tensors[t];
                if ((own->role == ROLE_STATISTIC) != (statistic == 1))
                    continue;
                name_member(m, own, &tensors[used]);
                tensors[used++].offset = statistic == 0 ? m * trained + own->offset
                                                        : members * trained + m * statistics + (own->offset - trained);
            }
    memory_free(network->tensors);
    network->tensors = tensors;
    network->tensor_count = used;
    network->members = members;
    network->parameter_count = members * trained;
    network->value_count = all;
    network->dropout_units *= members;
    move_statistics(network, trained, members * trained);
    return PERCEPT_OK;
}

static percept_status copy(const void *from, size_t count, size_t size, const char *what, void *to,
                           percept_error *error)
{
    void *block = NULL;
    percept_status status = memory_allocate(count, size, what, &block, error);
    if (status == PERCEPT_OK && count > 0)
        memcpy(block, from, count * size);
    memcpy(to, &block, sizeof block);
    return status;
}

static percept_status copy_parts(const Network *network, Network *out, percept_error *error)
{
    percept_status status =
        copy(network->layers, network->depth, sizeof *out->layers, "the layers", &out->layers, error);
    if (status == PERCEPT_OK)
        status = copy(network->sides, network->depth + 1, sizeof *out->sides, "the sides", &out->sides, error);
    if (status == PERCEPT_OK)
        status = copy(network->stages, network->stage_count, sizeof *out->stages, "the stages", &out->stages, error);
    out->stage_count = status == PERCEPT_OK ? network->stage_count : 0;
    for (size_t s = 0; s < out->stage_count; s++)
        out->stages[s].counts = NULL;
    for (size_t s = 0; s < out->stage_count && status == PERCEPT_OK; s++)
        if (network->stages[s].counts != NULL)
            status = copy(network->stages[s].counts, network->stages[s].inputs, sizeof(uint32_t), "the categories",
                          &out->stages[s].counts, error);
    return status;
}

/* The tensors of member m, with offsets and names of a network by itself. */
static percept_status copy_tensors(const Network *network, size_t m, Network *out, percept_error *error)
{
    const size_t trained = trained_of(network);
    char prefix[32];
    const int length = snprintf(prefix, sizeof prefix, "members.%zu.", m);
    percept_status status = memory_allocate(network->tensor_count / network->members, sizeof *out->tensors,
                                            "the tensors", &out->tensors, error);
    for (size_t t = 0; t < network->tensor_count && status == PERCEPT_OK; t++) {
        const NetworkTensor *own = &network->tensors[t];
        if (network->members > 1 && strncmp(own->name, prefix, (size_t)length) != 0)
            continue;
        NetworkTensor *tensor = &out->tensors[out->tensor_count++];
        *tensor = *own;
        if (network->members > 1)
            memmove(tensor->name, own->name + length, strlen(own->name + length) + 1);
        tensor->offset = own->offset - m * trained;
    }
    return status;
}

percept_status network_member(const Network *network, size_t m, Network *out, percept_error *error)
{
    const size_t trained = trained_of(network), statistics = statistics_of(network);
    *out = *network;
    out->layers = NULL;
    out->sides = NULL;
    out->stages = NULL;
    out->tensors = NULL;
    out->stage_count = out->tensor_count = 0;
    out->members = 1;
    out->parameter_count = trained;
    out->value_count = trained + statistics; /* the statistics lie further behind */
    percept_status status = copy_parts(network, out, error);
    if (status == PERCEPT_OK)
        status = copy_tensors(network, m, out, error);
    if (status != PERCEPT_OK) {
        network_clear(out);
        return status;
    }
    for (size_t l = 0; l < out->depth; l++)
        out->layers[l].dropout_offset += m * (network->dropout_units / network->members);
    move_statistics(out, m * trained, m * statistics);
    return PERCEPT_OK;
}

percept_status network_with_members(const Network *network, size_t members, Network *out, percept_error *error)
{
    const size_t gap = network->parameter_count - trained_of(network);
    percept_status status = network_member(network, 0, out, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t t = 0; t < out->tensor_count; t++)
        if (out->tensors[t].role == ROLE_STATISTIC)
            out->tensors[t].offset -= gap;
    move_statistics(out, gap, 0);
    out->dropout_units /= network->members;
    status = network_add_members(out, members, error);
    if (status != PERCEPT_OK)
        network_clear(out);
    return status;
}

void network_copy_member(const Network *network, const void *values, size_t from, const Network *other,
                         void *other_values, size_t to, size_t size)
{
    const size_t trained = trained_of(network), statistics = statistics_of(network);
    const char *source = values;
    char *target = other_values;
    memcpy(target + to * trained * size, source + from * trained * size, trained * size);
    memcpy(target + (other->parameter_count + to * statistics) * size,
           source + (network->parameter_count + from * statistics) * size, statistics * size);
}

percept_status network_each_member(const Network *network, MemberVisit *visit, void *context, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t m = 0; m < network->members && status == PERCEPT_OK; m++) {
        Network member;
        status = network_member(network, m, &member, error);
        if (status != PERCEPT_OK)
            break;
        status = visit(context, &member, network_member_offset(network, m), error);
        network_clear(&member);
    }
    return status;
}
