/* Scalers for tests. */
#ifndef TESTS_SCALERS_H
#define TESTS_SCALERS_H

#include "data/scaler.h"

/* Fits to one view. */
static inline percept_status fit_scaler(Scaler *scaler, ScalerKind kind, double divisor, const percept_dataset *view,
                                        percept_error *error)
{
    return scaler_fit(scaler, kind, divisor, &view, 1, error);
}

#endif
