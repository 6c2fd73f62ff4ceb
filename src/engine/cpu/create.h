/* Creates the engine in one instruction set and precision: cpu_create_avx512_f32, … */
#ifndef ENGINE_CPU_CREATE_H
#define ENGINE_CPU_CREATE_H

#include "base/isa.h"
#include "engine/cpu/cpu.h"

#define ROW(isa)                                                                                                       \
    percept_status cpu_create_##isa##_f32(const EngineConfig *config, CpuWay way, Engine **out, percept_error *error); \
    percept_status cpu_create_##isa##_f64(const EngineConfig *config, CpuWay way, Engine **out, percept_error *error);
ISA_EACH(ROW)
#undef ROW

#endif
