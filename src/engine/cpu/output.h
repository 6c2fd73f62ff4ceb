/* Special versions of the most common outputs: activation, loss and delta at once, with vectors along examples. */
#ifndef ENGINE_CPU_OUTPUT_H
#define ENGINE_CPU_OUTPUT_H

#include <stdbool.h>

#include "base/vector.h"
#include "nn/network.h"

/* Matrices by unit (width × examples): unit j of example i is A[j · stride + i]. stride is a multiple of LANES, and
 * elements beyond `count` are read and written, too, because vectors run over examples. */
typedef struct OutputBlock {
    size_t width, count, stride;
    real *A;               /* Z before, the activation after */
    const int32_t *labels; /* NULL: only the activation is computed */
    real smoothing;        /* of what labels make the targets */
    const real *factors;   /* factors of the deltas of the examples */
    real *losses;
    real *delta; /* NULL: not computed */
    size_t correct;
} OutputBlock;

typedef void OutputFunction(OutputBlock *block);

/* NULL if there is none for the network's output activation and loss. */
OutputFunction *ISA(output_function)(const Network *network);

#endif
