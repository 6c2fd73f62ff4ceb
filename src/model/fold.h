/* Models for prediction alone: a batch norm right behind a dense layer is a scale and a shift of its units then, which go
 * into the layer's weights and biases. */
#ifndef MODEL_FOLD_H
#define MODEL_FOLD_H

#include "model/model.h"

/* The network without such stages, and its parameters in the model's precision: W ← weight / √(var + ε) · W and
 * b ← (b - mean) · weight / √(var + ε) + bias, in float64. Its outputs are the model's but for rounding. Where there is
 * nothing to fold *parameters is NULL, and the network stays as it was; else both belong to the caller (network_clear,
 * memory_free). */
percept_status model_fold(const percept_model *model, Network *network, void **parameters, percept_error *error);

#endif
