/* Finds points where the loss has no derivative, or only one-sided ones. */
#ifndef CHECK_KINKS_H
#define CHECK_KINKS_H

#include "base/error.h"
#include "data/batch.h"
#include "nn/network.h"

/* What activations and stages take at a kink, or so near that a change by ε may cross it. */
typedef struct CheckKinks {
    size_t count;
    /* The nearest: number `unit` of an example on a side (layer `side`, counted from 1, gives it; 0: features), on its way
     * into a stage, or into the activation (NULL). */
    const StageKind *kind;
    size_t example, side, unit;
    double z; /* less the kink */
} CheckKinks;

/* Counts the z that activations and stages take within step · max(1, |a|) of a kink, where a is the largest input of the
 * layer: a change of one weight or bias by `step` can move z that far. (A normalization may move it further.) On side 0 a
 * is z itself, and counts only if z can move: with `inputs` the features are changed, too; else a stage before may be
 * trained. With step 0: at a kink. */
percept_status kinks_find(const Network *network, const double *parameters, const Batch *batch, double step,
                          bool inputs, CheckKinks *out, percept_error *error);

#endif
