/* The threshold of a model with two classes. */
#include "model/model.h"
#include "train/outputs.h"

double percept_model_threshold(const percept_model *model)
{
    return model != NULL ? model->threshold : 0;
}

percept_status percept_model_set_threshold(percept_model *model, double threshold, percept_error *error)
{
    if (model == NULL)
        return error_null(error, "percept_model_set_threshold", "model");
    if (!(threshold >= 0 && threshold <= 1))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "a threshold is a probability from 0 to 1, not %g", threshold);
    if (model->class_count != 2)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "a threshold is for models of two classes, and this has %zu",
                         model->class_count);
    if (!outputs_are_probabilities(&model->network))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the outputs of the model are not probabilities, so they have no threshold");
    model->threshold = threshold;
    return PERCEPT_OK;
}
