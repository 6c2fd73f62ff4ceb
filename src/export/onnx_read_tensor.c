/* TensorProto: values may lie in raw bytes or in a list of their type. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "export/onnx_external.h"
#include "export/onnx_fields.h"
#include "export/onnx_message.h"

static double of_double(uint64_t bits)
{
    double value = 0;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* A sign, 5 bits of exponent and 10 of fraction (IEEE 754, binary16). */
static double of_half(uint64_t bits)
{
    const int exponent = (int)(bits >> 10 & 31), fraction = (int)(bits & 1023);
    const double sign = (bits >> 15 & 1) != 0 ? -1 : 1;
    if (exponent == 31)
        return fraction != 0 ? (double)NAN : sign * (double)INFINITY;
    return sign * (exponent == 0 ? ldexp(fraction, -24) : ldexp(1024 + fraction, exponent - 25));
}

/* How values of a type are stored in raw bytes. */
typedef struct RawType {
    OnnxType type;
    size_t size;
} RawType;

static double of_bits(OnnxType type, uint64_t bits)
{
    switch (type) {
    case ONNX_FLOAT:
        return onnx_float(bits);
    case ONNX_DOUBLE:
        return of_double(bits);
    case ONNX_HALF:
        return of_half(bits);
    case ONNX_BFLOAT16:
        return onnx_float(bits << 16);
    case ONNX_INT32:
        return (double)(int32_t)(uint32_t)bits;
    default:
        return (double)(int64_t)bits;
    }
}

static bool is_short(OnnxType type)
{
    return type == ONNX_HALF || type == ONNX_BFLOAT16;
}

static size_t type_size(OnnxType type)
{
    static const RawType types[] = {{ONNX_FLOAT, 4}, {ONNX_DOUBLE, 8}, {ONNX_INT32, 4},   {ONNX_INT64, 8},
                                    {ONNX_BOOL, 1},  {ONNX_HALF, 2},   {ONNX_BFLOAT16, 2}};
    for (size_t t = 0; t < sizeof types / sizeof types[0]; t++)
        if (types[t].type == type)
            return types[t].size;
    return 0;
}

/* The fields of a tensor before its type and size are known. */
typedef struct Pieces {
    OnnxTensor *tensor;
    ProtoReader raw, floats, doubles, int32s, int64s;
    double *loose; /* numbers that are not packed */
    size_t loose_count, texts;
    const char **text_list;
    bool outside; /* the values lie in another file */
    OnnxExternal external;
} Pieces;

static void read_dimensions(OnnxGraph *graph, const ProtoField *field, OnnxTensor *tensor)
{
    ProtoReader packed = proto_inside(field);
    uint64_t value = field->integer;
    bool more = field->bytes == NULL || proto_next_varint(&packed, &value);
    while (more) {
        if (tensor->rank == ONNX_RANK) {
            onnx_refuse(graph, "it has a tensor of more than four dimensions, which Percept does not read");
            return;
        }
        tensor->shape[tensor->rank++] = (int64_t)value;
        more = field->bytes != NULL && proto_next_varint(&packed, &value);
    }
}

static void append_loose(OnnxGraph *graph, double value, Pieces *pieces)
{
    double *longer = onnx_room(graph, pieces->loose, pieces->loose_count, sizeof *longer);
    if (longer == NULL)
        return;
    longer[pieces->loose_count++] = value;
    pieces->loose = longer;
}

static void read_tensor_field(OnnxGraph *graph, const ProtoField *field, void *out)
{
    Pieces *pieces = out;
    const ProtoReader inside = proto_inside(field);
    const bool packed = field->bytes != NULL;
    if (field->number == TENSOR_DIMENSION)
        read_dimensions(graph, field, pieces->tensor);
    else if (field->number == TENSOR_TYPE)
        pieces->tensor->type = (OnnxType)field->integer;
    else if (field->number == TENSOR_NAME)
        pieces->tensor->name = onnx_read_text(graph, field);
    else if (field->number == TENSOR_RAW)
        pieces->raw = inside;
    else if (field->number == TENSOR_STRINGS)
        onnx_append_text(graph, field, &pieces->text_list, &pieces->texts);
    else if (field->number == TENSOR_FLOATS && packed)
        pieces->floats = inside;
    else if (field->number == TENSOR_DOUBLES && packed)
        pieces->doubles = inside;
    else if (field->number == TENSOR_INT32S && packed)
        pieces->int32s = inside;
    else if (field->number == TENSOR_INT64S && packed)
        pieces->int64s = inside;
    else if (field->number == TENSOR_FLOATS)
        append_loose(graph, onnx_float(field->integer), pieces);
    else if (field->number == TENSOR_DOUBLES)
        append_loose(graph, of_double(field->integer), pieces);
    else if (field->number == TENSOR_INT32S || field->number == TENSOR_INT64S)
        append_loose(graph, (double)(int64_t)field->integer, pieces);
    else if (field->number == TENSOR_LOCATION)
        pieces->outside = field->integer != 0;
    else if (field->number == TENSOR_EXTERNAL)
        onnx_read_external(graph, field, &pieces->external);
}

