/* NPZ: archives of NumPy's are read by the names of their arrays; what they claim is checked against what they hold. */
#include "scratch.h"

#include "data/npz.h"
#include "data/npz_write.h"
#include "npy_vectors.h"

#define VECTORS (sizeof npz_vectors / sizeof npz_vectors[0])

static const NpzVector *find(const char *name)
{
    for (size_t v = 0; v < VECTORS; v++)
        if (strcmp(npz_vectors[v].name, name) == 0)
            return &npz_vectors[v];
    fail_msg("there is no vector %s", name);
    return NULL;
}

static percept_status read_bytes(const void *bytes, size_t size, Storage **out, size_t counts[2], percept_error *error)
{
    Scratch scratch;
    char path[SCRATCH_PATH];
    scratch_open(&scratch);
    scratch_write(scratch_path(&scratch, "x.npz", path), bytes, size);
    const percept_status status = npz_read(path, &(const SourceOptions){0}, 0, out, counts, error);
    scratch_remove(scratch.folder);
    return status;
}

static percept_status read_vector(const char *name, Storage **out, size_t counts[2], percept_error *error)
{
    const NpzVector *vector = find(name);
    return read_bytes(vector->bytes, vector->size, out, counts, error);
}

static void test_a_stored_archive_gives_features_and_labels(void **state)
{
    (void)state;
    const double features[6] = {0.1, -2.5, 3e-5, 1e20, 65504, -7};
    const int32_t labels[3] = {1, 0, 1};
    Storage *storage = NULL;
    size_t counts[2] = {0, 0};
    assert_ok(read_vector("stored", &storage, counts, error));
    assert_int_equal(counts[0], 3);
    assert_int_equal(counts[1], 0);
    assert_int_equal(storage->type, PERCEPT_FLOAT64);
    assert_memory_equal(storage->features, features, sizeof features);
    assert_memory_equal(storage->labels, labels, sizeof labels);
    storage_release(storage);
}

static void test_arrays_that_are_not_used_are_noted(void **state)
{
    (void)state;
    Storage *storage = NULL;
    size_t counts[2] = {0, 0};
    assert_ok(read_vector("stored", &storage, counts, error));
    assert_int_equal(storage->notes.count, 1);
    assert_string_equal(storage->notes.list[0].text, "arrays that are not used: other");
    storage_release(storage);
    assert_ok(read_vector("by place", &storage, counts, error));
    assert_int_equal(storage->notes.count, 0);
    storage_release(storage);
}

static void test_a_packed_archive_gives_both_parts(void **state)
{
    (void)state;
    const int32_t labels[5] = {2, 0, 1, 1, 1};
    Storage *storage = NULL;
    size_t counts[2] = {0, 0};
    assert_ok(read_vector("packed", &storage, counts, error));
    assert_int_equal(counts[0], 3);
    assert_int_equal(counts[1], 2);
    assert_int_equal(storage->type, PERCEPT_UINT8);
    assert_int_equal(storage->image_height, 2);
    assert_int_equal(storage->image_width, 4);
    for (size_t i = 0; i < 40; i++)
        assert_int_equal(((const uint8_t *)storage->features)[i], i < 24 ? i : 7);
    assert_memory_equal(storage->labels, labels, sizeof labels);
    assert_int_equal(storage->class_count, 3);
    storage_release(storage);
}

static void test_arrays_without_names_go_by_their_place(void **state)
{
    (void)state;
    const float features[6] = {0, 1, 2, -3, 100, -128};
    const double targets[2] = {0.5, 2};
    Storage *storage = NULL;
    size_t counts[2] = {0, 0};
    assert_ok(read_vector("by place", &storage, counts, error));
    assert_int_equal(storage->type, PERCEPT_FLOAT32);
    assert_memory_equal(storage->features, features, sizeof features);
    assert_memory_equal(storage->targets, targets, sizeof targets);
    storage_release(storage);
}

/* Offset of the first `text` from byte `from` on. */
static size_t offset_of(const uint8_t *bytes, size_t size, const char *text, size_t length, size_t from)
{
    const uint8_t *found = memmem(bytes + from, size - from, text, length);
    assert_non_null(found);
    return (size_t)(found - bytes);
}

/* The archive with one byte of the directory's entry of its first member, `place` bytes from its start, changed. */
static percept_status read_with_entry(const char *name, size_t place, const void *patch, size_t patch_size,
                                      percept_error *error)
{
    const NpzVector *vector = find(name);
    uint8_t bytes[4096];
    Storage *storage = NULL;
    size_t counts[2];
    assert_true(vector->size <= sizeof bytes);
    memcpy(bytes, vector->bytes, vector->size);
    memcpy(bytes + offset_of(bytes, vector->size, "PK\1\2", 4, 0) + place, patch, patch_size);
    const percept_status status = read_bytes(bytes, vector->size, &storage, counts, error);
    if (status == PERCEPT_OK)
        storage_release(storage);
    return status;
}

/* Places in an entry of the directory (PKWARE's APPNOTE, 4.3.12). */
enum { ENTRY_FLAGS = 8, ENTRY_METHOD = 10, ENTRY_CRC = 16, ENTRY_PACKED = 20, ENTRY_SIZE = 24 };

