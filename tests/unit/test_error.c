/* A failure is described once, in full or cleanly cut, and never costs more than the caller's struct. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"

static void set_stores_and_returns_the_status(void **state)
{
    (void)state;
    percept_error error = {0};
    assert_int_equal(error_set(&error, PERCEPT_ERROR_FORMAT, "%s, line %d: no", "a.csv", 3), PERCEPT_ERROR_FORMAT);
    assert_int_equal(error.status, PERCEPT_ERROR_FORMAT);
    assert_string_equal(error.message, "a.csv, line 3: no");
}

static void set_replaces_an_earlier_message(void **state)
{
    (void)state;
    percept_error error = {0};
    error_set(&error, PERCEPT_ERROR_IO, "a long first message");
    error_set(&error, PERCEPT_ERROR_MEMORY, "short");
    assert_int_equal(error.status, PERCEPT_ERROR_MEMORY);
    assert_string_equal(error.message, "short");
}

static void no_error_struct_is_needed(void **state)
{
    (void)state;
    assert_int_equal(error_set(NULL, PERCEPT_ERROR_IO, "nobody reads %d", 1), PERCEPT_ERROR_IO);
    assert_int_not_equal(error_prefix(NULL, "nor %d", 2), PERCEPT_OK);
}

/* An error with a text behind it that must survive whatever is written into the error. */
typedef struct guarded_error {
    percept_error error;
    char after[8];
} guarded_error;

static void set_cuts_a_long_message(void **state)
{
    (void)state;
    guarded_error guarded = {.after = "intact"};
    char text[2 * sizeof guarded.error.message];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    error_set(&guarded.error, PERCEPT_ERROR_IO, "%s", text);
    assert_int_equal(strlen(guarded.error.message), sizeof guarded.error.message - 1);
    assert_memory_equal(guarded.error.message, text, sizeof guarded.error.message - 1);
    assert_string_equal(guarded.after, "intact");
}

static void prefix_stands_before_the_message_and_keeps_the_status(void **state)
{
    (void)state;
    percept_error error = {0};
    error_set(&error, PERCEPT_ERROR_FORMAT, "no digit");
    assert_int_equal(error_prefix(&error, "line %d", 7), PERCEPT_ERROR_FORMAT);
    assert_int_equal(error_prefix(&error, "%s", "b.csv"), PERCEPT_ERROR_FORMAT);
    assert_string_equal(error.message, "b.csv: line 7: no digit");
}

static void prefix_cuts_the_end_of_a_long_message(void **state)
{
    (void)state;
    guarded_error guarded = {.after = "intact"};
    char text[sizeof guarded.error.message];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    error_set(&guarded.error, PERCEPT_ERROR_IO, "%s", text);
    error_prefix(&guarded.error, "c.csv");
    assert_int_equal(strlen(guarded.error.message), sizeof guarded.error.message - 1);
    assert_memory_equal(guarded.error.message, "c.csv: xxx", 10);
    assert_string_equal(guarded.after, "intact");
}

static void prefix_longer_than_the_struct_is_cut(void **state)
{
    (void)state;
    guarded_error guarded = {.after = "intact"};
    char text[2 * sizeof guarded.error.message];
    memset(text, 'y', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    error_set(&guarded.error, PERCEPT_ERROR_IO, "lost");
    assert_int_equal(error_prefix(&guarded.error, "%s", text), PERCEPT_ERROR_IO);
    assert_int_equal(strlen(guarded.error.message), sizeof guarded.error.message - 1);
    assert_memory_equal(guarded.error.message, text, sizeof guarded.error.message - 1);
    assert_string_equal(guarded.after, "intact");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(set_stores_and_returns_the_status),
        cmocka_unit_test(set_replaces_an_earlier_message),
        cmocka_unit_test(no_error_struct_is_needed),
        cmocka_unit_test(set_cuts_a_long_message),
        cmocka_unit_test(prefix_stands_before_the_message_and_keeps_the_status),
        cmocka_unit_test(prefix_cuts_the_end_of_a_long_message),
        cmocka_unit_test(prefix_longer_than_the_struct_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
