/* IDX files are read as they are or refused with the place that is wrong. */
#include "scratch.h"

#include "base/memory.h"
#include "data/idx.h"

#define HEIGHT 3
#define WIDTH 5
#define PIXELS (HEIGHT * WIDTH)

/* Files of a data set of one or two parts. */
typedef struct Files {
    Scratch scratch;
    char paths[2][2][SCRATCH_PATH];
} Files;

/* Pixel j of image i of part p; label of image i of part p. */
static uint8_t pixel(size_t p, size_t i, size_t j)
{
    return (uint8_t)(p * 101 + i * 37 + j * 7 + 1);
}

static uint8_t label(size_t p, size_t i)
{
    return (uint8_t)((p + i * i) % 4);
}

/* Names the files of a part and writes them well-formed. */
static void write_part(Files *files, size_t p, size_t rank, uint32_t count, const char *ending)
{
    const Scratch scratch = files->scratch;
    const uint32_t sizes[3] = {count, rank == 3 ? HEIGHT : PIXELS, WIDTH};
    uint8_t *pixels = malloc((size_t)count * PIXELS), *labels = malloc(count);
    char name[64];
    assert_non_null(pixels);
    assert_non_null(labels);
    for (size_t i = 0; i < count; i++) {
        labels[i] = label(p, i);
        for (size_t j = 0; j < PIXELS; j++)
            pixels[i * PIXELS + j] = pixel(p, i, j);
    }
    snprintf(name, sizeof name, "part%zu-images-idx3-ubyte%s", p, ending);
    scratch_path(&scratch, name, files->paths[p][0]);
    snprintf(name, sizeof name, "part%zu-labels-idx1-ubyte%s", p, ending);
    scratch_path(&scratch, name, files->paths[p][1]);
    scratch_write_idx(files->paths[p][0], rank, sizes, pixels, (size_t)count * PIXELS);
    scratch_write_idx(files->paths[p][1], 1, sizes, labels, count);
    free(pixels);
    free(labels);
}

static percept_status read_files(Files *files, size_t parts, size_t classes, Storage **out, size_t counts[2],
                                 percept_error *error)
{
    const char *paths[2][2] = {{files->paths[0][0], files->paths[0][1]}, {files->paths[1][0], files->paths[1][1]}};
    return idx_read((const char *const(*)[2])paths, parts, classes, out, counts, error);
}

/* Every pixel and label is where it belongs. */
static void check_storage(const Storage *storage, size_t parts, const size_t *counts)
{
    size_t row = 0;
    for (size_t p = 0; p < parts; p++)
        for (size_t i = 0; i < counts[p]; i++, row++) {
            assert_int_equal(storage->labels[row], label(p, i));
            for (size_t j = 0; j < PIXELS; j++)
                assert_int_equal(((const uint8_t *)storage->features)[row * PIXELS + j], pixel(p, i, j));
        }
    assert_int_equal(row, storage->count);
}

static void test_one_or_two_parts_plain_or_packed(void **state)
{
    (void)state;
    for (size_t parts = 1; parts <= 2; parts++)
        for (size_t rank = 2; rank <= 3; rank++)
            for (int packed = 0; packed < 2; packed++) {
                Files files;
                Storage *storage = NULL;
                size_t counts[2] = {0, 0};
                scratch_open(&files.scratch);
                write_part(&files, 0, rank, 7, packed ? ".gz" : "");
                write_part(&files, 1, rank, 4, packed ? "" : ".gz");
                assert_ok(read_files(&files, parts, 10, &storage, counts, error));
                assert_int_equal(counts[0], 7);
                assert_int_equal(counts[1], parts == 2 ? 4 : 0);
                assert_int_equal(storage->type, PERCEPT_UINT8);
                assert_int_equal(storage->width, PIXELS);
                assert_int_equal(storage->class_count, 10);
                assert_int_equal(storage->image_height, rank == 3 ? HEIGHT : 0);
                assert_int_equal(storage->image_width, rank == 3 ? WIDTH : 0);
                check_storage(storage, parts, counts);
                storage_release(storage);
                scratch_remove(files.scratch.folder);
            }
}

