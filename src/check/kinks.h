/* Finds points where the loss has no derivative, or only one-sided ones. */
#ifndef CHECK_KINKS_H
#define CHECK_KINKS_H

#include "base/error.h"
#include "data/batch.h"
#include "nn/network.h"

/* Weighted sums at a kink, or so near that a change by ε may cross it. */
typedef struct CheckKinks {
    size_t count;
    size_t example, layer, unit; /* of the nearest; layers count from 0 */
    double z;
} CheckKinks;

/* Counts the z that the activation of a unit takes, of units whose activation has a kink at 0, with
 * |z| ≤ step · max(1, |a|), where a is the largest input of the layer: a change of one weight or bias by `step` can move z
 * that far. (A normalization may move it further.) With step 0: z = 0. */
percept_status kinks_find(const Network *network, const double *parameters, const Batch *batch, double step,
                          CheckKinks *out, percept_error *error);

#endif
