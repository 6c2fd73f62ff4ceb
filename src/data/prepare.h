/* From options to the three parts of an experiment: open → select → relabel → join → split. */
#ifndef DATA_PREPARE_H
#define DATA_PREPARE_H

#include "base/random.h"
#include "data/dataset.h"
#include "data/options.h"

/* Opens the data and makes the parts. The training part is split, or with `join` training and test part together. With
 * `shuffle` its rows are permuted first. The parts are taken from it in order, training first.
 *
 *   split of three   train, valid, test; the data's own test part is left out unless joined
 *   split of two     train, valid where the data's own test part stays;
 *                    train, test where there is none, or `join` has made it one with the rest
 *   no split         `validation` rows from the end; the data's own test part, if not joined, stays;
 *                    but without `validation`, a named dataset's own split where it has one (digits), 0.7, 0.15, 0.15
 *                    of what a generator drew, and the default split of a file (data_decide)
 *
 * A split consists of fractions if neither a number nor the sum is above 1: each part has ⌊fraction · n⌋ rows, and if
 * they sum to 1, the last one that is not 0 takes the rest. Else it consists of counts: whole numbers, at most n
 * together; rows left over are not used. valid and test are NULL if they would be empty; the training part must have a
 * row. `validation` in (0, 1) is a fraction, too. If it is negative, a named dataset uses its own share (10,000 of
 * 60,000 for the image sets), rounded down, and a file has no validation part.
 *
 * The texts of categories are those that the training part has (categories_learn).
 * Features that are missing become the mean of their column over the training part.
 *
 * `stream` is used for the permutation only: one draw of random_permutation(n); without `shuffle` it may be NULL.
 * Errors name the option ("data.split", …) and say what is valid. */
percept_status data_prepare(const DataOptions *options, RandomStream *stream, percept_data *out, percept_error *error);

/* The same for a dataset that is there, as if it were read from a file without parts of its own. Its storage, which is
 * shared, receives the fills and what is known of the parts. */
percept_status data_split(const DataOptions *options, RandomStream *stream, const percept_dataset *dataset,
                          percept_data *out, percept_error *error);

#endif
