/* The state of a running training; for the files of this room. */
#ifndef TRAIN_TRAINING_H
#define TRAIN_TRAINING_H

#include <time.h>

#include "base/team.h"
#include "train/options.h"

/* Metrics of a part of the data at one moment. NaN: not measured. */
typedef struct PartMetrics {
    double loss, loss_sum; /* mean and sum over the examples */
    double accuracy;
    double naive;         /* the mean of -log p */
    double rmse, mae, r2; /* of targets, as percept_report's overall has them */
} PartMetrics;

typedef struct EpochMetrics {
    PartMetrics train, valid, test;
} EpochMetrics;

/* Everything that changes from step to step, except vectors and streams. A checkpoint holds each field (the table in
 * checkpoint.c); all are 8 bytes wide. */
typedef struct TrainingState {
    uint64_t epoch;    /* the running epoch, counted from 0; the number of finished ones */
    uint64_t step;     /* steps done in it */
    uint64_t updates;  /* over all epochs */
    uint64_t examples; /* seen, over all epochs */
    EngineSums sums;   /* of the epoch so far; the loss with its penalty */

    EpochMetrics metrics; /* of the epoch, as far as measured */

    double train_loss, train_accuracy, valid_loss, valid_accuracy; /* of the last finished epoch */

    uint64_t best_count;             /* 1 + the best epoch; 0: none yet */
    double best_score;               /* the monitored metric, with the sign for which larger is better */
    double best_loss, best_accuracy; /* validation metrics of the best epoch */

    Plateau plateau;
} TrainingState;

/* The second contract of optimizers, beside the elementwise one of optimizer.h. Such an optimizer either updates whole
 * tensors from the whole gradient (muon), or makes its own step on a batch (lbfgs). */
typedef struct WholeOptimizer {
    const char *name; /* that of its row among all optimizers */
    /* Tensors that `update` is for; those left over go through the elementwise contract. NULL: none. */
    bool (*takes)(const Network *network, const NetworkTensor *tensor);
    /* Refuses what it cannot train. */
    percept_status (*check)(const TrainingOptions *options, const Network *network, size_t examples,
                            percept_error *error);
    /* Allocates training->whole_state and slots of shapes of its own; on failure the caller still clears. */
    percept_status (*prepare)(Training *training, percept_error *error);
    void (*clear)(Training *training);
    /* From training->gradient to the tensors that it takes. NULL: `step` does all. */
    void (*update)(Training *training);
    /* A whole step: evaluations of the batch, and the update. The sums are those before the update. NULL: none. */
    void (*step)(Training *training, const Batch *batch, EngineSums *sums);
    /* Whether no step would change anything more. NULL: never. */
    bool (*is_over)(const Training *training);
} WholeOptimizer;

struct Training {
    percept_model *model;
    const percept_dataset *train, *valid;
    const TrainingOptions *options;
    Engine *engine, *evaluator; /* the evaluator works on the larger blocks of evaluation */
    OptimizerState optimizer;
    ParameterGroup *groups;
    const WholeOptimizer *whole; /* the optimizer's second contract, or NULL … */
    void *whole_state;           /* … and what it keeps during the training */
    EngineUpdate update;
    TrainingState state;
    RandomStream shuffling;           /* before the order of the running epoch was drawn */
    RandomStream drawn;               /* after it was drawn */
    RandomStream dropout;             /* where the step begins */
    double dropout_factor;            /* of its probabilities */
    CategoryDropout category_dropout; /* likewise, where the step begins */
    Augment *augment;                 /* or NULL */
    ScaledRows scaled;                /* of the training set; rows NULL: not kept */
    double *class_weights;            /* or NULL */
    double *loss_units;               /* of targets that are scaled (target_units.h), or NULL */
    double loss_unit;
    uint32_t *order;        /* the epoch's permutation, or NULL */
    void *best_parameters;  /* of the best epoch, or NULL */
    void *average;          /* of the parameters over the steps, or NULL */
    void *gradient;         /* of a step whose update needs all of it, or NULL */
    double *squares;        /* its sum of squares, block by block … */
    double *tensor_squares; /* … and tensor by tensor, where these are clipped on their own; else NULL */
    Team *team;
    size_t steps; /* of one epoch */
    ScheduleOptions schedule;
    bool begun; /* the running epoch: its order is drawn */
    percept_progress progress;
    struct timespec start;
    uint64_t examples_before; /* seen by the resumed run */
};

/* Bytes of the parameters with the statistics among them (network.value_count): what is copied, averaged and saved. */
size_t training_vector_bytes(const Training *training);

/* How many parameter vectors the average (train/average.h) is the mean of after `epochs` epochs; with `ema` all. */
size_t training_averaged(const Training *training, size_t epochs);

/* The parameters that are measured and kept. */
void *training_result_parameters(const Training *training);

/* With ranks (options->blocks): gives every rank all of the optimizer's state, of which each has what belongs to its share of
 * the parameters. All ranks call it between the same two steps. */
void training_collect(const Training *training);

/* Sets training->dropout to where the next step begins. */
void training_move_dropout(Training *training);

/* The same of categories, for a step on examples of `data`; NULL where none are dropped. */
const CategoryDropout *training_category_dropout(Training *training, const percept_dataset *data);

#endif
