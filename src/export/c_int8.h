/* Dense layers with weights and activations of eight bits.
 *
 * Input k of a layer is x_k ≈ middle_k + step_k · q_k with a whole number q_k in -128 … 127: its range on training rows is
 * cut into 255 steps. Row j of the weights is W_jk · step_k ≈ scale_j · w_jk with w_jk in -127 … 127. So
 *
 *   z_j = scale_j · Σ_k w_jk q_k + bias_j    with bias_j = b_j + Σ_k W_jk middle_k
 *
 * and the sum is of whole numbers. Features have ranges of their own; a hidden layer has one for all its units. */
#ifndef EXPORT_C_INT8_H
#define EXPORT_C_INT8_H

#include <stdint.h>

#include "export/c_flow.h"

/* So many products of -128 and 127 are summed in 32 bits. */
#define C_INT8_MOST_INPUTS (INT32_MAX / (128 * 127))

/* Gives all inputs of a layer one range, where they share one. */
void c_int8_share_ranges(const percept_model *model, CRanges *ranges);

/* Writes the tables of layer l and the lines that compute `to` from flow->at. */
void c_int8_write_layer(CFlow *flow, size_t l, const char *to);

/* True if the activation of layer l is done by the quantization behind it: q = -128 stands for 0 and everything below, as
 * relu does it. */
bool c_int8_clamps(const Network *network, size_t l);

#endif
