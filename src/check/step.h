/* For files named NAME.real.c of this room: the change of a number, and how the result follows from the changed loss. */
#ifndef CHECK_STEP_H
#define CHECK_STEP_H

#include "base/real.h"

#if PERCEPT_REAL == C128
#define STEP(epsilon) ((epsilon) * (complex_double)I)
#define PART(loss) cimag(loss)
#else
#define STEP(epsilon) (epsilon)
#define PART(loss) (loss)
#endif

#endif
