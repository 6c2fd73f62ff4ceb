/* Prediction of a few examples takes the time of reading the weights once. So nothing is rearranged, and every row of W
 * passes through the registers once. */
#ifndef ENGINE_CPU_FEW_H
#define ENGINE_CPU_FEW_H

#include "engine/cpu/state.h"

/* The largest number of examples for this way; for more, strips are faster. At most STRIP. */
#define FEW 4

/* Multiply-adds in the time of loading a weight from a second-level cache, for estimates of cost. */
#define READING 8.0

/* Rows of W at once. */
#define FEW_ROWS 4

/* Products of bfloat16 have no special version for a few examples; staged sides want their rows. */
static inline bool are_few(const Cpu *cpu, bool backward, size_t examples)
{
    return !backward && examples <= FEW && !cpu->engine.config.bfloat16 && cpu->engine.config.network->stage_count == 0;
}

/* All layers; leaves outputs (and losses, correct answers) as the other phases do. */
void ISA(run_few)(const Pass *pass, Worker *worker);

#endif
