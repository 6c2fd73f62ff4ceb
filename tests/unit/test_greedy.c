/* Greedy selection of an ensemble: a known optimum, ties, repeated candidates, weights of examples, accuracy beside the loss. */
#include "unit.h"

#include "base/memory.h"
#include "base/random.h"
#include "search/greedy.h"

enum { MOST = 12 };

#define CANDIDATES(...) ((const float *const[]){__VA_ARGS__})

static GreedyScore choose(const GreedyTask *task, size_t most, size_t *counts)
{
    GreedyScore score = {NAN, NAN}, again = {NAN, NAN};
    assert_ok(greedy_select(task, most, counts, &score, error));
    assert_ok(greedy_measure(task, counts, &again, error));
    assert_close(score.loss, again.loss, 1e-12);
    return score;
}

/* Targets 0: predictions 2, -1, 5 of one example. 1/3 of the first and 2/3 of the second are right. */
static void a_known_optimum_is_found(void **state)
{
    (void)state;
    const float a[] = {2}, b[] = {-1}, c[] = {5};
    const double target[] = {0};
    size_t counts[3];
    const GreedyTask task = {3, 1, 1, CANDIDATES(a, b, c), NULL, target, NULL, NULL, false};
    const GreedyScore score = choose(&task, MOST, counts);
    assert_close(score.loss, 0, 1e-15);
    assert_int_equal(counts[0], 1);
    assert_int_equal(counts[1], 2);
    assert_int_equal(counts[2], 0);
    assert_close(choose(&task, 1, counts).loss, 1, 1e-15); /* one alone: the best */
    assert_int_equal(counts[1], 1);
    assert_close(choose(&task, 2, counts).loss, 0.25, 1e-15);
}

/* Of equal candidates the first is taken, once. */
static void ties_go_to_the_first(void **state)
{
    (void)state;
    const float a[] = {3, 3}, b[] = {1, 1};
    const double targets[] = {0, 0};
    size_t counts[4];
    const GreedyTask task = {4, 2, 1, CANDIDATES(a, b, b, b), NULL, targets, NULL, NULL, false};
    assert_close(choose(&task, MOST, counts).loss, 1, 1e-15);
    assert_int_equal(counts[0], 0);
    assert_int_equal(counts[1], 1);
    assert_int_equal(counts[2], 0);
    assert_int_equal(counts[3], 0);
}

/* The candidate that is right about the example of weight 9 wins; without weights the other one does. */
static void examples_count_by_their_weights(void **state)
{
    (void)state;
    const float a[] = {0.1F, 0.9F, 0.8F, 0.2F, 0.8F, 0.2F}, b[] = {0.9F, 0.1F, 0.4F, 0.6F, 0.4F, 0.6F};
    const int32_t labels[] = {0, 0, 0};
    const double weights[] = {9, 1, 1};
    size_t counts[2];
    GreedyTask task = {2, 3, 2, CANDIDATES(a, b), labels, NULL, NULL, weights, true};
    assert_close(choose(&task, 1, counts).accuracy, 9.0 / 11, 1e-15);
    assert_int_equal(counts[1], 1);
    task.weights = NULL;
    assert_close(choose(&task, 1, counts).accuracy, 2.0 / 3, 1e-15);
    assert_int_equal(counts[0], 1);
    assert_close(choose(&task, MOST, counts).accuracy, 1, 1e-15); /* together they are right about all */
}

/* A difference of 100 in units of 100 is one of 1. */
static void targets_have_units(void **state)
{
    (void)state;
    const float a[] = {100, 0}, b[] = {0, 2};
    const double targets[] = {0, 0}, units[] = {100, 1};
    size_t counts[2];
    GreedyTask task = {2, 1, 2, CANDIDATES(a, b), NULL, targets, units, NULL, false};
    assert_close(choose(&task, 1, counts).loss, 0.5, 1e-15);
    assert_int_equal(counts[0], 1);
    task.units = NULL;
    assert_close(choose(&task, 1, counts).loss, 2, 1e-15);
    assert_int_equal(counts[1], 1);
}

/* Whatever the candidates are, the ensemble is not worse than any of them; a NaN is never chosen beside a number. */
static void the_ensemble_is_no_worse_than_any_candidate(void **state)
{
    (void)state;
    enum { MODELS = 9, ROWS = 40, CLASSES = 3 };
    RandomStream stream;
    random_default_rng(&stream, 4);
    for (int round = 0; round < 40; round++) {
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
        predictions[0][0] = round % 4 == 0 ? NAN : predictions[0][0];
        const GreedyTask task = {MODELS, ROWS, CLASSES, each, labels, NULL, NULL, NULL, round % 2 == 1};
        const GreedyScore score = choose(&task, MOST, counts);
        assert_true(!isnan(score.loss) && (round % 4 != 0 || labels[0] != 0 || counts[0] == 0));
        for (size_t m = 0; m < MODELS; m++) {
            size_t one[MODELS] = {0};
            GreedyScore alone;
            one[m] = 1;
            assert_ok(greedy_measure(&task, one, &alone, error));
            assert_false(greedy_is_better(&task, alone, score));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_known_optimum_is_found),
        cmocka_unit_test(ties_go_to_the_first),
        cmocka_unit_test(examples_count_by_their_weights),
        cmocka_unit_test(targets_have_units),
        cmocka_unit_test(the_ensemble_is_no_worse_than_any_candidate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
