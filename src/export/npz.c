/* A model as arrays, by name, for NumPy:
 *
 *   scaler.divisor, scaler.mean, scaler.deviation   x' = (x / divisor - mean) / deviation; 0 and 1 where nothing is scaled
 *   features.fill            replaces a missing value (NaN) before scaling; NaN where not known, and for categories
 *   features.names           if they have names
 *   categories.J             texts of the category in column J (from 0), in the order of their codes
 *   layers.0.weight          outputs × inputs, layers.0.bias, …: all tensors under the names of the model file
 *   members.1.layers.0.weight, … of networks with members, whose outputs are averaged
 *   activations              of each layer, by name
 *   layers                   the same with all stages and their settings, as JSON (model/layers_text.h)
 *   targets.mean, targets.deviation   y = output · deviation + mean; 0 and 1 where nothing is scaled
 *   targets.transform        log, log1p or quantile, where targets were transformed before: y becomes exp(y), expm1(y), or what
 *                            targets.values has where targets.normals (outputs × knots) has y, as numpy.interp does it
 *   classes, targets.names   names; of intervals NAME, NAME_low, NAME_high: outputs 3t, 3t + 1, 3t + 2. The ends that predictions
 *                            have are min(low, y) and max(high, y)
 *   threshold                of two classes: least probability of the second to predict it; only where one is set
 *   version, recipe          what wrote the file, and the recipe as YAML
 *
 * Numbers of scaling are float64, tensors have the precision of the options. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "data/npz.h"
#include "export/format.h"
#include "export/npz_arrays.h"
#include "export/output_names.h"
#include "model/layers_text.h"
#include "nn/activation.h"

/* Arrays beside tensors and vocabularies. */
#define OTHER_ARRAYS 19

extern const ExportFormat export_npz;

/* ---- Writing ------------------------------------------------------------------------------------------------------ */

static percept_status add_values(NpzArrays *arrays, const char *name, size_t count, const double *values,
                                 double otherwise, percept_error *error)
{
    return values != NULL ? npz_arrays_add(arrays, name, NPZ_FLOAT64, count, 0, values, error)
                          : npz_arrays_add_constant(arrays, name, count, otherwise, error);
}

static percept_status add_transform(const TargetTransform *transform, NpzArrays *arrays, percept_error *error)
{
    const char *name = target_transform_name(transform->kind);
    percept_status status = PERCEPT_OK;
    if (transform->kind != TARGET_AS_IT_IS)
        status = npz_arrays_add_texts(arrays, "targets.transform", 1, &name, error);
    if (status == PERCEPT_OK && transform->kind == TARGET_QUANTILE)
        status = npz_arrays_add(arrays, "targets.values", NPZ_FLOAT64, transform->width, transform->knots,
                                transform->values, error);
    if (status == PERCEPT_OK && transform->kind == TARGET_QUANTILE)
        status = npz_arrays_add(arrays, "targets.normals", NPZ_FLOAT64, transform->width, transform->knots,
                                transform->normals, error);
    return status;
}

static percept_status add_scaling(const percept_model *model, NpzArrays *arrays, percept_error *error)
{
    const Scaler *scaler = &model->scaler, *targets = &model->target_scaler;
    const size_t outputs = network_outputs(&model->network);
    percept_status status = npz_arrays_add_constant(arrays, "scaler.divisor", 1, scaler->divisor, error);
    if (status == PERCEPT_OK)
        status = add_values(arrays, "scaler.mean", scaler->width, scaler->mean, 0, error);
    if (status == PERCEPT_OK)
        status = add_values(arrays, "scaler.deviation", scaler->width, scaler->deviation, 1, error);
    if (status == PERCEPT_OK)
        status = add_values(arrays, "features.fill", scaler->width, model->schema.fills, NAN, error);
    if (status == PERCEPT_OK)
        status = add_values(arrays, "targets.mean", outputs, targets->mean, 0, error);
    if (status == PERCEPT_OK)
        status = add_values(arrays, "targets.deviation", outputs, targets->deviation, 1, error);
    return status == PERCEPT_OK ? add_transform(&targets->transform, arrays, error) : status;
}

static percept_status add_vocabularies(const Schema *schema, NpzArrays *arrays, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t j = 0; j < schema->width && schema->vocabularies != NULL && status == PERCEPT_OK; j++) {
        char name[NPZ_ARRAYS_NAME_SIZE];
        snprintf(name, sizeof name, "categories.%zu", j);
        status = npz_arrays_add_texts(arrays, name, schema->vocabularies[j].count,
                                      (const char *const *)schema->vocabularies[j].values, error);
    }
    return status;
}

