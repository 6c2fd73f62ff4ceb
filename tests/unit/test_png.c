/* PNG: pictures of every kind become the grey that their samples say; folders become classes in the order of their names;
 * what is wrong is refused and named. */
#include "scratch.h"

#include <png.h>

#include "base/memory.h"
#include "data/png.h"
#include "data/png_folder.h"

#define HEIGHT 5
#define WIDTH 7
#define PIXELS (HEIGHT * WIDTH)

/* ---- Writing pictures ------------------------------------------------------------------------------------------ */

typedef struct Kind {
    int colours, depth, channels;
} Kind;

static const Kind grey = {PNG_COLOR_TYPE_GRAY, 8, 1};

/* Writes height × width × channels samples, 16 bits each in memory, cut to the kind's depth. */
static void write_png(const char *path, Kind kind, int interlace, size_t height, size_t width, const uint16_t *samples)
{
    FILE *file = fopen(path, "wb");
    png_struct *png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_info *info = png_create_info_struct(png);
    const size_t row_size = width * (size_t)kind.channels * 2;
    uint8_t *bytes = calloc(height, row_size), **rows = calloc(height, sizeof *rows);
    assert_non_null(file);
    assert_non_null(bytes);
    assert_non_null(rows);
    if (setjmp(png_jmpbuf(png)) != 0)
        fail_msg("libpng could not write %s", path);
    png_init_io(png, file);
    png_set_IHDR(png, info, (uint32_t)width, (uint32_t)height, kind.depth, kind.colours, interlace,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (kind.colours == PNG_COLOR_TYPE_PALETTE) {
        png_color palette[16];
        uint8_t alpha[4] = {0, 100, 200, 255};
        for (uint8_t p = 0; p < 16; p++)
            palette[p] = (png_color){(uint8_t)(p * 16), (uint8_t)(255 - p), (uint8_t)(p * 3)};
        png_set_PLTE(png, info, palette, 1 << kind.depth);
        png_set_tRNS(png, info, alpha, 4, NULL);
    }
    png_set_gAMA(png, info, 1.0); /* to be left out of account */
    png_write_info(png, info);
    if (kind.depth < 8)
        png_set_packing(png);
    for (size_t y = 0; y < height; y++) {
        rows[y] = bytes + y * row_size;
        for (size_t s = 0; s < width * (size_t)kind.channels; s++) {
            const uint16_t sample = samples[y * width * (size_t)kind.channels + s];
            if (kind.depth == 16) {
                rows[y][2 * s] = (uint8_t)(sample >> 8);
                rows[y][2 * s + 1] = (uint8_t)sample;
            } else {
                rows[y][s] = (uint8_t)sample;
            }
        }
    }
    png_write_image(png, rows);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    free(rows);
    free(bytes);
    assert_int_equal(fclose(file), 0);
}

/* A grey picture of one value. */
static void write_plain(const char *path, size_t height, size_t width, uint16_t value)
{
    uint16_t samples[PIXELS];
    assert_true(height * width <= PIXELS);
    for (size_t i = 0; i < height * width; i++)
        samples[i] = value;
    write_png(path, grey, PNG_INTERLACE_NONE, height, width, samples);
}

/* ---- Pixels ---------------------------------------------------------------------------------------------------- */

static double luma(double red, double green, double blue)
{
    return (299 * red + 587 * green + 114 * blue) / 1000;
}

/* What a pixel should become, as a real number, from its samples. */
static double expected_grey(Kind kind, const uint16_t *samples)
{
    const double scale = 255.0 / ((1 << kind.depth) - 1);
    if (kind.colours == PNG_COLOR_TYPE_PALETTE)
        return luma(samples[0] * 16, 255 - samples[0], samples[0] * 3);
    if (kind.channels < 3)
        return scale * samples[0];
    return luma(round(scale * samples[0]), round(scale * samples[1]), round(scale * samples[2]));
}

static void test_every_kind_becomes_grey(void **state)
{
    (void)state;
    static const Kind kinds[] = {
        {PNG_COLOR_TYPE_GRAY, 1, 1},        {PNG_COLOR_TYPE_GRAY, 2, 1},       {PNG_COLOR_TYPE_GRAY, 4, 1},
        {PNG_COLOR_TYPE_GRAY, 8, 1},        {PNG_COLOR_TYPE_GRAY, 16, 1},      {PNG_COLOR_TYPE_GRAY_ALPHA, 8, 2},
        {PNG_COLOR_TYPE_GRAY_ALPHA, 16, 2}, {PNG_COLOR_TYPE_RGB, 8, 3},        {PNG_COLOR_TYPE_RGB, 16, 3},
        {PNG_COLOR_TYPE_RGB_ALPHA, 8, 4},   {PNG_COLOR_TYPE_RGB_ALPHA, 16, 4}, {PNG_COLOR_TYPE_PALETTE, 4, 1},
        {PNG_COLOR_TYPE_PALETTE, 2, 1},
    };
    Scratch scratch;
    char path[SCRATCH_PATH];
    scratch_open(&scratch);
    scratch_path(&scratch, "a.png", path);
    for (size_t c = 0; c < 2 * sizeof kinds / sizeof kinds[0]; c++) {
        const Kind kind = kinds[c / 2];
        uint16_t samples[PIXELS * 4];
        Buffer pixels = {0};
        PngSize size = {0};
        for (size_t s = 0; s < (size_t)(PIXELS * kind.channels); s++)
            samples[s] = (uint16_t)((s * 2654435761U >> 7) & ((1U << kind.depth) - 1));
        write_png(path, kind, c % 2 == 0 ? PNG_INTERLACE_NONE : PNG_INTERLACE_ADAM7, HEIGHT, WIDTH, samples);
        assert_ok(png_append(path, &size, &pixels, error));
        assert_int_equal(size.height, HEIGHT);
        assert_int_equal(size.width, WIDTH);
        assert_int_equal(pixels.size, PIXELS);
        /* Rounded once: half a step away at most. */
        for (size_t i = 0; i < PIXELS; i++)
            if (fabs(pixels.bytes[i] - expected_grey(kind, samples + i * (size_t)kind.channels)) > 0.5)
                fail_msg("colours %d, depth %d: pixel %zu is %d, not %g", kind.colours, kind.depth, i, pixels.bytes[i],
                         expected_grey(kind, samples + i * (size_t)kind.channels));
        buffer_clear(&pixels);
    }
    scratch_remove(scratch.folder);
}

static void test_pictures_that_cannot_be_read_are_refused(void **state)
{
    (void)state;
    Scratch scratch;
    char path[SCRATCH_PATH];
    uint8_t bytes[512], changed[512];
    Buffer pixels = {0};
    PngSize size = {0};
    scratch_open(&scratch);
    scratch_path(&scratch, "a.png", path);
    write_plain(path, HEIGHT, WIDTH, 3);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    const size_t length = fread(bytes, 1, sizeof bytes, file);
    assert_int_equal(fclose(file), 0);
    for (size_t cut = 0; cut < length; cut++) {
        scratch_write(path, bytes, cut);
        assert_int_equal(png_append(path, &size, &pixels, NULL), PERCEPT_ERROR_FORMAT);
    }
    /* Width and height stand at bytes 16 to 23, the CRC of the header chunk at 29. */
    memcpy(changed, bytes, length);
    changed[19] = WIDTH + 1;
    scratch_write(path, changed, length);
    assert_refused(png_append(path, &size, &pixels, error), PERCEPT_ERROR_FORMAT, "CRC");
    memcpy(changed + 16, (const uint8_t[]){0, 0, 32, 0, 0, 0, 32, 0}, 8); /* 8192 × 8192 in a few hundred bytes */
    const uint32_t crc = libdeflate_crc32(0, changed + 12, 17);
    for (size_t b = 0; b < 4; b++)
        changed[29 + b] = (uint8_t)(crc >> (24 - 8 * b));
    scratch_write(path, changed, length);
    assert_refused(png_append(path, &size, &pixels, error), PERCEPT_ERROR_FORMAT, "bytes can hold");
    scratch_write(path, "GIF89a, not PNG", 15);
    assert_refused(png_append(path, &size, &pixels, error), PERCEPT_ERROR_FORMAT, "a.png");
    assert_refused(png_append("/nowhere/a.png", &size, &pixels, error), PERCEPT_ERROR_IO, "/nowhere/a.png");
    assert_int_equal(pixels.size, 0);
    assert_null(size.first);
    buffer_clear(&pixels);
    scratch_remove(scratch.folder);
}

/* Any byte changed: refused, or the same number of pixels; the address sanitizer watches. */
static void test_no_changed_byte_makes_a_read_out_of_bounds(void **state)
{
    (void)state;
    Scratch scratch;
    char path[SCRATCH_PATH];
    uint16_t samples[PIXELS * 3] = {0};
    uint8_t bytes[1024];
    scratch_open(&scratch);
    scratch_path(&scratch, "a.png", path);
    write_png(path, (Kind){PNG_COLOR_TYPE_PALETTE, 4, 1}, PNG_INTERLACE_ADAM7, HEIGHT, WIDTH, samples);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    const size_t length = fread(bytes, 1, sizeof bytes, file);
    assert_int_equal(fclose(file), 0);
    for (size_t at = 0; at < length; at++) {
        Buffer pixels = {0};
        PngSize size = {0};
        bytes[at] ^= 0x11;
        scratch_write(path, bytes, length);
        if (png_append(path, &size, &pixels, NULL) == PERCEPT_OK)
            assert_int_equal(pixels.size, size.height * size.width);
        buffer_clear(&pixels);
        bytes[at] ^= 0x11;
    }
    scratch_remove(scratch.folder);
}

/* ---- Folders --------------------------------------------------------------------------------------------------- */

/* Writes a plain picture into folder/name, making the folder. */
static void put(const Scratch *scratch, const char *folder, const char *name, size_t height, uint16_t value)
{
    char path[SCRATCH_PATH], file[2 * SCRATCH_PATH];
    if (mkdir(scratch_path(scratch, folder, path), 0777) != 0)
        assert_int_equal(access(path, W_OK), 0);
    snprintf(file, sizeof file, "%s/%s", path, name);
    write_plain(file, height, WIDTH, value);
}

static void test_folders_are_classes_in_the_order_of_their_names(void **state)
{
    (void)state;
    const int32_t labels[5] = {0, 0, 1, 1, 1};
    const uint8_t values[5] = {1, 2, 10, 9, 11};
    Scratch scratch;
    char path[SCRATCH_PATH];
    Storage *storage = NULL;
    size_t counts[2] = {0, 0};
    scratch_open(&scratch);
    put(&scratch, "dog", "b.PNG", 2, 11);
    put(&scratch, "dog", "2.png", 2, 9);
    put(&scratch, "dog", "10.png", 2, 10);
    put(&scratch, "cat", "y.png", 2, 2);
    put(&scratch, "cat", "x.png", 2, 1);
    put(&scratch, ".hidden", "x.png", 3, 1);
    scratch_write(scratch_path(&scratch, "cat/note.txt", path), "x", 1);
    assert_ok(png_folder_read(scratch.folder, 0, &storage, counts, error));
    assert_int_equal(counts[0], 5);
    assert_int_equal(counts[1], 0);
    assert_int_equal(storage->width, 2 * WIDTH);
    assert_int_equal(storage->image_height, 2);
    assert_int_equal(storage->image_width, WIDTH);
    assert_int_equal(storage->class_count, 2);
    assert_string_equal(storage->class_names[0], "cat");
    assert_string_equal(storage->class_names[1], "dog");
    assert_memory_equal(storage->labels, labels, sizeof labels);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(((const uint8_t *)storage->features)[i * 2 * WIDTH], values[i]);
    storage_release(storage);
    assert_true(png_folder_recognize(scratch.folder));
    assert_false(png_folder_recognize(path));
    scratch_remove(scratch.folder);
}

static void test_folders_called_by_numbers_are_in_their_order(void **state)
{
    (void)state;
    static const char *const names[] = {"0", "2", "09", "10", "100"};
    Scratch scratch;
    Storage *storage = NULL;
    size_t counts[2] = {0, 0};
    scratch_open(&scratch);
    for (size_t n = 5; n-- > 0;)
        put(&scratch, names[n], "x.png", 1, (uint16_t)n);
    assert_ok(png_folder_read(scratch.folder, 5, &storage, counts, error));
    for (size_t n = 0; n < 5; n++) {
        assert_string_equal(storage->class_names[n], names[n]);
        assert_int_equal(storage->labels[n], n);
        assert_int_equal(((const uint8_t *)storage->features)[n * WIDTH], n);
    }
    storage_release(storage);
    assert_refused(png_folder_read(scratch.folder, 10, &storage, counts, error), PERCEPT_ERROR_FORMAT, "10");
    scratch_remove(scratch.folder);
}

static void test_training_and_test_folders_are_two_parts(void **state)
{
    (void)state;
    const int32_t labels[4] = {0, 1, 1, 1};
    Scratch scratch;
    char path[SCRATCH_PATH];
    Storage *storage = NULL;
    size_t counts[2] = {0, 0};
    scratch_open(&scratch);
    assert_int_equal(mkdir(scratch_path(&scratch, "training", path), 0777), 0);
    assert_int_equal(mkdir(scratch_path(&scratch, "test", path), 0777), 0);
    put(&scratch, "training/a", "1.png", 1, 1);
    put(&scratch, "training/b", "1.png", 1, 2);
    put(&scratch, "training/b", "2.png", 1, 3);
    put(&scratch, "test/b", "1.png", 1, 4);
    assert_ok(png_folder_read(scratch.folder, 0, &storage, counts, error));
    assert_int_equal(counts[0], 3);
    assert_int_equal(counts[1], 1);
    assert_memory_equal(storage->labels, labels, sizeof labels);
    storage_release(storage);
    put(&scratch, "test/c", "1.png", 1, 5);
    assert_refused(png_folder_read(scratch.folder, 0, &storage, counts, error), PERCEPT_ERROR_FORMAT, "test/c");
    scratch_remove(scratch.folder);
}

static void test_names_of_classes_are_utf8(void **state)
{
    (void)state;
    Scratch scratch;
    Storage *storage = NULL;
    size_t counts[2] = {0, 0};
    scratch_open(&scratch);
    put(&scratch, "caf\xc3\xa9", "1.png", 1, 1);
    assert_ok(png_folder_read(scratch.folder, 0, &storage, counts, error));
    assert_string_equal(storage->class_names[0], "caf\xc3\xa9");
    storage_release(storage);
    put(&scratch, "th\xe9", "1.png", 1, 2);
    assert_refused(png_folder_read(scratch.folder, 0, &storage, counts, error), PERCEPT_ERROR_FORMAT,
                   "has a name that is not UTF-8; rename it");
    scratch_remove(scratch.folder);
}

static void test_the_odd_one_is_named(void **state)
{
    (void)state;
    Scratch scratch;
    char path[SCRATCH_PATH];
    Storage *storage = NULL;
    size_t counts[2] = {0, 0};
    scratch_open(&scratch);
    put(&scratch, "a", "1.png", 2, 1);
    put(&scratch, "b", "odd.png", 3, 1);
    assert_refused(png_folder_read(scratch.folder, 0, &storage, counts, error), PERCEPT_ERROR_FORMAT,
                   "b/odd.png' is 3 pixels high and 7 wide, but");
    assert_refused(png_folder_read(scratch.folder, 0, &storage, counts, error), PERCEPT_ERROR_FORMAT,
                   "a/1.png' is 2 high and 7 wide");
    put(&scratch, "b", "odd.png", 2, 1);
    assert_int_equal(mkdir(scratch_path(&scratch, "c", path), 0777), 0);
    assert_refused(png_folder_read(scratch.folder, 0, &storage, counts, error), PERCEPT_ERROR_FORMAT, path);
    assert_refused(png_folder_read(path, 0, &storage, counts, error), PERCEPT_ERROR_FORMAT, "one folder a class");
    assert_refused(png_folder_read("/nowhere", 0, &storage, counts, error), PERCEPT_ERROR_IO, "/nowhere");
    scratch_remove(scratch.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind_becomes_grey),
        cmocka_unit_test(test_pictures_that_cannot_be_read_are_refused),
        cmocka_unit_test(test_no_changed_byte_makes_a_read_out_of_bounds),
        cmocka_unit_test(test_folders_are_classes_in_the_order_of_their_names),
        cmocka_unit_test(test_folders_called_by_numbers_are_in_their_order),
        cmocka_unit_test(test_training_and_test_folders_are_two_parts),
        cmocka_unit_test(test_names_of_classes_are_utf8),
        cmocka_unit_test(test_the_odd_one_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
