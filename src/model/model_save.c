#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "model/json_list.h"
#include "model/layers_text.h"
#include "model/model.h"
#include "model/model_file.h"
#include "model/safetensors.h"
#include "model/schema_text.h"
#include "nn/loss.h"

/* The last ones are left out where they say nothing. */
#define METADATA_COUNT 19
#define OPTIONAL_COUNT 5

/* Bytes of two values that a message shows: a list of columns is longer. */
#define VALUES_SHOWN 64

/* Most tensors beside those of the layers. */
#define ENCODING_TENSORS 7

/* A model as a file holds it; tensors point into the model. */
typedef struct Contents {
    char *layers, *classes, *features, *targets, *ids, *tokens, *ignored; /* lists, as JSON */
    char divisor[NUMBER_SIZE], smoothing[NUMBER_SIZE];
    char members[24], threshold[NUMBER_SIZE], intervals[NUMBER_SIZE];
    MetadataEntry metadata[METADATA_COUNT];
    size_t metadata_count;
    Tensor *tensors;
    size_t tensor_count, encoding_count; /* those of the encoding come first */
} Contents;

static void contents_clear(Contents *contents)
{
    memory_free(contents->layers);
    memory_free(contents->classes);
    memory_free(contents->features);
    memory_free(contents->targets);
    memory_free(contents->ids);
    memory_free(contents->tokens);
    memory_free(contents->ignored);
    memory_free(contents->tensors);
}

static percept_status list_names(char *const *names, size_t count, char **out, percept_error *error)
{
    return json_list_of_texts((const char *const *)names, names != NULL ? count : 0, out, error);
}

static percept_status make_lists(const percept_model *model, Contents *contents, percept_error *error)
{
    const Schema *schema = &model->schema;
    percept_status status = layers_text_write(&model->network, &contents->layers, error);
    if (status == PERCEPT_OK)
        status = list_names(model->class_names, model->class_count, &contents->classes, error);
    if (status == PERCEPT_OK)
        status = schema_text_write(schema, &contents->features, error);
    if (status == PERCEPT_OK)
        status = list_names(schema->targets, schema->target_width, &contents->targets, error);
    if (status == PERCEPT_OK)
        status = list_names(schema->ids, schema->id_count, &contents->ids, error);
    if (status == PERCEPT_OK)
        status = list_names(schema->ignored, schema->ignored_count, &contents->ignored, error);
    if (status == PERCEPT_OK)
        status = list_names(schema->missing_tokens, schema->missing_token_count, &contents->tokens, error);
    return status;
}

static percept_status make_metadata(const percept_model *model, Contents *contents, percept_error *error)
{
    percept_status status = make_lists(model, contents, error);
    if (status != PERCEPT_OK)
        return status;
    number_format(model->scaler.divisor, contents->divisor);
    number_format(model->network.label_smoothing, contents->smoothing);
    const MetadataEntry metadata[METADATA_COUNT] = {
        {"format", MODEL_FORMAT},
        {"format_version",
         model->target_scaler.transform.kind == TARGET_AS_IT_IS ? MODEL_FORMAT_VERSION : MODEL_FORMAT_TRANSFORMED},
        {"precision", model->precision == PERCEPT_FLOAT64 ? "float64" : "float32"},
        {"layers", contents->layers},
        {"loss", loss_at_f64(model->network.loss)->name},
        {"reduction", model->network.sum ? "sum" : "mean"},
        {"label_smoothing", contents->smoothing},
        {"features", contents->features},
        {"missing_tokens", contents->tokens},
        {"scaler_divisor", contents->divisor},
        {"classes", contents->classes},
        {"targets", contents->targets},
        {"ids", contents->ids},
        {"label", model->schema.label != NULL ? model->schema.label : ""},
    };
    memcpy(contents->metadata, metadata, sizeof metadata);
    contents->metadata_count = METADATA_COUNT - OPTIONAL_COUNT;
    snprintf(contents->members, sizeof contents->members, "%zu", model->network.members);
    number_format(model->threshold, contents->threshold);
    number_format(model->network.intervals, contents->intervals);
    if (model->network.members > 1)
        contents->metadata[contents->metadata_count++] = (MetadataEntry){"members", contents->members};
    if (model->network.intervals > 0)
        contents->metadata[contents->metadata_count++] = (MetadataEntry){"intervals", contents->intervals};
    if (model->threshold > 0)
        contents->metadata[contents->metadata_count++] = (MetadataEntry){"threshold", contents->threshold};
    if (model->target_scaler.transform.kind != TARGET_AS_IT_IS)
        contents->metadata[contents->metadata_count++] =
            (MetadataEntry){"target_transform", target_transform_name(model->target_scaler.transform.kind)};
    if (model->schema.ignored_count > 0)
        contents->metadata[contents->metadata_count++] = (MetadataEntry){MODEL_IGNORED, contents->ignored};
    return PERCEPT_OK;
}

