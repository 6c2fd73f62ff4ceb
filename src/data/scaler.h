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

/* Fits to the examples of a view: two passes in float64, sums per feature taken in row order (pairwise for the whole
 * matrix is not needed). Allocates mean and deviation, released with scaler_clear. divisor > 0. */
percept_status scaler_fit(Scaler *scaler, ScalerKind kind, double divisor, const percept_dataset *train,
                          percept_error *error);
percept_status scaler_copy(const Scaler *from, Scaler *to, percept_error *error);
void scaler_clear(Scaler *scaler);

#endif