static percept_status add_target_names(const percept_model *model, NpzArrays *arrays, percept_error *error)
{
    const Schema *schema = &model->schema;
    char **names = NULL;
    if (!(model->network.intervals > 0))
        return npz_arrays_add_texts(arrays, "targets.names", schema->target_width, (const char *const *)schema->targets,
                                    error);
    percept_status status = output_names(model, &names, error);
    if (status == PERCEPT_OK)
        status = npz_arrays_add_texts(arrays, "targets.names", network_outputs(&model->network),
                                      (const char *const *)names, error);
    memory_free(names);
    return status;
}

static percept_status add_names(const percept_model *model, const ExportOptions *options, NpzArrays *arrays,
                                percept_error *error)
{
    const Schema *schema = &model->schema;
    const char *const version = percept_version(), *const recipe = options->recipe;
    percept_status status =
        npz_arrays_add_texts(arrays, "features.names", schema->width, (const char *const *)schema->names, error);
    if (status == PERCEPT_OK)
        status = add_vocabularies(schema, arrays, error);
    if (status == PERCEPT_OK)
        status =
            npz_arrays_add_texts(arrays, "classes", model->class_count, (const char *const *)model->class_names, error);
    if (status == PERCEPT_OK && model->threshold > 0)
        status = npz_arrays_add_constant(arrays, "threshold", 1, model->threshold, error);
    if (status == PERCEPT_OK)
        status = add_target_names(model, arrays, error);
    if (status == PERCEPT_OK)
        status = npz_arrays_add_texts(arrays, "version", 1, &version, error);
    return status == PERCEPT_OK && recipe != NULL ? npz_arrays_add_texts(arrays, "recipe", 1, &recipe, error) : status;
}

static percept_status add_layers(const Network *network, NpzArrays *arrays, percept_error *error)
{
    char *text = NULL;
    const char **activations = NULL;
    percept_status status =
        memory_allocate(network->depth, sizeof *activations, "the activations", &activations, error);
    for (size_t l = 0; l < network->depth && status == PERCEPT_OK; l++)
        activations[l] = activation_at_f64(network->layers[l].activation)->name;
    if (status == PERCEPT_OK)
        status = npz_arrays_add_texts(arrays, "activations", network->depth, activations, error);
    if (status == PERCEPT_OK)
        status = layers_text_write(network, &text, error);
    if (status == PERCEPT_OK)
        status = npz_arrays_add_texts(arrays, "layers", 1, (const char *const *)&text, error);
    memory_free(activations);
    memory_free(text);
    return status;
}

static percept_status add_tensors(const percept_model *model, const ExportOptions *options, NpzArrays *arrays,
                                  percept_error *error)
{
    const NpzType type = options->precision == PERCEPT_FLOAT32 ? NPZ_FLOAT32 : NPZ_FLOAT64;
    double *parameters = NULL;
    percept_status status = model_parameters_f64(model, &parameters, error);
    for (size_t t = 0; t < model->network.tensor_count && status == PERCEPT_OK; t++) {
        const NetworkTensor *tensor = &model->network.tensors[t];
        status = npz_arrays_add(arrays, tensor->name, type, tensor->rows, tensor->columns, parameters + tensor->offset,
                                error);
    }
    memory_free(parameters);
    return status;
}

static percept_status write(const percept_model *model, const ExportOptions *options, const char *path,
                            percept_error *error)
{
    NpzArrays arrays = {0};
    percept_status status =
        npz_arrays_create(OTHER_ARRAYS + model->network.tensor_count + model->schema.width, &arrays, error);
    if (status == PERCEPT_OK)
        status = add_scaling(model, &arrays, error);
    if (status == PERCEPT_OK)
        status = add_names(model, options, &arrays, error);
    if (status == PERCEPT_OK)
        status = add_layers(&model->network, &arrays, error);
    if (status == PERCEPT_OK)
        status = add_tensors(model, options, &arrays, error);
    if (status == PERCEPT_OK)
        status = npz_write(path, arrays.list, arrays.count, error);
    npz_arrays_clear(&arrays);
    return status;
}

/* ---- Reading ------------------------------------------------------------------------------------------------------ */

/* Reads `count` numbers as float64. */
static percept_status read_numbers(const char *path, const char *name, size_t count, double *out, percept_error *error)
{
    NpyArray array = {0};
    if (count == 0)
        return PERCEPT_OK;
    percept_status status = npz_read_array(path, name, &array, error);
    if (status == PERCEPT_OK && (npy_is_text(&array) || array.shape[0] * array.width != count))
        status = error_set(error, PERCEPT_ERROR_FORMAT, "the array '%s' of '%s' does not have %zu numbers", name, path,
                           count);
    if (status == PERCEPT_OK)
        npy_convert(&array, PERCEPT_FLOAT64, out);
    npy_clear(&array);
    return status;
}

