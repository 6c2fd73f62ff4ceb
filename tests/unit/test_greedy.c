/* Greedy selection of an ensemble: a known optimum, ties, the best ones first, limits, and weights of examples. */
#include "unit.h"

#include "base/memory.h"
#include "base/random.h"
#include "search/greedy.h"

enum { MOST = 12 };

#define CANDIDATES(...) ((const float *const[]){__VA_ARGS__})

static double choose(const GreedyTask *task, size_t most, size_t *counts)
{
    double loss = NAN, again = NAN;
    assert_ok(greedy_select(task, most, counts, &loss, error));
    assert_ok(greedy_measure(task, counts, &again, error));
    assert_close(loss, again, 1e-12);
    return loss;
}

/* Targets 0: predictions 2, -1, 5 of one example. 1/3 of the first and 2/3 of the second are right. */
static void a_known_optimum_is_found(void **state)
{
    (void)state;
    const float a[] = {2}, b[] = {-1}, c[] = {5};
    const double target[] = {0};
    size_t counts[3];
    const GreedyTask task = {3, 1, 1, CANDIDATES(a, b, c), NULL, target, NULL, NULL, 0, 0};
    assert_close(choose(&task, MOST, counts), 0, 1e-15);
    assert_int_equal(counts[0], 1);
    assert_int_equal(counts[1], 2);
    assert_int_equal(counts[2], 0);
    assert_close(choose(&task, 1, counts), 1, 1e-15); /* one alone: the best */
    assert_int_equal(counts[1], 1);
    assert_close(choose(&task, 2, counts), 0.25, 1e-15);
}

/* Of equal candidates the first is taken, once. */
static void ties_go_to_the_first(void **state)
{
    (void)state;
    const float a[] = {3, 3}, b[] = {1, 1};
    const double targets[] = {0, 0};
    size_t counts[4];
    const GreedyTask task = {4, 2, 1, CANDIDATES(a, b, b, b), NULL, targets, NULL, NULL, 0, 0};
    assert_close(choose(&task, MOST, counts), 1, 1e-15);
    assert_int_equal(counts[0], 0);
    assert_int_equal(counts[1], 1);
    assert_int_equal(counts[2], 0);
    assert_int_equal(counts[3], 0);
}

/* Targets 0: with 4, -2 and -1 at its beginning, the mean is 1/3; then -1 would help for ever. */
static void the_best_come_first_and_none_counts_too_often(void **state)
{
    (void)state;
    const float a[] = {4}, b[] = {-2}, c[] = {-1}, d[] = {9};
    const double target[] = {0};
    size_t counts[4];
    GreedyTask task = {4, 1, 1, CANDIDATES(a, b, c, d), NULL, target, NULL, NULL, 3, 0};
    assert_close(choose(&task, 3, counts), 1.0 / 9, 1e-6);
    assert_int_equal(counts[0] + counts[1] + counts[2], 3);
    assert_int_equal(counts[3], 0);
    assert_close(choose(&task, MOST, counts), 0, 1e-15); /* 4 - 2 - 1 - 1 */
    assert_int_equal(counts[2], 2);
    task.times = 1; /* -1 may not come again, and 9 makes it worse */
    assert_close(choose(&task, MOST, counts), 1.0 / 9, 1e-6);
    task.first = 7; /* more than there are: all of them, once */
    assert_close(choose(&task, MOST, counts), 6.25, 1e-6);
}

/* A candidate that is worse beyond doubt does not come first; one that is worse by chance does. */
static void what_is_clearly_worse_does_not_come_first(void **state)
{
    (void)state;
    enum { ROWS = 20 };
    float best[ROWS], near[ROWS], bad[ROWS];
    double targets[ROWS] = {0};
    size_t counts[3];
    for (size_t i = 0; i < ROWS; i++) {
        best[i] = i % 2 == 0 ? 1 : 0.5F;
        near[i] = i % 2 == 0 ? 0.5F : 1.01F;
        bad[i] = 3 + best[i];
    }
    const GreedyTask task = {3, ROWS, 1, CANDIDATES(bad, near, best), NULL, targets, NULL, NULL, 3, 1};
    (void)choose(&task, 3, counts);
    assert_int_equal(counts[0], 0);
    assert_int_equal(counts[1], 1);
    assert_int_equal(counts[2], 1);
}

