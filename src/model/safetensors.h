/* The safetensors format (Hugging Face, 2022): 8 bytes little-endian length N, N bytes of JSON header padded with
 * spaces to a multiple of 8, then the tensors' bytes without gaps. In the header each tensor has dtype, shape and
 * data_offsets; "__metadata__" maps strings to strings. Here keys are sorted, so equal contents are equal files. */
#ifndef MODEL_SAFETENSORS_H
#define MODEL_SAFETENSORS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef enum TensorType { TENSOR_F32, TENSOR_F64, TENSOR_U64, TENSOR_I64, TENSOR_U32, TENSOR_U8 } TensorType;

/* The format's name of a type ("F32") and the bytes of one value. */
const char *tensor_type_name(TensorType type);
size_t tensor_type_size(TensorType type);

/* One tensor; the caller owns the memory behind name and data while it is written. */
typedef struct Tensor {
    const char *name;
    TensorType type;
    size_t rank; /* 0 … 2 */
    size_t shape[2];
    const void *data; /* row-major, little-endian; in a file that was read it may be unaligned: copy it */
} Tensor;

typedef struct MetadataEntry {
    const char *key, *value;
} MetadataEntry;

/* Writes the file whole or not at all. Tensors are stored in the given order; for programs that map the file, put wider
 * types first, so that all are aligned. Names and metadata must be UTF-8, without duplicates. */
percept_status safetensors_write(const char *path, const Tensor *tensors, size_t tensor_count,
                                 const MetadataEntry *metadata, size_t metadata_count, percept_error *error);

/* A file that was read; tensors and strings point into it. */
typedef struct Safetensors Safetensors;

/* Reads and checks a file, or a pipe; folders and devices are PERCEPT_ERROR_IO. The header comes first, so that a large
 * file of another kind is refused without being read. Checked are the header's length against the file, offsets against
 * shapes, types and each other. The bytes may come from anywhere: the result is always a valid file or
 * PERCEPT_ERROR_FORMAT. Types and ranks that Tensor cannot hold (F16, four dimensions, …) are refused. */
percept_status safetensors_read(const char *path, Safetensors **out, percept_error *error);
void safetensors_free(Safetensors *file);

/* The tensor of that name, or NULL. */
const Tensor *safetensors_find(const Safetensors *file, const char *name);

/* The number of tensors, and tensor `index` in the order of their names. */
size_t safetensors_count(const Safetensors *file);
const Tensor *safetensors_at(const Safetensors *file, size_t index);

/* The metadata's value for a key, or NULL. */
const char *safetensors_metadata(const Safetensors *file, const char *key);

#endif
