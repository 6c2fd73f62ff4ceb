/* Regression in the units of the data. A network may learn scaled targets (percept_model.target_scaler). Its reported
 * predictions and losses are in the units of the targets.
 *
 * A loss that depends on differences a - t alone, and grows with a power p of their unit, is σ^p times as large for targets
 * of deviation σ as it is for scaled ones: p = 2 for squares, 1 for absolute differences. Huber's loss has its threshold at
 * one deviation, and p = 2.
 *
 * Transformed targets (data/target_transform.h) have predictions in the units of the data, too. Their losses are those of
 * the transformed targets, so that losses of training and validation can be compared. */
#ifndef TRAIN_TARGET_UNITS_H
#define TRAIN_TARGET_UNITS_H

#include "data/batch.h"
#include "model/model.h"

/* Whether targets may be scaled: outputs are unbounded, and the loss has a unit. */
bool target_units_apply(const Network *network);

/* Outputs (count × network outputs) of the network become predictions: a · deviation + mean, turned back. Intervals contain
 * what is predicted: quantiles are trained for themselves, and may cross it where data are few. */
void target_units_restore(const percept_model *model, size_t count, double *outputs);

/* Whether target_units_loss measures the loss of examples like these. */
bool target_units_measure(const percept_model *model, const percept_dataset *data);

/* Σ w · loss of the examples of a batch from predictions and targets (count × outputs) in the targets' units, in float64;
 * of transformed targets it is that of what the transform makes of both. */
double target_units_loss(const percept_model *model, const Batch *batch, const double *predictions,
                         const double *targets);

/* σ^p of output j. With intervals the losses that are reported are those of the means alone: 3 σ², of which the loss takes a
 * third, and 0 for the quantiles. */
double target_unit(const percept_model *model, size_t j);

/* For a training with scaled targets: the factor of each output's loss (EngineConfig.loss_units; NULL if all have the
 * same unit; released with memory_free), and the factor of their sum. */
percept_status target_units_of_training(const percept_model *model, double **units, double *unit, percept_error *error);

#endif
