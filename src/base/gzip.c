#include "base/gzip.h"

#include <libdeflate.h>

/* The most that deflate can make of one byte: a match of 258 bytes takes at least two bits. */
#define LARGEST_EXPANSION 1032
#define SMALLEST_STEP ((size_t)1 << 16)

bool gzip_recognize(const uint8_t *bytes, size_t size)
{
    return size >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

static size_t largest_size(size_t packed)
{
    size_t largest = 0;
    return __builtin_mul_overflow(packed, (size_t)LARGEST_EXPANSION, &largest) ? SIZE_MAX : largest;
}

size_t gzip_size_hint(const uint8_t trailer[4], size_t size)
{
    size_t claimed = (size_t)trailer[0] | (size_t)trailer[1] << 8 | (size_t)trailer[2] << 16 | (size_t)trailer[3] << 24;
    size_t largest = largest_size(size);
    return claimed < largest ? claimed : largest;
}

/* More room for a member that did not fit: twice as much, within what its bytes can hold. */
static percept_status widen(Buffer *out, size_t packed, const char *name, percept_error *error)
{
    size_t room = out->capacity - out->size;
    size_t largest = largest_size(packed);
    if (room >= largest)
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' is corrupt: it inflates beyond what gzip can hold", name);
    size_t wanted = room < SMALLEST_STEP ? SMALLEST_STEP : room;
    wanted = wanted > largest / 2 ? largest : 2 * wanted;
    return buffer_reserve(out, wanted, name, error);
}

/* Inflates the member at bytes[*at] and moves *at behind it. */
static percept_status inflate_member(struct libdeflate_decompressor *inflater, const uint8_t *bytes, size_t size,
                                     size_t *at, const char *name, Buffer *out, percept_error *error)
{
    size_t packed = size - *at;
    if (!gzip_recognize(bytes + *at, packed))
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%s' has %zu bytes that are not gzip from byte %zu on; get the file again", name, packed,
                         *at);
    for (;;) {
        size_t used = 0, written = 0;
        enum libdeflate_result result = libdeflate_gzip_decompress_ex(
            inflater, bytes + *at, packed, out->bytes + out->size, out->capacity - out->size, &used, &written);
        if (result == LIBDEFLATE_SUCCESS) {
            *at += used;
            out->size += written;
            return PERCEPT_OK;
        }
        if (result != LIBDEFLATE_INSUFFICIENT_SPACE)
            return error_set(
                error, PERCEPT_ERROR_FORMAT,
                "'%s' is truncated or corrupt: the gzip data at byte %zu do not inflate; get the file again", name,
                *at);
        percept_status status = widen(out, packed, name, error);
        if (status != PERCEPT_OK)
            return status;
    }
}

percept_status gzip_inflate(const uint8_t *bytes, size_t size, const char *name, Buffer *out, percept_error *error)
{
    size_t hint = size >= 4 ? gzip_size_hint(bytes + size - 4, size) : 0;
    size_t kept = out->size;
    percept_status status = buffer_reserve(out, hint > 0 ? hint : 1, name, error);
    if (status != PERCEPT_OK)
        return status;

    struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
    if (inflater == NULL)
        return error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory to inflate '%s'", name);
    size_t at = 0;
    do {
        status = inflate_member(inflater, bytes, size, &at, name, out, error);
    } while (status == PERCEPT_OK && at < size);
    libdeflate_free_decompressor(inflater);
    if (status != PERCEPT_OK)
        out->size = kept;
    return status;
}
