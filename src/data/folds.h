/* Cross-validation: each example is in the validation part of one fold and in the training part of all others. */
#ifndef DATA_FOLDS_H
#define DATA_FOLDS_H

#include "base/random.h"
#include "data/dataset.h"

/* Joins *train and *valid (which may be NULL) and splits them again for fold `fold` of `folds` ≥ 2. The examples are
 * permuted (one draw of random_permutation), sorted by class (stable), and assigned to the folds in turn. So the sizes
 * of two folds, in total and for each class, differ by at most one. Without classes the permutation alone is used. If
 * the storage has groups, whole groups are assigned (group_deal.h). Both parts keep the examples in their old order. */
percept_status folds_cut(percept_dataset **train, percept_dataset **valid, size_t folds, size_t fold,
                         RandomStream *stream, percept_error *error);

#endif