static Tensor *list_quantiles(const TargetTransform *transform, Tensor *next)
{
    if (transform->kind != TARGET_QUANTILE)
        return next;
    *next++ = (Tensor){MODEL_TARGET_VALUES, TENSOR_F64, 2, {transform->width, transform->knots}, transform->values};
    *next++ = (Tensor){MODEL_TARGET_NORMALS, TENSOR_F64, 2, {transform->width, transform->knots}, transform->normals};
    return next;
}

static Tensor *list_scaler(const Scaler *scaler, const char *mean, const char *deviation, Tensor *next)
{
    if (scaler->mean == NULL)
        return next;
    *next++ = (Tensor){mean, TENSOR_F64, 1, {scaler->width, 0}, scaler->mean};
    *next++ = (Tensor){deviation, TENSOR_F64, 1, {scaler->width, 0}, scaler->deviation};
    return next;
}

/* Fills tensors: ENCODING_TENSORS at most, then the network's. */
static void list_tensors(const percept_model *model, Contents *contents)
{
    const TensorType type = model->precision == PERCEPT_FLOAT64 ? TENSOR_F64 : TENSOR_F32;
    const char *parameters = model->parameters;
    const size_t size = model_real_size(model);
    Tensor *next = contents->tensors;
    next = list_scaler(&model->scaler, MODEL_SCALER_MEAN, MODEL_SCALER_DEVIATION, next);
    next = list_scaler(&model->target_scaler, MODEL_TARGET_MEAN, MODEL_TARGET_DEVIATION, next);
    next = list_quantiles(&model->target_scaler.transform, next);
    if (model->schema.fills != NULL)
        *next++ = (Tensor){MODEL_FILLS, TENSOR_F64, 1, {model->schema.width, 0}, model->schema.fills};
    contents->encoding_count = (size_t)(next - contents->tensors);
    for (size_t t = 0; t < model->network.tensor_count; t++) {
        const NetworkTensor *own = &model->network.tensors[t];
        *next++ = (Tensor){
            own->name, type, own->columns > 0 ? 2 : 1, {own->rows, own->columns}, parameters + own->offset * size};
    }
    contents->tensor_count = (size_t)(next - contents->tensors);
}

