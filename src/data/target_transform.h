/* Transforms of regression targets: what a network learns in place of the target t, before it is scaled. Predictions are
 * turned back. The mean of a transformed target, which squared errors lead to, is turned back to something like the median
 * of the target, not to its mean. */
#ifndef DATA_TARGET_TRANSFORM_H
#define DATA_TARGET_TRANSFORM_H

#include <stdbool.h>

#include "data/dataset.h"

typedef enum TargetTransformKind {
    TARGET_AS_IT_IS, /* z = t */
    TARGET_LOG,      /* z = log t, for t > 0 */
    TARGET_LOG1P,    /* z = log(1 + t), for t > -1 */
    TARGET_QUANTILE, /* the quantiles of t as those of a standard normal (normal_knots.h) */
} TargetTransformKind;

typedef struct TargetTransform {
    TargetTransformKind kind;
    size_t width, knots; /* of quantiles: targets, and knots of each, the last one repeated where there are fewer */
    double *values, *normals; /* width × knots, each ascending; or NULL */
} TargetTransform;

/* Names "none", "log", "log1p", "quantile"; NULL or -1 if unknown. */
const char *target_transform_name(size_t kind);
int target_transform_find(const char *name);

/* Refuses a target outside the range of the transform, by row and column. */
percept_status target_transform_check(TargetTransformKind kind, const percept_dataset *data, percept_error *error);

/* Learns it from the targets of a view, without rows of weight 0; other weights do not count. PERCEPT_ERROR_ARGUMENT names
 * the row and column of a target that cannot be transformed. Released with target_transform_clear. */
percept_status target_transform_fit(TargetTransform *out, TargetTransformKind kind, const percept_dataset *train,
                                    percept_error *error);
void target_transform_clear(TargetTransform *transform);

/* A copy, released in the same way; and whether two are the same. */
percept_status target_transform_copy(const TargetTransform *from, TargetTransform *to, percept_error *error);
bool target_transform_is_same(const TargetTransform *a, const TargetTransform *b);

/* Target j: z of t, t of z, and dt/dz where t is the result. A t outside of the range of a logarithm counts as the least
 * one inside. */
double target_transform(const TargetTransform *transform, size_t j, double t);
double target_restore(const TargetTransform *transform, size_t j, double z);
double target_slope(const TargetTransform *transform, size_t j, double t);

#endif
