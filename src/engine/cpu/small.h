/* Small networks with small batches. If a step takes microseconds, its cost is not arithmetic but calls, layouts and
 * waiting. So one rank does a whole call of the engine, without phases and units, on simple matrices:
 *
 *   by example   (examples × units), one example a row, row_stride(units) elements apart: A, Z, T, mask and dZ of all
 *                sides but the last
 *   by unit      (units × examples), one unit a row, cpu->rows elements apart: the output and its delta
 *
 * They lie in the memory that the sides have for their other layouts (state.h).
 *
 * Where it pays (pace.h), two ranks of a team share a step (small_team.isa.c). Every element is computed as by one rank alone,
 * so no bit depends on it. */
#ifndef ENGINE_CPU_SMALL_H
#define ENGINE_CPU_SMALL_H

#include "engine/cpu/state.h"

/* Whether this way is better for such an engine; only shape and capacity decide. */
bool ISA(is_small)(const EngineConfig *config);

/* Elements of scratch that a call needs. */
size_t ISA(small_scratch)(const Cpu *cpu);

/* A call: stores outputs, losses, correct answers and penalties in pass->cpu, gradients and updates as pass says. */
void ISA(run_small)(Pass *pass);

/* How a product of layer l is computed (plan.h): its tile in registers. */
void ISA(plan_small)(const Cpu *cpu, size_t l, EngineProduct product, size_t examples, EnginePlan *out);

/* ---- The parts of a call -------------------------------------------------------------------------------------------- */

static inline const Layer *layer_of(const Cpu *cpu, size_t l)
{
    return &cpu->engine.config.network->layers[l];
}

/* Whether the forward product of layer l transposes W first, and whether the weight gradient is computed transposed. */
bool ISA(small_turns_weights)(const Cpu *cpu, size_t l);
bool ISA(small_turns_gradient)(const Cpu *cpu, size_t l);

/* What a rank works on: examples begin … end-1, where begin is a multiple of LANES. */
typedef struct Share {
    size_t rank, begin, end;
    real *batch;   /* side 0 by example */
    real *scratch; /* of this rank */
} Share;

/* Rows and columns of the weights of a layer. */
typedef struct Block {
    size_t row, rows, column, columns;
} Block;

/* Side 0 from the batch; side l from side l - 1; the last side, with losses, right answers and delta. Where a side is staged,
 * the share is all examples. */
void ISA(small_gather)(const Pass *pass, const Share *share);
void ISA(small_forward)(const Pass *pass, const Share *share, size_t l);
void ISA(small_output)(const Pass *pass, const Share *share);

/* Units first … end-1 of side 1, whose activation is elementwise and without dropout; first is a multiple of LANES. */
void ISA(small_forward_units)(const Pass *pass, const Share *share, size_t first, size_t end);

/* dZ of side l from side l + 1; the input gradient, where it is wanted. */
void ISA(small_delta)(const Pass *pass, const Share *share, size_t l);
void ISA(small_input_gradient)(const Pass *pass, const Share *share);

/* From side l - 1 of a share to its losses and deltas. */
void ISA(small_examples)(const Pass *pass, const Share *share, size_t l, EngineTrace *trace);

/* The gradient of a block of the weights of layer l with its penalty, or plain descent on it; all examples. */
void ISA(small_weight_gradient)(const Pass *pass, const Share *share, size_t l, Block block);

/* The same of its biases first … end-1. */
void ISA(small_bias_gradient)(const Pass *pass, size_t l, size_t first, size_t end);

/* The penalty of layer l. */
void ISA(small_penalty)(const Pass *pass, size_t l);

/* Whether a team can share the call; and sharing it. */
bool ISA(small_can_share)(const Pass *pass);
void ISA(run_shared)(Pass *pass);

#endif
