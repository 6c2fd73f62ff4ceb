/* Optimizers: one table. Each turns a gradient into an update of the flat parameter vector, element by element, with
 * state vectors ("slots") of the same layout. Adding one: its function and a row in optimizer.real.c. */
#ifndef TRAIN_OPTIMIZER_H
#define TRAIN_OPTIMIZER_H

#include <stddef.h>
#include <stdint.h>

/* Settings of all optimizers; each uses its own. */
typedef struct OptimizerOptions {
    double momentum;     /* sgd */
    double beta1, beta2; /* adam */
    double epsilon;      /* adam */
} OptimizerOptions;

#define OPTIMIZER_SLOTS 2

/* What an update needs, set before each step. */
typedef struct OptimizerState {
    OptimizerOptions options;
    double learning_rate;         /* of this step */
    uint64_t step;                /* counts from 1 */
    void *slots[OPTIMIZER_SLOTS]; /* parameter_count reals each, zero at the start; NULL where not used */
} OptimizerState;

#define REAL_HEADER "train/optimizer_real.h"
#include "base/each_real.h"

/* Index of the optimizer with this name, or -1. */
int optimizer_find(const char *name);

#endif
