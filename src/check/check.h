/* Gradient checks: compares an engine's gradient with the change of the loss when a parameter changes.
 *
 *   central   (L(p + ε) - L(p - ε)) / 2ε       error of order ε², plus the rounding error of the loss divided by ε
 *   forward   (L(p + ε) - L(p)) / ε            error of order ε
 *   complex   Im L(p + ih) / h                 exact to rounding for any tiny h (W. Squire, G. Trapp, 1998): nothing is
 *                                              subtracted. Valid where the loss is analytic; at a kink it takes the side of the branch of the real part, as the engines do
 *
 * The loss is that of the reference engine, with penalty, in float64. */
#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/random.h"
#include "base/team.h"
#include "check/kinks.h"
#include "engine/engine.h"

/* The subject of a check. */
typedef struct CheckSubject {
    Engine *engine;           /* in float64, made for training, with room for the batch */
    const double *parameters; /* flat */
    const Batch *batch;
    Team *team; /* shares the work; results do not depend on it */
} CheckSubject;

typedef enum CheckMethod { CHECK_CENTRAL, CHECK_FORWARD, CHECK_COMPLEX, CHECK_METHODS } CheckMethod;

/* "central", …; and back, -1 if unknown. The default step of the method: near the one at which truncation and rounding
 * errors are equal. */
const char *check_method_name(CheckMethod method);
int check_method_find(const char *name);
double check_method_step(CheckMethod method);

/* Checked numbers are numbered as in differences.h: parameters in their flat order, then features. */
typedef struct CheckOptions {
    CheckMethod method;
    double step;           /* ε or h; 0: the default of the method */
    bool inputs;           /* dL/dX too, with respect to the scaled features */
    const uint8_t *chosen; /* 1 for each number to check (check_select) */
} CheckOptions;

/* Tolerances: of the ratio of difference and gradient from 1, and of the relative difference between gradient and
 * complex step. For a gradient that is small beside others of its tensor, the difference is relative to the largest of
 * them, because sums of large terms cannot be more exact; in a network with stages, to the largest of any tensor. */
#define CHECK_RATIO_TOLERANCE 1e-3
#define CHECK_COMPLEX_TOLERANCE 1e-12

/* A gradient that does not match the differences is compared with the complex step before it counts as wrong. */
typedef enum CheckVerdict {
    CHECK_EQUAL, /* the ratio, or the error, is within the tolerance */
    CHECK_ZERO,  /* both are exactly 0: a dead unit, an input of 0; counted as equal */
    CHECK_KINK,  /* right by the complex step, but forward and backward differences disagree: a kink, or a sharp bend,
                    lies within ε */
    CHECK_STEP,  /* right by the complex step, but too small to be distinguished from the rounding of the loss */
    CHECK_WRONG,
    CHECK_VERDICTS,
} CheckVerdict;

typedef struct CheckEntry {
    size_t number;
    double gradient, difference; /* the engine's, and the method's */
    CheckVerdict verdict;
} CheckEntry;

/* A trained tensor, or all features. */
typedef struct CheckGroup {
    size_t first, end;             /* numbers first … end-1 */
    size_t checked;                /* entries */
    size_t counts[CHECK_VERDICTS]; /* of them */
    double ratio_low, ratio_high;  /* difference / gradient of those that are EQUAL or WRONG; NaN without any */
    double largest_error;          /* |gradient - difference|, of any */
    double scale;                  /* the largest |difference| that is finite (with stages: of any group) */
} CheckGroup;

typedef struct CheckReport {
    CheckMethod method;
    double step;
    double loss; /* of the batch, with penalty */
    CheckEntry *entries;
    size_t entry_count;
    CheckGroup *groups; /* by tensor: W and b of each layer in turn, those of stages, then features if requested */
    size_t group_count;
    CheckGroup all;
    CheckKinks kinks;
} CheckReport;

/* Checks the gradient. A wrong gradient is no failure of the call: report->all.counts[CHECK_WRONG] counts it. Released
 * with check_report_clear. PERCEPT_ERROR_ARGUMENT if the engine is not in float64, the step not positive (the complex
 * one not within 1e-100 … 1e-10), or the loss not finite. */
percept_status check_gradient(const CheckSubject *subject, const CheckOptions *options, CheckReport *out,
                              percept_error *error);
void check_report_clear(CheckReport *report);

/* "W1[3,120]": the weight of layer 1 from input 120 to unit 3; "b2[7]"; "x[0,57]": feature 57 of example 0 of the batch.
 * Layers count from 1, all else from 0. Of stages, and where there are several members, the
 * tensor's name: "layers.0.batch-norm.weight[3]", counted from 0. */
#define CHECK_NAME_SIZE 112
void check_name(const Network *network, size_t number, char name[CHECK_NAME_SIZE]);

/* Which numbers to check. */
typedef struct CheckSelection {
    size_t layer; /* that layer's parameters only, counted from 1, with those of the stages behind it (for layer 1 also
                     before it); 0: every layer's */
    size_t each;  /* this many of each tensor, and of the features; 0: all */
    bool first;   /* the first weights of a layer in place of drawn ones, and no biases or shifts */
    bool inputs;  /* also features, but for those that are codes of categories */
} CheckSelection;

/* Makes the list for CheckOptions, released with memory_free. Random choices come from the stream. Weights are chosen
 * from those whose input is not 0 in every example, if there are any, because the gradient of the others is 0. */
percept_status check_select(const CheckSubject *subject, const CheckSelection *selection, RandomStream *stream,
                            uint8_t **chosen, percept_error *error);

/* One point of a sweep over the step: the largest |gradient - difference| over the chosen numbers. */
typedef struct CheckPoint {
    double inverse, step; /* 1/ε, ε */
    double forward, central;
} CheckPoint;

/* 1/ε = 1, 5, 10, 50, … up to 5·10^(CHECK_POINTS/2 - 1): from steps where truncation dominates to steps where rounding
 * does. */
#define CHECK_POINTS 24
percept_status check_sweep(const CheckSubject *subject, const CheckOptions *options, CheckPoint points[CHECK_POINTS],
                           percept_error *error);

/* The same for other steps: points[i].inverse is given, above 0. */
percept_status check_sweep_steps(const CheckSubject *subject, const CheckOptions *options, CheckPoint *points,
                                 size_t count, percept_error *error);

/* True if an example's loss in training depends on the others of its batch (batch norm). */
bool check_mixes_examples(const Network *network);

/* Examples that a check takes if nothing is said: 1, or 8 if they are mixed, since batch norm leaves nothing of one. */
size_t check_default_examples(const Network *network);

/* The loop form of the batch's gradient: one call of the engine for each example, summed, against the matrix form, one
 * call for all. Both receive parameter_count numbers. PERCEPT_ERROR_ARGUMENT for a network that mixes examples. */
percept_status check_loop(const CheckSubject *subject, double *loop, double *matrix, percept_error *error);

#endif
