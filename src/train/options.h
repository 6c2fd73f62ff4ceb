/* The options of a training. */
#ifndef TRAIN_OPTIONS_H
#define TRAIN_OPTIONS_H

#include <stdbool.h>

#include "base/random.h"
#include "engine/blocks.h"
#include "engine/engine.h"
#include "model/model.h"
#include "train/optimizer.h"
#include "train/schedule.h"

/* The metric that decides which epoch is the best. */
typedef enum Monitor { MONITOR_VALID_ACCURACY, MONITOR_VALID_LOSS } Monitor;

/* What clip_norm limits the norm of: the whole gradient, or on its own the part of each role or each tensor. */
typedef enum ClipScope { CLIP_NETWORK, CLIP_ROLE, CLIP_TENSOR } ClipScope;

/* An average of the parameters that takes their place (average.h), beside that of `ema`. */
typedef enum AverageKind { AVERAGE_NONE, AVERAGE_EPOCHS, AVERAGE_SNAPSHOTS } AverageKind;

/* When the metrics of an epoch are measured. */
typedef enum MetricsMoment {
    METRICS_DURING, /* training: the running mean over its steps; validation and test after its last update */
    METRICS_BEFORE, /* all from before its first update */
    METRICS_AFTER,  /* all from after its last update */
} MetricsMoment;

typedef struct MetricsOptions {
    MetricsMoment when;
    const percept_dataset *test; /* measured in each epoch, too, or NULL */
    bool whole_batches; /* leave out examples that do not fill a whole batch (unless there is less than one batch) */
    bool naive;         /* naive losses as well; needs METRICS_BEFORE or METRICS_AFTER and classes */
} MetricsOptions;

typedef struct Training Training;     /* a running training (train/training.h) */
typedef struct Checkpoint Checkpoint; /* a checkpoint that was read (train/checkpoint.h) */

/* Called between two steps, after the callback: only here may checkpoint_write be called. `stopping`: the callback
 * asked to stop, and this is the last call. A failure ends the training. */
typedef percept_status TrainingPause(const Training *training, bool stopping, void *user, percept_error *error);

typedef struct LbfgsOptions {
    size_t history;     /* pairs of differences that it remembers, ≥ 1 */
    double tolerance;   /* it stops where no element of the gradient is larger */
    size_t evaluations; /* most evaluations of loss and gradient */
} LbfgsOptions;

typedef struct TrainingOptions {
    const EngineKind *engine;
    bool bfloat16;    /* for the products of the steps (engine.h); metrics are measured without it */
    size_t optimizer; /* index into the table */
    OptimizerOptions optimizer_options;
    double weight_decay;
    double adamw_rate; /* muon: learning rate of what goes through AdamW, before the schedule */
    LbfgsOptions lbfgs;
    RoleFactors rate_factors, decay_factors; /* of learning rate and weight decay */
    double adversarial, adversarial_share;   /* engine/adversary.h */
    double clip_norm;                        /* largest norm of the gradient; 0: no limit */
    ClipScope clip_scope;
    AverageKind average;
    double ema;          /* decay of the running average of the parameters, which is validated and kept; 0: none */
    size_t average_from; /* AVERAGE_EPOCHS: the first epoch, from 0 */
    const Schedule *schedule;
    ScheduleOptions schedule_options; /* with the learning rate; warmup_epochs adds to its warmup */
    double warmup_epochs;
    const Schedule *decay_schedule, *dropout_schedule; /* factors of weight decay and dropout; NULL: 1 */
    size_t epochs;
    size_t batch_size;
    bool in_blocks;       /* the gradient of a batch is that of its blocks (engine/blocks.h) … */
    BlocksOptions blocks; /* … of so many, and with these ranks */
    bool shuffle;         /* a new permutation before each epoch */
    bool reseed;    /* the permutation of epoch e is the first of a stream with seed e, of the kind of `shuffling` */
    bool drop_last; /* skip a last batch that is smaller */
    bool report_nonfinite; /* continue if a loss is not finite */
    MetricsOptions metrics;
    size_t patience;  /* stop after this many epochs without improvement; 0: never */
    bool keep_best;   /* end with the parameters of the best epoch; needs validation data */
    bool temperature; /* in the end, find one on the validation data (calibration.h) */
    Monitor monitor;
    RandomStream shuffling;
    RandomStream dropout;             /* of the whole run: the position of a step follows from the examples seen */
    CategoryDropout category_dropout; /* of the whole run, likewise; probability 0: none */
    AugmentOptions augment;           /* of the examples of the steps (augment/augment.h), but for those that are fed */
    PictureShape picture;             /* of an example */
    RandomStream augmenting;          /* of the whole run, likewise */
    const double *class_weights;      /* class_weight_count of them, or none; they must outlive the training */
    size_t class_weight_count;
    bool balance_classes; /* class_weights.h */

    EngineTrace *trace; /* of the steps (engine.h), or NULL */

    /* A checkpoint of another training is refused. Two hashes of everything that decides the result: without the names
     * of the data files (`data` identifies them) and the number of epochs; and with them, as in older checkpoints (0:
     * unknown). */
    uint64_t identity, older_identity;
    const char *data;         /* data_checksum of its parts, for checkpoints, or NULL */
    const Checkpoint *resume; /* continue from here, or NULL */
    TrainingPause *pause;     /* or NULL */
    void *pause_user;
} TrainingOptions;

#endif
