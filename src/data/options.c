#include "data/options.h"

#include "data/cut.h"
#include "data/source.h"

/* What a file that is cut by default gives away: a fifth of all, and a fifth of the rest. */
#define FILE_TEST 0.2
#define FILE_VALIDATION 0.16

bool data_is_file(const DataOptions *options)
{
    return named_dataset_find(options->name) == NULL && generator_find(options->name) == NULL;
}

/* The split of three that is taken where the options say nothing of parts, of a named dataset that has one or of what a
 * generator drew; else NULL. */
static const double *default_split(const DataOptions *options)
{
    static const double drawn[CUT_PARTS] = {0.7, 0.15, 0.15};
    const NamedDataset *named = named_dataset_find(options->name);
    if (options->split_count > 0 || options->validation >= 0)
        return NULL;
    if (generator_find(options->name) != NULL)
        return drawn;
    return named != NULL && named->split[0] > 0 ? named->split : NULL;
}

static void decide_file(DataOptions *options, bool own_test, size_t own_valid)
{
    const bool sized = options->split_count > 0 || options->validation >= 0;
    if (options->validation_file != NULL && !options->test_told) { /* nothing is cut off that was not asked for */
        options->validation = 0;
        options->shuffle = options->stratify = false;
        return;
    }
    if (own_valid > 0 && !sized && !options->test_told && !(options->shuffle_told && options->shuffle)) {
        options->validation = (double)own_valid;
        options->shuffle = options->stratify = false;
        return;
    }
    /* As recipes have it that were written before files were cut. */
    const bool before = options->shuffle_told && sized && !options->test_told;
    if (!before && options->split_count == 0 && !own_test && !options->test_told) {
        options->test = FILE_TEST;
        options->test_told = true;
    }
    if (options->validation_file != NULL)
        options->validation = 0;
    else if (options->validation < 0)
        options->validation = options->test_told || options->test_file != NULL ? FILE_VALIDATION : 0;
    if (!options->stratify_told)
        options->stratify = !before && (!options->shuffle_told || options->shuffle);
    if (!options->shuffle_told)
        options->shuffle = options->split_count > 0 || options->test_told || options->validation > 0;
    options->stratify = options->stratify && (options->shuffle || options->stratify_told);
}

/* The last rows are for testing, and those before them for validation. */
static void decide_order(DataOptions *options)
{
    if (options->by_time) {
        options->shuffle = options->stratify = false;
        options->shuffle_told = true;
    }
}

DataOptions data_decide(const DataOptions *options, bool own_test, size_t own_valid)
{
    DataOptions decided = *options;
    const double *split = default_split(options);
    if (data_is_file(options) && options->whole) {
        decided.split_count = decided.folds = 0;
        decided.validation = 0;
        decided.shuffle = decided.stratify = false;
    } else if (data_is_file(options) || options->test_told) {
        decide_file(&decided, own_test, own_valid);
        decide_order(&decided);
    } else {
        decided.split = split != NULL ? split : options->split;
        decided.split_count = split != NULL ? CUT_PARTS : options->split_count;
        decided.shuffle = options->shuffle || (!options->shuffle_told && split != NULL);
    }
    return decided;
}
