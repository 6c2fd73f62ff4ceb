#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "model/draft.h"
#include "model/json_list.h"
#include "model/model_check.h"
#include "model/model_file.h"

percept_status draft_metadata(const Draft *draft, const char *key, const char **value, percept_error *error)
{
    *value = safetensors_metadata(draft->file, key);
    if (*value != NULL)
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_FORMAT, "its metadata lacks '%s'; save the model again with Percept", key);
}

percept_status draft_tensor(const Draft *draft, const char *name, TensorType type, size_t rank, const Tensor **out,
                            percept_error *error)
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

static void draft_clear(Draft *draft)
{
    layers_text_clear(&draft->layers);
    memory_free(draft->sizes);
    memory_free(draft->classes);
    network_clear(&draft->network);
    scaler_clear(&draft->scaler);
    scaler_clear(&draft->target_scaler);
    schema_clear(&draft->schema);
}

/* Index of the metadata's value among the names that it can have. */
static percept_status read_choice(const Draft *draft, const char *key, const char *const names[2], int *choice,
                                  percept_error *error)
{
    const char *value = NULL;
    percept_status status = draft_metadata(draft, key, &value, error);
    if (status != PERCEPT_OK)
        return status;
    for (*choice = 0; *choice < 2; (*choice)++)
        if (strcmp(value, names[*choice]) == 0)
            return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_FORMAT, "its %s is '%s', neither %s nor %s; made by a newer Percept?", key,
                     value, names[0], names[1]);
}

static percept_status check_format(Draft *draft, percept_error *error)
{
    const char *format = safetensors_metadata(draft->file, "format"), *version = NULL;
    if (format == NULL || strcmp(format, MODEL_FORMAT) != 0)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "it is a safetensors file, but not a model of Percept (format '" MODEL_FORMAT
                         "' in its metadata); give a file that percept train wrote");
    percept_status status = draft_metadata(draft, "format_version", &version, error);
    if (status != PERCEPT_OK)
        return status;
    draft->first_format = strcmp(version, MODEL_FORMAT_FIRST) == 0;
    if (draft->first_format || strcmp(version, MODEL_FORMAT_VERSION) == 0 ||
        strcmp(version, MODEL_FORMAT_TRANSFORMED) == 0)
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_FORMAT,
                     "it has version '%s' of the format, and this Percept (" PERCEPT_VERSION
                     ") reads versions " MODEL_FORMAT_FIRST " to " MODEL_FORMAT_TRANSFORMED
                     "; made by a newer Percept?",
                     version);
}

/* ---- Layers ---------------------------------------------------------------------------------------------------- */

/* A list of format 1, which must have this many numbers. */
static percept_status read_numbers(const Draft *draft, const char *key, size_t wanted, double **out,
                                   percept_error *error)
{
    const char *json = NULL;
    size_t count = 0;
    percept_status status = draft_metadata(draft, key, &json, error);
    if (status == PERCEPT_OK)
        status = json_list_read_numbers(json, key, out, &count, error);
    if (status == PERCEPT_OK && count != wanted)
        status = error_set(error, PERCEPT_ERROR_FORMAT, "it has %zu values of %s for %zu layers", count, key, wanted);
    return status;
}

/* The lists of the first format. */
static percept_status read_first_layers(Draft *draft, percept_error *error)
{
    const char *activations = NULL;
    LayersText *layers = &draft->layers;
    percept_status status = draft_metadata(draft, "activations", &activations, error);
    if (status == PERCEPT_OK)
        status = json_list_read_texts(activations, "activations", &layers->activations, &layers->depth, error);
    if (status == PERCEPT_OK && layers->depth == 0)
        status = error_set(error, PERCEPT_ERROR_FORMAT, "its metadata 'activations' names no layer");
    if (status == PERCEPT_OK)
        status = read_numbers(draft, "l1", layers->depth, &layers->l1, error);
    if (status == PERCEPT_OK)
        status = read_numbers(draft, "l2", layers->depth, &layers->l2, error);
    return status == PERCEPT_OK ? read_numbers(draft, "dropout", layers->depth - 1, &layers->dropout, error) : status;
}

/* Files of networks with one member do not name it. */
static percept_status read_members(Draft *draft, percept_error *error)
{
    const char *text = safetensors_metadata(draft->file, "members");
    int64_t members = 1;
    if (text != NULL && (integer_parse(text, &members) != INTEGER_OK || members < 1 || members > NETWORK_MOST_MEMBERS))
        return error_set(error, PERCEPT_ERROR_FORMAT, "its metadata 'members' is '%.32s', not a number of members",
                         text);
    draft->members = (size_t)members;
    return PERCEPT_OK;
}

