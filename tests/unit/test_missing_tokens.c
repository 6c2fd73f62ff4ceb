/* What counts as missing: the same texts everywhere. */
#include <string.h>

#include "unit.h"

#include "data/missing_tokens.h"

static bool missing(const MissingTokens *tokens, const char *text)
{
    return missing_token(tokens, text, strlen(text));
}

static void test_what_other_programs_write_is_missing(void **state)
{
    (void)state;
    static const char *const texts[] = {"",     " ",    "\t",   "NA",   "na",  "N/A", "n/a",     "<NA>",
                                        "#N/A", "NaN",  "nan",  "-nan", "NaT", "#NA", "#DIV/0!", "#VALUE!",
                                        "NULL", "null", "None", "?",    ".",   "-",   " NA ",    "NONE"};
    const MissingTokens usual = {NULL, 0};
    for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++)
        if (!missing(&usual, texts[t]))
            fail_msg("'%s' is not missing", texts[t]);
}

static void test_other_texts_are_values(void **state)
{
    (void)state;
    static const char *const texts[] = {"0", "N", "NAN0", "nano", "..", "--", "-1", "NA NA", "<NA", "no", "unknown"};
    const MissingTokens usual = {NULL, 0};
    for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++)
        if (missing(&usual, texts[t]))
            fail_msg("'%s' is missing", texts[t]);
    assert_false(missing_token(&usual, "NAME", 4));
    assert_true(missing_token(&usual, "NAME", 2)); /* of so many bytes, whatever follows */
}

static void test_tokens_that_are_given_replace_the_usual_ones(void **state)
{
    (void)state;
    const char *const given[] = {"-999", "unknown"};
    const MissingTokens tokens = {given, 2};
    assert_true(missing(&tokens, "-999") && missing(&tokens, "Unknown") && missing(&tokens, "") &&
                missing(&tokens, " "));
    assert_false(missing(&tokens, "NA") || missing(&tokens, "?") || missing(&tokens, "-99"));
}

static void test_a_minus_is_a_class_unless_it_is_listed(void **state)
{
    (void)state;
    const char *const given[] = {"-"};
    const MissingTokens usual = {NULL, 0}, tokens = {given, 1};
    assert_false(missing_label(&usual, "-", 1) || missing_label(&usual, ".", 1) || missing_label(&usual, "+", 1));
    assert_true(missing_label(&usual, "NA", 2) && missing_label(&usual, "?", 1) && missing_label(&usual, "", 0));
    assert_true(missing_label(&tokens, "-", 1));
}

static void test_a_number_may_stand_for_a_missing_value(void **state)
{
    (void)state;
    const char *const given[] = {"unknown", "-999"};
    const MissingTokens usual = {NULL, 0}, tokens = {given, 2};
    assert_true(missing_tokens_have_numbers(&tokens));
    assert_false(missing_tokens_have_numbers(&usual));
    assert_true(missing_number(&tokens, -999));
    assert_false(missing_number(&tokens, 999) || missing_number(&usual, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_other_programs_write_is_missing),
        cmocka_unit_test(test_other_texts_are_values),
        cmocka_unit_test(test_tokens_that_are_given_replace_the_usual_ones),
        cmocka_unit_test(test_a_number_may_stand_for_a_missing_value),
        cmocka_unit_test(test_a_minus_is_a_class_unless_it_is_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
