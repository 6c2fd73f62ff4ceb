#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "model/json_list.h"
#include "model/model.h"
#include "model/model_file.h"
#include "model/safetensors.h"

/* A model being put together. */
typedef struct Draft {
    const Safetensors *file;
    percept_type precision;
    char **activations;
    size_t depth;
    uint64_t *sizes; /* depth + 1 */
    double *l1, *l2, *dropout;
    size_t l1_count, l2_count, dropout_count;
    double label_smoothing;
    char **classes;
    size_t class_count;
    Network network;
    Scaler scaler;
} Draft;

static void draft_clear(Draft *draft)
{
    memory_free(draft->activations);
    memory_free(draft->sizes);
    memory_free(draft->l1);
    memory_free(draft->l2);
    memory_free(draft->dropout);
    memory_free(draft->classes);
    network_clear(&draft->network);
    scaler_clear(&draft->scaler);
}

static percept_status need_metadata(const Draft *draft, const char *key, const char **value, percept_error *error)
{
    *value = safetensors_metadata(draft->file, key);
    if (*value != NULL)
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_FORMAT, "its metadata lacks '%s'; save the model again with Percept", key);
}

/* Index of the metadata's value among the names that it can have. */
static percept_status read_choice(const Draft *draft, const char *key, const char *const names[2], int *choice,
                                  percept_error *error)
{
    const char *value = NULL;
    percept_status status = need_metadata(draft, key, &value, error);
    if (status != PERCEPT_OK)
        return status;
    for (*choice = 0; *choice < 2; (*choice)++)
        if (strcmp(value, names[*choice]) == 0)
            return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_FORMAT, "its %s is '%s', neither %s nor %s; made by a newer Percept?", key,
                     value, names[0], names[1]);
}

static percept_status check_format(const Draft *draft, percept_error *error)
{
    const char *format = safetensors_metadata(draft->file, "format"), *version = NULL;
    if (format == NULL || strcmp(format, MODEL_FORMAT) != 0)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "it is a safetensors file, but not a model of Percept (format '" MODEL_FORMAT
                         "' in its metadata); give a file that percept train wrote");
    percept_status status = need_metadata(draft, "format_version", &version, error);
    if (status == PERCEPT_OK && strcmp(version, MODEL_FORMAT_VERSION) != 0)
        status = error_set(error, PERCEPT_ERROR_FORMAT,
                           "it has version '%s' of the format, and this Percept (" PERCEPT_VERSION
                           ") reads version " MODEL_FORMAT_VERSION "; made by a newer Percept?",
                           version);
    return status;
}

static percept_status read_lists(Draft *draft, percept_error *error)
{
    const char *activations = NULL, *l1 = NULL, *l2 = NULL, *dropout = NULL, *classes = NULL;
    percept_status status = need_metadata(draft, "activations", &activations, error);
    if (status == PERCEPT_OK)
        status = json_list_read_texts(activations, "activations", &draft->activations, &draft->depth, error);
    if (status == PERCEPT_OK && draft->depth == 0)
        status = error_set(error, PERCEPT_ERROR_FORMAT, "its metadata 'activations' names no layer");
    if (status == PERCEPT_OK)
        status = need_metadata(draft, "l1", &l1, error);
    if (status == PERCEPT_OK)
        status = json_list_read_numbers(l1, "l1", &draft->l1, &draft->l1_count, error);
    if (status == PERCEPT_OK)
        status = need_metadata(draft, "l2", &l2, error);
    if (status == PERCEPT_OK)
        status = json_list_read_numbers(l2, "l2", &draft->l2, &draft->l2_count, error);
    if (status == PERCEPT_OK)
        status = need_metadata(draft, "dropout", &dropout, error);
    if (status == PERCEPT_OK)
        status = json_list_read_numbers(dropout, "dropout", &draft->dropout, &draft->dropout_count, error);
    if (status == PERCEPT_OK)
        status = need_metadata(draft, "classes", &classes, error);
    if (status == PERCEPT_OK)
        status = json_list_read_texts(classes, "classes", &draft->classes, &draft->class_count, error);
    return status;
}

/* A tensor that must be there, of this type and rank. */
static percept_status need_tensor(const Draft *draft, const char *name, TensorType type, size_t rank,
                                  const Tensor **out, percept_error *error)
{
    const Tensor *tensor = safetensors_find(draft->file, name);
    if (tensor == NULL)
        return error_set(error, PERCEPT_ERROR_FORMAT, "it lacks the tensor '%s'; save the model again with Percept",
                         name);
    if (tensor->type != type || tensor->rank != rank)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "the tensor '%s' is %s with %zu dimensions, but a model has %s with %zu there", name,
                         tensor_type_name(tensor->type), tensor->rank, tensor_type_name(type), rank);
    *out = tensor;
    return PERCEPT_OK;
}

