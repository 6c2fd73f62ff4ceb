/* For engines: times of the parts of a call, if there is a trace (engine.h). NULL is no trace. */
#ifndef ENGINE_TRACE_H
#define ENGINE_TRACE_H

#include "engine/engine.h"

/* The first part begins now. */
void trace_begin(EngineTrace *trace);

/* A part ends, and the next one begins: a product of a layer, or the gathering. */
void trace_product(EngineTrace *trace, size_t layer, EngineProduct product);
void trace_gathering(EngineTrace *trace);

#endif
