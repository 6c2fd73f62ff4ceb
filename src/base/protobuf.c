#include "base/protobuf.h"

#include <string.h>

/* Low bits of a field's tag: how its value is written. */
enum { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5 };

/* A 64-bit number, seven bits a byte. */
#define MOST_VARINT 10

/* Steps in which the buffer grows, beside doubling. */
#define LEAST_GROWTH 1024

static void append(ProtoWriter *writer, const void *bytes, size_t size)
{
    Buffer *buffer = &writer->buffer;
    const size_t growth = size > LEAST_GROWTH + buffer->size ? size : LEAST_GROWTH + buffer->size;
    if (writer->error.status != PERCEPT_OK)
        return;
    if (buffer->capacity - buffer->size < size &&
        buffer_reserve(buffer, growth, "a message", &writer->error) != PERCEPT_OK)
        return;
    memcpy(buffer->bytes + buffer->size, bytes, size);
    buffer->size += size;
}

/* Seven bits per byte, lowest first; the highest bit says that more follow. Returns the number of bytes. */
static size_t format_varint(uint64_t value, uint8_t bytes[MOST_VARINT])
{
    size_t size = 0;
    for (; value >= 0x80; value >>= 7)
        bytes[size++] = (uint8_t)(value | 0x80);
    bytes[size++] = (uint8_t)value;
    return size;
}

static void append_varint(ProtoWriter *writer, uint64_t value)
{
    uint8_t bytes[MOST_VARINT];
    append(writer, bytes, format_varint(value, bytes));
}

static void append_tag(ProtoWriter *writer, uint32_t field, unsigned wire)
{
    append_varint(writer, (uint64_t)field << 3 | wire);
}

/* The lowest `size` bytes of a number, lowest first, on any machine. */
static void append_little_endian(ProtoWriter *writer, uint64_t bits, size_t size)
{
    uint8_t bytes[sizeof bits];
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(bits >> 8 * i);
    append(writer, bytes, size);
}

static void append_double(ProtoWriter *writer, double value)
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof bits);
    append_little_endian(writer, bits, sizeof bits);
}

void proto_integer(ProtoWriter *writer, uint32_t field, uint64_t value)
{
    append_tag(writer, field, WIRE_VARINT);
    append_varint(writer, value);
}

void proto_double(ProtoWriter *writer, uint32_t field, double value)
{
    append_tag(writer, field, WIRE_64);
    append_double(writer, value);
}

void proto_float(ProtoWriter *writer, uint32_t field, float value)
{
    uint32_t bits = 0;
    memcpy(&bits, &value, sizeof bits);
    append_tag(writer, field, WIRE_32);
    append_little_endian(writer, bits, sizeof bits);
}

void proto_bytes(ProtoWriter *writer, uint32_t field, const void *bytes, size_t size)
{
    append_tag(writer, field, WIRE_BYTES);
    append_varint(writer, size);
    append(writer, bytes, size);
}

void proto_text(ProtoWriter *writer, uint32_t field, const char *text)
{
    proto_bytes(writer, field, text, strlen(text));
}

void proto_doubles(ProtoWriter *writer, uint32_t field, const double *values, size_t count)
{
    const size_t message = proto_begin(writer, field); /* packed numbers have a length in front, as a message has */
    for (size_t i = 0; i < count; i++)
        append_double(writer, values[i]);
    proto_end(writer, message);
}

size_t proto_begin(ProtoWriter *writer, uint32_t field)
{
    append_tag(writer, field, WIRE_BYTES);
    return writer->buffer.size;
}

/* The length precedes the message and takes as many bytes as it needs, so the message is moved to make room. */
void proto_end(ProtoWriter *writer, size_t begin)
{
    uint8_t bytes[MOST_VARINT];
    const size_t length = writer->buffer.size - begin, size = format_varint(length, bytes);
    append(writer, bytes, size);
    if (writer->error.status != PERCEPT_OK)
        return;
    uint8_t *message = writer->buffer.bytes + begin;
    memmove(message + size, message, length);
    memcpy(message, bytes, size);
}

percept_status proto_status(const ProtoWriter *writer, percept_error *error)
{
    if (writer->error.status != PERCEPT_OK && error != NULL)
        *error = writer->error;
    return writer->error.status;
}

void proto_restart(ProtoWriter *writer)
{
    writer->buffer.size = 0;
    writer->error.status = PERCEPT_OK;
}

void proto_clear(ProtoWriter *writer)
{
    buffer_clear(&writer->buffer);
}

/* ---- Reading ------------------------------------------------------------------------------------------------------ */

static bool damage(ProtoReader *reader)
{
    reader->damaged = true;
    return false;
}

bool proto_next_varint(ProtoReader *reader, uint64_t *value)
{
    *value = 0;
    if (reader->damaged || reader->at == reader->end)
        return false;
    for (unsigned shift = 0; shift < 7 * MOST_VARINT && reader->at < reader->end; shift += 7) {
        const uint8_t byte = *reader->at++;
        *value |= shift < 64 ? (uint64_t)(byte & 0x7f) << shift : 0;
        if (byte < 0x80)
            return true;
    }
    return damage(reader);
}

bool proto_next_fixed(ProtoReader *reader, size_t size, uint64_t *bits)
{
    *bits = 0;
    if (reader->damaged || reader->at == reader->end)
        return false;
    if ((size_t)(reader->end - reader->at) < size)
        return damage(reader);
    for (size_t i = 0; i < size; i++)
        *bits |= (uint64_t)reader->at[i] << 8 * i;
    reader->at += size;
    return true;
}

static bool take_bytes(ProtoReader *reader, ProtoField *field)
{
    uint64_t size = 0;
    if (!proto_next_varint(reader, &size) || size > (uint64_t)(reader->end - reader->at))
        return damage(reader);
    field->bytes = reader->at;
    field->size = (size_t)size;
    reader->at += size;
    return true;
}

bool proto_next(ProtoReader *reader, ProtoField *field)
{
    uint64_t tag = 0;
    *field = (ProtoField){0};
    if (!proto_next_varint(reader, &tag))
        return false;
    field->number = tag >> 3 <= UINT32_MAX >> 3 ? (uint32_t)(tag >> 3) : 0;
    if (field->number == 0)
        return damage(reader);
    switch (tag & 7) {
    case WIRE_VARINT:
        return proto_next_varint(reader, &field->integer) || damage(reader);
    case WIRE_64:
        return proto_next_fixed(reader, 8, &field->integer) || damage(reader);
    case WIRE_32:
        return proto_next_fixed(reader, 4, &field->integer) || damage(reader);
    case WIRE_BYTES:
        return take_bytes(reader, field);
    default:
        return damage(reader);
    }
}

ProtoReader proto_inside(const ProtoField *field)
{
    return (ProtoReader){field->bytes, field->bytes != NULL ? field->bytes + field->size : NULL, false};
}