/* The candidate that is right about the example of weight 9 wins; without weights the other one does. */
static void examples_count_by_their_weights(void **state)
{
    (void)state;
    const float a[] = {0.1F, 0.9F, 0.8F, 0.2F, 0.8F, 0.2F}, b[] = {0.9F, 0.1F, 0.2F, 0.8F, 0.2F, 0.8F};
    const int32_t labels[] = {0, 0, 0};
    const double weights[] = {9, 1, 1};
    size_t counts[2];
    GreedyTask task = {2, 3, 2, CANDIDATES(a, b), labels, NULL, NULL, weights, 0, 0};
    assert_close(choose(&task, 1, counts), -(9 * log(0.9) + 2 * log(0.2)) / 11, 1e-6);
    assert_int_equal(counts[1], 1);
    task.weights = NULL;
    assert_close(choose(&task, 1, counts), -(log(0.1) + 2 * log(0.8)) / 3, 1e-6);
    assert_int_equal(counts[0], 1);
}

/* A difference of 100 in units of 100 is one of 1. */
static void targets_have_units(void **state)
{
    (void)state;
    const float a[] = {100, 0}, b[] = {0, 2};
    const double targets[] = {0, 0}, units[] = {100, 1};
    size_t counts[2];
    GreedyTask task = {2, 1, 2, CANDIDATES(a, b), NULL, targets, units, NULL, 0, 0};
    assert_close(choose(&task, 1, counts), 0.5, 1e-15);
    assert_int_equal(counts[0], 1);
    task.units = NULL;
    assert_close(choose(&task, 1, counts), 2, 1e-15);
    assert_int_equal(counts[1], 1);
}

/* Whatever the candidates are, the ensemble is not worse than any of them; a NaN is never chosen beside a number. */
static void the_ensemble_is_no_worse_than_any_candidate(void **state)
{
    (void)state;
    enum { MODELS = 9, ROWS = 40, CLASSES = 3 };
    RandomStream stream;
    random_default_rng(&stream, 4);
    for (size_t round = 0; round < 40; round++) {
        float predictions[MODELS][ROWS * CLASSES];
        const float *each[MODELS];
        int32_t labels[ROWS];
        size_t counts[MODELS];
        for (size_t m = 0; m < MODELS; m++)
            each[m] = predictions[m];
        for (size_t i = 0; i < ROWS; i++) {
            labels[i] = (int32_t)floor(random_uniform(&stream, 0, CLASSES));
            for (size_t m = 0; m < MODELS; m++) {
                double p[CLASSES], sum = 0;
                for (size_t k = 0; k < CLASSES; k++)
                    sum += p[k] = random_uniform(&stream, 0.01, 1) + ((int32_t)k == labels[i] ? 0.3 : 0);
                for (size_t k = 0; k < CLASSES; k++)
                    predictions[m][i * CLASSES + k] = (float)(p[k] / sum);
            }
        }
        if (round % 4 == 0)
            predictions[0][0] = NAN;
        const size_t first = round % 2 == 1 ? 6 : 0, times = round % 3;
        const GreedyTask task = {MODELS, ROWS, CLASSES, each, labels, NULL, NULL, NULL, first, times};
        const double loss = choose(&task, MOST, counts);
        assert_true(loss > 0);
        for (size_t m = 0; task.first == 0 && m < MODELS; m++) {
            size_t one[MODELS] = {0};
            double alone = NAN;
            one[m] = 1;
            assert_ok(greedy_measure(&task, one, &alone, error));
            assert_false(alone < loss);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_known_optimum_is_found),
        cmocka_unit_test(ties_go_to_the_first),
        cmocka_unit_test(the_best_come_first_and_none_counts_too_often),
        cmocka_unit_test(what_is_clearly_worse_does_not_come_first),
        cmocka_unit_test(examples_count_by_their_weights),
        cmocka_unit_test(targets_have_units),
        cmocka_unit_test(the_ensemble_is_no_worse_than_any_candidate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
