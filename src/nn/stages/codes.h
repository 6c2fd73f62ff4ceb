/* Codes of categories, for stages whose columns hold them: 0 … count-1 are known values. Anything else, NaN too, is an
 * unknown one, which gets the code `count`. A code lies in the features as a number. */
#ifndef NN_STAGES_CODES_H
#define NN_STAGES_CODES_H

#include "nn/stages/stage_build.h"

static inline size_t code_of(real x, uint32_t count)
{
    const real_scalar value = real_part(x);
    return value >= 0 && value < (real_scalar)count ? (size_t)value : count;
}

#endif
