/* Cuts the rows of a dataset into training, validation and test part. */
#ifndef DATA_CUT_H
#define DATA_CUT_H

#include <stdbool.h>

#include "base/random.h"
#include "data/dataset.h"

enum { CUT_TRAIN, CUT_VALID, CUT_TEST, CUT_PARTS };

/* Sizes of parts of n rows from `count` numbers (2 or 3), in their order: fractions if no number is above 1 and their sum
 * is not, else counts (see data_prepare). PERCEPT_ERROR_ARGUMENT names data.split. */
percept_status cut_sizes(const double *split, size_t count, size_t n, size_t *sizes, percept_error *error);

/* ⌊fraction · n⌋; 0.29 · 100, which rounds to 28.999…, counts as the whole number that was meant. */
size_t cut_share(double fraction, size_t n);

/* How rows are assigned to parts. */
typedef struct CutOptions {
    bool shuffle;  /* in a random order */
    bool stratify; /* with the same shares of all classes */
    bool by_time;  /* in the order of their times, if the storage has them; excludes the other two */
} CutOptions;

/* Splits `whole` into parts of the given sizes. Rows left over are in no part; a part of size 0 is NULL. The rows are
 * taken in a random order (one draw of random_permutation(n)) with `shuffle`, in the order of their times with
 * `by_time`, else in their own order; each part keeps this order. Without `stratify` the first rows are training, the
 * next validation, the last test.
 *
 * With `stratify`, and if there are classes, each part gets its share of each class (stratify_deal); it may be smaller
 * than in `sizes` if classes have single examples. If the storage has groups, whole groups are assigned (group_deal.h),
 * and sizes are met as closely as possible. On return `sizes` holds the actual sizes. PERCEPT_ERROR_ARGUMENT if groups
 * leave no row for training. */
percept_status cut_rows(const percept_dataset *whole, size_t sizes[CUT_PARTS], const CutOptions *options,
                        RandomStream *stream, percept_dataset *parts[CUT_PARTS], percept_error *error);

/* Gives each row of `whole` its part: owner[row] is CUT_TRAIN, CUT_VALID, CUT_TEST, or CUT_PARTS for none. `order`: all
 * rows, in the order in which they are used.
 *
 * The parts are filled one after the other: unused rows, test, validation; the rest is training. A part of s rows, out
 * of n that are left, takes ⌊n_c s/n⌋ of the n_c rows of class c. Then it takes one more row of the classes with the
 * largest remainders until it has s rows (in a tie, of the class that comes first in the order). The last row of a
 * class is never taken, so it remains for training: classes of one example are in no other part. Within a class, a part
 * takes the last rows in the order. */
percept_status stratify_deal(const percept_dataset *whole, const uint32_t *order, const size_t sizes[CUT_PARTS],
                             uint8_t *owner, percept_error *error);

#endif
