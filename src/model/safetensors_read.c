#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "model/safetensors.h"
#include "model/safetensors_file.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "safetensors are little-endian");

#define LENGTH_SIZE 8 /* the number in front of the header */
#define METADATA "__metadata__"

/* Headers of other programs' files may be as long as this, and no longer (safetensors, 2022). */
#define MOST_HEADER 100000000

/* Size of the pieces read from a pipe, whose length is not known. */
#define MOST_OF_PIPE ((uint64_t)1 << 34)

/* Where a tensor lies in the data. */
typedef struct Span {
    size_t begin, end;
    const char *name;
} Span;

struct Safetensors {
    Buffer bytes;        /* the file, as far as it was read */
    json_t *header;      /* owns names and metadata */
    const uint8_t *data; /* behind the header; NULL while only sizes are checked */
    size_t data_size;
    Tensor *tensors; /* by name */
    size_t count;
};

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const Tensor *)a)->name, ((const Tensor *)b)->name);
}

/* Reads the header, which begins with its length. Most files of other formats are refused after 8 bytes. */
static percept_status read_header(Safetensors *file, const PieceFile *source, size_t *length, percept_error *error)
{
    uint64_t stated = 0;
    percept_status status = piece_file_read(source, LENGTH_SIZE, &file->bytes, error);
    if (status != PERCEPT_OK)
        return status;
    if (file->bytes.size < LENGTH_SIZE)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "it is %zu bytes long, too short for a safetensors file; copy it again", file->bytes.size);
    memcpy(&stated, file->bytes.bytes, LENGTH_SIZE);
    if (source->sized && stated > source->size - LENGTH_SIZE)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "its header would take %" PRIu64 " bytes, but only %zu follow: it is no safetensors file, or "
                         "was not copied in full",
                         stated, source->size - LENGTH_SIZE);
    if (stated > MOST_HEADER)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "its header would take %" PRIu64 " bytes, but %d are allowed: it is no safetensors file",
                         stated, MOST_HEADER);
    status = piece_file_read(source, (size_t)stated, &file->bytes, error);
    if (status == PERCEPT_OK && file->bytes.size - LENGTH_SIZE < stated)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "its header would take %" PRIu64 " bytes, but only %zu follow: it is no safetensors file, or "
                         "was not copied in full",
                         stated, file->bytes.size - LENGTH_SIZE);
    *length = (size_t)stated;
    return status;
}

static percept_status parse_header(Safetensors *file, size_t length, percept_error *error)
{
    json_error_t reason;
    errno = 0; /* jansson calls a lack of memory many names */
    file->header = json_loadb((const char *)file->bytes.bytes + LENGTH_SIZE, length, JSON_REJECT_DUPLICATES, &reason);
    if (file->header == NULL && errno == ENOMEM)
        return error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory for its header (%zu bytes)", length);
    if (file->header == NULL)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "its header is not valid JSON (%s, at byte %d): it is no safetensors file, or was damaged",
                         reason.text, LENGTH_SIZE + reason.position);
    if (!json_is_object(file->header))
        return error_set(error, PERCEPT_ERROR_FORMAT, "its header is not a JSON object: it is no safetensors file");
    return PERCEPT_OK;
}

static percept_status check_metadata(const json_t *metadata, percept_error *error)
{
    const char *key = NULL;
    json_t *value = NULL;
    if (!json_is_object(metadata))
        return error_set(error, PERCEPT_ERROR_FORMAT, "'" METADATA "' in its header is not a JSON object");
    json_object_foreach((json_t *)metadata, key, value)
    {
        if (!json_is_string(value))
            return error_set(error, PERCEPT_ERROR_FORMAT,
                             "the metadata '%s' in its header is not a string, as the format wants", key);
    }
    return PERCEPT_OK;
}

static percept_status read_type(const char *name, const json_t *description, TensorType *type, percept_error *error)
{
    const char *found = json_string_value(json_object_get(description, "dtype"));
    if (found == NULL)
        return error_set(error, PERCEPT_ERROR_FORMAT, "the tensor '%s' has no dtype", name);
    for (int t = 0; tensor_type_name((TensorType)t) != NULL; t++)
        if (strcmp(found, tensor_type_name((TensorType)t)) == 0) {
            *type = (TensorType)t;
            return PERCEPT_OK;
        }
    return error_set(error, PERCEPT_ERROR_FORMAT,
                     "the tensor '%s' has the dtype '%s', which Percept does not read; save it as F32 or F64", name,
                     found);
}

