/* Cross-validation: each example is in the validation part of one fold and in the training part of all others. */
#ifndef DATA_FOLDS_H
#define DATA_FOLDS_H

#include "base/random.h"
#include "data/dataset.h"

/* Joins *train and *valid (which may be NULL) and cuts them anew for fold `fold` of `folds` ≥ 2. The examples are permuted
 * (one draw of random_permutation), ordered by class, those of one class as the permutation has them, and dealt to the
 * folds in turn: of each class, and of all, two folds have the same number or one more. Without classes the permutation
 * alone is dealt. Groups, where the storage has them, are dealt as a whole (group_deal.h). Both parts keep the examples in their old order. */
percept_status folds_cut(percept_dataset **train, percept_dataset **valid, size_t folds, size_t fold,
                         RandomStream *stream, percept_error *error);

#endif
