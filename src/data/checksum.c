#include "data/checksum.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "data/dataset.h"
#include "data/packed_row.h"
#include "data/row_store.h"

/* ---- The hash ------------------------------------------------------------------------------------------------------ */

#define HASH_LANES 4
#define BLOCK ((size_t)HASH_LANES * 16)
#define SPAN 128            /* features that are converted at once */
#define BUFFER (64 * BLOCK) /* rows of any width are gathered here: stays in the first-level cache */

__extension__ typedef unsigned __int128 Wide;

/* Bytes come in pieces; the hash depends on the bytes alone, not on how they were cut. Words are read as little-endian
 * machines have them, the only ones that Percept is built for (model/safetensors_read.c). */
typedef struct Hash {
    uint64_t lanes[HASH_LANES];
    uint64_t length; /* bytes that came */
    size_t filled;   /* of the buffer */
    unsigned char buffer[BUFFER];
} Hash;

/* Digits of π: arbitrary constants without hidden structure. */
static const uint64_t keys[2 * HASH_LANES] = {0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0,
                                              0x082efa98ec4e6c89, 0x452821e638d01377, 0xbe5466cf34e90c6c,
                                              0xc0ac29b7c97c50dd, 0x3f84d5b5b5470917};

static uint64_t fold(uint64_t a, uint64_t b)
{
    const Wide product = (Wide)a * b;
    return (uint64_t)(product >> 64) ^ (uint64_t)product;
}

/* Each lane takes 16 bytes of a block: lane ← fold(lane ⊕ first, second ⊕ key) + second. */
static void hash_blocks(Hash *hash, const unsigned char *bytes, size_t size)
{
    uint64_t lanes[HASH_LANES];
    memcpy(lanes, hash->lanes, sizeof lanes);
    for (size_t at = 0; at < size; at += BLOCK)
        for (size_t l = 0; l < HASH_LANES; l++) {
            uint64_t words[2];
            memcpy(words, bytes + at + 16 * l, sizeof words);
            lanes[l] = fold(lanes[l] ^ words[0], words[1] ^ keys[l]) + words[1];
        }
    memcpy(hash->lanes, lanes, sizeof lanes);
}

static void hash_begin(Hash *hash)
{
    memcpy(hash->lanes, keys + HASH_LANES, sizeof hash->lanes);
    hash->length = 0;
    hash->filled = 0;
}

static void hash_add(Hash *hash, const void *bytes, size_t size)
{
    const unsigned char *from = bytes;
    hash->length += size;
    while (size > 0) {
        const size_t room = BUFFER - hash->filled, taken = size < room ? size : room;
        memcpy(hash->buffer + hash->filled, from, taken);
        hash->filled += taken;
        from += taken;
        size -= taken;
        if (hash->filled == BUFFER) {
            hash_blocks(hash, hash->buffer, BUFFER);
            hash->filled = 0;
        }
    }
}

static uint64_t hash_end(Hash *hash)
{
    const size_t rest = (BLOCK - hash->filled % BLOCK) % BLOCK;
    memset(hash->buffer + hash->filled, 0, rest);
    hash_blocks(hash, hash->buffer, hash->filled + rest);
    uint64_t sum = hash->length ^ keys[0];
    for (size_t l = 0; l < HASH_LANES; l++)
        sum = fold(sum ^ hash->lanes[l], keys[HASH_LANES + l]) + hash->lanes[l];
    return sum;
}

/* ---- A part -------------------------------------------------------------------------------------------------------- */

/* Adds the view's rows of a matrix with `size` bytes a row; rows that follow one another go in one piece. */
static void add_rows(Hash *hash, const percept_dataset *part, const void *matrix, size_t size)
{
    for (size_t i = 0, run = 0; matrix != NULL && i < part->count; i += run) {
        run = 1;
        while (i + run < part->count && part->rows[i + run] == part->rows[i] + run)
            run++;
        hash_add(hash, (const char *)matrix + part->rows[i] * size, run * size);
    }
}

