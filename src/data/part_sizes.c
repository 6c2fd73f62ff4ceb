#include "data/part_sizes.h"

#include <math.h>
#include <stdint.h>

#include "data/source.h"

/* The rows of n that `validation` takes. */
static percept_status cut_validation(const DataOptions *options, size_t n, size_t *valid, percept_error *error)
{
    double wanted = options->validation;
    const NamedDataset *named = named_dataset_find(options->name);
    if (wanted < 0)
        *valid = named != NULL ? (size_t)((uint64_t)n * named->validation_count / named->train_count) : 0;
    else if (wanted < 1)
        *valid = cut_share(wanted, n);
    else if (wanted < (double)n && wanted == floor(wanted))
        *valid = (size_t)wanted;
    else
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "data.validation is %g; give a fraction below 1, or a whole number below %zu, the examples "
                         "there are",
                         wanted, n);
    return PERCEPT_OK;
}

/* The rows of n that `validation` and `test` take where there is no test part; fractions are rounded to the nearest. */
static percept_status cut_two(const DataOptions *options, size_t n, size_t sizes[CUT_PARTS], percept_error *error)
{
    const double wanted[] = {options->validation, options->test};
    static const char *const keys[] = {"data.validation", "data.test"};
    for (size_t w = 0; w < 2; w++) {
        if (!(wanted[w] < 1) && !(wanted[w] < (double)n && wanted[w] == floor(wanted[w])))
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "%s is %g; give a fraction below 1, or a whole number below %zu, the examples there are",
                             keys[w], wanted[w], n);
        sizes[CUT_VALID + w] = wanted[w] < 1 ? (size_t)round(wanted[w] * (double)n) : (size_t)wanted[w];
    }
    if (sizes[CUT_VALID] + sizes[CUT_TEST] < n)
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_ARGUMENT,
                     "of %zu examples data.validation takes %zu and data.test (20 %% unless set) %zu; that leaves none "
                     "for training",
                     n, sizes[CUT_VALID], sizes[CUT_TEST]);
}

percept_status part_sizes(const DataOptions *options, size_t n, bool has_test, size_t sizes[CUT_PARTS],
                          percept_error *error)
{
    size_t given[CUT_PARTS] = {0, 0, 0};
    percept_status status = PERCEPT_OK;
    sizes[CUT_TEST] = 0;
    if (options->split_count > 0) {
        status = cut_sizes(options->split, options->split_count, n, given, error);
        sizes[CUT_TRAIN] = given[0];
        sizes[CUT_VALID] = options->split_count == CUT_PARTS || has_test ? given[1] : 0;
        sizes[CUT_TEST] = options->split_count == CUT_PARTS ? given[2] : has_test ? 0 : given[1];
        return status;
    }
    if (options->test_told || options->test_file != NULL)
        status = cut_two(options, n, sizes, error);
    else
        status = cut_validation(options, n, &sizes[CUT_VALID], error);
    sizes[CUT_TRAIN] = n - sizes[CUT_VALID] - sizes[CUT_TEST];
    return status;
}
