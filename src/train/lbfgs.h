/* L-BFGS (J. Nocedal, S. Wright, 2006, algorithm 7.5, with the two-loop recursion of algorithm 7.4) for full batches: a step
 * is one iteration, a direction from the last differences of positions and gradients, and a line search along it
 * (line_search.h). What is minimized is the loss with its penalty and ½ λ ‖W‖² of weight decay.
 *
 * Positions, gradients and history are float64 in every precision, and slots of the optimizer:
 *
 *   0   history × (s, y), parameter_count elements each
 *   1   position and gradient
 *   2   scalars (LbfgsScalars), then 1 / yᵀs of each pair
 *
 * It is over when no element of the gradient exceeds the tolerance, when the loss no longer decreases (by 2.2 · 10⁻⁹ of
 * itself, as in SciPy), when no step decreases it, or when all evaluations have been made. */
#ifndef TRAIN_LBFGS_H
#define TRAIN_LBFGS_H

#include "train/training.h"

extern const WholeOptimizer whole_lbfgs;

#endif
