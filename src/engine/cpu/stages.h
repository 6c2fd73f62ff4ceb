/* Staged sides: sides with stages between two products, besides activation and dropout. Their matrices hold one example
 * per row, row_stride apart; the functions of the kinds (nn/stage.h) are compiled for this instruction set.
 *
 *   input → stages before the activation → Z → f → T → dropout → A → stages after it → output
 *
 * Each step is a phase, cut by examples or by units as the kind allows; no bit depends on which rank does what. */
#ifndef ENGINE_CPU_STAGES_H
#define ENGINE_CPU_STAGES_H

#include "engine/cpu/layer.h"

/* Connects the chains, once all matrices have their places. */
void ISA(stages_connect)(Cpu *cpu);

/* From rows.input to rows.output of side l. */
void ISA(chain_forward)(const Pass *pass, Worker *worker, size_t l);

/* From the gradient of rows.output, which lies in cpu->flow[0], to that of rows.input, to which it returns a pointer: one of
 * the flows. The gradients of the stages' tensors go into cpu->stage_gradient. */
const real *ISA(chain_backward)(const Pass *pass, Worker *worker, size_t l);

/* The same for sides that lie by unit: from P to U (and for training to A), from dA to dZ; on side 0 from the batch, and to
 * pass->input_gradient where that is wanted. */
void ISA(staged_forward)(const Pass *pass, Worker *worker, size_t l);
void ISA(staged_backward)(const Pass *pass, Worker *worker, size_t l);

/* The batch into rows.input of side 0; a chain's result to pass->input_gradient. */
void ISA(staged_gather)(const Pass *pass, Worker *worker);
void ISA(leave_rows_gradient)(const Pass *pass, const real *rows);

/* The stages' gradients, with weight decay, to pass->gradient, or into the parameters as the update says. */
void ISA(update_stages)(const Pass *pass, Worker *worker);

/* Whether layer 0's input gradient has a use. */
static inline bool needs_input_gradient(const Pass *pass)
{
    return pass->input_gradient != NULL || pass->cpu->engine.config.network->sides[0].before > 0;
}

#endif
