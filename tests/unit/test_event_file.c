/* Event files: checksums, wire format and framing with known answers; histograms; files in the order of their making. */
#include <float.h>

#include "failing_memory.h"
#include "in_scratch.h"
#include "store/crc32c.h"
#include "store/event_file.h"
#include "store/event_histogram.h"

/* RFC 3720, appendix B.4, and the check value of the catalogue of CRCs. */
static void checksums_are_those_of_the_standard(void **state)
{
    (void)state;
    uint8_t bytes[32] = {0};
    assert_int_equal(crc32c(bytes, 32), 0x8a9136aa);
    memset(bytes, 0xff, 32);
    assert_int_equal(crc32c(bytes, 32), 0x62a8ab43);
    for (uint8_t i = 0; i < 32; i++)
        bytes[i] = i;
    assert_int_equal(crc32c(bytes, 32), 0x46dd794e);
    assert_int_equal(crc32c("123456789", 9), 0xe3069283);
    assert_int_equal(crc32c("", 0), 0);
}

/* ---- Wire format -------------------------------------------------------------------------------------------------- */

static void expect_bytes(ProtoWriter *writer, const void *bytes, size_t size)
{
    assert_ok(proto_status(writer, error));
    assert_int_equal(writer->buffer.size, size);
    assert_memory_equal(writer->buffer.bytes, bytes, size);
    proto_restart(writer);
}

static void integers_are_varints(void **state)
{
    (void)state;
    static const struct {
        uint64_t value;
        const char *bytes;
        size_t size;
    } cases[] = {
        {0, "\x08\x00", 2},
        {1, "\x08\x01", 2},
        {127, "\x08\x7f", 2},
        {128, "\x08\x80\x01", 3},
        {150, "\x08\x96\x01", 3}, /* the example of the format's own description */
        {300, "\x08\xac\x02", 3},
        {16384, "\x08\x80\x80\x01", 4},
        {UINT64_MAX, "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11},
    };
    ProtoWriter writer = {0};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        proto_integer(&writer, 1, cases[c].value);
        expect_bytes(&writer, cases[c].bytes, cases[c].size);
    }
    proto_integer(&writer, 16, 1); /* a field whose tag takes two bytes */
    expect_bytes(&writer, "\x80\x01\x01", 3);
    proto_clear(&writer);
}

static void numbers_and_texts_are_as_described(void **state)
{
    (void)state;
    ProtoWriter writer = {0};
    proto_text(&writer, 2, "testing"); /* the example of the format's own description */
    expect_bytes(&writer, "\x12\x07testing", 9);
    proto_float(&writer, 2, 1.5f);
    expect_bytes(&writer, "\x15\x00\x00\xc0\x3f", 5);
    proto_double(&writer, 1, -2);
    expect_bytes(&writer, "\x09\x00\x00\x00\x00\x00\x00\x00\xc0", 9);
    proto_doubles(&writer, 6, (const double[]){1, 2}, 2);
    expect_bytes(&writer, "\x32\x10\x00\x00\x00\x00\x00\x00\xf0\x3f\x00\x00\x00\x00\x00\x00\x00\x40", 18);
    proto_clear(&writer);
}

static void messages_inside_messages_have_their_lengths_in_front(void **state)
{
    (void)state;
    char text[201];
    uint8_t expected[208] = {0x1a, 0xcd, 0x01,
                             0x0a, 0xc8, 0x01}; /* 205 bytes: a tag, a length, 200 letters, a number */
    ProtoWriter writer = {0};
    const size_t outer = proto_begin(&writer, 3);
    proto_integer(&writer, 1, 150);
    proto_end(&writer, outer);
    expect_bytes(&writer, "\x1a\x03\x08\x96\x01", 5); /* likewise */

    memset(text, 'x', 200);
    text[200] = '\0';
    memset(expected + 6, 'x', 200);
    memcpy(expected + 206, "\x10\x05", 2);
    const size_t message = proto_begin(&writer, 3);
    proto_text(&writer, 1, text);
    proto_integer(&writer, 2, 5);
    proto_end(&writer, message);
    expect_bytes(&writer, expected, sizeof expected);
    proto_clear(&writer);
}

