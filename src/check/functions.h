/* Compares single functions with differences: activations, losses, and the textbook formula of softmax with the
 * computed one. */
#ifndef CHECK_FUNCTIONS_H
#define CHECK_FUNCTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* A function at a point. */
typedef struct FunctionRow {
    double x, value;
    double derivative;        /* the table's */
    double difference;        /* central, with h = ∛ε · max(1, |x|) */
    double forward, backward; /* differences to one side */
    bool kink;                /* these two differ, so the central difference is no derivative */
} FunctionRow;

/* Row `index` of the table of activations (nn/activation.h), in float64, at `count` points. PERCEPT_ERROR_ARGUMENT for one
 * that is not elementwise. */
percept_status check_activation(size_t index, const double *points, size_t count, FunctionRow *rows,
                                percept_error *error);

/* A loss of one output: its value, and its derivative with respect to the output. */
typedef struct LossRow {
    double target, output, loss;
    double gradient;   /* dL/da; of a loss that is computed from logits z, dL/dz / (da/dz) */
    double difference; /* central */
} LossRow;

/* Row `index` of the table of losses (nn/loss.h), in float64. PERCEPT_ERROR_ARGUMENT for a loss that needs several outputs,
 * and for outputs that are not between 0 and 1 where the loss needs a sigmoid. */
percept_status check_loss_terms(size_t index, const double *targets, const double *outputs, size_t count, LossRow *rows,
                                percept_error *error);

/* p_j = e^z_j / Σ_k e^z_k by the textbook formula: overflows are infinite, and infinite / infinite is NaN. */
void softmax_naive(const double *z, size_t count, double *p);

/* The same by the table of activations, which first subtracts the largest z. */
void softmax_stable(const double *z, size_t count, double *p);

#endif
