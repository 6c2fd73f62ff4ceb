/* A former name of a flag or key stands for today's name; every other name stands for itself. */
#include "unit.h"

#include "base/renamed.h"

static void test_a_former_name_becomes_todays(void **state)
{
    (void)state;
    assert_string_equal(renamed("--figures"), "--metrics");
    assert_string_equal(renamed("search.figure"), "search.metric");
}

static void test_other_names_stay(void **state)
{
    (void)state;
    static const char *const names[] = {"--metrics", "search.metric", "--figure", "search.figures", "figure", ""};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_ptr_equal(renamed(names[i]), names[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_former_name_becomes_todays),
        cmocka_unit_test(test_other_names_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
