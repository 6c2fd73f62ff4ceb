#include "data/idx.h"

#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"

#define TYPE_UNSIGNED_BYTE 0x08
#define LARGEST_RANK 3
/* Magic and one size; magic and three sizes. */
#define SMALLEST_HEADER 8
#define LARGEST_HEADER 16

/* What a header says. */
typedef struct Shape {
    size_t rank;
    size_t sizes[LARGEST_RANK]; /* examples first */
    size_t header;              /* bytes */
    size_t items;               /* product of sizes: bytes behind the header */
} Shape;

static size_t read_big_endian(const uint8_t *bytes)
{
    return (size_t)bytes[0] << 24 | (size_t)bytes[1] << 16 | (size_t)bytes[2] << 8 | (size_t)bytes[3];
}

/* Reads the header of a file of `size` bytes and checks that the file is just as long as it says. */
static percept_status parse_header(const char *path, const uint8_t *bytes, size_t size, Shape *out,
                                   percept_error *error)
{
    if (size < SMALLEST_HEADER)
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' is no IDX file: %zu bytes are too few for a header", path,
                         size);
    if (bytes[0] != 0 || bytes[1] != 0)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%s' is no IDX file: it starts with bytes %02x %02x instead of 00 00", path, bytes[0],
                         bytes[1]);
    if (bytes[2] != TYPE_UNSIGNED_BYTE)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%s' holds items of IDX type 0x%02x; only unsigned bytes (0x08) are read", path, bytes[2]);
    out->rank = bytes[3];
    if (out->rank < 1 || out->rank > LARGEST_RANK)
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' has %zu dimensions; labels have 1 and images 2 or 3", path,
                         out->rank);
    out->header = 4 + 4 * out->rank;
    if (size < out->header)
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' ends within its header, after %zu bytes", path, size);
    out->items = 1;
    for (size_t d = 0; d < out->rank; d++) {
        out->sizes[d] = read_big_endian(bytes + 4 + 4 * d);
        if (out->sizes[d] == 0)
            return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' is empty: its dimension %zu is 0", path, d);
        if (__builtin_mul_overflow(out->items, out->sizes[d], &out->items))
            return error_set(error, PERCEPT_ERROR_FORMAT,
                             "'%s' claims sizes whose product is more than can be addressed", path);
    }
    if (size - out->header != out->items)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%s' holds %zu bytes behind its header, which promises %zu; get the file again", path,
                         size - out->header, out->items);
    return PERCEPT_OK;
}

static percept_status check_images(const char *path, const Shape *images, const char *first_path, const Shape *first,
                                   percept_error *error)
{
    if (images->rank < 2)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%s' has 1 dimension, as labels have, where images are expected; are the files swapped?",
                         path);
    if (images->rank != first->rank ||
        memcmp(images->sizes + 1, first->sizes + 1, (images->rank - 1) * sizeof images->sizes[0]) != 0)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "the images in '%s' have another size than those in '%s'; both must belong to one dataset",
                         path, first_path);
    return PERCEPT_OK;
}

/* Room for all image files together, as far as their headers say, so that nothing moves later. */
static percept_status reserve_images(const char *const paths[][2], size_t parts, Buffer *all, percept_error *error)
{
    size_t total = LARGEST_HEADER;
    for (size_t p = 0; p < parts; p++) {
        size_t hint = 0;
        percept_status status = file_size_hint(paths[p][0], &hint, error);
        if (status != PERCEPT_OK)
            return status;
        if (__builtin_add_overflow(total, hint, &total) || __builtin_add_overflow(total, (size_t)1, &total))
            return error_set(error, PERCEPT_ERROR_MEMORY, "the images are more than can be addressed");
    }
    return buffer_reserve(all, MEMORY_ALIGNMENT + total, "the images", error);
}

/* Reads one image file so that its pixels follow those that `all` holds: its header comes to lie over the last bytes
 * in front of them, which are put back afterwards. */
static percept_status append_images(const char *path, Buffer *all, Shape *out, percept_error *error)
{
    uint8_t covered[LARGEST_HEADER];
    size_t end = all->size, begin = end - LARGEST_HEADER;
    memcpy(covered, all->bytes + begin, LARGEST_HEADER);
    all->size = begin;
    percept_status status = file_append_inflated(path, all, error);
    if (status == PERCEPT_OK)
        status = parse_header(path, all->bytes + begin, all->size - begin, out, error);
    if (status == PERCEPT_OK && out->header < LARGEST_HEADER) { /* two dimensions: the pixels begin too early */
        size_t gap = LARGEST_HEADER - out->header;
        status = buffer_reserve(all, gap, "the images", error);
        if (status == PERCEPT_OK) {
            memmove(all->bytes + end, all->bytes + end - gap, out->items);
            all->size += gap;
        }
    }
    memcpy(all->bytes + begin, covered, LARGEST_HEADER);
    return status;
}

