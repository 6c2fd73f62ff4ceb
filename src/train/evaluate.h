/* Evaluates a model on a whole dataset, in blocks whose size depends only on the network. */
#ifndef TRAIN_EVALUATE_H
#define TRAIN_EVALUATE_H

#include "engine/engine.h"
#include "model/model.h"

/* Examples per call of the engine. */
size_t evaluate_block(const Network *network);

/* Some examples and the outputs of the model for them, in float64; matrices are count × network outputs. */
typedef struct EvaluateBlock {
    const percept_dataset *data;
    size_t first, count;    /* examples first … first+count-1 of data */
    const double *outputs;  /* the last layer's activations; for regression in the units of the targets */
    const double *log_odds; /* of outputs that are probabilities, log p / (1 - p), which distinguishes values that round
                             * to 1; else NULL */
    const double *targets;  /* in their own units, or NULL */
} EvaluateBlock;

/* Called for each block. */
typedef void EvaluateVisit(void *user, const EvaluateBlock *block);

/* Adds up an engine's sums over the first `count` examples of data, in their order; the engine must take evaluate_block
 * examples. For regression the losses are those of float64 predictions and targets in the targets' units
 * (target_units.h). visit may be NULL. */
percept_status evaluate_dataset(const percept_model *model, Engine *engine, const percept_dataset *data, size_t count,
                                EvaluateVisit *visit, void *user, EngineSums *sums, percept_error *error);

#endif
