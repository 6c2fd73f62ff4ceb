/* The pipeline: every piece passes every step once, is drained in the order of filling, whatever the number of threads and
 * slots, and nothing is drained behind the piece that stopped it. The plain arrays are what the thread sanitizer watches. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/pipeline.h"

#define PIECES 5000

/* Sums numbers in an order that matters: each piece is a number, its work the square, and draining a hash. */
typedef struct Sums {
    size_t numbers[PIPELINE_MOST_SLOTS], squares[PIPELINE_MOST_SLOTS];
    size_t pieces, filled, drained, last;
    uint64_t hash;
} Sums;

static bool fill_number(void *context, size_t slot)
{
    Sums *sums = context;
    if (sums->filled == sums->pieces)
        return false;
    sums->numbers[slot] = ++sums->filled;
    sums->squares[slot] = 0;
    return true;
}

static void square(void *context, size_t slot, size_t rank)
{
    Sums *sums = context;
    (void)rank;
    for (size_t i = 0; i < sums->numbers[slot]; i++)
        sums->squares[slot] += sums->numbers[slot];
}

static bool drain_square(void *context, size_t slot)
{
    Sums *sums = context;
    sums->hash = 31 * sums->hash + sums->squares[slot];
    sums->drained++;
    return sums->numbers[slot] != sums->last;
}

static const PipelineSteps steps = {fill_number, square, drain_square};

static Sums run(size_t threads, size_t slots, size_t pieces, size_t last)
{
    percept_error error;
    Team *team = NULL;
    Sums sums = {.pieces = pieces, .last = last};
    assert_int_equal(team_create(threads, &team, &error), PERCEPT_OK);
    pipeline_run(team, slots > 0 ? slots : pipeline_slots(team), &steps, &sums);
    team_free(team);
    return sums;
}

static void test_pieces_are_drained_in_order_for_any_threads_and_slots(void **state)
{
    (void)state;
    uint64_t expected = 0;
    for (uint64_t n = 1; n <= PIECES; n++)
        expected = 31 * expected + n * n;
    for (size_t threads = 1; threads <= 5; threads++)
        for (size_t slots = 0; slots <= 4; slots++) {
            const Sums sums = run(threads, slots, PIECES, 0);
            assert_int_equal(sums.drained, PIECES);
            assert_true(sums.hash == expected);
        }
}

static void test_threads_are_limited(void **state)
{
    (void)state;
    assert_int_equal(pipeline_threads(1), 1);
    assert_int_equal(pipeline_threads(2), 2);
    assert_true(pipeline_threads(1000) < PIPELINE_MOST_SLOTS / 2);
    assert_true(pipeline_threads(0) >= 1 && pipeline_threads(0) <= team_cores());
}

static void test_no_pieces_end_at_once(void **state)
{
    (void)state;
    for (size_t threads = 1; threads <= 5; threads++)
        assert_int_equal(run(threads, 0, 0, 0).drained, 0);
}

static void test_a_drain_that_stops_is_the_last(void **state)
{
    (void)state;
    for (size_t threads = 1; threads <= 5; threads++)
        for (size_t last = 1; last <= 40; last++)
            assert_int_equal(run(threads, 0, PIECES, last).drained, last);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces_are_drained_in_order_for_any_threads_and_slots),
        cmocka_unit_test(test_threads_are_limited),
        cmocka_unit_test(test_no_pieces_end_at_once),
        cmocka_unit_test(test_a_drain_that_stops_is_the_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
