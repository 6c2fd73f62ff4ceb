/* How far apart cores are, and what is said of it. No time is judged: that would test the machine. */
#include "unit.h"

#include "bench/round_trip.h"

static double measure(size_t threads)
{
    Team *team = NULL;
    assert_ok(team_create(threads, &team, error));
    const double nanoseconds = round_trip_measure(team);
    team_free(team);
    return nanoseconds;
}

static void a_team_of_one_hands_nothing_over(void **state)
{
    (void)state;
    assert_true(measure(1) == 0);
}

static void every_larger_team_has_a_round_trip(void **state)
{
    (void)state;
    for (size_t threads = 2; threads <= 4; threads++) /* also more than there are cores; then it may be infinite */
        assert_true(measure(threads) > 0);
}

static void a_team_is_measured_again_and_works_on(void **state)
{
    (void)state;
    Team *team = NULL;
    assert_ok(team_create(2, &team, error));
    for (int i = 0; i < 3; i++)
        assert_true(round_trip_measure(team) > 0);
    team_free(team);
}

static void near_and_far_are_judged_apart(void **state)
{
    (void)state;
    assert_int_equal(distance_between(0, 0), DISTANCE_ONE);
    assert_int_equal(distance_between(54, 60), DISTANCE_NEAR);
    assert_int_equal(distance_between(119.9, 119.9), DISTANCE_NEAR);
    assert_int_equal(distance_between(120, 335), DISTANCE_FAR);
    assert_int_equal(distance_between((double)INFINITY, 335), DISTANCE_SHARED);
    assert_int_equal(distance_between(54, 15000), DISTANCE_SHARED);
    assert_int_equal(distance_between(54, 335), DISTANCE_MOVED);
    assert_int_equal(distance_between(335, 54), DISTANCE_MOVED);
}

static void each_distance_has_a_name(void **state)
{
    (void)state;
    assert_string_equal(distance_names[DISTANCE_NEAR], "near");
    assert_string_equal(distance_names[DISTANCE_FAR], "far");
    assert_string_equal(distance_names[DISTANCE_SHARED], "shared");
    assert_string_equal(distance_names[DISTANCE_MOVED], "moved");
    assert_string_equal(distance_names[DISTANCE_ONE], "one core");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_team_of_one_hands_nothing_over),
        cmocka_unit_test(every_larger_team_has_a_round_trip),
        cmocka_unit_test(a_team_is_measured_again_and_works_on),
        cmocka_unit_test(near_and_far_are_judged_apart),
        cmocka_unit_test(each_distance_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
