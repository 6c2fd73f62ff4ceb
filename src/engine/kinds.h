/* The table of engines. Adding one: the methods of engine.h, and a row in kinds.c. */
#ifndef ENGINE_KINDS_H
#define ENGINE_KINDS_H

#include "engine/engine.h"

/* All rows; the row of a name, or NULL. */
const EngineKind *engine_kinds(size_t *count);
const EngineKind *engine_kind_find(const char *name);

#endif
