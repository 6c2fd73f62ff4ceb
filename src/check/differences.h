/* Differences of the loss when one number after the other is changed: parameters, and features.
 *
 * The numbers are numbered in one sequence: the parameters in their flat order (nn/network.h), then, if they are asked
 * for, the scaled features of the batch, example by example. `chosen`, `up` and `down` have an entry for each. */
#ifndef CHECK_DIFFERENCES_H
#define CHECK_DIFFERENCES_H

#include "base/team.h"
#include "data/batch.h"
#include "nn/network.h"

typedef struct Differences {
    const Network *network;
    const double *parameters;
    const Batch *batch;
    Team *team;
    double step;           /* ε or h, above 0 */
    bool inputs;           /* features are counted too */
    const uint8_t *chosen; /* 1: compute the entry; the others stay as they are */
    double *up;            /* float64: (L(p + ε) - L(p)) / ε; complex double: Im L(p + ih) / h */
    double *down;          /* float64: (L(p) - L(p - ε)) / ε, or NULL if not wanted; complex double: NULL */
} Differences;

/* Values that a network reads from a flat vector; more than value_count for one member of several, whose statistics lie
 * behind those of others. */
size_t differences_span(const Network *network);

/* Parameters, and with inputs the features of n examples. */
size_t differences_count(const Network *network, size_t examples, bool inputs);

#define REAL_HEADER "check/differences_real.h"
#include "base/each_real.h"

#endif
