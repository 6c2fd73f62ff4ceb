/* Networks with stages of every kind, for the tests that go through all of them. */
#ifndef TESTS_STAGE_CASES_H
#define TESTS_STAGE_CASES_H

#include "networks.h"

typedef struct StageCase {
    Shape shape;
    StageOptions stages[6];
    size_t stage_count;
} StageCase;

static const StageCase stage_cases[] = {
    {{{6, 5, 3}, 3, "relu", "softmax", "cross-entropy", 0, 0, false}, {{.kind = "batch-norm", .side = 1}}, 1},
    {{{6, 5, 3}, 3, "tanh", "softmax", "cross-entropy", 0, 0.02, false}, {{.kind = "layer-norm", .side = 1}}, 1},
    {{{7, 20, 1}, 3, "gelu", "sigmoid", "binary-cross-entropy", 0, 0, true}, {{.kind = "feature-scale", .side = 0}}, 1},
    {{{6, 9, 9, 9, 2}, 5, "relu", "identity", "mean-squared-error", 0.001, 0, false},
     {{.kind = "residual", .side = 2, .from = 1}, {.kind = "residual", .side = 3, .from = 2}},
     2},
    {{{9, 9, 9, 9, 9, 3}, 6, "tanh", "softmax", "cross-entropy", 0, 0, false},
     {{.kind = "batch-norm", .side = 0},
      {.kind = "feature-scale", .side = 0},
      {.kind = "layer-norm", .side = 2},
      {.kind = "residual", .side = 2, .from = 0},
      {.kind = "batch-norm", .side = 4},
      {.kind = "residual", .side = 4, .from = 2}},
     6},
    {{{12, 40, 35, 4}, 4, "softmax", "softmax", "cross-entropy", 0, 0.01, false},
     {{.kind = "layer-norm", .side = 1}, {.kind = "batch-norm", .side = 2}},
     2},
};

#define STAGE_CASES (sizeof stage_cases / sizeof stage_cases[0])

#endif
