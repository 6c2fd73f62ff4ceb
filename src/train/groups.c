#include "train/groups.h"

#include <string.h>

#include "base/memory.h"

/* Statistics are in no group, so that their place in the table is free for the weights of stages. */
const char *group_role_name(size_t index)
{
    return index >= GROUP_ROLES ? NULL : index == GROUP_EMBEDDING ? "embedding" : tensor_role_name((TensorRole)index);
}

int group_role_find(const char *name)
{
    for (size_t i = 0; i < GROUP_ROLES; i++)
        if (strcmp(group_role_name(i), name) == 0)
            return (int)i;
    return -1;
}

static size_t role_of(const NetworkTensor *tensor)
{
    return tensor->of_stage && tensor->role == ROLE_WEIGHT ? (size_t)GROUP_EMBEDDING : (size_t)tensor->role;
}

static double factor_of(const RoleFactors *factors, size_t role, double otherwise)
{
    for (size_t i = 0; i < factors->count; i++)
        if (factors->items[i].role == role)
            return factors->items[i].factor;
    return otherwise;
}

static bool are_alike(const ParameterGroup *a, const ParameterGroup *b)
{
    return a->end == b->begin && a->rate == b->rate && a->decay == b->decay && a->whole == b->whole;
}

percept_status groups_create(const Network *network, const RoleFactors *rates, const RoleFactors *decays,
                             const WholeRule *rule, ParameterGroup **out, size_t *count, percept_error *error)
{
    ParameterGroup *groups = NULL;
    size_t used = 0;
    percept_status status =
        memory_allocate_zeroed(network->tensor_count, sizeof *groups, "the parameter groups", &groups, error);
    for (size_t t = 0; t < network->tensor_count && status == PERCEPT_OK; t++) {
        const NetworkTensor *tensor = &network->tensors[t];
        const size_t role = role_of(tensor);
        if (tensor->role == ROLE_STATISTIC)
            continue;
        const bool whole = rule->takes != NULL && rule->takes(network, tensor);
        const ParameterGroup group = {.begin = tensor->offset,
                                      .end = tensor->offset + tensor_size(tensor),
                                      .rate = factor_of(rates, role, 1) * (whole ? 1 : rule->others_rate),
                                      .decay = factor_of(decays, role, tensor_is_decayed(tensor->role) ? 1 : 0),
                                      .whole = whole};
        if (used > 0 && are_alike(&groups[used - 1], &group))
            groups[used - 1].end = group.end;
        else
            groups[used++] = group;
    }
    *out = groups;
    *count = used;
    return status;
}