static percept_status contents_make(const percept_model *model, Contents *contents, percept_error *error)
{
    *contents = (Contents){0};
    percept_status status = make_metadata(model, contents, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(model->network.tensor_count + ENCODING_TENSORS, sizeof *contents->tensors,
                                 "the tensors", &contents->tensors, error);
    if (status == PERCEPT_OK)
        list_tensors(model, contents);
    return status;
}

/* Appends those of the tensors that are (or are not) of an 8-byte type. */
static void append(const Tensor *tensors, size_t count, bool wide, Tensor *all, size_t *used)
{
    for (size_t i = 0; i < count; i++)
        if ((tensor_type_size(tensors[i].type) == 8) == wide)
            all[(*used)++] = tensors[i];
}

percept_status model_save_with(const percept_model *model, const Tensor *more, size_t more_count,
                               const MetadataEntry *metadata, size_t metadata_count, const char *path,
                               percept_error *error)
{
    Contents contents;
    Tensor *tensors = NULL;
    MetadataEntry *entries = NULL;
    size_t used = 0;
    percept_status status = contents_make(model, &contents, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(contents.tensor_count + more_count, sizeof *tensors, "the tensors", &tensors, error);
    if (status == PERCEPT_OK)
        status =
            memory_allocate(contents.metadata_count + metadata_count, sizeof *entries, "the metadata", &entries, error);
    if (status == PERCEPT_OK) {
        append(more, more_count, true, tensors, &used);
        append(contents.tensors, contents.tensor_count, true, tensors, &used);
        append(contents.tensors, contents.tensor_count, false, tensors, &used);
        append(more, more_count, false, tensors, &used);
        memcpy(entries, contents.metadata, contents.metadata_count * sizeof *entries);
        if (metadata_count > 0)
            memcpy(entries + contents.metadata_count, metadata, metadata_count * sizeof *metadata);
        status = safetensors_write(path, tensors, used, entries, contents.metadata_count + metadata_count, error);
    }
    memory_free(tensors);
    memory_free(entries);
    contents_clear(&contents);
    return status;
}

percept_status percept_model_save(const percept_model *model, const char *path, percept_error *error)
{
    if (model == NULL || path == NULL)
        return error_null(error, "percept_model_save", "model and path");
    return model_save_with(model, NULL, 0, NULL, 0, path, error);
}

/* ---- Back into the model ------------------------------------------------------------------------------------------ */

static percept_status compare_metadata(const Contents *contents, const Safetensors *file, percept_error *error)
{
    for (size_t i = 0; i < contents->metadata_count; i++) {
        const MetadataEntry *entry = &contents->metadata[i];
        const char *value = safetensors_metadata(file, entry->key);
        if (value != NULL && strcmp(value, entry->value) == 0)
            continue;
        if (value == NULL && strcmp(entry->key, MODEL_IGNORED) == 0) /* earlier checkpoints lack it */
            continue;
        if (value != NULL && strlen(value) + strlen(entry->value) > VALUES_SHOWN)
            return error_set(error, PERCEPT_ERROR_FORMAT, "it is of another model: its %s differ", entry->key);
        return error_set(error, PERCEPT_ERROR_FORMAT, "it is of another model: its %s is %s, not %s", entry->key,
                         value != NULL ? value : "missing", entry->value);
    }
    return PERCEPT_OK;
}

/* The tensors must be there in the same shapes, and what was fitted in the same bits. */
static percept_status compare_tensors(const Contents *contents, const Safetensors *file, percept_error *error)
{
    for (size_t i = 0; i < contents->tensor_count; i++) {
        const Tensor *own = &contents->tensors[i], *found = safetensors_find(file, own->name);
        if (found == NULL || found->type != own->type || found->rank != own->rank ||
            memcmp(found->shape, own->shape, own->rank * sizeof *own->shape) != 0)
            return error_set(error, PERCEPT_ERROR_FORMAT, "it is of another model: the tensor '%s' %s", own->name,
                             found == NULL ? "is missing" : "has another shape");
        if (i < contents->encoding_count &&
            memcmp(found->data, own->data, own->shape[0] * (own->rank == 2 ? own->shape[1] : 1) * sizeof(double)) != 0)
            return error_set(error, PERCEPT_ERROR_FORMAT,
                             "it is of a model for other data: '%s' differs from what the training part gives",
                             own->name);
    }
    return PERCEPT_OK;
}

/* The parameters' tensors follow one another in the flat vector. */
static void copy_parameters(const Contents *contents, const Safetensors *file, percept_model *model)
{
    char *next = model->parameters;
    for (size_t i = contents->encoding_count; i < contents->tensor_count; i++) {
        const Tensor *own = &contents->tensors[i];
        const size_t bytes = own->shape[0] * (own->rank == 2 ? own->shape[1] : 1) * model_real_size(model);
        memcpy(next, safetensors_find(file, own->name)->data, bytes);
        next += bytes;
    }
}

percept_status model_restore(percept_model *model, const Safetensors *file, percept_error *error)
{
    Contents contents;
    percept_status status = contents_make(model, &contents, error);
    if (status == PERCEPT_OK)
        status = compare_metadata(&contents, file, error);
    if (status == PERCEPT_OK)
        status = compare_tensors(&contents, file, error);
    if (status == PERCEPT_OK)
        copy_parameters(&contents, file, model);
    contents_clear(&contents);
    return status;
}
