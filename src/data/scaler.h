/* Scaling of features, but for categories, whose codes stay as they are: x' = (x / divisor - mean_j) / deviation_j, in this order of operations, fitted on the
 * training part only and saved with the model. */
#ifndef DATA_SCALER_H
#define DATA_SCALER_H

#include "data/dataset.h"
#include "data/target_transform.h"

typedef enum ScalerKind {
    SCALER_NONE,            /* x' = x / divisor, no mean */
    SCALER_STANDARDIZE,     /* each feature by its own mean and population deviation; a constant one becomes 0 */
    SCALER_STANDARDIZE_ALL, /* all features by the mean and population deviation of the whole matrix */
    SCALER_ROBUST,          /* each feature by its median and the distance of its quartiles (quartiles.h) */
    SCALER_QUANTILE_NORMAL, /* as SCALER_ROBUST; a stage of the network does the rest (nn/stages/quantile_normal.stage.c) */
} ScalerKind;

typedef struct Scaler {
    ScalerKind kind;
    size_t width;
    double divisor;            /* 1: none */
    double *mean;              /* width values, or NULL for SCALER_NONE */
    double *deviation;         /* width values, never 0, or NULL */
    TargetTransform transform; /* of targets: comes before the scaling */
} Scaler;

/* Names "none", "standardize", "standardize-all", "robust", "quantile-normal" for recipes and model files; -1 if unknown. */
const char *scaler_kind_name(ScalerKind kind);
int scaler_kind_find(const char *name);

/* Fits to the examples of several views of equal width, as if they were one, in this order (NULL is a missing part; the first
 * must not be NULL): mean_j = Σ_i x_ij / n and deviation_j = √(Σ_i (x_ij - mean_j)² / n), where x is
 * already divided by the divisor; for SCALER_STANDARDIZE_ALL over all i and j at once. An example of weight w counts as
 * w examples: weight 2 is as two equal rows, weight 0 as none. Two passes in float64, sums taken per feature in row
 * order; for bytes without weights the sums are exact integers. If all values are equal, the mean is that value and the
 * deviation 1, so they become exactly 0. A variance v of at most n ε v + (n ε mean)² (ε = 2^-52), which can be the
 * rounding error of n equal values, counts as 0: the deviation is 1, too. Allocates mean and deviation, released with
 * scaler_clear. PERCEPT_ERROR_ARGUMENT for a divisor that is not positive for features that are not finite, and where
 * every weight is 0; and for a divisor or SCALER_STANDARDIZE_ALL where a feature is a category. */
percept_status scaler_fit(Scaler *scaler, ScalerKind kind, double divisor, const percept_dataset *const *parts,
                          size_t part_count, percept_error *error);

/* The same for the regression targets of a view: SCALER_STANDARDIZE of width target_width, of what scaler->transform makes
 * of them, which stays. */
percept_status scaler_fit_targets(Scaler *scaler, const percept_dataset *train, percept_error *error);

/* All that belongs to a column of the targets `times` times in a row, for networks with several outputs for each target. After
 * a failure the scaler can only be cleared. */
percept_status scaler_repeat(Scaler *scaler, size_t times, percept_error *error);

/* Releases the memory of the scaler, which then changes nothing; a zeroed struct may be cleared. */
void scaler_clear(Scaler *scaler);

#endif