/* An item of a list as a size. */
static bool read_size(const json_t *list, size_t index, size_t *size)
{
    const json_t *item = json_array_get(list, index);
    if (!json_is_integer(item) || json_integer_value(item) < 0)
        return false;
    *size = (size_t)json_integer_value(item);
    return true;
}

/* Fills shape; *bytes is what it takes. */
static percept_status read_shape(const json_t *description, Tensor *tensor, size_t *bytes, percept_error *error)
{
    const json_t *shape = json_object_get(description, "shape");
    tensor->rank = json_array_size(shape);
    *bytes = tensor_type_size(tensor->type);
    if (!json_is_array(shape))
        return error_set(error, PERCEPT_ERROR_FORMAT, "the tensor '%s' has no shape", tensor->name);
    if (tensor->rank > sizeof tensor->shape / sizeof *tensor->shape)
        return error_set(error, PERCEPT_ERROR_FORMAT, "the tensor '%s' has %zu dimensions; Percept reads at most %zu",
                         tensor->name, tensor->rank, sizeof tensor->shape / sizeof *tensor->shape);
    for (size_t i = 0; i < tensor->rank; i++)
        if (!read_size(shape, i, &tensor->shape[i]) || __builtin_mul_overflow(*bytes, tensor->shape[i], bytes))
            return error_set(error, PERCEPT_ERROR_FORMAT, "the shape of the tensor '%s' cannot be: the file is damaged",
                             tensor->name);
    return PERCEPT_OK;
}

static percept_status read_tensor(Safetensors *file, const char *name, const json_t *description, Span *span,
                                  percept_error *error)
{
    Tensor *tensor = &file->tensors[file->count];
    const json_t *offsets = json_object_get(description, "data_offsets");
    size_t bytes = 0;
    tensor->name = name;
    percept_status status = read_type(name, description, &tensor->type, error);
    if (status == PERCEPT_OK)
        status = read_shape(description, tensor, &bytes, error);
    if (status != PERCEPT_OK)
        return status;
    if (json_array_size(offsets) != 2 || !read_size(offsets, 0, &span->begin) || !read_size(offsets, 1, &span->end) ||
        span->begin > span->end)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "data_offsets of the tensor '%s' are not two growing numbers: the file is damaged", name);
    if (span->end > file->data_size)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "the tensor '%s' ends at byte %zu of the data, which has only %zu; the file was not copied in "
                         "full",
                         name, span->end, file->data_size);
    if (span->end - span->begin != bytes)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "the tensor '%s' takes %zu bytes in the file, but %zu by its shape: the file is damaged", name,
                         span->end - span->begin, bytes);
    span->name = name;
    tensor->data = file->data != NULL ? file->data + span->begin : NULL;
    file->count++;
    return PERCEPT_OK;
}

static int compare_spans(const void *a, const void *b)
{
    const Span *left = a, *right = b;
    if (left->begin != right->begin)
        return left->begin < right->begin ? -1 : 1;
    return (left->end > right->end) - (left->end < right->end);
}

/* The tensors cover the data without gap or overlap. */
static percept_status check_cover(Span *spans, size_t count, size_t data_size, percept_error *error)
{
    size_t reached = 0;
    if (count > 0)
        qsort(spans, count, sizeof *spans, compare_spans);
    for (size_t i = 0; i < count; reached = spans[i++].end)
        if (spans[i].begin != reached)
            return error_set(error, PERCEPT_ERROR_FORMAT,
                             "the tensor '%s' begins at byte %zu of the data, but the one before it ends at %zu: the "
                             "file is damaged",
                             spans[i].name, spans[i].begin, reached);
    if (reached != data_size)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "%zu bytes follow the last tensor; the file is damaged or something was appended to it",
                         data_size - reached);
    return PERCEPT_OK;
}

