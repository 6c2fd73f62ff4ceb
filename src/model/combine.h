/* One model of several that were trained apart. Their networks must have one shape, and the models must read the same columns
 * in the same way: equal names, categories, fills, scaling, classes or targets. What only matters in training (dropout,
 * penalties, label smoothing) may differ; the result has that of the first model. A threshold is not taken over. */
#ifndef MODEL_COMBINE_H
#define MODEL_COMBINE_H

#include "model/model.h"

/* Whether two models can be combined; else PERCEPT_ERROR_ARGUMENT, and the message says what of `other` differs, as in "its
 * layer 1 has 64 outputs, not 32". Members are not counted. */
percept_status combine_check(const percept_model *first, const percept_model *other, percept_error *error);

/* A member of a model. */
typedef struct CombineMember {
    const percept_model *model;
    size_t member;
} CombineMember;

/* The model with these members, in this order. It predicts the mean of what they predict; a member that is listed k times
 * counts k times. With a transform of targets (data/target_transform.h) it is the mean of the transformed ones, as of members that
 * are trained together. All models must fit the first one. Released with percept_model_free. */
percept_status combine_members(const CombineMember *members, size_t count, percept_model **out, percept_error *error);

/* The model whose parameters and statistics are the means of those of the models, which have equally many members. */
percept_status combine_average(const percept_model *const *models, size_t count, percept_model **out,
                               percept_error *error);

#endif
