/* The last side of the network: activation, loss and delta, which take little time beside the products. */
#ifndef ENGINE_CPU_LAST_SIDE_H
#define ENGINE_CPU_LAST_SIDE_H

#include "engine/cpu/state.h"

/* Examples first … +count-1. Z is stored by unit (width × examples, `stride` apart; a multiple of LANES, read and
 * written in whole vectors) and is overwritten. Stores losses and, in correct[part], correct answers if requested; for
 * training dZ, in the layout of Z, scaled for the update; else the outputs by example in output_A. */
void ISA(finish_last_side)(const Pass *pass, size_t part, size_t first, size_t count, size_t stride, real *Z, real *dZ);

#endif
