#include "model/safetensors.h"

/* In the order of TensorType. */
static const struct {
    const char *name;
    size_t size;
} types[] = {{"F32", 4}, {"F64", 8}, {"U64", 8}, {"I64", 8}, {"U32", 4}, {"U8", 1}};

const char *tensor_type_name(TensorType type)
{
    return (size_t)type < sizeof types / sizeof *types ? types[type].name : NULL;
}

size_t tensor_type_size(TensorType type)
{
    return (size_t)type < sizeof types / sizeof *types ? types[type].size : 0;
}
