/* Predictions for whole datasets. */
#include "base/memory.h"
#include "train/predictor.h"

/* Predicts `count` examples, which are examples first … of the dataset. */
typedef void Predict(percept_predictor *predictor, const double *features, size_t count, size_t first, void *out);

static void predict_outputs(percept_predictor *predictor, const double *features, size_t count, size_t first, void *out)
{
    percept_predictor_run(predictor, features, count, (double *)out + first * percept_model_outputs(predictor->model));
}

static void predict_probabilities(percept_predictor *predictor, const double *features, size_t count, size_t first,
                                  void *out)
{
    const size_t classes = percept_model_classes(predictor->model);
    const size_t width = classes > 0 ? classes : percept_model_outputs(predictor->model);
    percept_predictor_probabilities(predictor, features, count, (double *)out + first * width);
}

static void predict_logits(percept_predictor *predictor, const double *features, size_t count, size_t first, void *out)
{
    percept_predictor_logits(predictor, features, count,
                             (double *)out + first * percept_model_outputs(predictor->model));
}

static void predict_classes(percept_predictor *predictor, const double *features, size_t count, size_t first, void *out)
{
    percept_predictor_classes(predictor, features, count, (int32_t *)out + first);
}

static Predict *const kinds[] = {[PERCEPT_OUTPUTS] = predict_outputs,
                                 [PERCEPT_PROBABILITIES] = predict_probabilities,
                                 [PERCEPT_LOGITS] = predict_logits};

static percept_status predict(percept_predictor *predictor, const percept_dataset *data, Predict *kind, void *out,
                              percept_error *error)
{
    const size_t width = percept_model_inputs(predictor->model), block = percept_predictor_block(predictor);
    double *features = NULL;
    percept_status status = model_check_columns(predictor->model, data, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(block < data->count ? block : data->count, width * sizeof *features, "the features",
                                 &features, error);
    for (size_t first = 0; status == PERCEPT_OK && first < data->count; first += block) {
        const size_t left = data->count - first, count = left < block ? left : block;
        for (size_t i = 0; i < count; i++)
            percept_dataset_features(data, first + i, features + i * width);
        kind(predictor, features, count, first, out);
    }
    memory_free(features);
    return status;
}

percept_status percept_predictor_dataset(percept_predictor *predictor, const percept_dataset *data,
                                         percept_output_kind kind, double *out, percept_error *error)
{
    if (predictor == NULL || data == NULL || out == NULL)
        return error_null(error, "percept_predictor_dataset", "predictor, data and out");
    if ((size_t)kind >= sizeof kinds / sizeof kinds[0])
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "outputs of kind %d; give PERCEPT_OUTPUTS, PERCEPT_PROBABILITIES or PERCEPT_LOGITS",
                         (int)kind);
    return predict(predictor, data, kinds[kind], out, error);
}

percept_status percept_predictor_dataset_classes(percept_predictor *predictor, const percept_dataset *data,
                                                 int32_t *classes, percept_error *error)
{
    if (predictor == NULL || data == NULL || classes == NULL)
        return error_null(error, "percept_predictor_dataset_classes", "predictor, data and classes");
    return predict(predictor, data, predict_classes, classes, error);
}
