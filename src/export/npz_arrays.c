#include "export/npz_arrays.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

percept_status npz_arrays_create(size_t capacity, NpzArrays *out, percept_error *error)
{
    percept_status status = memory_allocate_zeroed(capacity, sizeof *out->list, "the arrays", &out->list, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(capacity, sizeof *out->blocks, "the arrays", &out->blocks, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(capacity, sizeof *out->names, "the arrays", &out->names, error);
    out->capacity = status == PERCEPT_OK ? capacity : 0;
    return status;
}

void npz_arrays_clear(NpzArrays *arrays)
{
    for (size_t a = 0; a < arrays->count; a++)
        memory_free(arrays->blocks[a]);
    memory_free(arrays->list);
    memory_free(arrays->blocks);
    memory_free(arrays->names);
    *arrays = (NpzArrays){0};
}

/* Takes the block over. */
static void append(NpzArrays *arrays, const char *name, NpzArray array, void *block)
{
    char *own = arrays->names[arrays->count];
    snprintf(own, NPZ_ARRAYS_NAME_SIZE, "%s", name);
    array.name = own;
    array.items = block;
    arrays->list[arrays->count] = array;
    arrays->blocks[arrays->count++] = block;
}

percept_status npz_arrays_add(NpzArrays *arrays, const char *name, NpzType type, size_t rows, size_t columns,
                              const double *values, percept_error *error)
{
    const size_t count = rows * (columns > 0 ? columns : 1);
    void *block = NULL;
    if (count == 0)
        return PERCEPT_OK;
    percept_status status =
        memory_allocate(count, type == NPZ_FLOAT32 ? sizeof(float) : sizeof(double), name, &block, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t i = 0; i < count && type == NPZ_FLOAT32; i++)
        ((float *)block)[i] = (float)values[i];
    if (type != NPZ_FLOAT32)
        memcpy(block, values, count * sizeof(double));
    append(arrays, name, (NpzArray){.type = type, .rows = rows, .columns = columns}, block);
    return PERCEPT_OK;
}

percept_status npz_arrays_add_constant(NpzArrays *arrays, const char *name, size_t count, double value,
                                       percept_error *error)
{
    double *block = NULL;
    percept_status status = memory_allocate(count, sizeof *block, name, &block, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        block[i] = value;
    append(arrays, name, (NpzArray){.type = NPZ_FLOAT64, .rows = count}, block);
    return PERCEPT_OK;
}

/* The code point that begins at `text`, which is valid UTF-8, and through *next where the one behind it begins. */
static uint32_t next_point(const char *text, const char **next)
{
    const uint8_t *byte = (const uint8_t *)text;
    const size_t more = *byte < 0x80 ? 0 : *byte < 0xe0 ? 1 : *byte < 0xf0 ? 2 : 3;
    uint32_t point = more == 0 ? *byte : *byte & (0x3fU >> more);
    size_t k = 1;
    for (; k <= more && (byte[k] & 0xc0) == 0x80; k++)
        point = point << 6 | (byte[k] & 0x3f);
    *next = text + k;
    return point;
}

static size_t count_points(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; count++)
        (void)next_point(text, &text);
    return count;
}

percept_status npz_arrays_add_texts(NpzArrays *arrays, const char *name, size_t count, const char *const *texts,
                                    percept_error *error)
{
    size_t longest = 1;
    uint32_t *block = NULL;
    if (count == 0 || texts == NULL)
        return PERCEPT_OK;
    for (size_t i = 0; i < count; i++) {
        const size_t length = count_points(texts[i]);
        longest = length > longest ? length : longest;
    }
    percept_status status = memory_allocate_zeroed(count, longest * sizeof *block, name, &block, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t i = 0; i < count; i++) {
        const char *at = texts[i];
        for (size_t k = 0; *at != '\0'; k++)
            block[i * longest + k] = next_point(at, &at);
    }
    append(arrays, name, (NpzArray){.type = NPZ_TEXT, .rows = count, .columns = longest}, block);
    return PERCEPT_OK;
}
