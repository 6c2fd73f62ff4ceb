/* The network as a C function: its tables, and one line for each step. */
#ifndef EXPORT_C_NETWORK_H
#define EXPORT_C_NETWORK_H

#include "export/c_source.h"

/* PERCEPT_ERROR_ARGUMENT if C is not known for a kind of stage, which the message names. */
percept_status c_network_check(const Network *network, percept_error *error);

/* Writes source->tables and source->forward: a function `forward(x, z)`, or `forward(m, x, z)` for member m, from scaled
 * features x to the weighted sums z of the last layer. Adds to source->stack. */
void c_network_write(CSource *source);

#endif
