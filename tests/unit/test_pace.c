/* When a team shares the steps of a small network: steps of made-up times, no clock. */
#include "unit.h"

#include "engine/cpu/pace.h"

/* Does `steps` steps that take so many ns alone and shared; returns how many were shared. */
static size_t count_shared(Pace *pace, size_t steps, double alone, double shared)
{
    size_t count = 0;
    for (size_t i = 0; i < steps; i++) {
        count += pace->shared;
        pace_note(pace, pace->shared ? shared : alone);
    }
    return count;
}

static void the_first_steps_are_alone(void **state)
{
    (void)state;
    Pace pace = {0};
    assert_int_equal(count_shared(&pace, PACE_WINDOW, 10, 5), 0);
    assert_true(pace.shared);
}

static void the_faster_way_is_taken(void **state)
{
    (void)state;
    Pace near = {0}, far = {0};
    assert_true(count_shared(&near, 10000, 10, 6) > 9000);
    assert_true(count_shared(&far, 10000, 10, 11) < 200);
}

static void cores_that_come_near_or_go_far_are_noticed(void **state)
{
    (void)state;
    const size_t longest = (PACE_LONGEST_WAIT + 4) * (PACE_WINDOW + PACE_WARM);
    Pace pace = {0};
    count_shared(&pace, 10 * longest, 10, 15);
    count_shared(&pace, longest, 10, 6);
    assert_int_equal(count_shared(&pace, PACE_WINDOW, 10, 6), PACE_WINDOW);
    count_shared(&pace, 2 * PACE_WINDOW, 10, 15);
    assert_int_equal(count_shared(&pace, PACE_WINDOW, 10, 15), 0);
}

/* A rank that waits for its core for a thousand times a step delays one step of a trial, or a few that warm it. */
static void a_rank_without_a_core_ends_a_trial(void **state)
{
    (void)state;
    Pace pace = {0};
    assert_true(count_shared(&pace, 100000, 10, 10000) <= (PACE_WARM + 1) * 30);
}

static void steps_that_warm_a_trial_do_not_count(void **state)
{
    (void)state;
    Pace pace = {0};
    count_shared(&pace, PACE_WINDOW, 10, 5);
    for (size_t i = 0; i < PACE_WARM; i++)
        pace_note(&pace, 100);
    assert_int_equal(count_shared(&pace, 2 * PACE_WINDOW, 10, 5), 2 * PACE_WINDOW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_steps_are_alone),
        cmocka_unit_test(the_faster_way_is_taken),
        cmocka_unit_test(cores_that_come_near_or_go_far_are_noticed),
        cmocka_unit_test(a_rank_without_a_core_ends_a_trial),
        cmocka_unit_test(steps_that_warm_a_trial_do_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
