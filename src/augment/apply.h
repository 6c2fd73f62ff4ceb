/* The arithmetic of augment.h, compiled for each instruction set. */
#ifndef AUGMENT_APPLY_H
#define AUGMENT_APPLY_H

#include "augment/state.h"
#include "base/isa.h"

/* Values of a vector of 64 bytes of float, twice as many as of double: rows of fields are padded to whole ones. */
#define APPLY_LANES 16

static inline size_t apply_stride(size_t width)
{
    return (width + APPLY_LANES - 1) / APPLY_LANES * APPLY_LANES;
}

#define APPLY_DECLARE(isa) AugmentApply augment_apply_##isa##_f32, augment_apply_##isa##_f64;
ISA_EACH(APPLY_DECLARE)
#undef APPLY_DECLARE
AugmentApply augment_apply_f32, augment_apply_f64; /* for any processor */

/* Those of the instruction set in use, for float and double. */
percept_status apply_choose(AugmentApply *out[2], percept_error *error);

#endif
