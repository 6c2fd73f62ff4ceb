/* Where the loss has no derivative, or has one only on either side. */
#ifndef CHECK_KINKS_H
#define CHECK_KINKS_H

#include "check/probe.h"

/* Weighted sums that lie at a kink, or so near that ε may carry them over it. */
typedef struct CheckKinks {
    size_t count;
    size_t example, layer, unit; /* of the nearest; layers count from 0 */
    double z;
} CheckKinks;

/* Counts the weighted sums z of units whose activation has a kink at 0 with |z| ≤ step · max(1, |a|), a the largest of
 * what comes into the layer: as far as a change of one weight or bias by `step` can move it. With step 0: z = 0. */
void kinks_find(const Probe_f64 *probe, double step, CheckKinks *out);

#endif
