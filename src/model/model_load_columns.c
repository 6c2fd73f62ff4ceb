/* What a model file says of columns: scaling, fills, names. */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "model/draft.h"
#include "model/json_list.h"
#include "model/model_file.h"
#include "model/schema_text.h"

/* Reads a vector of `width` finite values; above 0 where they divide. */
static percept_status read_vector(const Draft *draft, const char *name, size_t width, bool divides, double **out,
                                  percept_error *error)
{
    const Tensor *tensor = NULL;
    double *values = NULL;
    percept_status status = draft_tensor(draft, name, TENSOR_F64, 1, &tensor, error);
    if (status != PERCEPT_OK)
        return status;
    if (tensor->shape[0] != width)
        return error_set(error, PERCEPT_ERROR_FORMAT, "the tensor '%s' has %zu values instead of %zu", name,
                         tensor->shape[0], width);
    status = memory_allocate(width, sizeof *values, "the scaler", &values, error);
    if (status != PERCEPT_OK)
        return status;
    memcpy(values, tensor->data, width * sizeof *values);
    *out = values;
    for (size_t j = 0; j < width; j++)
        if (!isfinite(values[j]) || (divides && !(values[j] > 0)))
            return error_set(error, PERCEPT_ERROR_FORMAT, "value %zu of '%s' is %g, which cannot scale a column", j,
                             name, values[j]);
    return PERCEPT_OK;
}

/* A scaler with means, if the file holds them. */
static percept_status read_means(const Draft *draft, const char *mean, const char *deviation, Scaler *scaler,
                                 percept_error *error)
{
    if (safetensors_find(draft->file, mean) == NULL && safetensors_find(draft->file, deviation) == NULL)
        return PERCEPT_OK;
    scaler->kind = SCALER_STANDARDIZE;
    percept_status status = read_vector(draft, mean, scaler->width, false, &scaler->mean, error);
    return status == PERCEPT_OK ? read_vector(draft, deviation, scaler->width, true, &scaler->deviation, error)
                                : status;
}

/* The first format names the kind of scaling, and the means must be there if it has any. */
static percept_status check_first_scaler(const Draft *draft, percept_error *error)
{
    const char *kind = NULL;
    percept_status status = draft_metadata(draft, "scaler", &kind, error);
    if (status != PERCEPT_OK)
        return status;
    const int found = scaler_kind_find(kind);
    if (found < 0)
        return error_set(error, PERCEPT_ERROR_FORMAT, "unknown scaler '%s'; made by a newer Percept?", kind);
    if (found != SCALER_NONE && draft->scaler.mean == NULL)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "it lacks the tensor '" MODEL_SCALER_MEAN "'; save the model again with Percept");
    return PERCEPT_OK;
}

/* A matrix of ascending rows, of which the first of a file decides the number of columns. */
static percept_status read_knots(const Draft *draft, const char *name, TargetTransform *transform, double **out,
                                 percept_error *error)
{
    const Tensor *tensor = NULL;
    percept_status status = draft_tensor(draft, name, TENSOR_F64, 2, &tensor, error);
    if (status != PERCEPT_OK)
        return status;
    transform->knots = transform->knots > 0 ? transform->knots : tensor->shape[1];
    if (tensor->shape[0] != transform->width || tensor->shape[1] != transform->knots || transform->knots == 0)
        return error_set(error, PERCEPT_ERROR_FORMAT, "the tensor '%s' is %zu × %zu, not %zu × %zu", name,
                         tensor->shape[0], tensor->shape[1], transform->width, transform->knots);
    const size_t count = transform->width * transform->knots;
    status = memory_allocate(count, sizeof **out, "the quantiles", out, error);
    if (status != PERCEPT_OK)
        return status;
    memcpy(*out, tensor->data, count * sizeof **out);
    for (size_t k = 0; k < count; k++)
        if (!isfinite((*out)[k]) || (k % transform->knots > 0 && (*out)[k] < (*out)[k - 1]))
            return error_set(error, PERCEPT_ERROR_FORMAT, "value %zu of '%s' is %g, but its rows must ascend", k, name,
                             (*out)[k]);
    return PERCEPT_OK;
}

