/* The stages of a network while it is made; for network_create.c alone. */
#ifndef NN_NETWORK_STAGES_H
#define NN_NETWORK_STAGES_H

#include "nn/network.h"

/* Places the stages of the options on their sides and sets all widths: layers have the sizes of the options before, and
 * those of their products after. */
percept_status network_place_stages(const NetworkOptions *options, Network *network, percept_error *error);

/* How many tensors the stages have; appends the trained or the other ones to the table, *used elements into the vector. */
size_t network_count_stage_tensors(const Network *network);
percept_status network_add_stage_tensors(Network *network, bool trained, size_t *used, percept_error *error);

void network_clear_stages(Network *network);

#endif
