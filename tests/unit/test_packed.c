/* Packed rows: every value comes back to the bit, in the smallest form, whatever came before it. */
#include <float.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "data/checksum.h"
#include "data/narrow.h"
#include "data/packed_store.h"
#include "failing_memory.h"
#include "unit.h"

static bool same_bits(double a, double b)
{
    uint64_t first = 0, second = 0;
    memcpy(&first, &a, sizeof first);
    memcpy(&second, &b, sizeof second);
    return first == second;
}

/* A storage of `count` rows of `width` features. */
static Storage *store_of(const double *values, size_t count, size_t width, percept_type least)
{
    PackedStore store = {.width = width, .least = least};
    Storage *storage = NULL;
    for (size_t i = 0; i < count; i++)
        assert_ok(packed_store_append(&store, values + i * width, error));
    assert_ok(packed_store_finish(&store, &storage, error));
    return storage;
}

static void check_values(const Storage *storage, const double *values)
{
    for (size_t i = 0; i < storage->count; i++)
        for (size_t j = 0; j < storage->width; j++) {
            const double x = storage_value(storage, i, j), wanted = values[i * storage->width + j];
            if (!same_bits(x, wanted))
                fail_msg("row %zu, feature %zu: %.17g, not %.17g", i, j, x, wanted);
        }
}

/* A column of these values, in a table that has an integer beside it, has this form. */
static void check_form(const double *values, size_t count, PackedForm form)
{
    double *rows = NULL;
    assert_ok(memory_allocate(count, 3 * sizeof *rows, "rows", &rows, error));
    for (size_t i = 0; i < count; i++) {
        rows[3 * i] = (double)(i % 7);
        rows[3 * i + 1] = values[i];
        rows[3 * i + 2] = 1.5;
    }
    Storage *storage = store_of(rows, count, 3, PERCEPT_FLOAT32);
    check_values(storage, rows);
    if (storage_is_packed(storage))
        assert_int_equal(storage->packing.columns[1].form, form);
    else
        assert_true(form >= PACKED_DECIMAL);
    storage_release(storage);
    memory_free(rows);
}

#define FORM(form, ...)                                                                                                \
    check_form((const double[]){__VA_ARGS__}, sizeof((const double[]){__VA_ARGS__}) / sizeof(double), form)

static void a_column_has_the_smallest_form_that_gives_its_values_back(void **state)
{
    (void)state;
    FORM(PACKED_BYTE, 0, 254, (double)NAN, 7);
    FORM(PACKED_SHORT, 0, 254, (double)NAN, 255);
    FORM(PACKED_SHORT, 65534, 1);
    FORM(PACKED_DECIMAL, 65534, 65535);
    FORM(PACKED_DECIMAL, 1, -1);
    FORM(PACKED_DECIMAL, 0, -0.0);
    FORM(PACKED_DECIMAL, 12, 0.1, (double)NAN, -12.34, 0.333, -0.0);
    FORM(PACKED_DECIMAL, 2147483646, -2147483646);
    FORM(PACKED_FLOAT, 2147483648, 0.5);
    FORM(PACKED_FLOAT, 1e-30F, (double)NAN, -1e30F);
    FORM(PACKED_DOUBLE, 2147483646, 0.1);
    FORM(PACKED_DOUBLE, 1.0 / 3, 1);
    FORM(PACKED_DOUBLE, 0.5, 1e-30F, 0.1);
    FORM(PACKED_DOUBLE, 1e300, (double)NAN, -0.0);
}

/* Rows are long enough for blocks of several forms. */
static void rows_keep_their_order_while_columns_widen(void **state)
{
    (void)state;
    enum { ROWS = 70000, WIDTH = 4 };
    static double rows[ROWS * WIDTH];
    for (size_t i = 0; i < ROWS; i++) {
        rows[i * WIDTH] = (double)i; /* crosses 254 and 65534 */
        rows[i * WIDTH + 1] = (double)(i % 100) / (i < 300 ? 1 : i < 5000 ? 10 : i < 60000 ? 1000 : 1e6);
        rows[i * WIDTH + 2] = i < 40000 ? (double)(i % 255) : -1;
        rows[i * WIDTH + 3] = i == 69000 ? (double)NAN : (double)(i % 3);
    }
    Storage *storage = store_of(rows, ROWS, WIDTH, PERCEPT_FLOAT32);
    assert_true(storage_is_packed(storage) && storage->type == PERCEPT_FLOAT64);
    assert_int_equal(storage->packing.row_size, 4 + 4 + 4 + 4);
    check_values(storage, rows);
    double row[WIDTH];
    percept_dataset *view = NULL;
    assert_ok(dataset_view(storage, ROWS - 1, 1, &view, error));
    percept_dataset_features(view, 0, row);
    assert_memory_equal(row, rows + (ROWS - 1) * WIDTH, sizeof row);
    percept_dataset_free(view);
    storage_release(storage);
}

/* Values of any kind in any order, drawn from all forms. */
static void any_values_come_back(void **state)
{
    (void)state;
    enum { ROWS = 700, WIDTH = 9, TABLES = 60 };
    static double rows[ROWS * WIDTH];
    static const double powers[] = {1, 10, 100, 1e4, 1e6, 1e9, 1e12};
    RandomStream stream;
    random_default_rng(&stream, 1);
    for (size_t t = 0; t < TABLES; t++) {
        for (size_t p = 0; p < ROWS * WIDTH; p++) {
            const size_t column = p % WIDTH, row = p / WIDTH;
            const double x = random_normal(&stream, 0, 1e4), u = random_uniform(&stream, 0, 1);
            const double power = powers[(column + t) % 7];
            rows[p] = u < 0.02                ? (double)NAN
                      : u < 0.03              ? -0.0
                      : row < 100 * column    ? floor(fabs(x) / 50)
                      : (column + t) % 4 == 0 ? x
                      : (column + t) % 4 == 1 ? (double)(float)x
                                              : floor(x * power / 1e3) / power;
        }
        Storage *storage = store_of(rows, ROWS, WIDTH, PERCEPT_UINT8);
        check_values(storage, rows);
        storage_release(storage);
    }
}

