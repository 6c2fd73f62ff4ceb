/* Small networks with small batches: where all of a step is in the first-level cache and takes a few microseconds, what
 * it costs is not its arithmetic but calls, layouts and waiting. A call of the engine is done by one rank then, without
 * phases and units, on matrices that are rows of examples as they come:
 *
 *   by example   row i is example i, tiny_stride(width) elements from one to the next: A, Z, T, mask and dZ of all sides
 *                but the last
 *   by unit      the output and its delta: row j is unit j, cpu->rows elements from one to the next
 *
 * They lie in the memory that the sides have for their other layouts (state.h). */
#ifndef ENGINE_CPU_TINY_H
#define ENGINE_CPU_TINY_H

#include "engine/cpu/state.h"

/* Whether such an engine works this way; the shape and the capacity alone decide. */
bool ISA(is_tiny)(const EngineConfig *config);

/* Elements of scratch that it needs. */
size_t ISA(tiny_scratch)(const Cpu *cpu);

/* A call: leaves outputs, losses, correct answers and penalties in pass->cpu, gradients and updates where pass says. */
void ISA(run_tiny)(Pass *pass);

/* How a product is made (plan.h). */
void ISA(plan_tiny)(const Cpu *cpu, size_t l, EngineProduct product, size_t examples, EnginePlan *out);

#endif
