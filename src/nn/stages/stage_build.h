/* For files named NAME.stage.c only: they are compiled for each precision, and again for each instruction set in float and
 * double. STAGE(name) is the name of a function in the build at hand. The row of the kind, which is the same in all of
 * them, is compiled once: STAGE_ROW is defined then. */
#ifndef NN_STAGES_STAGE_BUILD_H
#define NN_STAGES_STAGE_BUILD_H

#include "base/real.h"
#include "nn/stage.h"

#if defined PERCEPT_ISA
#include "base/vector.h"
#define STAGE(name) ISA(name)
#else
#define STAGE(name) REAL(name)
#if PERCEPT_REAL == F64
#define STAGE_ROW
#endif
#endif

/* The functions of kind NAME, as the tables find them. */
#define STAGE_FUNCTIONS(kind) const REAL(StageFunctions) STAGE(kind##_stage)

#endif
