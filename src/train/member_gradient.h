/* Derivatives by the inputs of what the members of a network predict together (nn/members.h): of a mean, whose derivative by
 * each member's outputs meets the derivatives of these outputs: an engine's gradient for each output of each member. */
#ifndef TRAIN_MEMBER_GRADIENT_H
#define TRAIN_MEMBER_GRADIENT_H

#include "train/gradient_view.h"

typedef struct MemberGradient MemberGradient;

/* For the network of `room`, which must outlive it. Released with member_gradient_free. */
percept_status member_gradient_create(const GradientRoom *room, MemberGradient **out, percept_error *error);
void member_gradient_free(MemberGradient *gradient);

/* What is differentiated: the loss against labels or targets (in their units), or without these a raw output. */
typedef struct MemberQuantity {
    const int32_t *labels;
    const double *targets;
    size_t output;
} MemberQuantity;

/* Adds the derivative of each of `count` ≤ GRADIENT_BLOCK examples to `out` (count × inputs). */
void member_gradient_add(MemberGradient *gradient, GradientRoom *room, const double *features, size_t count,
                         const MemberQuantity *quantity, double *out);

#endif
