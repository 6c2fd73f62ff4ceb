/* The fast engine, in float32 and float64: a whole step is one task of the thread team, the products are computed by
 * kernels for the processor's instruction set (base/isa.h; the environment variable PERCEPT_ISA forces one), and plain
 * descent is folded into the weight gradient's product.
 *
 * Results are the same bits for any number of threads: work is cut into units by the shape alone (layer.isa.c), a unit
 * is done by one rank, and sums go over examples and units in their order. */
#ifndef ENGINE_CPU_CPU_H
#define ENGINE_CPU_CPU_H

#include "engine/cpu/way.h"
#include "engine/engine.h"

/* Creates it in the precision of the config (the row of the table of engines). An unknown or unsupported PERCEPT_ISA is
 * PERCEPT_ERROR_ARGUMENT; so are bfloat16 products that the processor has no instructions for, unless they are to be
 * emulated (bf16_select). */
percept_status cpu_create(const EngineConfig *config, Engine **out, percept_error *error);

/* The same in a given way, for tests: cpu_create decides by shape and capacity. */
percept_status cpu_create_way(const EngineConfig *config, CpuWay way, Engine **out, percept_error *error);

#endif
