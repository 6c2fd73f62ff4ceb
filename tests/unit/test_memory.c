/* Memory is aligned, whole or not given at all, and sizes that overflow are refused rather than wrapped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"

static void blocks_of_every_size_are_aligned_and_writable(void **state)
{
    (void)state;
    const size_t sizes[] = {0, 1, MEMORY_ALIGNMENT - 1, MEMORY_ALIGNMENT, MEMORY_ALIGNMENT + 1, 1000003};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        unsigned char *block = NULL;
        assert_int_equal(memory_allocate(sizes[i], 1, "a block", &block, NULL), PERCEPT_OK);
        assert_non_null(block);
        assert_int_equal((uintptr_t)block % MEMORY_ALIGNMENT, 0);
        memset(block, 0xa5, sizes[i]);
        memory_free(block);
    }
}

static void zeroed_blocks_are_zero(void **state)
{
    (void)state;
    enum { count = 1000 };
    /* A dirty block of the same size first: the allocator likes to hand it out again. */
    double *block = NULL;
    assert_int_equal(memory_allocate(count, sizeof *block, "a block", &block, NULL), PERCEPT_OK);
    memset(block, 0xff, count * sizeof *block);
    memory_free(block);
    assert_int_equal(memory_allocate_zeroed(count, sizeof *block, "a block", &block, NULL), PERCEPT_OK);
    for (size_t i = 0; i < count; i++)
        assert_true(block[i] == 0);
    memory_free(block);
}

static void sizes_that_overflow_are_refused_by_name(void **state)
{
    (void)state;
    const size_t products[][2] = {{SIZE_MAX, 2}, {SIZE_MAX / 8 + 1, 8}, {1, SIZE_MAX}, {1, SIZE_MAX - 1}};
    for (size_t i = 0; i < sizeof products / sizeof products[0]; i++) {
        percept_error error = {0};
        void *block = &error;
        assert_int_equal(memory_allocate(products[i][0], products[i][1], "the gradient", &block, &error),
                         PERCEPT_ERROR_MEMORY);
        assert_null(block);
        assert_int_equal(error.status, PERCEPT_ERROR_MEMORY);
        assert_non_null(strstr(error.message, "the gradient"));
        block = &error;
        assert_int_equal(memory_allocate_zeroed(products[i][0], products[i][1], "the gradient", &block, &error),
                         PERCEPT_ERROR_MEMORY);
        assert_null(block);
    }
}

static void growing_keeps_what_was_there(void **state)
{
    (void)state;
    enum { start = 10, most = 5000 };
    uint32_t *values = NULL;
    assert_int_equal(memory_allocate(start, sizeof *values, "values", &values, NULL), PERCEPT_OK);
    for (uint32_t i = 0; i < start; i++)
        values[i] = i;
    size_t count = start;
    while (count < most) {
        size_t more = 2 * count;
        assert_int_equal(memory_grow(&values, count * sizeof *values, more, sizeof *values, "values", NULL),
                         PERCEPT_OK);
        assert_int_equal((uintptr_t)values % MEMORY_ALIGNMENT, 0);
        for (size_t i = count; i < more; i++)
            values[i] = (uint32_t)i;
        count = more;
    }
    for (size_t i = 0; i < count; i++)
        assert_int_equal(values[i], i);
    memory_free(values);
}

static void growing_from_nothing_allocates(void **state)
{
    (void)state;
    char *text = NULL;
    assert_int_equal(memory_grow(&text, 0, 3, 1, "a text", NULL), PERCEPT_OK);
    memcpy(text, "ab", 3);
    assert_string_equal(text, "ab");
    memory_free(text);
}

static void a_block_survives_growth_that_fails(void **state)
{
    (void)state;
    percept_error error = {0};
    char *text = NULL;
    assert_int_equal(memory_copy_string("still here", &text, &error), PERCEPT_OK);
    const char *before = text;
    assert_int_equal(memory_grow(&text, 11, SIZE_MAX / 2, 4, "a text", &error), PERCEPT_ERROR_MEMORY);
    assert_ptr_equal(text, before);
    assert_string_equal(text, "still here");
    memory_free(text);
}

static void copied_strings_are_their_own(void **state)
{
    (void)state;
    char original[] = "one";
    char *copy = NULL, *empty = NULL;
    assert_int_equal(memory_copy_string(original, &copy, NULL), PERCEPT_OK);
    assert_int_equal(memory_copy_string("", &empty, NULL), PERCEPT_OK);
    original[0] = 'X';
    assert_string_equal(copy, "one");
    assert_string_equal(empty, "");
    memory_free(copy);
    memory_free(empty);
    memory_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_of_every_size_are_aligned_and_writable),
        cmocka_unit_test(zeroed_blocks_are_zero),
        cmocka_unit_test(sizes_that_overflow_are_refused_by_name),
        cmocka_unit_test(growing_keeps_what_was_there),
        cmocka_unit_test(growing_from_nothing_allocates),
        cmocka_unit_test(a_block_survives_growth_that_fails),
        cmocka_unit_test(copied_strings_are_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