/* One of a layer's two tensors. */
static percept_status need_part(const Draft *draft, size_t l, const char *part, const Tensor **out,
                                percept_error *error)
{
    char name[MODEL_TENSOR_NAME_SIZE];
    const TensorType type = draft->precision == PERCEPT_FLOAT64 ? TENSOR_F64 : TENSOR_F32;
    model_tensor_name(name, l, part);
    return need_tensor(draft, name, type, strcmp(part, "weight") == 0 ? 2 : 1, out, error);
}

/* Reads the layers' sizes from the shapes of their tensors, which must fit one another. */
static percept_status read_sizes(Draft *draft, percept_error *error)
{
    percept_status status =
        memory_allocate(draft->depth + 1, sizeof *draft->sizes, "the layer sizes", &draft->sizes, error);
    for (size_t l = 0; l < draft->depth && status == PERCEPT_OK; l++) {
        const Tensor *weight = NULL, *bias = NULL;
        status = need_part(draft, l, "weight", &weight, error);
        if (status == PERCEPT_OK)
            status = need_part(draft, l, "bias", &bias, error);
        if (status != PERCEPT_OK)
            break;
        if (l > 0 && weight->shape[1] != draft->sizes[l])
            return error_set(error, PERCEPT_ERROR_FORMAT,
                             "layer %zu takes %zu values, but the layer before it gives %zu: the file is damaged", l,
                             weight->shape[1], (size_t)draft->sizes[l]);
        if (bias->shape[0] != weight->shape[0])
            return error_set(error, PERCEPT_ERROR_FORMAT,
                             "layer %zu has %zu biases for %zu outputs: the file is damaged", l, bias->shape[0],
                             weight->shape[0]);
        draft->sizes[l] = weight->shape[1];
        draft->sizes[l + 1] = weight->shape[0];
    }
    char name[MODEL_TENSOR_NAME_SIZE];
    model_tensor_name(name, draft->depth, "weight");
    if (status == PERCEPT_OK && safetensors_find(draft->file, name) != NULL)
        status =
            error_set(error, PERCEPT_ERROR_FORMAT,
                      "it holds '%s', but its metadata name the activations of only %zu layers", name, draft->depth);
    return status;
}

static percept_status make_network(Draft *draft, percept_error *error)
{
    static const char *const reductions[2] = {"mean", "sum"};
    const char *loss = NULL, *smoothing = NULL;
    int sum = 0;
    percept_status status = need_metadata(draft, "loss", &loss, error);
    if (status == PERCEPT_OK)
        status = need_metadata(draft, "label_smoothing", &smoothing, error);
    if (status == PERCEPT_OK && !number_parse(smoothing, &draft->label_smoothing))
        status = error_set(error, PERCEPT_ERROR_FORMAT, "its label_smoothing '%s' is not a number", smoothing);
    if (status == PERCEPT_OK)
        status = read_choice(draft, "reduction", reductions, &sum, error);
    if (status != PERCEPT_OK)
        return status;
    if (draft->l1_count != draft->depth || draft->l2_count != draft->depth)
        return error_set(error, PERCEPT_ERROR_FORMAT, "it has %zu values of l1 and %zu of l2 for %zu layers",
                         draft->l1_count, draft->l2_count, draft->depth);
    if (draft->dropout_count != draft->depth - 1)
        return error_set(error, PERCEPT_ERROR_FORMAT, "it has %zu values of dropout for %zu hidden layers",
                         draft->dropout_count, draft->depth - 1);
    const NetworkOptions options = {
        .sizes = draft->sizes,
        .size_count = draft->depth + 1,
        .hidden_activations = (const char *const *)draft->activations,
        .hidden_activation_count = draft->depth - 1,
        .output_activation = draft->activations[draft->depth - 1],
        .loss = loss,
        .sum = sum == 1,
        .l1 = draft->l1,
        .l1_count = draft->l1_count,
        .l2 = draft->l2,
        .l2_count = draft->l2_count,
        .dropout = draft->dropout,
        .dropout_count = draft->dropout_count,
        .label_smoothing = draft->label_smoothing,
    };
    percept_error reason;
    status = network_create(&options, &draft->network, &reason);
    if (status == PERCEPT_OK)
        return PERCEPT_OK;
    return error_set(error, status == PERCEPT_ERROR_MEMORY ? status : PERCEPT_ERROR_FORMAT,
                     status == PERCEPT_ERROR_MEMORY ? "%s" : "%s; made by a newer Percept?", reason.message);
}

