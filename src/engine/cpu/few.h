/* Prediction of a few examples: what it takes is the time to read the weights once, so nothing is laid out, and every
 * row of W passes through the registers as it lies. */
#ifndef ENGINE_CPU_FEW_H
#define ENGINE_CPU_FEW_H

#include "engine/cpu/state.h"

/* Most examples that are few; above, a strip of them pays. At most STRIP. */
#define FEW 4

/* Multiply-adds in the time that a weight takes on its way from a second-level cache: what it costs for a few examples. */
#define READING 8.0

/* Rows of W at once. */
#define FEW_ROWS 4

/* Products of bfloat16 are no different for a few; staged sides want their rows. */
static inline bool are_few(const Cpu *cpu, bool backward, size_t examples)
{
    return !backward && examples <= FEW && !cpu->engine.config.bfloat16 && cpu->engine.config.network->stage_count == 0;
}

/* All layers; leaves outputs (and losses, correct answers) as the other phases do. */
void ISA(run_few)(const Pass *pass, Worker *worker);

#endif