static void want_of_memory_is_kept_until_it_is_asked_for(void **state)
{
    (void)state;
    ProtoWriter writer = {0};
    memory_left = 0;
    const size_t message = proto_begin(&writer, 1);
    proto_text(&writer, 1, "lost");
    proto_end(&writer, message);
    memory_left = -1;
    proto_integer(&writer, 1, 1);
    assert_refused(proto_status(&writer, error), PERCEPT_ERROR_MEMORY, "not enough memory for a message");
    proto_restart(&writer);
    proto_integer(&writer, 1, 1);
    expect_bytes(&writer, "\x08\x01", 2);
    proto_clear(&writer);
}

/* ---- Histograms --------------------------------------------------------------------------------------------------- */

static void limits_grow_by_a_tenth_on_both_sides_of_0(void **state)
{
    (void)state;
    EventHistogram histogram;
    event_histogram_init(&histogram);
    const double *limits = histogram.limits;
    assert_true(limits[HISTOGRAM_SIDE] == 0);
    assert_true(limits[HISTOGRAM_SIDE + 1] == 1e-12);
    assert_true(limits[HISTOGRAM_BUCKETS - 2] < 1e20 && limits[HISTOGRAM_BUCKETS - 2] * 1.1 >= 1e20);
    assert_true(limits[HISTOGRAM_BUCKETS - 1] == DBL_MAX);
    for (size_t b = 1; b < HISTOGRAM_BUCKETS; b++)
        assert_true(limits[b] > limits[b - 1]);
    for (size_t b = 0; b < HISTOGRAM_BUCKETS; b++)
        assert_true(limits[b] == -limits[HISTOGRAM_BUCKETS - 1 - b]);
}

static void a_bucket_holds_its_lower_limit_and_not_its_upper(void **state)
{
    (void)state;
    EventHistogram histogram;
    event_histogram_init(&histogram);
    for (size_t b = 0; b + 1 < HISTOGRAM_BUCKETS; b++) {
        const double limit = histogram.limits[b];
        event_histogram_count(&histogram, PERCEPT_FLOAT64, (const double[]){limit, nextafter(limit, DBL_MAX)}, 2);
        assert_true(histogram.counts[b + 1] == 2);
    }
    event_histogram_count(&histogram, PERCEPT_FLOAT64, (const double[]){DBL_MAX, -DBL_MAX, 0}, 3);
    assert_true(histogram.counts[HISTOGRAM_BUCKETS - 1] == 1 && histogram.counts[1] == 1);
    assert_true(histogram.counts[HISTOGRAM_SIDE + 1] == 1);
    assert_true(histogram.least == -DBL_MAX && histogram.most == DBL_MAX && histogram.count == 3);
}

static void what_is_not_finite_is_counted_apart(void **state)
{
    (void)state;
    EventHistogram histogram;
    event_histogram_init(&histogram);
    const float values[] = {NAN, 2, INFINITY, -3, -INFINITY};
    event_histogram_count(&histogram, PERCEPT_FLOAT32, values, 5);
    assert_int_equal(histogram.count, 2);
    assert_int_equal(histogram.not_finite, 3);
    assert_true(histogram.least == -3 && histogram.most == 2 && histogram.sum == -1 && histogram.sum_of_squares == 13);
}

/* From min on: one bucket each for -1, 1 and 1.05, and one for all that is empty between -1 and 1. */
static void empty_buckets_are_joined(void **state)
{
    (void)state;
    EventHistogram histogram;
    ProtoWriter writer = {0};
    const double values[] = {1, -1, 1.05, -1};
    event_histogram_init(&histogram);
    event_histogram_count(&histogram, PERCEPT_FLOAT64, values, 4);
    event_histogram_write(&histogram, &writer, 5);
    assert_ok(proto_status(&writer, error));
    const uint8_t *bytes = writer.buffer.bytes + 2 + 5 * 9; /* behind min, max, num, sum, sum_squares */
    double counts[4] = {0};
    size_t size = bytes[1] / sizeof *counts;
    assert_int_equal(bytes[0], 6 << 3 | 2);
    assert_in_range(size, 3, 4); /* 1 and 1.05 may share one */
    memcpy(counts, bytes + 2 + bytes[1] + 2, size * sizeof *counts);
    assert_true(counts[0] == 2 && counts[1] == 0 && counts[2] + counts[3] == 2);
    proto_clear(&writer);
}