static percept_status read_tensors(Safetensors *file, percept_error *error)
{
    const size_t most = json_object_size(file->header);
    const char *name = NULL;
    json_t *description = NULL;
    Span *spans = NULL;
    percept_status status = memory_allocate_zeroed(most, sizeof *file->tensors, "the tensors", &file->tensors, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(most, sizeof *spans, "the tensors", &spans, error);
    if (status != PERCEPT_OK)
        return status;
    json_object_foreach(file->header, name, description)
    {
        status = strcmp(name, METADATA) == 0 ? check_metadata(description, error)
                                             : read_tensor(file, name, description, &spans[file->count], error);
        if (status != PERCEPT_OK)
            break;
    }
    if (status == PERCEPT_OK)
        status = check_cover(spans, file->count, file->data_size, error);
    if (status == PERCEPT_OK && file->count > 0)
        qsort(file->tensors, file->count, sizeof *file->tensors, compare_names);
    memory_free(spans);
    return status;
}

/* Bytes of data in the header: the end of its last tensor. read_tensors reports errors in it. */
static size_t stated_data(const json_t *header)
{
    size_t most = 0, end = 0;
    const char *name = NULL;
    json_t *description = NULL;
    json_object_foreach((json_t *)header, name, description)
    {
        if (read_size(json_object_get(description, "data_offsets"), 1, &end) && end > most)
            most = end;
    }
    return most;
}

/* The data are read only where the sizes are right: those of a file are known before, those of a pipe may be less. */
static percept_status read_data(Safetensors *file, const PieceFile *source, size_t header, percept_error *error)
{
    const size_t before = LENGTH_SIZE + header, stated = stated_data(file->header);
    if (source->sized && source->size - before != stated) {
        file->data_size = source->size - before;
        return PERCEPT_OK;
    }
    if (stated > MOST_OF_PIPE && !source->sized)
        return error_set(error, PERCEPT_ERROR_FORMAT, "it is a pipe, and its data would take %zu bytes; give a file",
                         stated);
    percept_status status = piece_file_read(source, stated + !source->sized, &file->bytes, error);
    file->data = file->bytes.bytes + before;
    file->data_size = file->bytes.size - before;
    return status;
}

static percept_status read_parts(Safetensors *file, const PieceFile *source, percept_error *error)
{
    size_t header = 0;
    percept_status status = read_header(file, source, &header, error);
    if (status == PERCEPT_OK)
        status = parse_header(file, header, error);
    if (status == PERCEPT_OK)
        status = read_data(file, source, header, error);
    return status == PERCEPT_OK ? read_tensors(file, error) : status;
}

percept_status safetensors_read(const char *path, Safetensors **out, percept_error *error)
{
    Safetensors *file = NULL;
    PieceFile source;
    percept_status status = memory_allocate_zeroed(1, sizeof *file, "a file", &file, error);
    if (status != PERCEPT_OK)
        return status;
    status = piece_file_open(path, &source, error);
    if (status == PERCEPT_OK) {
        status = read_parts(file, &source, error);
        if (status == PERCEPT_ERROR_FORMAT || status == PERCEPT_ERROR_MEMORY)
            (void)error_prefix(error, "cannot read '%s'", path);
        piece_file_close(&source);
    }
    if (status == PERCEPT_OK)
        *out = file;
    else
        safetensors_free(file);
    return status;
}

void safetensors_free(Safetensors *file)
{
    if (file == NULL)
        return;
    json_decref(file->header);
    memory_free(file->tensors);
    buffer_clear(&file->bytes);
    memory_free(file);
}

const Tensor *safetensors_find(const Safetensors *file, const char *name)
{
    const Tensor wanted = {.name = name};
    return file->count == 0 ? NULL : bsearch(&wanted, file->tensors, file->count, sizeof *file->tensors, compare_names);
}

size_t safetensors_count(const Safetensors *file)
{
    return file->count;
}

const Tensor *safetensors_at(const Safetensors *file, size_t index)
{
    return index < file->count ? &file->tensors[index] : NULL;
}

const char *safetensors_metadata(const Safetensors *file, const char *key)
{
    return json_string_value(json_object_get(json_object_get(file->header, METADATA), key));
}