/* A scaler from the file; mean and deviation are allocated. */
static percept_status read_scaler(const char *path, const char *mean, const char *deviation, size_t width, Scaler *out,
                                  percept_error *error)
{
    *out = (Scaler){.kind = SCALER_STANDARDIZE, .width = width, .divisor = 1};
    percept_status status = memory_allocate(width, sizeof(double), "the scaling", &out->mean, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(width, sizeof(double), "the scaling", &out->deviation, error);
    if (status == PERCEPT_OK)
        status = read_numbers(path, mean, width, out->mean, error);
    return status == PERCEPT_OK ? read_numbers(path, deviation, width, out->deviation, error) : status;
}

/* The quantiles of the file, of the size that those of the model have. */
static percept_status read_transform(const char *path, const TargetTransform *own, TargetTransform *out,
                                     percept_error *error)
{
    const size_t count = own->width * own->knots;
    *out = (TargetTransform){.kind = own->kind, .width = own->width, .knots = own->knots};
    if (own->kind != TARGET_QUANTILE)
        return PERCEPT_OK;
    percept_status status = memory_allocate(count, sizeof(double), "the quantiles", &out->values, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, sizeof(double), "the quantiles", &out->normals, error);
    if (status == PERCEPT_OK)
        status = read_numbers(path, "targets.values", count, out->values, error);
    return status == PERCEPT_OK ? read_numbers(path, "targets.normals", count, out->normals, error) : status;
}

static percept_status read_parameters(const char *path, percept_model *read, percept_error *error)
{
    const Network *network = &read->network;
    double *values = NULL;
    percept_status status = memory_allocate(network->value_count, sizeof *values, "the parameters", &values, error);
    for (size_t t = 0; t < network->tensor_count && status == PERCEPT_OK; t++)
        status = read_numbers(path, network->tensors[t].name, tensor_size(&network->tensors[t]),
                              values + network->tensors[t].offset, error);
    if (status == PERCEPT_OK)
        status =
            memory_allocate(network->value_count, model_real_size(read), "the parameters", &read->parameters, error);
    if (status == PERCEPT_OK)
        model_set_parameters(read, values);
    memory_free(values);
    return status;
}

/* Everything that is a number comes from the file; `read` shares shapes and names with the model. */
static percept_status read_model(const percept_model *model, const ExportOptions *options, const char *path,
                                 percept_model *read, percept_error *error)
{
    const size_t inputs = network_inputs(&model->network), outputs = network_outputs(&model->network);
    *read = *model;
    read->precision = options->precision;
    read->parameters = NULL;
    read->scaler = read->target_scaler = (Scaler){0};
    read->schema.fills = NULL;
    percept_status status = read_parameters(path, read, error);
    if (status == PERCEPT_OK)
        status = read_scaler(path, "scaler.mean", "scaler.deviation", inputs, &read->scaler, error);
    if (status == PERCEPT_OK)
        status = read_numbers(path, "scaler.divisor", 1, &read->scaler.divisor, error);
    if (status == PERCEPT_OK)
        status = read_scaler(path, "targets.mean", "targets.deviation", outputs, &read->target_scaler, error);
    if (status == PERCEPT_OK)
        status = read_transform(path, &model->target_scaler.transform, &read->target_scaler.transform, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(inputs, sizeof(double), "the fills", &read->schema.fills, error);
    return status == PERCEPT_OK ? read_numbers(path, "features.fill", inputs, read->schema.fills, error) : status;
}

static percept_status run(const percept_model *model, const ExportOptions *options, const char *path,
                          const ExportRows *rows, double *answers, ExportReason *skipped, percept_error *error)
{
    percept_model read;
    percept_predictor *predictor = NULL;
    (void)skipped;
    percept_status status = read_model(model, options, path, &read, error);
    if (status == PERCEPT_OK)
        status = percept_predictor_create(&read, 1, &predictor, error);
    if (status == PERCEPT_OK)
        percept_predictor_probabilities(predictor, rows->values, rows->count, answers);
    percept_predictor_free(predictor);
    memory_free(read.parameters);
    memory_free(read.schema.fills);
    scaler_clear(&read.scaler);
    scaler_clear(&read.target_scaler);
    return status;
}

const ExportFormat export_npz = {.name = "npz",
                                 .extension = "npz",
                                 .help = "arrays for NumPy: weights, scaling, fills and names",
                                 .write = write,
                                 .run = run};
