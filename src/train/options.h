/* All that a training is asked to do. */
#ifndef TRAIN_OPTIONS_H
#define TRAIN_OPTIONS_H

#include <stdbool.h>

#include "base/random.h"
#include "engine/engine.h"
#include "model/model.h"
#include "train/optimizer.h"
#include "train/schedule.h"

/* What decides which epoch was the best. */
typedef enum Monitor { MONITOR_VALID_ACCURACY, MONITOR_VALID_LOSS } Monitor;

/* When the metrics of an epoch are measured. */
typedef enum MetricsMoment {
    METRICS_DURING, /* training: the running mean over its steps; validation and test after its last update */
    METRICS_BEFORE, /* all from before its first update */
    METRICS_AFTER,  /* all from after its last update */
} MetricsMoment;

typedef struct MetricsOptions {
    MetricsMoment when;
    const percept_dataset *test; /* measured in each epoch, too, or NULL */
    bool whole_batches; /* leave out what does not fill a whole batch (all stay where there is less than one) */
    bool naive;         /* naive losses as well; needs METRICS_BEFORE or METRICS_AFTER and classes */
} MetricsOptions;

typedef struct Training Training;     /* one that runs (train/training.h) */
typedef struct Checkpoint Checkpoint; /* one that was read (train/checkpoint.h) */

/* Asked between two steps, after the callback: this is the moment to call checkpoint_write. `stopping`: the
 * callback asked to stop, and this is the last call. A failure ends the training. */
typedef percept_status TrainingPause(const Training *training, bool stopping, void *user, percept_error *error);

typedef struct TrainingOptions {
    const EngineKind *engine;
    bool bfloat16;    /* products of the steps (engine.h); metrics of an epoch are measured without */
    size_t optimizer; /* index into the table */
    OptimizerOptions optimizer_options;
    double weight_decay;
    double clip_norm; /* most that the gradient's norm may be; 0: no limit */
    double ema;       /* decay of the running average of the parameters, which is validated and kept; 0: none */
    const Schedule *schedule;
    ScheduleOptions schedule_options; /* with the learning rate; warmup is added to by warmup_epochs */
    double warmup_epochs;
    size_t epochs;
    size_t batch_size;
    bool shuffle;   /* a new permutation before each epoch */
    bool reseed;    /* the permutation of epoch e is the first of a stream with seed e, of the kind of `shuffling` */
    bool drop_last; /* leave out a last batch that is smaller */
    bool report_nonfinite; /* go on when a loss is not finite */
    MetricsOptions metrics;
    size_t patience; /* stop after this many epochs without a better one; 0: never */
    bool keep_best;  /* end with the parameters of the best epoch; needs validation data */
    Monitor monitor;
    RandomStream shuffling;
    RandomStream dropout;        /* of the whole run: where a step begins in it follows from the examples seen */
    const double *class_weights; /* class_weight_count of them, or none; they must outlive the training */
    size_t class_weight_count;
    bool balance_classes; /* class_weights.h */

    EngineTrace *trace; /* of the steps (engine.h), or NULL */

    /* A checkpoint of another training is refused. Two numbers of all that decides the result: without the names of the
     * data's files, which `data` stands for, and how long it is; and with them, as older checkpoints have it (0: unknown). */
    uint64_t identity, older_identity;
    const char *data;         /* data_checksum of its parts, for checkpoints, or NULL */
    const Checkpoint *resume; /* go on from here, or NULL */
    TrainingPause *pause;     /* or NULL */
    void *pause_user;
} TrainingOptions;

#endif
