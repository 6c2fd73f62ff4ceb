#include "train/class_weights.h"

#include <string.h>

#include "base/memory.h"

static percept_status check(const TrainingOptions *options, const percept_dataset *train, percept_error *error)
{
    double sum = 0;
    for (size_t k = 0; k < options->class_weight_count; k++)
        sum += options->class_weights[k];
    if (options->balance_classes && options->class_weight_count > 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "train.class_weights and train.balance_classes are both set; leave one out");
    if (train->class_count == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "class weights are set, but the data have no classes; leave out "
                         "train.class_weights and train.balance_classes");
    if (options->class_weight_count > 0 && options->class_weight_count != train->class_count)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "train.class_weights has %zu weights for %zu classes; give one for each",
                         options->class_weight_count, train->class_count);
    if (options->class_weight_count > 0 && !(sum > 0))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "train.class_weights has no weight above 0; nothing counts");
    return PERCEPT_OK;
}

static void balance(const percept_dataset *train, double *weights)
{
    for (size_t i = 0; i < train->count; i++)
        weights[train->labels[i]]++;
    for (size_t k = 0; k < train->class_count; k++)
        if (weights[k] > 0)
            weights[k] = (double)train->count / ((double)train->class_count * weights[k]);
}

percept_status class_weights_create(const TrainingOptions *options, const percept_dataset *train, double **out,
                                    percept_error *error)
{
    *out = NULL;
    if (!options->balance_classes && options->class_weight_count == 0)
        return PERCEPT_OK;
    percept_status status = check(options, train, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(train->class_count, sizeof **out, "the classes' weights", out, error);
    if (status != PERCEPT_OK)
        return status;
    if (options->balance_classes)
        balance(train, *out);
    else
        memcpy(*out, options->class_weights, train->class_count * sizeof **out);
    return PERCEPT_OK;
}