/* The same of packed features, in the type that they would have without packing. */
static void add_packed(Hash *hash, const percept_dataset *part)
{
    const Storage *storage = part->storage;
    double values[SPAN], converted[SPAN];
    for (size_t i = 0; i < part->count; i++) {
        dataset_fetch(part, i + DATASET_AHEAD);
        for (size_t first = 0; first < storage->width; first += SPAN) {
            const size_t count = storage->width - first < SPAN ? storage->width - first : SPAN;
            packed_read_row(&storage->packing, dataset_row(part, i), first, count, values);
            row_store_convert(values, count, storage->type, converted);
            hash_add(hash, converted, count * storage_item_size(storage->type));
        }
    }
}

static uint64_t part_hash(const percept_dataset *part, Hash *hash)
{
    const Storage *storage = part->storage;
    const uint64_t shape[] = {part->count, storage->width, storage->type, storage->target_width, part->class_count};
    hash_begin(hash);
    hash_add(hash, shape, sizeof shape);
    if (storage_is_packed(storage))
        add_packed(hash, part);
    else
        add_rows(hash, part, storage->features, storage_row_size(storage));
    add_rows(hash, part, storage->targets, storage->target_width * sizeof *storage->targets);
    add_rows(hash, part, storage->weights, sizeof *storage->weights);
    if (part->labels != NULL)
        hash_add(hash, part->labels, part->count * sizeof *part->labels);
    for (size_t k = 0; part->class_names != NULL && k < part->class_count; k++)
        hash_add(hash, part->class_names[k], strlen(part->class_names[k]) + 1);
    return hash_end(hash);
}

/* ---- All of them --------------------------------------------------------------------------------------------------- */

#define PARTS 3
#define SUM_DIGITS 16
static const char *const part_names[PARTS] = {"train", "valid", "test"};
static const char *const part_titles[PARTS] = {"training part", "validation part", "test part"};

percept_status data_checksum(const percept_data *data, char **out, percept_error *error)
{
    const percept_dataset *parts[PARTS] = {data->train, data->valid, data->test};
    const size_t size = PARTS * 48; /* a name, a count of at most 10 digits, a sum */
    char *text = NULL;
    Hash *hash = NULL;
    size_t length = 0;
    percept_status status = memory_allocate(size, 1, "a checksum", &text, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(1, sizeof *hash, "a checksum", &hash, error);
    for (size_t p = 0; status == PERCEPT_OK && p < PARTS; p++)
        if (parts[p] != NULL)
            length += (size_t)snprintf(text + length, size - length, "%s%s:%zu-%016" PRIx64, length > 0 ? ";" : "",
                                       part_names[p], parts[p]->count, part_hash(parts[p], hash));
    memory_free(hash);
    if (status == PERCEPT_OK)
        *out = text;
    else
        memory_free(text);
    return status;
}

/* What a checksum says of a part, and how long it is; NULL where the part is missing. */
static const char *find_part(const char *checksum, const char *name, size_t *length)
{
    const size_t name_length = strlen(name);
    *length = 0;
    for (const char *at = checksum; *at != '\0'; at += strcspn(at, ";"), at += *at == ';')
        if (strncmp(at, name, name_length) == 0 && at[name_length] == ':') {
            *length = strcspn(at, ";");
            return at;
        }
    return NULL;
}

/* Each part ends in a sum of 16 digits; those of Percept before its first release had 8. */
static bool is_checksum(const char *text)
{
    size_t length = 0;
    const char *train = text != NULL ? find_part(text, part_names[0], &length) : NULL;
    const char *dash = train != NULL ? memchr(train, '-', length) : NULL;
    return dash != NULL && (size_t)(train + length - dash - 1) == SUM_DIGITS;
}

const char *data_checksum_difference(const char *before, const char *now)
{
    if (!is_checksum(before) || !is_checksum(now))
        return NULL;
    for (size_t p = 0; p < PARTS; p++) {
        size_t old_length = 0, new_length = 0;
        const char *old = find_part(before, part_names[p], &old_length);
        const char *new = find_part(now, part_names[p], &new_length);
        if (old_length != new_length || (old != NULL && memcmp(old, new, old_length) != 0))
            return part_titles[p];
    }
    return NULL;
}
