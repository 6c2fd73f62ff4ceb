/* Creates the engine in one instruction set and precision: cpu_create_avx512_f32, … `products` are those of reals where
 * it is NULL, else (with float) one of the rows of base/bf16.h. */
#ifndef ENGINE_CPU_CREATE_H
#define ENGINE_CPU_CREATE_H

#include "base/bf16.h"
#include "base/isa.h"
#include "engine/cpu/way.h"
#include "engine/engine.h"

typedef struct Products Products; /* layer.h */
typedef percept_status CpuCreate(const EngineConfig *config, const Products *products, CpuWay way, Engine **out,
                                 percept_error *error);

#define ROW(isa) CpuCreate cpu_create_##isa##_f32, cpu_create_##isa##_f64;
ISA_EACH(ROW)
#undef ROW

#define ROW(isa, kind) extern const Products products_##isa##_##kind;
BF16_EACH(ROW)
#undef ROW

#endif
