/* What kinds of pictures take from a run: a part of its data, predictions, gradients, parameters. */
#ifndef SHOW_FROM_RUN_H
#define SHOW_FROM_RUN_H

#include "data/dataset.h"
#include "engine/engine.h"
#include "model/model.h"
#include "show/kind.h"

/* Refuses a model that predicts numbers, for kinds about classes. */
percept_status show_check_classes(const ShowRun *run, percept_error *error);

/* An engine with its memory, for gradients of some examples in float64. */
typedef struct ShowEngine {
    Team *team;
    Engine *engine;
    double *parameters;
} ShowEngine;

percept_status show_engine_create(const ShowRun *run, size_t examples, ShowEngine *out, percept_error *error);
void show_engine_clear(ShowEngine *engine);

/* The part of a run's data that the options name, in *data, its classes numbered as the model's are; *part receives
 * "training", "validation" or "test". PERCEPT_ERROR_ARGUMENT if the run has no such part. */
percept_status show_part(const ShowRun *run, const ShowOptions *options, percept_dataset **data, const char **part,
                         percept_error *error);

/* The predicted classes of the first `count` examples. */
percept_status show_predict(const percept_model *model, const percept_dataset *data, size_t count, int32_t *predicted,
                            percept_error *error);

/* The best epoch by the run's summary.json; -1 if there is none. */
long show_best_epoch(const ShowRun *run);

/* Height and width of the pictures; PERCEPT_ERROR_ARGUMENT if the examples are no pictures. */
percept_status show_image_size(const ShowRun *run, size_t *height, size_t *width, percept_error *error);

#endif
