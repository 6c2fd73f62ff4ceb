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

/* ⌊fraction · n⌋; 0.29 · 100, which rounds to 28.999…, counts as the whole number it is meant to be. */
size_t cut_share(double fraction, size_t n);

/* How rows are dealt to parts. */
typedef struct CutOptions {
    bool shuffle;  /* in a random order */
    bool stratify; /* with the same shares of all classes */
    bool by_time;  /* in the order of their times, where the storage has them; not with the others */
} CutOptions;

/* Cuts `whole` into parts of the given sizes; rows left over are in none, and a part of size 0 is NULL. The rows are taken
 * in a random order (one draw of random_permutation(n)) with `shuffle`, else in the order in which they stand or, with
 * `by_time`, of their times; each part keeps them in that order. Without `stratify` the first rows are training, the next validation, the last test.
 *
 * With `stratify`, and where there are classes, each part has of each class what its size asks for (stratify_deal), and
 * may be smaller than `sizes` where classes have single examples. Where the storage has groups they are dealt as a whole
 * (group_deal.h), and sizes are met as nearly as that allows. On return `sizes` are those of the parts.
 * PERCEPT_ERROR_ARGUMENT where groups leave none for training. */
percept_status cut_rows(const percept_dataset *whole, size_t sizes[CUT_PARTS], const CutOptions *options,
                        RandomStream *stream, percept_dataset *parts[CUT_PARTS], percept_error *error);

/* Gives each row of `whole` its part: owner[row] is CUT_TRAIN, CUT_VALID, CUT_TEST, or CUT_PARTS for none. `order`: all
 * rows, in the order in which they are taken.
 *
 * The parts are filled one after the other: rows that no part wants, test, validation; what is left is training. A part of
 * s rows, out of n that are left, takes ⌊n_c s/n⌋ of the n_c rows of class c, and one more of the classes with the largest
 * remainders until it has s rows (of equal remainders the class that comes first in the order). A class's last row is
 * never taken, so that it stays for training: classes of one example are in no other part. Of its class, a part takes the
 * last rows in the order. */
percept_status stratify_deal(const percept_dataset *whole, const uint32_t *order, const size_t sizes[CUT_PARTS],
                             uint8_t *owner, percept_error *error);

#endif
