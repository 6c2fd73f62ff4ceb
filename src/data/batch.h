/* A Batch names examples; an engine gathers, scales and converts them in one pass into its own layout. */
#ifndef DATA_BATCH_H
#define DATA_BATCH_H

#include <stdbool.h>

#include "augment/augment.h"
#include "base/random.h"
#include "data/dataset.h"
#include "data/scaler.h"

/* Values of categories that count as unknown for a step: so what stands for unknown values is trained. Draw number
 * i · categories + c of the stream decides on category c (in the order of the columns) of example i. */
typedef struct CategoryDropout {
    double probability;
    RandomStream stream; /* at the first example of the batch */
} CategoryDropout;

/* Features of all rows of a dataset's view, scaled once for all epochs: rows × width in float32 or float64. Who gathers in
 * another type scales anew. */
typedef struct ScaledRows {
    percept_type type;
    void *rows;
    bool of_batch; /* rows of the examples of one batch instead, which may be augmented already */
} ScaledRows;

typedef struct Batch {
    const percept_dataset *data;
    const Scaler *scaler;                    /* NULL: features as they are */
    const uint32_t *order;                   /* count indices of rows of data, or NULL: first … first+count-1 */
    size_t first;                            /* used if order is NULL */
    size_t count;                            /* examples, ≥ 1 */
    const Scaler *target_scaler;             /* of regression targets; NULL: targets as they are */
    const CategoryDropout *category_dropout; /* NULL: all categories as they are */
    const Augment *augment;                  /* NULL: pictures as they are; else they are augmented, … */
    uint64_t epoch;                          /* … as in this epoch; the number of an example is its row of the view */
    const ScaledRows *scaled;                /* of data and scaler, or NULL; with augment only those of_batch */
} Batch;

/* Row of the dataset's view behind example i of the batch. */
static inline size_t batch_row(const Batch *batch, size_t i)
{
    return batch->order != NULL ? batch->order[i] : batch->first + i;
}

/* What outputs are compared with: regression targets if the data have them, else class labels. */
static inline bool batch_has_targets(const Batch *batch)
{
    return batch->data->storage->targets != NULL;
}

/* Whether targets are those of two examples (mixup): then batch_targets_of mixes them, and batch_soft_labels labels. */
static inline bool batch_is_mixed(const Batch *batch)
{
    return batch->augment != NULL && batch->augment->options.mixup > 0;
}

/* True if not every example has weight 1. class_weights (a weight for each class, or NULL) apply if there are
 * labels. */
static inline bool batch_is_weighted(const Batch *batch, const double *class_weights)
{
    return batch->data->storage->weights != NULL || (class_weights != NULL && batch->data->labels != NULL);
}

/* Weight of example i of the batch: its own weight times the weight of its class. */
double batch_weight(const Batch *batch, const double *class_weights, size_t i);

/* Sum of the weights, in the order of the examples. */
double batch_total_weight(const Batch *batch, const double *class_weights);

/* Gathers the labels of examples begin … end-1; zeros where the data has none. */
void batch_labels(const Batch *batch, size_t begin, size_t end, int32_t *labels);

#define REAL_HEADER "data/batch_real.h"
#include "base/each_real.h"

#endif
