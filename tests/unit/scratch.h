/* A folder for a test's files, and files to put there: raw, gzip, IDX. A test that fails leaves its folder behind. */
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libdeflate.h>

#include "unit.h"

#define SCRATCH_PATH 512

typedef struct Scratch {
    char folder[SCRATCH_PATH / 2];
} Scratch;

static inline void scratch_open(Scratch *scratch)
{
    const char *parent = getenv("TMPDIR");
    *scratch = (Scratch){""};
    snprintf(scratch->folder, sizeof scratch->folder, "%s/percept-test-XXXXXX", parent != NULL ? parent : "/tmp");
    assert_non_null(mkdtemp(scratch->folder));
}

static inline int scratch_remove_one(const char *path, const struct stat *facts, int kind, struct FTW *place)
{
    (void)facts;
    (void)kind;
    (void)place;
    return remove(path);
}

/* Removes a folder with all that is in it. */
static inline void scratch_remove(const char *folder)
{
    assert_int_equal(nftw(folder, scratch_remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

/* Number of entries of a folder, "." and ".." not counted. */
static inline size_t scratch_count(const char *folder)
{
    size_t count = 0;
    DIR *entries = opendir(folder);
    assert_non_null(entries);
    while (readdir(entries) != NULL)
        count++;
    closedir(entries);
    return count - 2;
}

/* "folder/name" in `path`, which is given back. */
static inline const char *scratch_path(const Scratch *scratch, const char *name, char path[SCRATCH_PATH])
{
    snprintf(path, SCRATCH_PATH, "%s/%s", scratch->folder, name);
    return path;
}

static inline void scratch_write(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* One gzip member; released with free. */
static inline uint8_t *scratch_gzip(const void *bytes, size_t size, size_t *packed_size)
{
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(6);
    assert_non_null(compressor);
    const size_t bound = libdeflate_gzip_compress_bound(compressor, size);
    uint8_t *packed = malloc(bound);
    assert_non_null(packed);
    *packed_size = libdeflate_gzip_compress(compressor, bytes, size, packed, bound);
    assert_true(*packed_size > 0);
    libdeflate_free_compressor(compressor);
    return packed;
}

/* Writes an IDX file of unsigned bytes, gzipped if its name ends so. `items` may be fewer or more than sizes say. */
static inline void scratch_write_idx(const char *path, size_t rank, const uint32_t *sizes, const uint8_t *bytes,
                                     size_t items)
{
    const size_t header = 4 + 4 * rank, length = strlen(path);
    uint8_t *file = malloc(header + items + 1);
    assert_non_null(file);
    memcpy(file, (const uint8_t[]){0, 0, 8, (uint8_t)rank}, 4);
    for (size_t d = 0; d < rank; d++)
        for (size_t b = 0; b < 4; b++)
            file[4 + 4 * d + b] = (uint8_t)(sizes[d] >> (24 - 8 * b));
    if (items > 0)
        memcpy(file + header, bytes, items);
    if (length > 3 && strcmp(path + length - 3, ".gz") == 0) {
        size_t size = 0;
        uint8_t *packed = scratch_gzip(file, header + items, &size);
        scratch_write(path, packed, size);
        free(packed);
    } else {
        scratch_write(path, file, header + items);
    }
    free(file);
}

/* The call failed with this status and a message that holds the text. */
#define assert_refused(call, wanted, text)                                                                             \
    do {                                                                                                               \
        percept_error assert_error = {PERCEPT_OK, ""};                                                                 \
        percept_error *error = &assert_error;                                                                          \
        const percept_status assert_status = (call);                                                                   \
        if (assert_status != (wanted) || assert_error.status != (wanted) ||                                            \
            strstr(assert_error.message, (text)) == NULL)                                                              \
            fail_msg("%s: status %d, message '%s', but wanted %d and '%s'", #call, (int)assert_status,                 \
                     assert_error.message, (int)(wanted), (text));                                                     \
    } while (0)

#endif
