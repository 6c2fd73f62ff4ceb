/* The reference engine: plain loops, one rank, no blocking, nothing clever. It is the oracle that every other engine is
 * measured against, and what gradient checks differentiate. */
#ifndef ENGINE_REFERENCE_REFERENCE_H
#define ENGINE_REFERENCE_REFERENCE_H

#include "engine/engine.h"

/* Creates it in the precision that config asks for (the row of the table of engines). */
percept_status reference_create(const EngineConfig *config, Engine **out, percept_error *error);

#define REAL_HEADER "engine/reference/reference_real.h"
#include "base/each_real.h"

#endif
