/* Optimizers: one table. Each turns a gradient into an update of the flat parameter vector, element by element, with
 * state vectors ("slots") of the same layout. Adding one: its function and a row in optimizer.real.c. */
#ifndef TRAIN_OPTIMIZER_H
#define TRAIN_OPTIMIZER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nn/network.h"

/* Settings of all optimizers; each uses its own. */
typedef struct OptimizerOptions {
    double momentum;     /* sgd, rmsprop */
    bool nesterov;       /* sgd */
    double beta1, beta2; /* adam, adamw */
    double rho;          /* rmsprop */
    double epsilon;      /* rmsprop, adam, adamw */
    double weight_decay; /* adamw; the others get it in the gradient */
} OptimizerOptions;

#define OPTIMIZER_SLOTS 2

/* The state of an update, set before each step. */
typedef struct OptimizerState {
    OptimizerOptions options;
    const Network *network;       /* which elements are weights: adamw */
    double learning_rate;         /* of this step */
    double debias1, debias2;      /* 1 - β₁ᵗ and 1 - β₂ᵗ, where all slots are used */
    void *slots[OPTIMIZER_SLOTS]; /* parameter_count reals each, zero at the start; NULL where not used */
} OptimizerState;

#define REAL_HEADER "train/optimizer_real.h"
#include "base/each_real.h"

/* Sets what changes with the step, which counts from 1. */
void optimizer_begin_step(OptimizerState *state, uint64_t step, double learning_rate);

/* Index of the optimizer with this name, or -1. */
int optimizer_find(const char *name);

#endif
