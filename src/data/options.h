/* Which data are read, and how they become the three parts of an experiment. */
#ifndef DATA_OPTIONS_H
#define DATA_OPTIONS_H

#include <stdbool.h>

#include "base/random.h"
#include "data/source_options.h"

typedef struct DataOptions {
    const char *name;            /* a named dataset or a file */
    const char *directory;       /* where to look first, or NULL */
    SourceOptions source;        /* how a file is read */
    const char *const *classes;  /* classes to keep, relabelled 0, 1, … in this order; by name (class_names.h) */
    size_t class_count;          /* 0: all */
    const char *const *positive; /* classes (kept by `classes` if given) that become 1, all others 0 */
    size_t positive_count;       /* 0: no relabelling */
    size_t per_class;            /* first examples of each class to keep; 0: all */
    bool limit_test;             /* per_class limits the test part too */
    bool join;                   /* training and test part become one before the split */
    bool shuffle;                /* shuffle before splitting */
    bool shuffle_told;           /* `shuffle` was set by the user; else data_decide may change it */
    bool stratify;               /* parts with the same shares of all classes, see data/cut.h */
    bool stratify_told;
    bool by_time;                /* a file is split in the order of its times, else of its rows */
    const double *split;         /* sizes of the parts, see data_prepare */
    size_t split_count;          /* 0: the data's own parts and `validation`; 2 or 3: given */
    double validation;           /* without split: taken from the end of the training part (after the shuffle, if any):
                                a count, a fraction below 1, or negative for the dataset's own default */
    double test;                 /* without split: what becomes the test part where the data have none, a count or a
                                    fraction below 1 */
    const char *validation_file; /* files of these parts, like the one that is named, or NULL (data/part_file.h) */
    const char *test_file;
    bool test_told;       /* else data_decide may set it */
    bool whole;           /* a file is not split, whatever is set above: it is the training part, beside its own
                                test part. Named datasets and generated data are split as usual */
    size_t folds, fold;   /* folds ≥ 2: training and validation part are cut anew (data/folds.h), and the test
                                part is left out */
    RandomStream folding; /* for the folds */
} DataOptions;

/* Neither a named dataset nor drawn. */
bool data_is_file(const DataOptions *options);

/* Decides what the options leave open. `own_test`: the data come with a test part, which is not joined. `own_valid`:
 * number of last examples that the data mark for validation.
 *
 *   A file without its own test part is split into training, validation and test part: 64, 16 and 20 % of its rows,
 *   shuffled and stratified by class. Numbers in `validation` and `test` replace the 16 and the 20 %; fractions of the
 *   number of rows are rounded to the nearest. `shuffle` and `stratify` are kept if they are set.
 *   A `validation_file` or `test_file` is that part, and takes no rows from the file. With a validation file only `test`
 *   takes rows; with only a test file there is the default validation part.
 *   Examples that the file marks for validation are the validation part if neither a size nor `shuffle` is set; nothing
 *   else is split then.
 *   With `split`, or `validation` and its own test part, a file is shuffled and stratified, too.
 *   But if `shuffle` is set, and `split` or `validation` without `test`, nothing else is decided: there is no test part
 *   without a split, and no stratification. So recipes of earlier releases, which set both, are split as before.
 *   Named datasets and generated data have the default split (prepare.h) of a permutation; with `test` they are split
 *   like files. */
DataOptions data_decide(const DataOptions *options, bool own_test, size_t own_valid);

#endif
