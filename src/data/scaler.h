/* Scaling of features: x' = (x / divisor - mean_j) / deviation_j, in this order of operations, fitted on the
 * training part only and saved with the model. */
#ifndef DATA_SCALER_H
#define DATA_SCALER_H

#include "data/dataset.h"

typedef enum ScalerKind {
    SCALER_NONE,            /* x' = x / divisor, no mean */
    SCALER_STANDARDIZE,     /* each feature by its own mean and population deviation; a constant one becomes 0 */
    SCALER_STANDARDIZE_ALL, /* all features by the mean and population deviation of the whole matrix */
} ScalerKind;

typedef struct Scaler {
    ScalerKind kind;
    size_t width;
    double divisor;    /* 1: none */
    double *mean;      /* width values, or NULL for SCALER_NONE */
    double *deviation; /* width values, never 0, or NULL */
} Scaler;

/* Names "none", "standardize", "standardize-all" for recipes and model files; -1 if unknown. */
const char *scaler_kind_name(ScalerKind kind);
int scaler_kind_find(const char *name);

/* Fits to the examples of a view: mean_j = Σ_i x_ij / n and deviation_j = √(Σ_i (x_ij - mean_j)² / n), x being divided
 * by the divisor already; for SCALER_STANDARDIZE_ALL over all i and j at once. An example of weight w counts as w examples:
 * one of weight 2 as its row twice, one of weight 0 not at all. Two passes in float64, sums taken per
 * feature in row order; for bytes without weights the sums are exact integers. Where all values are equal the mean is that
 * value and the deviation 1, so that they become exactly 0. A variance v no larger than n ε v + (n ε mean)², which rounding
 * alone makes of n equal values (ε = 2^-52), is as good as 0: the deviation is 1, too.
 * Allocates mean and deviation, released with scaler_clear. PERCEPT_ERROR_ARGUMENT for a divisor that is not positive
 * for features that are not finite, and where every weight is 0. */
percept_status scaler_fit(Scaler *scaler, ScalerKind kind, double divisor, const percept_dataset *train,
                          percept_error *error);

/* The same over the examples of several views of equal width as if they were one, in this order; NULL among them is a part
 * that is not there. The first must be. */
percept_status scaler_fit_parts(Scaler *scaler, ScalerKind kind, double divisor, const percept_dataset *const *parts,
                                size_t part_count, percept_error *error);

/* The same for the regression targets of a view: SCALER_STANDARDIZE of width target_width. */
percept_status scaler_fit_targets(Scaler *scaler, const percept_dataset *train, percept_error *error);

percept_status scaler_copy(const Scaler *from, Scaler *to, percept_error *error);

/* Releases what the scaler owns and makes it one that changes nothing; a zeroed struct may be cleared. */
void scaler_clear(Scaler *scaler);

#endif
