/* What data a run saw, as a short text. */
#include <libdeflate.h>
#include <stdio.h>

#include "base/memory.h"
#include "data/dataset.h"
#include "store/database.h"

/* Adds the view's rows of a matrix with `size` bytes a row; rows that follow one another go in one piece. */
static uint32_t add_rows(uint32_t sum, const percept_dataset *part, const void *matrix, size_t size)
{
    for (size_t i = 0, run = 0; matrix != NULL && i < part->count; i += run) {
        run = 1;
        while (i + run < part->count && part->rows[i + run] == part->rows[i] + run)
            run++;
        sum = libdeflate_crc32(sum, (const char *)matrix + part->rows[i] * size, run * size);
    }
    return sum;
}

/* Of features as they are stored, then targets, weights, labels, all in the order of the view. */
static uint32_t part_checksum(const percept_dataset *part)
{
    const Storage *storage = part->storage;
    uint32_t sum = libdeflate_crc32(0, NULL, 0);
    sum = add_rows(sum, part, storage->features, storage->width * storage_item_size(storage->type));
    sum = add_rows(sum, part, storage->targets, storage->target_width * sizeof *storage->targets);
    sum = add_rows(sum, part, storage->weights, sizeof *storage->weights);
    return part->labels != NULL ? libdeflate_crc32(sum, part->labels, part->count * sizeof *part->labels) : sum;
}

percept_status database_checksum(const percept_data *data, char **out, percept_error *error)
{
    const struct {
        const char *name;
        const percept_dataset *part;
    } parts[] = {{"train", data->train}, {"valid", data->valid}, {"test", data->test}};
    const size_t size = 160; /* three names, counts of at most 20 digits, sums of 8 */
    char *text = NULL;
    int length = 0;
    percept_status status = memory_allocate(size, 1, "a checksum", &text, error);
    for (size_t i = 0; status == PERCEPT_OK && i < sizeof parts / sizeof *parts; i++)
        if (parts[i].part != NULL)
            length += snprintf(text + length, size - (size_t)length, "%s%s:%zu-%08x", length > 0 ? ";" : "",
                               parts[i].name, parts[i].part->count, part_checksum(parts[i].part));
    if (status == PERCEPT_OK)
        *out = text;
    return status;
}
