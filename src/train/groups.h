/* Parameter groups: stretches of the flat vector whose elements an optimizer treats alike. Learning rate and weight decay
 * have a factor for each role of a tensor (nn/tensor.h); neighbours with the same factors are one group. */
#ifndef TRAIN_GROUPS_H
#define TRAIN_GROUPS_H

#include <stdbool.h>
#include <stddef.h>

#include "nn/network.h"

/* The roles of trained tensors, with one more: weights of stages, such as those of embeddings. */
#define GROUP_EMBEDDING ROLE_STATISTIC
#define GROUP_ROLES TENSOR_ROLES

/* Name of role `index`, as recipes have it, or NULL past the last one; the index of a name, or -1. */
const char *group_role_name(size_t index);
int group_role_find(const char *name);

typedef struct RoleFactor {
    size_t role;
    double factor;
} RoleFactor;

/* Factors that differ from what they are by themselves. */
typedef struct RoleFactors {
    size_t count;
    RoleFactor items[GROUP_ROLES];
} RoleFactors;

typedef struct ParameterGroup {
    size_t begin, end;
    double rate;  /* factor of the learning rate: 1 unless the options say otherwise */
    double decay; /* factor of the weight decay: 1 for roles that are decayed (tensor_is_decayed), else 0 */
    bool whole;   /* updated tensor by tensor, not element by element */
} ParameterGroup;

/* Whether a tensor is updated as a whole, and what the learning rate of the others is multiplied with. */
typedef struct WholeRule {
    bool (*takes)(const Network *network, const NetworkTensor *tensor); /* NULL: none */
    double others_rate;
} WholeRule;

/* The groups of all trained elements, in their order; released with memory_free. */
percept_status groups_create(const Network *network, const RoleFactors *rates, const RoleFactors *decays,
                             const WholeRule *rule, ParameterGroup **out, size_t *count, percept_error *error);

/* The elements of begin … end-1 that are in the group: *from … *to-1. False if there are none. */
static inline bool group_within(const ParameterGroup *group, size_t begin, size_t end, size_t *from, size_t *to)
{
    *from = begin > group->begin ? begin : group->begin;
    *to = end < group->end ? end : group->end;
    return *from < *to;
}

#endif
