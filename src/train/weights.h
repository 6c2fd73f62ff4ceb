/* Weights and biases in the flat vector. */
#ifndef TRAIN_WEIGHTS_H
#define TRAIN_WEIGHTS_H

#include "nn/network.h"

/* The elements of begin … end-1 that are weights of the layer: *from … *to-1. False if there are none. */
static inline bool weights_within(const Layer *layer, size_t begin, size_t end, size_t *from, size_t *to)
{
    const size_t last = layer->weights + layer->inputs * layer->outputs;
    *from = begin > layer->weights ? begin : layer->weights;
    *to = end < last ? end : last;
    return *from < *to;
}

#endif