static void tables_of_bytes_are_not_packed(void **state)
{
    (void)state;
    static const double rows[] = {0, 255, 3, 1, 7, 254};
    Storage *storage = store_of(rows, 3, 2, PERCEPT_UINT8);
    assert_true(!storage_is_packed(storage) && storage->type == PERCEPT_UINT8);
    assert_memory_equal(storage->features, ((const uint8_t[]){0, 255, 3, 1, 7, 254}), 6);
    storage_release(storage);
}

/* Also where the feature that was no byte is gone. */
static void a_narrowed_table_is_as_one_that_never_had_the_column(void **state)
{
    (void)state;
    static const double rows[] = {0, 0.1, 255, 3, 1, 0.2, 2, 4, 7, -0.3, 254, 5};
    Storage *storage = store_of(rows, 3, 4, PERCEPT_UINT8);
    assert_true(storage_is_packed(storage));
    assert_ok(storage_narrow(storage, (const bool[]){true, false, false, false}, error));
    assert_true(storage_is_packed(storage) && storage->type == PERCEPT_FLOAT64 && storage->width == 3);
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++)
            assert_true(storage_value(storage, i, j) == rows[4 * i + j + 1]);
    assert_ok(storage_narrow(storage, (const bool[]){true, false, false}, error));
    assert_true(!storage_is_packed(storage) && storage->type == PERCEPT_UINT8 && storage->width == 2);
    assert_memory_equal(storage->features, ((const uint8_t[]){255, 3, 2, 4, 254, 5}), 6);
    storage_release(storage);
}

static void missing_values_are_filled_where_they_cannot_be_stored(void **state)
{
    (void)state;
    static const double rows[] = {1, 0.1, (double)NAN, (double)NAN, 2, 0.25, 3, 0.5};
    Storage *storage = store_of(rows, 4, 2, PERCEPT_FLOAT32);
    percept_dataset *view = NULL;
    storage->missing = 2;
    assert_ok(dataset_view(storage, 0, 4, &view, error));
    assert_ok(storage_learn_fills(storage, view, false, error));
    assert_ok(storage_fill_missing(storage, error));
    assert_true(storage_is_packed(storage) && storage->missing == 0);
    assert_true(storage_value(storage, 1, 0) == 2);
    assert_true(storage_value(storage, 1, 1) == (double)(float)((0.1 + 0.25 + 0.5) / 3));
    assert_true(storage_value(storage, 3, 1) == 0.5);
    percept_dataset_free(view);
    storage_release(storage);
}

static void the_checksum_is_that_of_plain_features(void **state)
{
    (void)state;
    static const double rows[] = {1, 0.1, 300, 2, -0.25, (double)NAN};
    percept_dataset *packed = NULL, *plain = NULL;
    Storage *storage = store_of(rows, 2, 3, PERCEPT_FLOAT32), *other = NULL;
    char *first = NULL, *second = NULL;
    assert_true(storage_is_packed(storage) && storage->type == PERCEPT_FLOAT64);
    assert_ok(storage_create(PERCEPT_FLOAT64, 2, 3, 0, &other, error));
    memcpy(other->features, rows, sizeof rows);
    assert_ok(dataset_view(storage, 0, 2, &packed, error));
    assert_ok(dataset_view(other, 0, 2, &plain, error));
    assert_ok(data_checksum(&(percept_data){.train = packed}, &first, error));
    assert_ok(data_checksum(&(percept_data){.train = plain}, &second, error));
    assert_string_equal(first, second);
    memory_free(first);
    memory_free(second);
    percept_dataset_free(packed);
    percept_dataset_free(plain);
    storage_release(storage);
    storage_release(other);
}

static percept_status fill_and_finish(PackedStore *store, Storage **out, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t i = 0; status == PERCEPT_OK && i < 600; i++)
        status = packed_store_append(store, (const double[]){(double)i, (double)i / 8, 0.1}, error);
    return status == PERCEPT_OK ? packed_store_finish(store, out, error) : status;
}

static void memory_that_runs_out_is_an_error(void **state)
{
    (void)state;
    percept_status status = PERCEPT_ERROR_MEMORY;
    for (long after = 0; status != PERCEPT_OK; after++) {
        PackedStore store = {.width = 3, .least = PERCEPT_UINT8};
        Storage *storage = NULL;
        percept_error error;
        memory_left = after;
        status = fill_and_finish(&store, &storage, &error);
        memory_left = -1;
        assert_true(status == PERCEPT_OK || (status == PERCEPT_ERROR_MEMORY && storage == NULL));
        packed_store_clear(&store);
        storage_release(storage);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_has_the_smallest_form_that_gives_its_values_back),
        cmocka_unit_test(rows_keep_their_order_while_columns_widen),
        cmocka_unit_test(any_values_come_back),
        cmocka_unit_test(tables_of_bytes_are_not_packed),
        cmocka_unit_test(a_narrowed_table_is_as_one_that_never_had_the_column),
        cmocka_unit_test(missing_values_are_filled_where_they_cannot_be_stored),
        cmocka_unit_test(the_checksum_is_that_of_plain_features),
        cmocka_unit_test(memory_that_runs_out_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
