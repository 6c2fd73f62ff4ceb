/* From options to the three parts of an experiment: open → select → relabel → join → split. */
#ifndef DATA_PREPARE_H
#define DATA_PREPARE_H

#include <stdbool.h>

#include "base/random.h"
#include "data/dataset.h"

typedef struct DataOptions {
    const char *name;        /* a named dataset or a file */
    const char *directory;   /* where to look first, or NULL */
    const int32_t *classes;  /* classes to keep, relabelled 0, 1, … in this order */
    size_t class_count;      /* 0: all */
    const int32_t *positive; /* original labels (after `classes`) that become 1, all others 0 */
    size_t positive_count;   /* 0: no relabelling */
    size_t per_class;        /* first examples of each class to keep; 0: all */
    bool limit_test;         /* per_class limits the test part too */
    bool join;               /* training and test part become one before the split */
    bool shuffle;            /* permute before splitting */
    const double *split; /* sizes of train, valid, test: fractions (all ≤ 1, sum ≤ 1) or counts (whole numbers) */
    size_t split_count;  /* 0: the data's own parts and `validation`; 2 or 3: given */
    double validation;   /* without split: taken from the end of the training part (after the shuffle, if any):
                                a count, a fraction below 1, or negative for the dataset's own default */
} DataOptions;

/* `stream` is used for the permutation only, which permutes the rows before they are cut in order: first train, then
 * valid, then test. Errors name the option and say what would fit. With split given and no join, the training part is
 * cut and the data's own test part is kept if split has two numbers. */
percept_status data_prepare(const DataOptions *options, RandomStream *stream, percept_data *out, percept_error *error);

#endif
