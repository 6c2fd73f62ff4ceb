/* Reports how products are cut, for engine_plan. */
#ifndef ENGINE_CPU_PLAN_H
#define ENGINE_CPU_PLAN_H

#include "engine/cpu/state.h"

void ISA(plan_product)(const Engine *engine, size_t l, EngineProduct product, size_t examples, EnginePlan *out);

#endif
