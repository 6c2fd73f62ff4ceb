/* Medians and quartiles of columns, which a few values far out do not move. */
#ifndef DATA_QUARTILES_H
#define DATA_QUARTILES_H

#include "data/dataset.h"

/* Of the features / divisor of several views of equal width (NULL is a missing part; the first must not be NULL): center_j
 * is the median of column j, and width_j the distance of its quartiles; where that is 0, half the range; 1 for a constant
 * column. Categories get 0 and 1. Quantiles lie between neighbours as numpy.quantile has them. Weights count only whether
 * they are above 0. Both have an entry for each feature. */
percept_status quartiles_fit(const percept_dataset *const *parts, size_t part_count, double divisor, double *center,
                             double *width, percept_error *error);

#endif