static percept_status read_layers(Draft *draft, percept_error *error)
{
    const char *layers = NULL;
    if (draft->first_format)
        return read_first_layers(draft, error);
    percept_status status = draft_metadata(draft, "layers", &layers, error);
    return status == PERCEPT_OK ? layers_text_read(layers, &draft->layers, error) : status;
}

static percept_status read_classes(Draft *draft, percept_error *error)
{
    const char *classes = NULL;
    percept_status status = draft_metadata(draft, "classes", &classes, error);
    if (status == PERCEPT_OK)
        status = json_list_read_texts(classes, "classes", &draft->classes, &draft->class_count, error);
    return status;
}

/* One of a layer's two tensors. */
static percept_status need_part(const Draft *draft, size_t l, const char *part, const Tensor **out,
                                percept_error *error)
{
    char name[MODEL_TENSOR_NAME_SIZE];
    const TensorType type = draft->precision == PERCEPT_FLOAT64 ? TENSOR_F64 : TENSOR_F32;
    model_tensor_name(name, draft->members, l, part);
    return draft_tensor(draft, name, type, strcmp(part, "weight") == 0 ? 2 : 1, out, error);
}

static bool has_stages(const Draft *draft, size_t side)
{
    for (size_t s = 0; s < draft->layers.stage_count; s++)
        if (draft->layers.stages[s].side == side)
            return true;
    return false;
}

/* Reads the layers' sizes from the shapes of their tensors, which must fit one another. */
static percept_status read_sizes(Draft *draft, percept_error *error)
{
    percept_status status =
        memory_allocate(draft->layers.depth + 1, sizeof *draft->sizes, "the layer sizes", &draft->sizes, error);
    for (size_t l = 0; l < draft->layers.depth && status == PERCEPT_OK; l++) {
        const Tensor *weight = NULL, *bias = NULL;
        status = need_part(draft, l, "weight", &weight, error);
        if (status == PERCEPT_OK)
            status = need_part(draft, l, "bias", &bias, error);
        if (status != PERCEPT_OK)
            break;
        if (l > 0 && weight->shape[1] != draft->sizes[l] && !has_stages(draft, l))
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
    if (status == PERCEPT_OK && has_stages(draft, 0))
        draft->sizes[0] = draft->layers.features;
    char name[MODEL_TENSOR_NAME_SIZE];
    model_tensor_name(name, draft->members, draft->layers.depth, "weight");
    if (status == PERCEPT_OK && safetensors_find(draft->file, name) != NULL)
        status = error_set(error, PERCEPT_ERROR_FORMAT,
                           "it holds '%s', but its metadata name the activations of only %zu layers", name,
                           draft->layers.depth);
    return status;
}

/* Files of models without intervals do not name them. */
static percept_status read_intervals(Draft *draft, percept_error *error)
{
    const char *text = safetensors_metadata(draft->file, "intervals");
    if (text == NULL)
        return PERCEPT_OK;
    if (!number_parse(text, &draft->intervals) || !(draft->intervals > 0 && draft->intervals < 1) ||
        draft->class_count > 0)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "its metadata 'intervals' is '%.32s', not a fraction of the targets", text);
    return PERCEPT_OK;
}

static percept_status make_network(Draft *draft, percept_error *error)
{
    static const char *const reductions[2] = {"mean", "sum"};
    const char *loss = NULL, *smoothing = NULL;
    int sum = 0;
    percept_status status = draft_metadata(draft, "loss", &loss, error);
    if (status == PERCEPT_OK)
        status = draft_metadata(draft, "label_smoothing", &smoothing, error);
    if (status == PERCEPT_OK && !number_parse(smoothing, &draft->label_smoothing))
        status = error_set(error, PERCEPT_ERROR_FORMAT, "its label_smoothing '%s' is not a number", smoothing);
    if (status == PERCEPT_OK)
        status = read_intervals(draft, error);
    if (status == PERCEPT_OK)
        status = read_choice(draft, "reduction", reductions, &sum, error);
    if (status != PERCEPT_OK)
        return status;
    const NetworkOptions options = {
        .sizes = draft->sizes,
        .size_count = draft->layers.depth + 1,
        .hidden_activations = (const char *const *)draft->layers.activations,
        .hidden_activation_count = draft->layers.depth - 1,
        .output_activation = draft->layers.activations[draft->layers.depth - 1],
        .loss = loss,
        .sum = sum == 1,
        .l1 = draft->layers.l1,
        .l1_count = draft->layers.depth,
        .l2 = draft->layers.l2,
        .l2_count = draft->layers.depth,
        .dropout = draft->layers.dropout,
        .dropout_count = draft->layers.depth - 1,
        .label_smoothing = draft->label_smoothing,
        .intervals = draft->intervals,
        .stages = draft->layers.stages,
        .stage_count = draft->layers.stage_count,
        .members = draft->members,
    };
    percept_error reason;
    status = network_create(&options, &draft->network, &reason);
    if (status == PERCEPT_OK)
        return PERCEPT_OK;
    return error_set(error, status == PERCEPT_ERROR_MEMORY ? status : PERCEPT_ERROR_FORMAT,
                     status == PERCEPT_ERROR_MEMORY ? "%s" : "%s; made by a newer Percept?", reason.message);
}

