/* What the values of a column are: gaps, different values, the most frequent ones. */
#include <stdlib.h>

#include "unit.h"

#include "data/column_stats.h"

/* A storage of one column of float64, beside a column of zeros. */
static Storage *make(const double *values, size_t count)
{
    Storage *storage = NULL;
    assert_ok(storage_create(PERCEPT_FLOAT64, count, 2, 0, &storage, error));
    for (size_t i = 0; i < count; i++) {
        ((double *)storage->features)[2 * i] = 0;
        ((double *)storage->features)[2 * i + 1] = values[i];
    }
    return storage;
}

static void test_values_are_counted(void **state)
{
    (void)state;
    const double values[] = {3, NAN, 1, 3, -0.0, 0, 2, 1, 3, 5, 7};
    Storage *storage = make(values, sizeof values / sizeof values[0]);
    ColumnStats stats;
    assert_ok(column_stats_feature(storage, 1, &stats, error));
    assert_true(stats.count == 10 && stats.missing == 1 && stats.distinct == 6);
    assert_true(stats.low == 0 && stats.high == 7 && stats.mean == 2.5);
    const double frequent[] = {3, 0, 1, 2, 5};
    const size_t counts[] = {3, 2, 2, 1, 1};
    assert_int_equal(stats.listed, 5);
    for (size_t v = 0; v < 5; v++)
        assert_true(stats.values[v] == frequent[v] && stats.counts[v] == counts[v]);
    assert_ok(column_stats_feature(storage, 0, &stats, error));
    assert_true(stats.distinct == 1 && stats.listed == 1 && stats.values[0] == 0 && stats.counts[0] == 11);
    storage_release(storage);
}

static void expect_bins(const double *values, size_t count, double width, size_t bins, const size_t *counts)
{
    Storage *storage = make(values, count);
    ColumnStats stats;
    assert_ok(column_stats_feature(storage, 1, &stats, error));
    assert_int_equal(stats.bin_count, bins);
    assert_true(stats.bin_width == width);
    for (size_t b = 0; b < bins; b++)
        assert_int_equal(stats.bins[b], counts[b]);
    storage_release(storage);
}

static void test_a_histogram_counts_every_value_once(void **state)
{
    (void)state;
    /* A bin for each of few integers; of more, bins of a whole width; of other numbers, twelve. */
    expect_bins((const double[]){2, 5, NAN, 2, 3}, 5, 1, 4, (const size_t[]){2, 1, 0, 1});
    expect_bins((const double[]){1, 31, 3, 4}, 4, 3, 11, (const size_t[]){2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1});
    expect_bins((const double[]){0, 6, 0.25, 5.75, 3}, 5, 0.5, 12,
                (const size_t[]){2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2});
    expect_bins((const double[]){7, 7, NAN}, 3, 0, 1, (const size_t[]){2});
    expect_bins((const double[]){NAN}, 1, 0, 0, NULL);
    expect_bins((const double[]){-1.7e308, 1.7e308, 0}, 3, 0, 1, (const size_t[]){3}); /* a range past all numbers */
    const double far = 9007199254740992; /* 2^53: integers that 1 does not change */
    expect_bins((const double[]){-far, far}, 2, 2 * far / 12 == floor(2 * far / 12) ? 2 * far / 12 : ceil(2 * far / 12),
                12, (const size_t[]){1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
}

static void test_many_values_are_counted_up_to_a_limit(void **state)
{
    (void)state;
    for (size_t count = COLUMN_DISTINCT; count <= COLUMN_DISTINCT + 1; count++) {
        double *values = malloc(3 * count * sizeof *values);
        assert_non_null(values);
        for (size_t i = 0; i < 3 * count; i++)
            values[i] = (double)(i % count) / 7;
        Storage *storage = make(values, 3 * count);
        ColumnStats stats;
        assert_ok(column_stats_feature(storage, 1, &stats, error));
        assert_int_equal(stats.distinct, count);
        assert_int_equal(stats.listed, count > COLUMN_DISTINCT ? 0 : COLUMN_FREQUENT);
        assert_true(stats.high == (double)(count - 1) / 7);
        storage_release(storage);
        free(values);
    }
}

static void test_nothing_there_is_no_range(void **state)
{
    (void)state;
    const double values[] = {NAN, NAN};
    Storage *storage = make(values, 2);
    ColumnStats stats;
    assert_ok(column_stats_feature(storage, 1, &stats, error));
    assert_true(stats.missing == 2 && stats.distinct == 0 && stats.listed == 0 && isnan(stats.low) &&
                isnan(stats.mean));
    storage_release(storage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_are_counted),
        cmocka_unit_test(test_a_histogram_counts_every_value_once),
        cmocka_unit_test(test_many_values_are_counted_up_to_a_limit),
        cmocka_unit_test(test_nothing_there_is_no_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