/* ---- Files -------------------------------------------------------------------------------------------------------- */

/* The names in the scratch folder, in order; returns how many. */
static size_t list_files(char names[4][SCRATCH_PATH])
{
    struct dirent **entries = NULL;
    size_t count = 0;
    const int found = scandir(scratch.folder, &entries, NULL, alphasort);
    for (int i = 0; i < found; i++) {
        if (entries[i]->d_name[0] != '.' && count < 4)
            scratch_path(&scratch, entries[i]->d_name, names[count++]);
        free(entries[i]);
    }
    free(entries);
    return count;
}

static uint64_t little_endian(const uint8_t *bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t i = size; i > 0; i--)
        value = value << 8 | bytes[i - 1];
    return value;
}

static uint32_t masked(const uint8_t *bytes, size_t size)
{
    const uint32_t crc = crc32c(bytes, size);
    return (crc >> 15 | crc << 17) + 0xa282ead8u;
}

static void a_file_is_whole_records(void **state)
{
    (void)state;
    char names[4][SCRATCH_PATH];
    static uint8_t bytes[65536];
    EventFile *file = NULL;
    assert_ok(event_file_create(scratch.folder, 7, &file, error));
    for (uint64_t step = 7; step < 10; step++) {
        event_file_begin(file, step);
        event_file_scalar(file, "loss/train", NAN);
        event_file_histogram(file, "weights/layer_1", PERCEPT_FLOAT64, (const double[]){1, NAN}, 2);
        assert_ok(event_file_end(file, error));
    }
    assert_int_equal(list_files(names), 1); /* all is there before the file is closed */
    FILE *stream = fopen(names[0], "rb");
    assert_non_null(stream);
    const size_t size = fread(bytes, 1, sizeof bytes, stream);
    fclose(stream);
    event_file_close(file);

    /* What all event files begin with, whoever wrote them. */
    assert_memory_equal(bytes, "\x18\0\0\0\0\0\0\0\xa3\x7fK\"", 12);
    assert_memory_equal(bytes + 12 + 9,
                        "\x1a\x0d"
                        "brain.Event:2",
                        15);
    size_t records = 0;
    for (size_t at = 0; at < size; records++) {
        const size_t length = little_endian(bytes + at, 8);
        assert_in_range(at + length + 16, 0, size);
        assert_int_equal(little_endian(bytes + at + 8, 4), masked(bytes + at, 8));
        assert_int_equal(little_endian(bytes + at + 12 + length, 4), masked(bytes + at + 12, length));
        at += length + 16;
    }
    assert_int_equal(records, 5);
}

static void later_files_come_later_in_order(void **state)
{
    (void)state;
    char before[4][SCRATCH_PATH], after[4][SCRATCH_PATH];
    for (size_t f = 0; f < 3; f++) { /* within one second */
        EventFile *file = NULL;
        assert_ok(event_file_create(scratch.folder, f, &file, error));
        event_file_close(file);
        assert_int_equal(list_files(after), f + 1);
        for (size_t b = 0; b < f; b++)
            assert_string_equal(after[b], before[b]);
        memcpy(before, after, sizeof before);
    }
}

static void a_place_that_cannot_be_is_told(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    EventFile *file = NULL;
    scratch_write(scratch_path(&scratch, "file", path), "", 0);
    assert_refused(event_file_create(path, 0, &file, error), PERCEPT_ERROR_IO, path);
    assert_null(file);
}

#define TEST(name) cmocka_unit_test(name)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(checksums_are_those_of_the_standard),
        TEST(integers_are_varints),
        TEST(numbers_and_texts_are_as_described),
        TEST(messages_inside_messages_have_their_lengths_in_front),
        TEST(want_of_memory_is_kept_until_it_is_asked_for),
        TEST(limits_grow_by_a_tenth_on_both_sides_of_0),
        TEST(a_bucket_holds_its_lower_limit_and_not_its_upper),
        TEST(what_is_not_finite_is_counted_apart),
        TEST(empty_buckets_are_joined),
        IN_SCRATCH(a_file_is_whole_records),
        IN_SCRATCH(later_files_come_later_in_order),
        IN_SCRATCH(a_place_that_cannot_be_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