/* Reads one vector of the scaler; every value finite, and not 0 where it divides. */
static percept_status read_scale(const Draft *draft, const char *name, bool divides, double **out, percept_error *error)
{
    const Tensor *tensor = NULL;
    double *values = NULL;
    percept_status status = need_tensor(draft, name, TENSOR_F64, 1, &tensor, error);
    if (status != PERCEPT_OK)
        return status;
    if (tensor->shape[0] != draft->sizes[0])
        return error_set(error, PERCEPT_ERROR_FORMAT, "the tensor '%s' has %zu values for %zu features", name,
                         tensor->shape[0], (size_t)draft->sizes[0]);
    status = memory_allocate(tensor->shape[0], sizeof *values, "the scaler", &values, error);
    if (status != PERCEPT_OK)
        return status;
    memcpy(values, tensor->data, tensor->shape[0] * sizeof *values);
    *out = values;
    for (size_t j = 0; j < tensor->shape[0]; j++)
        if (!isfinite(values[j]) || (divides && values[j] == 0))
            return error_set(error, PERCEPT_ERROR_FORMAT, "value %zu of '%s' is %g, which cannot scale a feature", j,
                             name, values[j]);
    return PERCEPT_OK;
}

static percept_status read_scaler(Draft *draft, percept_error *error)
{
    Scaler *scaler = &draft->scaler;
    const char *kind = NULL, *divisor = NULL;
    percept_status status = need_metadata(draft, "scaler", &kind, error);
    if (status == PERCEPT_OK)
        status = need_metadata(draft, "scaler_divisor", &divisor, error);
    if (status != PERCEPT_OK)
        return status;
    const int found = scaler_kind_find(kind);
    if (found < 0)
        return error_set(error, PERCEPT_ERROR_FORMAT, "unknown scaler '%s'; made by a newer Percept?", kind);
    if (!number_parse(divisor, &scaler->divisor) || !(scaler->divisor > 0))
        return error_set(error, PERCEPT_ERROR_FORMAT, "its scaler_divisor '%s' is not a number above 0", divisor);
    scaler->kind = (ScalerKind)found;
    scaler->width = draft->sizes[0];
    if (scaler->kind == SCALER_NONE)
        return PERCEPT_OK;
    status = read_scale(draft, MODEL_SCALER_MEAN, false, &scaler->mean, error);
    if (status == PERCEPT_OK)
        status = read_scale(draft, MODEL_SCALER_DEVIATION, true, &scaler->deviation, error);
    return status;
}

/* The tensors' order in the file does not matter: other programs write them in their own. */
static percept_status copy_parameters(const Draft *draft, percept_model *model, percept_error *error)
{
    const size_t size = model_real_size(model);
    char *parameters = model->parameters;
    percept_status status = PERCEPT_OK;
    for (size_t l = 0; l < model->network.depth && status == PERCEPT_OK; l++) {
        const Layer *layer = &model->network.layers[l];
        const Tensor *weight = NULL, *bias = NULL;
        status = need_part(draft, l, "weight", &weight, error);
        if (status == PERCEPT_OK)
            status = need_part(draft, l, "bias", &bias, error);
        if (status != PERCEPT_OK)
            break;
        memcpy(parameters + layer->weights * size, weight->data, layer->inputs * layer->outputs * size);
        memcpy(parameters + layer->biases * size, bias->data, layer->outputs * size);
    }
    return status;
}

static percept_status assemble(Draft *draft, percept_model **out, percept_error *error)
{
    static const char *const precisions[2] = {"float32", "float64"};
    percept_model *model = NULL;
    int precision = 0;
    percept_status status = check_format(draft, error);
    if (status == PERCEPT_OK)
        status = read_choice(draft, "precision", precisions, &precision, error);
    draft->precision = precision == 1 ? PERCEPT_FLOAT64 : PERCEPT_FLOAT32;
    if (status == PERCEPT_OK)
        status = read_lists(draft, error);
    if (status == PERCEPT_OK)
        status = read_sizes(draft, error);
    if (status == PERCEPT_OK)
        status = make_network(draft, error);
    if (status == PERCEPT_OK)
        status = read_scaler(draft, error);
    if (status == PERCEPT_OK)
        status = model_create(&draft->network, draft->precision, &draft->scaler, draft->class_count, draft->classes,
                              &model, error);
    if (status == PERCEPT_OK)
        status = copy_parameters(draft, model, error);
    if (status == PERCEPT_OK)
        *out = model;
    else
        percept_model_free(model);
    return status;
}

percept_status percept_model_load(const char *path, percept_model **out, percept_error *error)
{
    percept_error local;
    Safetensors *file = NULL;
    if (error == NULL)
        error = &local; /* the parts below hand messages on */
    percept_status status = safetensors_read(path, &file, error);
    if (status != PERCEPT_OK)
        return status;
    Draft draft = {.file = file};
    status = assemble(&draft, out, error);
    if (status != PERCEPT_OK)
        (void)error_prefix(error, "cannot load the model '%s'", path);
    if (status == PERCEPT_ERROR_ARGUMENT)
        status = error->status = PERCEPT_ERROR_FORMAT;
    draft_clear(&draft);
    safetensors_free(file);
    return status;
}
