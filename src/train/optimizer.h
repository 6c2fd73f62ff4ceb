/* Optimizers: one table. Each turns a gradient into an update of what is trained in the flat vector, element by element,
 * with state vectors ("slots") of the same layout. Adding one: its function and a row in optimizer.both.c. One that needs
 * more than an element at a time has, beside its row here, a row in the table of whole.c (WholeOptimizer, training.h). */
#ifndef TRAIN_OPTIMIZER_H
#define TRAIN_OPTIMIZER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/isa.h"
#include "train/groups.h"

/* Settings of all optimizers; each uses its own. */
typedef struct OptimizerOptions {
    double momentum;     /* sgd, rmsprop */
    bool nesterov;       /* sgd */
    double beta1, beta2; /* adam, adamw, amsgrad */
    double rho;          /* rmsprop */
    double epsilon;      /* rmsprop, adam, adamw, amsgrad */
    double weight_decay; /* adamw; the others get it in the gradient */
} OptimizerOptions;

#define OPTIMIZER_SLOTS 3

/* EngineUpdate.apply with state = OptimizerState. */
typedef void OptimizerApply(void *state, size_t begin, size_t end, void *parameters, const void *gradient);

/* The state of an update, set before each step. */
typedef struct OptimizerState {
    OptimizerOptions options;
    const ParameterGroup *groups; /* of all elements */
    size_t group_count;
    /* The optimizer's, for optimizer_apply_groups. */
    OptimizerApply *apply;
    double learning_rate;    /* of this step */
    double debias1, debias2; /* 1 - β₁ᵗ and 1 - β₂ᵗ, where there is a second moment */
    /* Zero at the start; NULL where not used. An elementwise optimizer's have parameter_count reals each. */
    void *slots[OPTIMIZER_SLOTS];
    size_t slot_counts[OPTIMIZER_SLOTS]; /* their elements … */
    bool wide_slots;                     /* … which are float64 in every precision */
} OptimizerState;

#define REAL_HEADER "train/optimizer_real.h"
#include "base/each_real.h"

/* Sets what changes with the step, which counts from 1. */
void optimizer_begin_step(OptimizerState *state, uint64_t step, double learning_rate);

/* Whether all groups have the optimizer's own learning rate, and none is updated as a whole. */
bool optimizer_treats_all_alike(const OptimizerState *state);

/* EngineUpdate.apply with state = OptimizerState: the optimizer's apply on each group, with the group's learning rate;
 * nothing for groups that are updated as a whole. */
void optimizer_apply_groups(void *state, size_t begin, size_t end, void *parameters, const void *gradient);

/* The apply of row `index` as compiled for an instruction set (base/isa.h), for float or double. Its bits do not depend on
 * the set. */
OptimizerApply *optimizer_apply_at(size_t index, size_t isa, bool single_precision);

#define OPTIMIZER_DECLARE(isa)                                                                                         \
    const Optimizer_f32 *optimizer_at_##isa##_f32(size_t index);                                                       \
    const Optimizer_f64 *optimizer_at_##isa##_f64(size_t index);
ISA_EACH(OPTIMIZER_DECLARE)
#undef OPTIMIZER_DECLARE

/* Index of the optimizer with this name, or -1. */
int optimizer_find(const char *name);

#endif
