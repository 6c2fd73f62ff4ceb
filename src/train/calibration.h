/* Calibration of a trained classifier on its validation part. */
#ifndef TRAIN_CALIBRATION_H
#define TRAIN_CALIBRATION_H

#include "base/team.h"
#include "engine/engine.h"
#include "model/model.h"
#include "train/temperature.h"

/* A temperature T, and metrics of the validation part without and with it. */
typedef struct Calibration {
    double temperature; /* NaN: there is none */
    TemperatureMetrics before, after;
} Calibration;

/* Refuses models whose outputs are no probabilities of classes, and a missing validation part. */
percept_status calibration_check(const percept_model *model, const percept_dataset *valid, percept_error *error);

/* Finds T and divides weights and biases of the last layer, of each member, by it: so the model needs to know nothing of T.
 * A model that predicts NaN is left as it is. */
percept_status calibration_run(percept_model *model, const percept_dataset *valid, const EngineKind *engine, Team *team,
                               Calibration *out, percept_error *error);

/* Fills what the result has of it; NULL: the model was not calibrated. */
void calibration_report(const Calibration *found, percept_result *result);

#endif