/* Appends the labels of one file. */
static percept_status append_labels(const char *path, Buffer *all, Shape *out, percept_error *error)
{
    size_t begin = all->size;
    percept_status status = file_append_inflated(path, all, error);
    if (status == PERCEPT_OK)
        status = parse_header(path, all->bytes + begin, all->size - begin, out, error);
    if (status != PERCEPT_OK)
        return status;
    if (out->rank != 1)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%s' has %zu dimensions, as images have, where labels are expected; are the files swapped?",
                         path, out->rank);
    memmove(all->bytes + begin, all->bytes + begin + out->header, out->items);
    all->size = begin + out->items;
    return PERCEPT_OK;
}

/* Checks one part's labels; *classes grows to hold them all if `class_count` is 0. */
static percept_status check_labels(const char *path, const uint8_t *labels, size_t count, size_t class_count,
                                   size_t *classes, percept_error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (class_count > 0 && labels[i] >= class_count)
            return error_set(error, PERCEPT_ERROR_FORMAT, "'%s': the label of row %zu is %u, but classes are 0 to %zu",
                             path, i, labels[i], class_count - 1);
        if (labels[i] >= *classes)
            *classes = (size_t)labels[i] + 1;
    }
    return PERCEPT_OK;
}

/* All parts while they are read. */
typedef struct Reading {
    Buffer images; /* pixels from byte MEMORY_ALIGNMENT on */
    Buffer labels;
    Shape first; /* of the first part's images */
    size_t classes;
} Reading;

static percept_status read_part(const char *const paths[2], const char *first_path, size_t class_count, Reading *all,
                                size_t *count, percept_error *error)
{
    Shape images = {0}, labels = {0};
    percept_status status = append_images(paths[0], &all->images, &images, error);
    if (status != PERCEPT_OK)
        return status;
    if (all->first.rank == 0)
        all->first = images;
    status = check_images(paths[0], &images, first_path, &all->first, error);
    size_t begin = all->labels.size;
    if (status == PERCEPT_OK)
        status = append_labels(paths[1], &all->labels, &labels, error);
    if (status != PERCEPT_OK)
        return status;
    if (images.sizes[0] != labels.sizes[0])
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' has %zu images, but '%s' has %zu labels", paths[0],
                         images.sizes[0], paths[1], labels.sizes[0]);
    *count = images.sizes[0];
    return check_labels(paths[1], all->labels.bytes + begin, *count, class_count, &all->classes, error);
}

/* Hands the pixels over to a storage and fills in its labels. */
static percept_status finish(Reading *all, size_t class_count, Storage **out, percept_error *error)
{
    const Shape *first = &all->first;
    size_t height = first->rank == 3 ? first->sizes[1] : 0, image_width = first->rank == 3 ? first->sizes[2] : 0;
    size_t width = first->items / first->sizes[0];
    Storage *made = NULL;
    percept_status status =
        storage_adopt(PERCEPT_UINT8, all->labels.size, width, class_count > 0 ? class_count : all->classes,
                      all->images.bytes, all->images.bytes + MEMORY_ALIGNMENT, &made, error);
    if (status != PERCEPT_OK)
        return status;
    all->images = (Buffer){0};
    made->image_height = height;
    made->image_width = image_width;
    for (size_t i = 0; i < made->count; i++)
        made->labels[i] = all->labels.bytes[i];
    *out = made;
    return PERCEPT_OK;
}

percept_status idx_read(const char *const paths[][2], size_t parts, size_t class_count, Storage **out, size_t *counts,
                        percept_error *error)
{
    Reading all = {0};
    percept_status status = reserve_images(paths, parts, &all.images, error);
    if (status == PERCEPT_OK) {
        memset(all.images.bytes, 0, MEMORY_ALIGNMENT);
        all.images.size = MEMORY_ALIGNMENT;
    }
    for (size_t p = 0; status == PERCEPT_OK && p < parts; p++)
        status = read_part(paths[p], paths[0][0], class_count, &all, &counts[p], error);
    if (status == PERCEPT_OK)
        status = finish(&all, class_count, out, error);
    buffer_clear(&all.images);
    buffer_clear(&all.labels);
    return status;
}