static void test_classes_are_counted_if_they_are_not_known(void **state)
{
    (void)state;
    Files files;
    Storage *storage = NULL;
    size_t counts[2];
    scratch_open(&files.scratch);
    write_part(&files, 0, 3, 7, "");
    assert_ok(read_files(&files, 1, 0, &storage, counts, error));
    assert_int_equal(storage->class_count, 2); /* squares leave 0 or 1 when divided by 4 */
    storage_release(storage);
    scratch_remove(files.scratch.folder);
}

/* Multi-member gzip: the last trailer knows only the last member, so the reserved room is wrong and must grow. */
static void test_a_wrong_size_hint_changes_nothing(void **state)
{
    (void)state;
    Files files;
    Storage *storage = NULL;
    size_t counts[2], first_size = 0, second_size = 0;
    scratch_open(&files.scratch);
    write_part(&files, 0, 3, 200, "");
    write_part(&files, 1, 3, 4, "");
    FILE *file = fopen(files.paths[0][0], "rb");
    uint8_t bytes[16 + 200 * PIXELS];
    assert_non_null(file);
    assert_int_equal(fread(bytes, 1, sizeof bytes, file), sizeof bytes);
    assert_int_equal(fclose(file), 0);
    uint8_t *first = scratch_gzip(bytes, sizeof bytes - 10, &first_size);
    uint8_t *second = scratch_gzip(bytes + sizeof bytes - 10, 10, &second_size);
    file = fopen(files.paths[0][0], "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(first, 1, first_size, file), first_size);
    assert_int_equal(fwrite(second, 1, second_size, file), second_size);
    assert_int_equal(fclose(file), 0);
    assert_ok(read_files(&files, 2, 10, &storage, counts, error));
    check_storage(storage, 2, counts);
    storage_release(storage);
    free(first);
    free(second);
    scratch_remove(files.scratch.folder);
}

/* Overwrites bytes of a file. */
static void patch(const char *path, long offset, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, offset, SEEK_SET), 0);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* One thing that is wrong with the images (file 0) or labels (file 1) of part 0, and what the message says of it. */
static const struct Fault {
    long offset;
    size_t size;
    const char *message;
    int file;
    uint8_t bytes[4];
} faults[] = {
    {0, 1, "starts with bytes 01 00", 0, {1}},
    {1, 1, "starts with bytes 00 09", 1, {9}},
    {0, 2, "truncated or corrupt", 0, {0x1f, 0x8b}},
    {2, 1, "type 0x0d", 0, {0x0d}},
    {2, 1, "type 0x09", 1, {0x09}},
    {3, 1, "4 dimensions", 0, {4}},
    {3, 1, "0 dimensions", 0, {0}},
    {4, 4, "holds 105 bytes behind its header, which promises 120", 0, {0, 0, 0, 8}},
    {4, 4, "which promises 90", 0, {0, 0, 0, 6}},
    {4, 4, "is empty: its dimension 0 is 0", 0, {0, 0, 0, 0}},
    {8, 4, "is empty: its dimension 1 is 0", 0, {0, 0, 0, 0}},
    {4, 4, "which promises", 0, {0xff, 0xff, 0xff, 0xff}},
    {4, 4, "which promises", 1, {0xff, 0xff, 0xff, 0xff}},
    {8 + 5, 1, "the label of row 5 is 10, but classes are 0 to 9", 1, {10}},
    {8 + 0, 1, "the label of row 0 is 255, but classes are 0 to 9", 1, {255}},
};

static void test_faults_are_named_with_file_and_place(void **state)
{
    (void)state;
    for (size_t f = 0; f < sizeof faults / sizeof faults[0]; f++) {
        const struct Fault *fault = &faults[f];
        Files files;
        Storage *storage = NULL;
        size_t counts[2];
        scratch_open(&files.scratch);
        write_part(&files, 0, 3, 7, "");
        patch(files.paths[0][fault->file], fault->offset, fault->bytes, fault->size);
        assert_refused(read_files(&files, 1, 10, &storage, counts, error), PERCEPT_ERROR_FORMAT, fault->message);
        assert_refused(read_files(&files, 1, 10, &storage, counts, error), PERCEPT_ERROR_FORMAT,
                       files.paths[0][fault->file]);
        assert_null(storage);
        scratch_remove(files.scratch.folder);
    }
}

