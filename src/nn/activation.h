/* Activations: one table, each row one function. Adding one: its two functions and a row in activation.real.c. */
#ifndef NN_ACTIVATION_H
#define NN_ACTIVATION_H

#include <stddef.h>

#define REAL_HEADER "nn/activation_real.h"
#include "base/each_real.h"

/* Index of the activation with this name, or -1. */
int activation_find(const char *name);

/* Number of rows; they are activation_f64(0) … */
size_t activation_count(void);

#endif
