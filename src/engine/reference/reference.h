/* The reference engine: plain loops, one thread, no blocking, no optimizations. It is the oracle for every other
 * engine, and gradient checks differentiate its loss. */
#ifndef ENGINE_REFERENCE_REFERENCE_H
#define ENGINE_REFERENCE_REFERENCE_H

#include "engine/engine.h"
#include "nn/stage.h"

/* Creates it in the precision of the config (the row of the table of engines). */
percept_status reference_create(const EngineConfig *config, Engine **out, percept_error *error);

#define REAL_HEADER "engine/reference/reference_real.h"
#include "base/each_real.h"

#endif
