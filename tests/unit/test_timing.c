/* What is told of figures that were taken several times. */
#include "unit.h"

#include "bench/timing.h"

static void a_spread_holds_the_middle_and_both_ends(void **state)
{
    (void)state;
    double odd[] = {3, 1, 2}, even[] = {4, 1, 9, 2}, one[] = {7};
    Spread s = spread_of(odd, 3);
    assert_true(s.median == 2 && s.least == 1 && s.most == 3);
    s = spread_of(even, 4);
    assert_true(s.median == 3 && s.least == 1 && s.most == 9);
    s = spread_of(one, 1);
    assert_true(s.median == 7 && s.least == 7 && s.most == 7);
}

static void a_quantile_leaves_its_part_below(void **state)
{
    (void)state;
    double sorted[200];
    for (size_t i = 0; i < 200; i++)
        sorted[i] = (double)i;
    assert_true(sorted_quantile(sorted, 200, 0.99) == 198);
    assert_true(sorted_quantile(sorted, 200, 0.5) == 100);
    assert_true(sorted_quantile(sorted, 200, 0) == 0);
    assert_true(sorted_quantile(sorted, 200, 1) == 199);
    assert_true(sorted_quantile(sorted, 1, 0.99) == 0);
}

static void the_clock_never_goes_back(void **state)
{
    (void)state;
    double before = timing_now();
    for (int i = 0; i < 1000; i++) {
        const double now = timing_now();
        assert_true(now >= before);
        before = now;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_spread_holds_the_middle_and_both_ends),
        cmocka_unit_test(a_quantile_leaves_its_part_below),
        cmocka_unit_test(the_clock_never_goes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
