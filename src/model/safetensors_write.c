#include <jansson.h>
#include <string.h>

#include "base/file.h"
#include "base/json_text.h"
#include "base/json_value.h"
#include "base/memory.h"
#include "model/safetensors.h"

/* Tensors are written as they lie in memory. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "safetensors are little-endian");

#define LENGTH_SIZE 8 /* the number in front of the header */
#define ALIGNMENT 8   /* of the data, in the file */

static percept_status out_of_memory(const char *path, percept_error *error)
{
    return error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory for the header of '%s'", path);
}

static percept_status check_text(const char *text, const char *where, const char *path, percept_error *error)
{
    if (json_can_hold(text))
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "cannot write '%s': the text of '%s' is not UTF-8; convert it",
                     path, where);
}

/* Sets a key of a JSON object and takes the value over; NULL means that there was no memory for it. */
static percept_status set_value(json_t *object, const char *key, json_t *value, const char *path, percept_error *error)
{
    if (json_object_get(object, key) != NULL) {
        json_decref(value);
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "cannot write '%s': it would hold '%s' twice", path, key);
    }
    return json_object_set_new(object, key, value) == 0 ? PERCEPT_OK : out_of_memory(path, error);
}

static percept_status tensor_bytes(const Tensor *tensor, size_t *bytes, percept_error *error)
{
    *bytes = tensor_type_size(tensor->type);
    for (size_t i = 0; i < tensor->rank; i++)
        if (__builtin_mul_overflow(*bytes, tensor->shape[i], bytes) || *bytes > (size_t)PTRDIFF_MAX)
            return error_set(error, PERCEPT_ERROR_ARGUMENT, "the tensor '%s' is larger than can be addressed",
                             tensor->name);
    return PERCEPT_OK;
}

/* {"dtype": …, "shape": […], "data_offsets": [begin, end]}, or NULL. */
static json_t *describe(const Tensor *tensor, size_t begin, size_t end)
{
    json_t *shape = json_array();
    for (size_t i = 0; i < tensor->rank; i++)
        if (json_array_append_new(shape, json_integer((json_int_t)tensor->shape[i])) != 0) {
            json_decref(shape);
            return NULL;
        }
    return json_pack("{s:s, s:o, s:[I, I]}", "dtype", tensor_type_name(tensor->type), "shape", shape, "data_offsets",
                     (json_int_t)begin, (json_int_t)end);
}

static percept_status add_tensors(json_t *header, const char *path, const Tensor *tensors, size_t count,
                                  percept_error *error)
{
    size_t begin = 0, size = 0, end = 0;
    for (size_t i = 0; i < count; i++, begin = end) {
        percept_status status = tensor_bytes(&tensors[i], &size, error);
        if (status == PERCEPT_OK)
            status = check_text(tensors[i].name, tensors[i].name, path, error);
        if (status != PERCEPT_OK)
            return status;
        if (__builtin_add_overflow(begin, size, &end) || end > (size_t)PTRDIFF_MAX)
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "cannot write '%s': it would be larger than can be addressed", path);
        json_t *description = describe(&tensors[i], begin, end);
        if (description == NULL)
            return out_of_memory(path, error);
        status = set_value(header, tensors[i].name, description, path, error);
        if (status != PERCEPT_OK)
            return status;
    }
    return PERCEPT_OK;
}

static percept_status add_metadata(json_t *header, const char *path, const MetadataEntry *metadata, size_t count,
                                   percept_error *error)
{
    if (count == 0)
        return PERCEPT_OK;
    json_t *entries = json_object();
    percept_status status = set_value(header, "__metadata__", entries, path, error);
    for (size_t i = 0; i < count && status == PERCEPT_OK; i++) {
        status = check_text(metadata[i].key, metadata[i].key, path, error);
        if (status == PERCEPT_OK)
            status = check_text(metadata[i].value, metadata[i].key, path, error);
        if (status == PERCEPT_OK)
            status = set_value(entries, metadata[i].key, json_string(metadata[i].value), path, error);
    }
    return status;
}

/* The header as text, without its padding. Released with free. */
static percept_status make_header(const char *path, const Tensor *tensors, size_t tensor_count,
                                  const MetadataEntry *metadata, size_t metadata_count, char **text,
                                  percept_error *error)
{
    json_t *header = json_object();
    if (header == NULL)
        return out_of_memory(path, error);
    percept_status status = add_metadata(header, path, metadata, metadata_count, error);
    if (status == PERCEPT_OK)
        status = add_tensors(header, path, tensors, tensor_count, error);
    if (status == PERCEPT_OK)
        status = json_text(header, JSON_COMPACT | JSON_SORT_KEYS, "the header of a safetensors file", text, error);
    json_decref(header);
    return status;
}

static percept_status write_all(const char *path, const char *header, const Tensor *tensors, size_t count,
                                percept_error *error)
{
    static const char spaces[ALIGNMENT] = "        ";
    FileWriter *writer = NULL;
    const size_t length = strlen(header), padding = (ALIGNMENT - length % ALIGNMENT) % ALIGNMENT;
    const uint64_t padded = length + padding;
    percept_status status = file_writer_open(path, &writer, error);
    if (status != PERCEPT_OK)
        return status;
    file_writer_write(writer, &padded, LENGTH_SIZE);
    file_writer_write(writer, header, length);
    file_writer_write(writer, spaces, padding);
    for (size_t i = 0; i < count; i++) {
        size_t size = 0;
        (void)tensor_bytes(&tensors[i], &size, NULL); /* checked when the header was made */
        file_writer_write(writer, tensors[i].data, size);
    }
    return file_writer_commit(writer, error);
}

percept_status safetensors_write(const char *path, const Tensor *tensors, size_t tensor_count,
                                 const MetadataEntry *metadata, size_t metadata_count, percept_error *error)
{
    char *header = NULL;
    percept_status status = make_header(path, tensors, tensor_count, metadata, metadata_count, &header, error);
    if (status == PERCEPT_OK)
        status = write_all(path, header, tensors, tensor_count, error);
    memory_free(header);
    return status;
}
