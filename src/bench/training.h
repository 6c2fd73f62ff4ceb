/* How fast a recipe trains: whole epochs with all that belongs to them (shuffling, gathering, metrics, validation), in
 * rounds, each between measurements of the machine: its peak before, and how far apart its cores are before and after. */
#ifndef BENCH_TRAINING_H
#define BENCH_TRAINING_H

#include "bench/round_trip.h"
#include "bench/timing.h"
#include "recipe/experiment.h"

typedef struct TrainingBenchOptions {
    size_t rounds;  /* ≥ 1 */
    double seconds; /* least length of a round; it ends with an epoch */
    size_t anew; /* after this many epochs the training starts again from the initial weights: endless training produces
                  * numbers near 0, which take more time. 0: the recipe's epochs */
} TrainingBenchOptions;

/* The results of one round. */
typedef struct TrainingRound {
    double gflops;      /* 10⁹ operations a second, of the products alone (work.h) */
    double peak_gflops; /* of all threads, in the training's precision */
    double share_of_peak;
    double seconds_per_epoch;
    double microseconds_per_step; /* of the whole epoch, validation included */
    double examples_per_second;   /* of the training part */
    double round_trip_before;     /* nanoseconds of a cache line between the team's cores (round_trip.h) */
    double round_trip_after;
} TrainingRound;

#define TRAINING_FIGURES (sizeof(TrainingRound) / sizeof(double))

/* Names of the fields, in their order, until NULL. */
extern const char *const training_figures[TRAINING_FIGURES + 1];

/* The rounds with cores this far apart. */
typedef struct DistanceShare {
    size_t count;
    double share; /* of the peak, median; unset if there are none */
} DistanceShare;

typedef struct TrainingBench {
    size_t examples, steps; /* of an epoch */
    size_t threads;
    double operations;     /* of an epoch */
    TrainingRound *rounds; /* options.rounds of them */
    size_t round_count;
    Spread figures[TRAINING_FIGURES]; /* over the rounds */
    DistanceShare apart[DISTANCES];   /* the rounds with near cores, with far ones, … */
} TrainingBench;

/* Trains the model for as many epochs as the rounds take, after one that is not counted. A loss that is not finite does
 * not end it, because the time is the same. Released with training_bench_clear. */
percept_status training_bench(const percept_recipe *recipe, const percept_data *data, percept_model *model,
                              const TrainingBenchOptions *options, TrainingBench *out, percept_error *error);
void training_bench_clear(TrainingBench *bench);

/* For callbacks of endless trainings: the initial weights of the model. */
typedef struct Beginning {
    percept_model *model;
    void *parameters;
    size_t anew; /* epochs */
} Beginning;

/* Makes the training options endless; `anew` as above. Released with beginning_clear. */
percept_status beginning_create(percept_model *model, size_t anew, TrainingOptions *training, Beginning *out,
                                percept_error *error);
void beginning_clear(Beginning *beginning);

/* After each epoch. */
void beginning_after_epoch(const Beginning *beginning, const percept_progress *progress);

#endif
