/* Networks with stages of every kind, for the tests that go through all of them. */
#ifndef TESTS_STAGE_CASES_H
#define TESTS_STAGE_CASES_H

#include "networks.h"

typedef struct StageCase {
    Shape shape;
    StageOptions stages[6];
    size_t stage_count;
} StageCase;

#define SETTINGS(...) ((const double[STAGE_SETTINGS]){__VA_ARGS__})
#define COUNTS(...) ((const uint32_t[]){__VA_ARGS__})

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
    {{{4, 6, 3}, 3, "tanh", "softmax", "cross-entropy", 0, 0, false},
     {{.kind = "one-hot", .counts = COUNTS(2, 3, 1, 2)}},
     1},
    {{{3, 6, 2}, 3, "relu", "identity", "mean-squared-error", 0, 0, true},
     {{.kind = "one-hot", .first = 1, .inputs = 1, .counts = COUNTS(2), .settings = SETTINGS(0)}},
     1},
    {{{5, 7, 3}, 3, "tanh", "softmax", "cross-entropy", 0, 0.01, false},
     {{.kind = "table", .first = 1, .inputs = 3, .counts = COUNTS(2, 4, 0), .settings = SETTINGS(3, 0.5)}},
     1},
    {{{8, 9, 4}, 3, "gelu", "softmax", "cross-entropy", 0, 0, false},
     {{.kind = "feature-scale", .side = 1},
      {.kind = "table", .first = 4, .inputs = 2, .counts = COUNTS(5, 3), .settings = SETTINGS(4, NAN)},
      {.kind = "one-hot", .first = 12, .inputs = 2, .counts = COUNTS(2, 4)},
      {.kind = "table", .first = 3, .inputs = 1, .counts = COUNTS(3), .settings = SETTINGS(2, NAN)},
      {.kind = "feature-scale"},
      {.kind = "batch-norm"}},
     6},
    {{{4, 6, 5, 3}, 4, "relu", "softmax", "cross-entropy", 0, 0, false},
     {{.kind = "prelu", .side = 1}, {.kind = "prelu", .side = 2, .settings = SETTINGS(-0.5)}},
     2},
    {{{4, 6, 7, 3}, 4, "gelu", "softmax", "cross-entropy", 0.01, 0, false},
     {{.kind = "mix", .side = 1}, {.kind = "mix", .side = 2, .settings = SETTINGS(2)}},
     2},
    {{{5, 18, 4, 2}, 4, "tanh", "identity", "mean-squared-error", 0, 0.01, true},
     {{.kind = "glu", .side = 1}, {.kind = "glu", .side = 2, .settings = SETTINGS(7)}},
     2},
    {{{9, 9, 9, 9, 4}, 5, "softplus", "softmax", "cross-entropy", 0, 0, false},
     {{.kind = "batch-norm", .side = 1},
      {.kind = "glu", .side = 1},
      {.kind = "residual", .side = 2, .from = 1},
      {.kind = "layer-norm", .side = 2},
      {.kind = "mix", .side = 2},
      {.kind = "prelu", .side = 3}},
     6},
    {{{5, 6, 3}, 3, "tanh", "softmax", "cross-entropy", 0, 0, false},
     {{.kind = "piecewise-linear", .first = 1, .inputs = 3, .settings = SETTINGS(4, 0)}},
     1},
    {{{5, 6, 3}, 3, "relu", "softmax", "cross-entropy", 0, 0.02, true},
     {{.kind = "piecewise-linear", .inputs = 4, .settings = SETTINGS(7, 3)}},
     1},
    {{{5, 7, 2}, 3, "tanh", "identity", "mean-squared-error", 0, 0, false},
     {{.kind = "smooth-clip", .first = 1, .inputs = 3, .settings = SETTINGS(0.7)}, {.kind = "smooth-clip"}},
     2},
    {{{5, 6, 3}, 3, "tanh", "softmax", "cross-entropy", 0, 0, false},
     {{.kind = "quantile-normal", .first = 1, .inputs = 3, .settings = SETTINGS(4)},
      {.kind = "piecewise-linear", .first = 2, .inputs = 2, .settings = SETTINGS(3, 2)}},
     2},
    {{{4, 7, 2}, 3, "tanh", "identity", "mean-squared-error", 0, 0, false},
     {{.kind = "periodic", .settings = SETTINGS(5, 4, 0.5)}},
     1},
    {{{9, 8, 8, 4}, 4, "gelu", "softmax", "cross-entropy", 0, 0, false},
     {{.kind = "piecewise-linear", .inputs = 3, .settings = SETTINGS(6, 4)},
      {.kind = "periodic", .first = 12, .inputs = 2, .settings = SETTINGS(3, 2, 1)},
      {.kind = "table", .first = 16, .inputs = 3, .counts = COUNTS(4, 9, 2), .settings = SETTINGS(5, 1)},
      {.kind = "one-hot", .first = 31, .inputs = 1, .counts = COUNTS(3)},
      {.kind = "feature-scale"},
      {.kind = "mix", .side = 1}},
     6},
    {{{4, 8, 1}, 3, "relu", "sigmoid", "binary-cross-entropy", 0, 0, false},
     {{.kind = "feature-scale"},
      {.kind = "periodic", .settings = SETTINGS(4, 3, 0.3)},
      {.kind = "piecewise-linear", .first = 2, .inputs = 1, .settings = SETTINGS(3, 0)},
      {.kind = "feature-scale"}},
     4},
};

#define STAGE_CASES (sizeof stage_cases / sizeof stage_cases[0])

#endif
