/* What the reference engine does between products: stages, activation, dropout. */
#ifndef ENGINE_REFERENCE_SIDES_H
#define ENGINE_REFERENCE_SIDES_H

#include "engine/engine.h"
#include "nn/stage.h"

#define REAL_HEADER "engine/reference/sides_real.h"
#include "base/each_real.h"

#endif
