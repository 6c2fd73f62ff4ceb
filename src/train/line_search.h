/* Line search for the strong Wolfe conditions (J. Nocedal, S. Wright, 2006, algorithms 3.5 and 3.6):
 *
 *   φ(α) ≤ φ(0) + c₁ α φ'(0)   and   |φ'(α)| ≤ c₂ |φ'(0)|,   c₁ = 10⁻⁴, c₂ = 0.9 */
#ifndef TRAIN_LINE_SEARCH_H
#define TRAIN_LINE_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

/* φ(α), and φ'(α) in *slope; a value that is not finite counts as too large. */
typedef double LineFunction(void *context, double alpha, double *slope);

typedef struct LineSearch {
    LineFunction *function;
    void *context;
    double value, slope; /* at 0; slope < 0 */
    double first;        /* the α that is tried first, > 0 */
    size_t most;         /* evaluations that may be made, ≥ 1 */
} LineSearch;

/* The α of a point for which both conditions hold. Where none is found, the best point with the first condition, or 0. */
double line_search(const LineSearch *search);

#endif