/* Files of models that learned targets as they are do not name it. */
static percept_status read_transform(const Draft *draft, TargetTransform *transform, percept_error *error)
{
    const char *name = safetensors_metadata(draft->file, "target_transform");
    const int kind = name != NULL ? target_transform_find(name) : TARGET_AS_IT_IS;
    if (kind < 0 || (kind != TARGET_AS_IT_IS && draft->class_count > 0))
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "its metadata 'target_transform' is '%.32s', which is no transform of %s; made by a newer "
                         "Percept?",
                         name, draft->class_count > 0 ? "classes" : "targets");
    transform->kind = (TargetTransformKind)kind;
    if (kind != TARGET_QUANTILE)
        return PERCEPT_OK;
    transform->width = draft->sizes[draft->layers.depth];
    percept_status status = read_knots(draft, MODEL_TARGET_VALUES, transform, &transform->values, error);
    return status == PERCEPT_OK ? read_knots(draft, MODEL_TARGET_NORMALS, transform, &transform->normals, error)
                                : status;
}

percept_status draft_read_scalers(Draft *draft, percept_error *error)
{
    Scaler *scaler = &draft->scaler;
    const char *divisor = NULL;
    percept_status status = draft_metadata(draft, "scaler_divisor", &divisor, error);
    if (status != PERCEPT_OK)
        return status;
    if (!number_parse(divisor, &scaler->divisor) || !(scaler->divisor > 0))
        return error_set(error, PERCEPT_ERROR_FORMAT, "its scaler_divisor '%s' is not a number above 0", divisor);
    scaler->width = draft->sizes[0];
    draft->target_scaler = (Scaler){.width = draft->sizes[draft->layers.depth], .divisor = 1};
    status = read_means(draft, MODEL_SCALER_MEAN, MODEL_SCALER_DEVIATION, scaler, error);
    if (status == PERCEPT_OK && draft->first_format)
        return check_first_scaler(draft, error);
    if (status == PERCEPT_OK)
        status = read_means(draft, MODEL_TARGET_MEAN, MODEL_TARGET_DEVIATION, &draft->target_scaler, error);
    return status == PERCEPT_OK ? read_transform(draft, &draft->target_scaler.transform, error) : status;
}

/* A list of names; NULL where it is empty. */
static percept_status read_names(const Draft *draft, const char *key, char ***names, size_t *count,
                                 percept_error *error)
{
    const char *json = NULL;
    percept_status status = draft_metadata(draft, key, &json, error);
    if (status == PERCEPT_OK)
        status = json_list_read_texts(json, key, names, count, error);
    if (status == PERCEPT_OK && *count == 0) {
        memory_free(*names);
        *names = NULL;
    }
    return status;
}

/* In formats without fills, missing values were replaced by the mean. */
static percept_status fill_with_means(const Scaler *scaler, Schema *schema, percept_error *error)
{
    if (scaler->mean == NULL)
        return PERCEPT_OK;
    percept_status status = memory_allocate(schema->width, sizeof *schema->fills, "the fills", &schema->fills, error);
    for (size_t j = 0; status == PERCEPT_OK && j < schema->width; j++)
        schema->fills[j] = scaler->mean[j] * scaler->divisor;
    return status;
}

percept_status draft_read_schema(Draft *draft, percept_error *error)
{
    Schema *schema = &draft->schema;
    const char *features = NULL, *label = NULL;
    schema->width = draft->sizes[0];
    if (draft->first_format)
        return fill_with_means(&draft->scaler, schema, error);
    percept_status status = draft_metadata(draft, "features", &features, error);
    if (status == PERCEPT_OK)
        status = schema_text_read(features, schema, error);
    if (status == PERCEPT_OK && safetensors_find(draft->file, MODEL_FILLS) != NULL)
        status = read_vector(draft, MODEL_FILLS, schema->width, false, &schema->fills, error);
    if (status == PERCEPT_OK)
        status = read_names(draft, "ids", &schema->ids, &schema->id_count, error);
    if (status == PERCEPT_OK && safetensors_metadata(draft->file, MODEL_IGNORED) != NULL)
        status = read_names(draft, MODEL_IGNORED, &schema->ignored, &schema->ignored_count, error);
    if (status == PERCEPT_OK)
        status = read_names(draft, "missing_tokens", &schema->missing_tokens, &schema->missing_token_count, error);
    if (status == PERCEPT_OK)
        status = read_names(draft, "targets", &schema->targets, &schema->target_width, error);
    const size_t outputs = schema->target_width * network_outputs_of_target(&draft->network);
    if (status == PERCEPT_OK && outputs > 0 && outputs != draft->sizes[draft->layers.depth])
        status = error_set(error, PERCEPT_ERROR_FORMAT, "its metadata 'targets' has %zu names for %zu outputs",
                           schema->target_width, (size_t)draft->sizes[draft->layers.depth]);
    if (status == PERCEPT_OK)
        status = draft_metadata(draft, "label", &label, error);
    if (status == PERCEPT_OK && label[0] != '\0')
        status = memory_copy_string(label, &schema->label, error);
    return status;
}
