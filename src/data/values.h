/* Values that every reader refuses, and values that mark missing ones in arrays. */
#ifndef DATA_VALUES_H
#define DATA_VALUES_H

#include "data/source_options.h"

/* Check the features, or targets and weights, of rows first … first+count-1: PERCEPT_ERROR_FORMAT for a value that is
 * infinite or beyond the range of float32 (3.4e38), in which networks compute. NaN passes: it is a feature that is missing.
 * The message names `source`, the row, where `first` counts as 1, and the column, by its name in the storage's schema or
 * from 1. */
percept_status values_check_features(const Storage *storage, size_t first, size_t count, const char *source,
                                     percept_error *error);
percept_status values_check_answers(const Storage *storage, size_t first, size_t count, const char *source,
                                    percept_error *error);
percept_status values_check(const Storage *storage, size_t first, size_t count, const char *source,
                            percept_error *error); /* both */

/* Applies the option `missing` to the features of rows first … first+count-1 of an array. Missing are NaN, and numbers
 * among the tokens of missing_tokens.h, which become NaN (in storages of floats). They are refused as above, replaced
 * by 0, or counted in storage->missing. */
percept_status values_take_missing(Storage *storage, size_t first, size_t count, const char *source,
                                   const SourceOptions *options, percept_error *error);

/* Removes the features of the rows for which dropped[i] is true, before the storage has labels, targets or weights. */
void values_drop_rows(Storage *storage, const bool *dropped);

#endif
