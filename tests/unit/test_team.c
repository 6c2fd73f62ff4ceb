/* The thread team: every rank runs every task once, barriers separate what lies before from what lies after, and
 * shares cover all blocks exactly once. The plain arrays that the ranks share are what the thread sanitizer watches. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/team.h"

#define MOST 16
#define ROUNDS 3000

static Team *make_team(size_t threads)
{
    percept_error error;
    Team *team = NULL;
    assert_int_equal(team_create(threads, &team, &error), PERCEPT_OK);
    return team;
}

typedef struct Runs {
    size_t count[MOST]; /* by rank */
} Runs;

static void count_run(void *context, Team *team, size_t rank)
{
    (void)team;
    ((Runs *)context)->count[rank]++;
}

static void test_each_rank_runs_each_task_once(void **state)
{
    (void)state;
    for (size_t threads = 1; threads <= 5; threads++) {
        Team *team = make_team(threads);
        Runs runs = {0};
        assert_int_equal(team_size(team), threads);
        for (size_t run = 1; run <= ROUNDS; run++) {
            team_run(team, count_run, &runs);
            for (size_t rank = 0; rank < MOST; rank++)
                assert_int_equal(runs.count[rank], rank < threads ? run : 0);
        }
        team_free(team);
    }
}

/* In every round each rank writes its number, all meet, each reads all, all meet again. */
typedef struct Meeting {
    size_t round[MOST]; /* by rank */
    size_t wrong[MOST];
} Meeting;

static void meet(void *context, Team *team, size_t rank)
{
    Meeting *meeting = context;
    for (size_t round = 1; round <= ROUNDS; round++) {
        meeting->round[rank] = round;
        team_barrier(team, rank);
        for (size_t other = 0; other < team_size(team); other++)
            meeting->wrong[rank] += meeting->round[other] != round;
        team_barrier(team, rank);
    }
}

static void test_writes_before_a_barrier_are_seen_after_it(void **state)
{
    (void)state;
    for (size_t threads = 1; threads <= 5; threads++) {
        Team *team = make_team(threads);
        Meeting meeting = {0};
        team_run(team, meet, &meeting);
        for (size_t rank = 0; rank < MOST; rank++)
            assert_int_equal(meeting.wrong[rank], 0);
        team_free(team);
    }
}

static void test_shares_cover_all_blocks_and_differ_by_at_most_one(void **state)
{
    (void)state;
    for (size_t threads = 1; threads <= 7; threads++) {
        Team *team = make_team(threads);
        for (size_t blocks = 0; blocks < 40; blocks++) {
            size_t next = 0;
            for (size_t rank = 0; rank < threads; rank++) {
                size_t end = 0;
                assert_int_equal(team_share(team, rank, blocks, &end), next);
                assert_in_range(end - next, blocks / threads, blocks / threads + 1);
                next = end;
            }
            assert_int_equal(next, blocks);
        }
        team_free(team);
    }
}

static void test_zero_means_the_cores_and_too_many_are_refused(void **state)
{
    (void)state;
    percept_error error;
    Team *team = make_team(0);
    assert_in_range(team_size(team), 1, 1024);
    team_free(team);
    team = NULL;
    assert_int_equal(team_create(1025, &team, &error), PERCEPT_ERROR_ARGUMENT);
    assert_null(team);
    team_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_rank_runs_each_task_once),
        cmocka_unit_test(test_writes_before_a_barrier_are_seen_after_it),
        cmocka_unit_test(test_shares_cover_all_blocks_and_differ_by_at_most_one),
        cmocka_unit_test(test_zero_means_the_cores_and_too_many_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
