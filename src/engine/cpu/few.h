/* Prediction of a few examples: what it takes is the time to read the weights once, so nothing is laid out, and every
 * row of W passes through the registers as it lies. */
#ifndef ENGINE_CPU_FEW_H
#define ENGINE_CPU_FEW_H

#include "engine/cpu/state.h"

/* Most examples that are few; above, a strip of them pays. At most STRIP. */
#define FEW 4

/* Rows of W at once. */
#define FEW_ROWS 4

static inline bool are_few(const Pass *pass)
{
    return !pass->backward && pass->batch->count <= FEW;
}

/* All layers; leaves outputs (and losses, correct answers) as the other phases do. */
void ISA(run_few)(const Pass *pass, Worker *worker);

#endif
