#include "model/model.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

static percept_status copy_class_names(percept_model *model, size_t count, char *const *names, percept_error *error)
{
    percept_status status =
        memory_allocate_zeroed(count, sizeof *model->class_names, "the class names", &model->class_names, error);
    for (size_t k = 0; k < count && status == PERCEPT_OK; k++, model->class_count++)
        status = memory_copy_string(names[k], &model->class_names[k], error);
    return status;
}

static percept_status check_parts(const Network *network, percept_type precision, const Scaler *scaler,
                                  size_t class_count, percept_error *error)
{
    const size_t outputs = network_outputs(network);
    if (precision != PERCEPT_FLOAT32 && precision != PERCEPT_FLOAT64)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "the precision of a model is float32 or float64");
    if (scaler->width != network_inputs(network))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "the scaler is for %zu features, but the network takes %zu",
                         scaler->width, network_inputs(network));
    if (class_count > 0 && class_count != outputs && !(class_count == 2 && outputs == 1))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "%zu classes need a network with %zu outputs%s, but this one has %zu", class_count,
                         class_count, class_count == 2 ? " (or 1)" : "", outputs);
    return PERCEPT_OK;
}

percept_status model_create(Network *network, percept_type precision, Scaler *scaler, size_t class_count,
                            char *const *class_names, percept_model **out, percept_error *error)
{
    percept_model *model = NULL;
    percept_status status = check_parts(network, precision, scaler, class_count, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(1, sizeof *model, "a model", &model, error);
    if (status != PERCEPT_OK)
        return status;
    model->precision = precision;
    status = memory_allocate_zeroed(network->value_count, model_real_size(model), "the parameters", &model->parameters,
                                    error);
    if (status == PERCEPT_OK)
        status = copy_class_names(model, class_count, class_names, error);
    if (status != PERCEPT_OK) {
        percept_model_free(model);
        return status;
    }
    model->target_scaler = (Scaler){.kind = SCALER_NONE, .width = network_outputs(network), .divisor = 1};
    model->schema.width = network_inputs(network);
    model->network = *network;
    model->scaler = *scaler;
    memset(network, 0, sizeof *network);
    memset(scaler, 0, sizeof *scaler);
    *out = model;
    return PERCEPT_OK;
}

void percept_model_free(percept_model *model)
{
    if (model == NULL)
        return;
    for (size_t k = 0; k < model->class_count; k++)
        memory_free(model->class_names[k]);
    memory_free(model->class_names);
    memory_free(model->parameters);
    network_clear(&model->network);
    scaler_clear(&model->scaler);
    scaler_clear(&model->target_scaler);
    schema_clear(&model->schema);
    memory_free(model);
}

percept_status model_set_schema(percept_model *model, const Schema *schema, percept_error *error)
{
    return schema_replace(schema, &model->schema, error);
}

void model_set_parameters(percept_model *model, const double *values)
{
    const size_t count = model->network.value_count;
    if (model->precision == PERCEPT_FLOAT64) {
        memcpy(model->parameters, values, count * sizeof *values);
        return;
    }
    float *parameters = model->parameters;
    for (size_t i = 0; i < count; i++)
        parameters[i] = (float)values[i];
}

percept_status model_parameters_f64(const percept_model *model, double **out, percept_error *error)
{
    const size_t count = model->network.value_count;
    const percept_status status = memory_allocate(count, sizeof **out, "the parameters", out, error);
    for (size_t p = 0; p < count && status == PERCEPT_OK; p++)
        (*out)[p] = model->precision == PERCEPT_FLOAT64 ? ((const double *)model->parameters)[p]
                                                        : (double)((const float *)model->parameters)[p];
    return status;
}

static bool has_weight(const percept_dataset *data)
{
    for (size_t i = 0; i < data->count; i++)
        if (dataset_weight(data, i) > 0)
            return true;
    return data->count == 0;
}

percept_status model_check_data(const percept_model *model, const percept_dataset *data, percept_error *error)
{
    const size_t outputs = percept_model_outputs(model);
    const Storage *storage = data->storage;
    if (model_check_columns(model, data, error) != PERCEPT_OK)
        return PERCEPT_ERROR_ARGUMENT;
    if (storage->missing > 0)
        return error_set(
            error, PERCEPT_ERROR_ARGUMENT,
            "the data lack %zu features; fill them first (percept_data_fill, or percept_dataset_fill for a "
            "model that exists)",
            storage->missing);
    if (model->class_count > 0 && data->labels == NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the model tells %zu classes apart, but the data has no labels to compare with",
                         model->class_count);
    if (model->class_count > 0 && data->class_count != model->class_count)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the model tells %zu classes apart, but the data has %zu; select the same classes",
                         model->class_count, data->class_count);
    if (model->class_count > 0 && storage->targets != NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the model tells %zu classes apart, but the data has %zu targets for each example",
                         model->class_count, storage->target_width);
    if (!has_weight(data))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "all %zu examples have weight 0, so that nothing counts; give some of them a weight above 0",
                         data->count);
    const size_t targets = outputs / network_outputs_of_target(&model->network);
    if (model->class_count == 0 && (storage->targets == NULL || storage->target_width != targets))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the model gives %zu numbers for each example, but the data has %zu to compare with", targets,
                         storage->targets == NULL ? 0 : storage->target_width);
    if (model->class_count == 0)
        return target_transform_check(model->target_scaler.transform.kind, data, error);
    return PERCEPT_OK;
}

