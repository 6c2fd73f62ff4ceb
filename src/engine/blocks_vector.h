/* Operations on gradients and parameters, a range at a time. */
#ifndef ENGINE_BLOCKS_VECTOR_H
#define ENGINE_BLOCKS_VECTOR_H

#include <stddef.h>

#define REAL_HEADER "engine/blocks_vector_real.h"
#include "base/each_real.h"

#endif
