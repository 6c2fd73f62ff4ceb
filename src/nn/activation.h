/* Activations: one table, each row one function. Adding one: its formula, its derivative and a row, all in
 * activation.real.c. The rows are activation_at_f64(0), (1), … until NULL. */
#ifndef NN_ACTIVATION_H
#define NN_ACTIVATION_H

#include <stdbool.h>
#include <stddef.h>

#define REAL_HEADER "nn/activation_real.h"
#include "base/each_real.h"

/* Index of the activation with this name, or -1. */
int activation_find(const char *name);

/* Whether the slopes to both sides of 0 differ, as relu's do. Of activations that are not elementwise: no. */
bool activation_has_kink(size_t index);

#endif