/* ---- The model --------------------------------------------------------------------------------------------------- */

/* The tensors' order in the file does not matter: other programs write them in their own. */
static percept_status copy_parameters(const Draft *draft, percept_model *model, percept_error *error)
{
    const TensorType type = draft->precision == PERCEPT_FLOAT64 ? TENSOR_F64 : TENSOR_F32;
    const size_t size = model_real_size(model);
    char *parameters = model->parameters;
    percept_status status = PERCEPT_OK;
    for (size_t t = 0; t < model->network.tensor_count && status == PERCEPT_OK; t++) {
        const NetworkTensor *own = &model->network.tensors[t];
        const Tensor *tensor = NULL;
        status = draft_tensor(draft, own->name, type, own->columns > 0 ? 2 : 1, &tensor, error);
        if (status != PERCEPT_OK)
            break;
        if (tensor->shape[0] != own->rows || (own->columns > 0 && tensor->shape[1] != own->columns))
            return error_set(error, PERCEPT_ERROR_FORMAT, "its tensor '%s' is %zu × %zu, not %zu × %zu: it is damaged",
                             own->name, tensor->shape[0], own->columns > 0 ? tensor->shape[1] : 1, own->rows,
                             own->columns > 0 ? own->columns : 1);
        memcpy(parameters + own->offset * size, tensor->data, tensor_size(own) * size);
    }
    return status;
}

/* Files of models without a threshold do not name it. */
static percept_status read_threshold(const Draft *draft, double *threshold, percept_error *error)
{
    const char *text = safetensors_metadata(draft->file, "threshold");
    *threshold = 0;
    if (text == NULL)
        return PERCEPT_OK;
    if (!number_parse(text, threshold) || !(*threshold > 0 && *threshold <= 1) || draft->class_count != 2)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "its metadata 'threshold' is '%.32s', not a probability of the second of two classes", text);
    return PERCEPT_OK;
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
        status = read_members(draft, error);
    if (status == PERCEPT_OK)
        status = read_layers(draft, error);
    if (status == PERCEPT_OK)
        status = read_classes(draft, error);
    if (status == PERCEPT_OK)
        status = read_sizes(draft, error);
    if (status == PERCEPT_OK)
        status = make_network(draft, error);
    if (status == PERCEPT_OK)
        status = draft_read_scalers(draft, error);
    if (status == PERCEPT_OK)
        status = draft_read_schema(draft, error);
    if (status == PERCEPT_OK)
        status = model_create(&draft->network, draft->precision, &draft->scaler, draft->class_count, draft->classes,
                              &model, error);
    if (status == PERCEPT_OK)
        status = copy_parameters(draft, model, error);
    if (status == PERCEPT_OK)
        status = read_threshold(draft, &model->threshold, error);
    if (status == PERCEPT_OK) {
        model->target_scaler = draft->target_scaler;
        draft->target_scaler = (Scaler){0};
        schema_clear(&model->schema);
        model->schema = draft->schema;
        draft->schema = (Schema){0};
        *out = model;
    } else {
        percept_model_free(model);
    }
    return status;
}

percept_status percept_model_load(const char *path, percept_model **out, percept_error *error)
{
    percept_model *model = NULL;
    if (path == NULL || out == NULL)
        return error_null(error, "percept_model_load", "path and out");
    percept_status status = model_load_any(path, &model, error);
    if (status == PERCEPT_OK && model_check_finite(model, error) != PERCEPT_OK) {
        (void)error_prefix(error, "cannot load the model '%s'", path);
        status = PERCEPT_ERROR_FORMAT;
    }
    if (status == PERCEPT_OK)
        *out = model;
    else
        percept_model_free(model);
    return status;
}

percept_status model_load_any(const char *path, percept_model **out, percept_error *error)
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
