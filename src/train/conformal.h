/* Conformalized quantile regression (Y. Romano, E. Patterson, E. Candès, 2019, algorithm 1): intervals between two quantiles
 * that a network has learned become wider or narrower by one number for each target, so that they hold the fraction of
 * targets that is wanted on the validation part. On other data of the same kind they then hold at least that fraction on
 * average, however good the quantiles are. */
#ifndef TRAIN_CONFORMAL_H
#define TRAIN_CONFORMAL_H

#include "base/team.h"
#include "engine/engine.h"
#include "model/model.h"

/* Refuses a validation part that is missing, or too small for the fraction. */
percept_status conformal_check(const percept_model *model, const percept_dataset *valid, percept_error *error);

/* With E_i = max(low_i - t_i, t_i - high_i) of n examples and the fraction c, the correction Q is the least E that at least
 * c (n + 1) of them do not exceed; an example of weight w counts as w. It goes into the biases of the last layer, of each
 * member: low - Q and high + Q, in the units in which targets are learned. */
percept_status conformal_run(percept_model *model, const percept_dataset *valid, const EngineKind *engine, Team *team,
                             percept_error *error);

/* For tests: Q of scores that are sorted with their weights (NULL: 1 each); the largest score if c is too large. */
typedef struct ConformalScore {
    double score, weight;
} ConformalScore;
double conformal_correction(ConformalScore *scores, size_t count, double fraction);

#endif
