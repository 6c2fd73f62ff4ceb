/* Which classes and examples are kept, and which classes are positive. */
#ifndef DATA_CHOOSE_CLASSES_H
#define DATA_CHOOSE_CLASSES_H

#include "data/dataset.h"
#include "data/options.h"

/* Replaces parts by their selection (classes, per_class) and marks the positive classes. *valid and *test may be NULL.
 * Errors name the option. */
percept_status choose_classes(const DataOptions *options, percept_dataset **train, percept_dataset **valid,
                              percept_dataset **test, percept_error *error);

#endif