/* 2^32 - 1 in each dimension: the product has 96 bits. */
static void test_sizes_that_overflow_are_refused(void **state)
{
    (void)state;
    Files files;
    Storage *storage = NULL;
    size_t counts[2];
    static const uint32_t huge[3] = {UINT32_MAX, UINT32_MAX, UINT32_MAX};
    /* 2^22 · 2^21 · 2^21 = 2^64 comes to 0 if the product is not checked: a file without items would pass. */
    static const uint32_t round_number[3] = {1u << 22, 1u << 21, 1u << 21};
    scratch_open(&files.scratch);
    write_part(&files, 0, 3, 7, "");
    scratch_write_idx(files.paths[0][0], 3, huge, NULL, 0);
    assert_refused(read_files(&files, 1, 10, &storage, counts, error), PERCEPT_ERROR_FORMAT, "more than can be");
    scratch_write_idx(files.paths[0][0], 3, round_number, NULL, 0);
    assert_refused(read_files(&files, 1, 10, &storage, counts, error), PERCEPT_ERROR_FORMAT, "more than can be");
    scratch_remove(files.scratch.folder);
}

/* Wherever a file ends too early, it is refused. */
static void test_short_files_are_refused(void **state)
{
    (void)state;
    Files files;
    Storage *storage = NULL;
    size_t counts[2];
    scratch_open(&files.scratch);
    write_part(&files, 0, 3, 2, "");
    for (long size = 16 + 2 * PIXELS - 1; size >= 0; size--) {
        assert_int_equal(truncate(files.paths[0][0], size), 0);
        assert_refused(read_files(&files, 1, 10, &storage, counts, error), PERCEPT_ERROR_FORMAT, files.paths[0][0]);
    }
    scratch_remove(files.scratch.folder);
}

static void test_files_that_do_not_belong_together_are_refused(void **state)
{
    (void)state;
    Files files, other;
    Storage *storage = NULL;
    size_t counts[2];
    scratch_open(&files.scratch);
    scratch_open(&other.scratch);
    write_part(&files, 0, 3, 7, "");
    write_part(&files, 1, 3, 4, "");
    write_part(&other, 0, 3, 6, "");
    write_part(&other, 1, 2, 4, "");
    const char *counts_differ[1][2] = {{files.paths[0][0], other.paths[0][1]}};
    assert_refused(idx_read((const char *const(*)[2])counts_differ, 1, 10, &storage, counts, error),
                   PERCEPT_ERROR_FORMAT, "7 images");
    const char *swapped[1][2] = {{files.paths[0][1], files.paths[0][0]}};
    assert_refused(idx_read((const char *const(*)[2])swapped, 1, 10, &storage, counts, error), PERCEPT_ERROR_FORMAT,
                   "swapped");
    const char *images_twice[1][2] = {{files.paths[0][0], files.paths[0][0]}};
    assert_refused(idx_read((const char *const(*)[2])images_twice, 1, 10, &storage, counts, error),
                   PERCEPT_ERROR_FORMAT, "swapped");
    const char *shapes_differ[2][2] = {{files.paths[0][0], files.paths[0][1]}, {other.paths[1][0], other.paths[1][1]}};
    assert_refused(idx_read((const char *const(*)[2])shapes_differ, 2, 10, &storage, counts, error),
                   PERCEPT_ERROR_FORMAT, "another size");
    const char *missing[1][2] = {{files.paths[0][0], "/nowhere/labels"}};
    assert_refused(idx_read((const char *const(*)[2])missing, 1, 10, &storage, counts, error), PERCEPT_ERROR_IO,
                   "/nowhere/labels");
    scratch_remove(files.scratch.folder);
    scratch_remove(other.scratch.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_or_two_parts_plain_or_packed),
        cmocka_unit_test(test_classes_are_counted_if_they_are_not_known),
        cmocka_unit_test(test_a_wrong_size_hint_changes_nothing),
        cmocka_unit_test(test_faults_are_named_with_file_and_place),
        cmocka_unit_test(test_sizes_that_overflow_are_refused),
        cmocka_unit_test(test_short_files_are_refused),
        cmocka_unit_test(test_files_that_do_not_belong_together_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
