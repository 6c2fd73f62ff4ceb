/* Own versions of the outputs that trainings end in most: activation, loss and delta at once, vectors along examples. */
#ifndef ENGINE_CPU_OUTPUT_H
#define ENGINE_CPU_OUTPUT_H

#include <stdbool.h>

#include "base/vector.h"
#include "nn/network.h"

/* Matrices by unit (width × examples): unit j of example i is A[j · stride + i]. stride is a multiple of LANES, and what
 * lies there beyond `count` is read and written, as it is in vectors over examples. */
typedef struct OutputBlock {
    size_t width, count, stride;
    real *A;               /* comes in as Z, goes out as the activation */
    const int32_t *labels; /* NULL: the activation alone is wanted */
    real smoothing;        /* of what labels make the targets */
    const real *factors;   /* what the examples' deltas are multiplied with */
    real *losses;
    real *delta; /* NULL: not wanted */
    size_t correct;
} OutputBlock;

typedef void OutputFunction(OutputBlock *block);

/* NULL where the network's output activation and loss have none. */
OutputFunction *ISA(output_function)(const Network *network);

#endif
