/* How fast a model predicts: one example at a time, as in a service, and many at once, as for a file. */
#ifndef BENCH_PREDICTION_H
#define BENCH_PREDICTION_H

#include "bench/timing.h"
#include "model/model.h"

typedef struct PredictionBenchOptions {
    size_t rounds;  /* ≥ 1 */
    double seconds; /* of a round: half of it for single examples, half for many */
    size_t threads; /* 0: one for each core */
} PredictionBenchOptions;

/* The results of one round. */
typedef struct PredictionRound {
    double microseconds;        /* of one prediction, median */
    double microseconds_99;     /* 99th percentile */
    double examples_per_second; /* many at once */
    double gflops;              /* of these; products alone */
    double peak_gflops;         /* of all threads, in the model's precision */
    double share_of_peak;
    double gigabytes_per_second; /* at which one prediction reads the parameters */
    double round_trip_before;    /* nanoseconds of a cache line between the cores (round_trip.h) */
    double round_trip_after;
} PredictionRound;

#define PREDICTION_FIGURES (sizeof(PredictionRound) / sizeof(double))

/* Names of the fields, in their order, until NULL. */
extern const char *const prediction_figures[PREDICTION_FIGURES + 1];

typedef struct PredictionBench {
    size_t threads, block; /* examples at once */
    double operations;     /* of an example */
    size_t bytes;          /* of the parameters */
    PredictionRound *rounds;
    size_t round_count;
    Spread figures[PREDICTION_FIGURES]; /* over the rounds */
} PredictionBench;

/* Predicts random examples. Released with prediction_bench_clear. */
percept_status prediction_bench(const percept_model *model, const PredictionBenchOptions *options, PredictionBench *out,
                                percept_error *error);
void prediction_bench_clear(PredictionBench *bench);

#endif
