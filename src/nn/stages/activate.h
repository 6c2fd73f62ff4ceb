/* Activations inside stages: kept for backward are f(Z) and, behind it, f'(Z), rows × width each. */
#ifndef NN_STAGES_ACTIVATE_H
#define NN_STAGES_ACTIVATE_H

#include "nn/stages/stage_build.h"

#define VALUES(run, width, row) ((run)->kept + (row) * (width))
#define SLOPES(run, width, row) ((run)->kept + ((run)->count + (row)) * (width))

/* One row of `width` elements from Z on. */
static inline void activate_row(const REAL(StageRun) * run, size_t width, size_t row, const real *Z)
{
    real *slopes = run->training ? SLOPES(run, width, row) : NULL;
    (run->activate != NULL ? run->activate : REAL(stage_activate))(run->stage, width, Z, VALUES(run, width, row),
                                                                   slopes);
}

#endif
