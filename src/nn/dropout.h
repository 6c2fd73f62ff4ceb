/* Dropout (N. Srivastava et al., 2014), inverted: in training every output of a hidden layer is 0 with probability p,
 * else multiplied by 1/(1 - p). So its expectation stays, and prediction needs no change.
 *
 * One random stream decides by position alone: unit j of layer l in example i of a batch is kept if draw number i ·
 * network.dropout_units + layer.dropout_offset + j of the stream, counted from its state at the start of the step, is
 * at least p. So every engine, thread and block computes the same masks. After the step the stream is advanced by
 * dropout_draws. The draws are float64 in every precision. */
#ifndef NN_DROPOUT_H
#define NN_DROPOUT_H

#include "base/random.h"
#include "nn/network.h"

/* Draws that one step takes for a batch of `examples`. */
static inline uint64_t dropout_draws(const Network *network, size_t examples)
{
    return (uint64_t)examples * network->dropout_units;
}

#define REAL_HEADER "nn/dropout_real.h"
#include "base/each_real.h"

#endif