/* The next value of a tensor, from whichever field has them. */
static bool next_value(Pieces *pieces, size_t i, double *value)
{
    const OnnxType type = pieces->tensor->type;
    uint64_t bits = 0;
    if (proto_next_fixed(&pieces->raw, type_size(type), &bits)) {
        *value = of_bits(type, bits);
    } else if (proto_next_fixed(&pieces->floats, 4, &bits)) {
        *value = onnx_float(bits);
    } else if (proto_next_fixed(&pieces->doubles, 8, &bits)) {
        *value = of_double(bits);
    } else if (proto_next_varint(&pieces->int32s, &bits) || proto_next_varint(&pieces->int64s, &bits)) {
        *value = is_short(type) ? of_bits(type, bits & 0xFFFF) : (double)(int64_t)bits; /* bits stand among int32s */
    } else {
        *value = i < pieces->loose_count ? pieces->loose[i] : 0;
        *value = is_short(type) ? of_bits(type, (uint64_t)(int64_t)*value & 0xFFFF) : *value;
        return i < pieces->loose_count;
    }
    return true;
}

/* The number of values that the shape says; false if the file cannot hold as many. */
static bool count_values(OnnxTensor *tensor, size_t bytes)
{
    tensor->count = 1;
    for (size_t d = 0; d < tensor->rank; d++)
        if (tensor->shape[d] < 0 || __builtin_mul_overflow(tensor->count, (size_t)tensor->shape[d], &tensor->count))
            return false;
    return tensor->count <= bytes;
}

static void refuse_shape(OnnxGraph *graph)
{
    onnx_refuse(graph, "it has a tensor whose shape does not fit its values");
}

static void take_values(OnnxGraph *graph, Pieces *pieces)
{
    OnnxTensor *tensor = pieces->tensor;
    tensor->texts = tensor->type == ONNX_STRING ? pieces->text_list : NULL;
    tensor->values = tensor->type == ONNX_STRING ? NULL : onnx_allocate(graph, tensor->count, sizeof(double));
    for (size_t i = 0; i < tensor->count && tensor->values != NULL; i++)
        if (!next_value(pieces, i, &tensor->values[i])) {
            refuse_shape(graph);
            return;
        }
    if (is_short(tensor->type))
        tensor->type = ONNX_FLOAT;
}

/* Values in another file, which are always raw. */
static void take_outside(OnnxGraph *graph, Pieces *pieces)
{
    OnnxTensor *tensor = pieces->tensor;
    size_t size = 0;
    if (tensor->type == ONNX_STRING || !count_values(tensor, PTRDIFF_MAX) ||
        __builtin_mul_overflow(tensor->count, type_size(tensor->type), &size) ||
        (pieces->external.length >= 0 && (uint64_t)pieces->external.length != size)) {
        refuse_shape(graph);
        return;
    }
    uint8_t *bytes = onnx_external_bytes(graph, &pieces->external, size);
    if (bytes == NULL)
        return;
    pieces->raw = (ProtoReader){bytes, bytes + size, false};
    take_values(graph, pieces);
    memory_free(bytes);
}

static void read_values(OnnxGraph *graph, Pieces *pieces, size_t bytes)
{
    OnnxTensor *tensor = pieces->tensor;
    char text[160];
    if (tensor->type != ONNX_STRING && type_size(tensor->type) == 0) {
        snprintf(text, sizeof text, "its tensor '%.60s' has the data type %d, which Percept does not read",
                 tensor->name, (int)tensor->type);
        onnx_refuse(graph, text);
    } else if (pieces->outside) {
        take_outside(graph, pieces);
    } else if (!count_values(tensor, bytes) || (tensor->type == ONNX_STRING && tensor->count != pieces->texts)) {
        refuse_shape(graph);
    } else {
        take_values(graph, pieces);
    }
}

void onnx_read_tensor(OnnxGraph *graph, const ProtoField *field, OnnxTensor *out)
{
    OnnxTensor tensor = {.name = ""};
    Pieces pieces = {.tensor = &tensor, .external = {.length = -1}};
    onnx_read_message(graph, proto_inside(field), read_tensor_field, &pieces);
    if (graph->error.status == PERCEPT_OK)
        read_values(graph, &pieces, field->size);
    *out = tensor;
}