percept_status percept_dataset_fill(percept_dataset *dataset, const percept_model *model, percept_error *error)
{
    if (dataset == NULL || model == NULL)
        return error_null(error, "percept_dataset_fill", "dataset and model");
    return dataset_fill_from(dataset, &model->schema, error);
}

const char *model_output_name(const percept_model *model, size_t j, char *text, size_t size)
{
    static const char *const ends[] = {"", "_low", "_high"};
    const size_t each = network_outputs_of_target(&model->network);
    const int longest = size > 8 ? (int)size - 8 : 0;
    char number[SCHEMA_NAME_SIZE];
    const char *name = schema_target_name(&model->schema, j / each, number);
    if (j % each == 0 && name != number)
        return name;
    snprintf(text, size, "%.*s%s", longest, name, ends[j % each]);
    return text;
}

size_t model_real_size(const percept_model *model)
{
    return model->precision == PERCEPT_FLOAT64 ? sizeof(double) : sizeof(float);
}

size_t percept_model_inputs(const percept_model *model)
{
    return model != NULL ? network_inputs(&model->network) : 0;
}

size_t percept_model_outputs(const percept_model *model)
{
    return model != NULL ? network_outputs(&model->network) : 0;
}

size_t percept_model_parameters(const percept_model *model)
{
    return model != NULL ? model->network.parameter_count : 0;
}

size_t percept_model_classes(const percept_model *model)
{
    return model != NULL ? model->class_count : 0;
}

const char *percept_model_class_name(const percept_model *model, size_t k)
{
    return model != NULL && k < model->class_count ? model->class_names[k] : NULL;
}

/* ---- Inputs ---------------------------------------------------------------------------------------------------- */

const char *percept_model_input_name(const percept_model *model, size_t j)
{
    if (model == NULL || model->schema.names == NULL || j >= model->schema.width)
        return NULL;
    return model->schema.names[j];
}

/* Of input j, if it is a category; else NULL. */
static const Vocabulary *vocabulary_of(const percept_model *model, size_t j)
{
    const bool category = model != NULL && j < model->schema.width && schema_is_category(&model->schema, j);
    return category ? &model->schema.vocabularies[j] : NULL;
}

size_t percept_model_categories(const percept_model *model, size_t j)
{
    const Vocabulary *vocabulary = vocabulary_of(model, j);
    return vocabulary != NULL ? vocabulary->count : 0;
}

const char *percept_model_category(const percept_model *model, size_t j, size_t code)
{
    return code < percept_model_categories(model, j) ? model->schema.vocabularies[j].values[code] : NULL;
}

double percept_model_category_code(const percept_model *model, size_t j, const char *text)
{
    const Vocabulary *vocabulary = vocabulary_of(model, j);
    size_t low = 0, high = vocabulary != NULL && text != NULL ? vocabulary->count : 0;
    while (low < high) { /* texts are sorted */
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(vocabulary->values[middle], text);
        if (order == 0)
            return (double)middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return (double)NAN;
}
