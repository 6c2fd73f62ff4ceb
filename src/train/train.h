/* The training loop. It calls an engine and tells a callback; it prints nothing and knows no file. */
#ifndef TRAIN_TRAIN_H
#define TRAIN_TRAIN_H

#include <stdbool.h>

#include "base/random.h"
#include "base/team.h"
#include "engine/engine.h"
#include "model/model.h"
#include "train/optimizer.h"
#include "train/schedule.h"

/* What decides which epoch was the best. */
typedef enum Monitor { MONITOR_VALID_ACCURACY, MONITOR_VALID_LOSS } Monitor;

typedef struct TrainingOptions {
    const EngineKind *engine;
    size_t optimizer; /* index into the table */
    OptimizerOptions optimizer_options;
    double learning_rate;
    double weight_decay;
    const Schedule *schedule;
    double decay;
    size_t epochs;
    size_t batch_size;
    bool shuffle;    /* a new permutation before each epoch */
    bool drop_last;  /* leave out a last batch that is smaller */
    size_t patience; /* stop after this many epochs without a better one; 0: never */
    bool keep_best;  /* end with the parameters of the best epoch; needs validation data */
    Monitor monitor;
    RandomStream shuffling;
} TrainingOptions;

/* Trains the model in place. valid may be NULL. On PERCEPT_ERROR_DIVERGED (the message names epoch and step) and
 * PERCEPT_ERROR_INTERRUPTED (the callback asked) the model holds the best epoch's parameters if there are any, else the
 * last. result may be NULL. */
percept_status train_run(percept_model *model, const percept_dataset *train, const percept_dataset *valid,
                         const TrainingOptions *options, Team *team, percept_callback *callback, void *user,
                         percept_result *result, percept_error *error);

#endif
