/* How many rows each part gets. */
#ifndef DATA_PART_SIZES_H
#define DATA_PART_SIZES_H

#include "data/cut.h"
#include "data/options.h"

/* Sizes of the three parts that n rows are cut into, by options that data_decide has completed (prepare.h says how).
 * `has_test`: a test part of its own stays beside them. PERCEPT_ERROR_ARGUMENT names the option that does not fit. */
percept_status part_sizes(const DataOptions *options, size_t n, bool has_test, size_t sizes[CUT_PARTS],
                          percept_error *error);

#endif