static void test_claims_are_checked(void **state)
{
    (void)state;
    const uint8_t large[4] = {0xff, 0xff, 0xff, 0x7f}, one_more[4] = {145, 0, 0, 0}, crc[4] = {1, 2, 3, 4};
    /* A member of the packed archive has 128 bytes of header and 24 items. */
    assert_refused(read_with_entry("packed", ENTRY_SIZE, large, 4, error), PERCEPT_ERROR_FORMAT, "can hold");
    assert_refused(read_with_entry("packed", ENTRY_SIZE, one_more, 4, error), PERCEPT_ERROR_FORMAT, "x.npz: x_train");
    assert_refused(read_with_entry("packed", ENTRY_PACKED, large, 4, error), PERCEPT_ERROR_FORMAT, "");
    assert_refused(read_with_entry("packed", ENTRY_CRC, crc, 4, error), PERCEPT_ERROR_FORMAT, "CRC");
    assert_refused(read_with_entry("packed", ENTRY_METHOD, "\14", 1, error), PERCEPT_ERROR_FORMAT, "method 12");
    assert_refused(read_with_entry("packed", ENTRY_FLAGS, "\1", 1, error), PERCEPT_ERROR_FORMAT, "encrypted");
}

static void test_no_archive_cut_short_is_taken(void **state)
{
    (void)state;
    for (size_t v = 0; v < VECTORS; v++)
        for (size_t size = 0; size < npz_vectors[v].size; size += 7) {
            Storage *storage = NULL;
            size_t counts[2];
            assert_int_equal(read_bytes(npz_vectors[v].bytes, size, &storage, counts, NULL), PERCEPT_ERROR_FORMAT);
        }
}

/* With any one byte changed the archive is refused, or gives a storage of its own size: the address sanitizer watches. */
static void test_no_changed_byte_makes_a_read_out_of_bounds(void **state)
{
    (void)state;
    const NpzVector *vector = find("packed");
    uint8_t bytes[4096];
    assert_true(vector->size <= sizeof bytes);
    for (size_t at = 0; at < vector->size; at++) {
        Storage *storage = NULL;
        size_t counts[2] = {0, 0};
        memcpy(bytes, vector->bytes, vector->size);
        bytes[at] ^= 0x41;
        if (read_bytes(bytes, vector->size, &storage, counts, NULL) != PERCEPT_OK)
            continue;
        assert_int_equal(storage->count, counts[0] + counts[1]);
        storage_release(storage);
    }
}

static void test_an_archive_without_features_lists_what_it_has(void **state)
{
    (void)state;
    const NpzVector *vector = find("stored");
    uint8_t bytes[4096];
    Storage *storage = NULL;
    size_t counts[2];
    assert_true(vector->size <= sizeof bytes);
    memcpy(bytes, vector->bytes, vector->size);
    for (size_t n = 0, at = 0; n < 2; n++) { /* in the member's own header, and in the directory */
        at = offset_of(bytes, vector->size, "X.npy", 5, at);
        bytes[at] = 'q';
    }
    assert_refused(read_bytes(bytes, vector->size, &storage, counts, error), PERCEPT_ERROR_FORMAT,
                   "there are: y.npy, q.npy, other.npy");
    assert_refused(npz_read("/nowhere/x.npz", &(const SourceOptions){0}, 0, &storage, counts, error), PERCEPT_ERROR_IO,
                   "/nowhere/x.npz");
    assert_refused(read_bytes("no archive", 10, &storage, counts, error), PERCEPT_ERROR_FORMAT, "archive");
}

static void test_what_is_written_is_read_and_says_nothing_of_time(void **state)
{
    (void)state;
    const double features[6] = {0.1, -2.5, 3e-5, 1e20, -7, 0};
    const int32_t labels[3] = {1, 0, 1};
    const NpzArray arrays[] = {{"x", NPZ_FLOAT64, 3, 2, features}, {"y", NPZ_INT32, 3, 0, labels}};
    Scratch scratch;
    char path[SCRATCH_PATH];
    Storage *storage = NULL;
    size_t counts[2] = {0, 0};
    uint8_t bytes[2][1024];
    size_t sizes[2];
    scratch_open(&scratch);
    for (size_t w = 0; w < 2; w++) {
        assert_ok(npz_write(scratch_path(&scratch, w == 0 ? "a.npz" : "b.npz", path), arrays, 2, error));
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        sizes[w] = fread(bytes[w], 1, sizeof bytes[w], file);
        assert_int_equal(fclose(file), 0);
    }
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(bytes[0], bytes[1], sizes[0]);
    assert_int_equal(bytes[0][10] | bytes[0][11] << 8, 0);          /* the time of the first member, */
    assert_int_equal(bytes[0][12] | bytes[0][13] << 8, 1 << 5 | 1); /* and its day, 1980-01-01 */
    assert_ok(npz_read(path, &(const SourceOptions){0}, 0, &storage, counts, error));
    assert_int_equal(counts[0], 3);
    assert_memory_equal(storage->features, features, sizeof features);
    assert_memory_equal(storage->labels, labels, sizeof labels);
    storage_release(storage);
    assert_refused(npz_write("/nowhere/x.npz", arrays, 2, error), PERCEPT_ERROR_IO, "/nowhere/x.npz");
    scratch_remove(scratch.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_stored_archive_gives_features_and_labels),
        cmocka_unit_test(test_arrays_that_are_not_used_are_noted),
        cmocka_unit_test(test_a_packed_archive_gives_both_parts),
        cmocka_unit_test(test_arrays_without_names_go_by_their_place),
        cmocka_unit_test(test_claims_are_checked),
        cmocka_unit_test(test_no_archive_cut_short_is_taken),
        cmocka_unit_test(test_no_changed_byte_makes_a_read_out_of_bounds),
        cmocka_unit_test(test_what_is_written_is_read_and_says_nothing_of_time),
        cmocka_unit_test(test_an_archive_without_features_lists_what_it_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
