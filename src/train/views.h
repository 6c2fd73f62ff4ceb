/* Test-time augmentation: the mean of a model's predictions for a picture and for copies of it that are deformed as in
 * training. Probabilities are averaged, or targets, as of networks with members. */
#ifndef TRAIN_VIEWS_H
#define TRAIN_VIEWS_H

#include "augment/augment.h"
#include "train/evaluate.h"

typedef struct Views {
    AugmentOptions options; /* mixup, erase and noise are left out */
    PictureShape picture;
    RandomStream stream;
    size_t copies; /* beside the picture as it is, ≥ 1; copy number e of an example is that of epoch e - 1 */
} Views;

/* Whether the options deform pictures at all. */
bool views_deform(const AugmentOptions *options);

/* As evaluate_dataset for all of the data, for these means; `threads`: those of the engine's team. */
percept_status views_evaluate(const percept_model *model, Engine *engine, const percept_dataset *data,
                              const Views *views, size_t threads, EvaluateVisit *visit, void *user, EngineSums *sums,
                              percept_error *error);

/* As percept_model_report (views: NULL), or of these means. */
percept_status views_report(const percept_model *model, const percept_dataset *data, const Views *views, size_t threads,
                            percept_report *out, percept_error *error);

#endif
