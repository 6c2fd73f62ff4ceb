/* Matrices of one example on their way through the network: expressions of arrays in the function `forward`. */
#ifndef EXPORT_C_FLOW_H
#define EXPORT_C_FLOW_H

#include "export/c_source.h"

#define C_PLACE_SIZE 32

/* Where the example is: in x, the features, which are constant, or in one of two arrays that take turns. */
typedef struct CFlow {
    CSource *source;
    char at[C_PLACE_SIZE];
    size_t wide_a, wide_b; /* their elements */
    size_t wide_q;         /* of the array of whole numbers that a layer of eight bits reads */
} CFlow;

/* The array that the example is not in, which then has room for `width` elements. */
const char *c_flow_other(CFlow *flow, size_t width);

/* A loop over `count` elements; the statement follows, indented. */
void c_flow_loop(CFlow *flow, size_t count);

/* Writes the table of a tensor that begins at this offset of member 0, and gives its expression: its name, or that of
 * member m's part. `divisor`: all values are divided by it, in the precision of the numbers. */
const char *c_flow_tensor(CFlow *flow, size_t offset, double divisor, char name[C_NAME_SIZE]);

/* True if a residual link begins at the output of a side. */
bool c_flow_is_linked(const Network *network, size_t side);

/* The tensors' values: those of member m at the offset of member 0's. */
double c_flow_value(const CFlow *flow, size_t member, size_t offset);

#endif
