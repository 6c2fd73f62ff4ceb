/* The counts of a curve, its best thresholds and its average precision are those worked out by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "train/curve.h"

/* Sums of three fractions near 1. */
#define TOLERANCE 1e-15

static const double scores[] = {0.3, 0.8, 0.1, 0.9, 0.8, 0.4};
static const int32_t labels[] = {1, 1, 0, 1, 0, 0};

enum { COUNT = 6 };

static void make(Curve *curve)
{
    assert_int_equal(curve_create(scores, labels, COUNT, curve, NULL), PERCEPT_OK);
}

static void equal_scores_are_one_point(void **state)
{
    static const CurvePoint expected[] = {{0.9, 1, 0}, {0.8, 2, 1}, {0.4, 2, 2}, {0.3, 3, 2}, {0.1, 3, 3}};
    Curve curve;
    (void)state;
    make(&curve);
    assert_int_equal(curve.count, 5);
    assert_int_equal(curve.positives, 3);
    assert_int_equal(curve.negatives, 3);
    for (size_t i = 0; i < 5; i++) {
        assert_true(curve.points[i].threshold == expected[i].threshold);
        assert_int_equal(curve.points[i].true_positives, expected[i].true_positives);
        assert_int_equal(curve.points[i].false_positives, expected[i].false_positives);
    }
    curve_clear(&curve);
}

/* Recall rises by 1/3 at precisions 1, 2/3 and 3/5. */
static void average_precision_is_the_sum_over_the_rises_of_recall(void **state)
{
    Curve curve;
    (void)state;
    make(&curve);
    assert_true(fabs(curve.average_precision - (1 + 2.0 / 3 + 3.0 / 5) / 3) < TOLERANCE);
    curve_clear(&curve);
}

static void a_score_at_the_threshold_is_positive(void **state)
{
    Curve curve;
    (void)state;
    make(&curve);
    const CurvePoint at = curve_at(&curve, 0.8), above = curve_at(&curve, 0.80001), none = curve_at(&curve, 1);
    assert_int_equal(at.true_positives, 2);
    assert_int_equal(at.false_positives, 1);
    assert_int_equal(above.true_positives, 1);
    assert_int_equal(above.false_positives, 0);
    assert_int_equal(none.true_positives + none.false_positives, 0);
    const CurveRates rates = curve_rates(&curve, &at), nothing = curve_rates(&curve, &none);
    assert_true(fabs(rates.true_positive_rate - 2.0 / 3) < TOLERANCE);
    assert_true(fabs(rates.false_positive_rate - 1.0 / 3) < TOLERANCE);
    assert_true(fabs(rates.precision - 2.0 / 3) < TOLERANCE);
    assert_true(fabs(rates.f1 - 2.0 / 3) < TOLERANCE);
    assert_true(fabs(rates.accuracy - 4.0 / 6) < TOLERANCE);
    assert_true(isnan(nothing.precision));
    assert_true(nothing.f1 == 0 && nothing.accuracy == 0.5);
    curve_clear(&curve);
}

/* F1 is 1/2, 2/3, 4/7, 3/4, 2/3; Youden's index 1/3, 1/3, 0, 1/3, 0. */
static void the_best_points_are_found_and_the_highest_threshold_wins(void **state)
{
    Curve curve;
    CurvePoint point;
    (void)state;
    make(&curve);
    assert_true(curve_best_f1(&curve, &point));
    assert_int_equal(point.true_positives, 3);
    assert_int_equal(point.false_positives, 2);
    assert_true(point.threshold == 0.3);
    assert_true(curve_best_youden(&curve, &point));
    assert_int_equal(point.true_positives, 1);
    assert_int_equal(point.false_positives, 0);
    curve_clear(&curve);
}

static void the_best_threshold_has_as_few_digits_as_predict_the_same(void **state)
{
    static const double close[] = {0.12, 0.1234567, 0.9999999};
    static const int32_t of_close[] = {0, 1, 1};
    Curve curve;
    CurvePoint point;
    (void)state;
    assert_int_equal(curve_create(close, of_close, 3, &curve, NULL), PERCEPT_OK);
    assert_true(curve_best_f1(&curve, &point));
    assert_true(point.threshold == 0.123);
    const CurvePoint same = curve_at(&curve, point.threshold);
    assert_int_equal(same.true_positives, 2);
    assert_int_equal(same.false_positives, 0);
    curve_clear(&curve);
}

static void what_cannot_be_ordered_has_no_curve(void **state)
{
    const double odd[] = {0.5, NAN};
    const int32_t both[] = {1, 0};
    Curve curve;
    CurvePoint point;
    (void)state;
    assert_int_equal(curve_create(odd, both, 2, &curve, NULL), PERCEPT_OK);
    assert_int_equal(curve.count, 0);
    assert_true(isnan(curve.average_precision));
    assert_false(curve_best_f1(&curve, &point));
    curve_clear(&curve);
}

static void without_positives_there_is_no_recall(void **state)
{
    const int32_t none[COUNT] = {0};
    Curve curve;
    CurvePoint point;
    (void)state;
    assert_int_equal(curve_create(scores, none, COUNT, &curve, NULL), PERCEPT_OK);
    assert_true(isnan(curve.average_precision));
    assert_false(curve_best_youden(&curve, &point));
    assert_false(curve_best_f1(&curve, &point));
    curve_clear(&curve);
}

/* True and false positives of the points are 1, 0; 2, 1; 2, 2; 3, 2; 3, 3. */
static void a_rule_chooses_the_point_that_does_what_it_asks_for(void **state)
{
    static const struct {
        const char *rule;
        uint64_t true_positives, false_positives;
        double threshold; /* in the middle half of (0.8, 0.9], (0.4, 0.8] or (0.1, 0.3] */
    } expected[] = {{"f1", 3, 2, 0.2},
                    {"youden", 1, 0, 0.87},
                    {"recall=0.6", 2, 1, 0.7},
                    {"recall=0.7", 3, 2, 0.2},
                    {"recall=1", 3, 2, 0.2},
                    {"precision=0.6", 3, 2, 0.2},
                    {"precision=0.66", 2, 1, 0.7},
                    {"precision=0.9", 1, 0, 0.87},
                    {"cost=1:1", 1, 0, 0.87},
                    {"cost=5:1", 1, 0, 0.87},
                    {"cost=1:5", 3, 2, 0.2},
                    {"cost=0:1", 3, 2, 0.2}};
    Curve curve;
    CurvePoint point;
    ThresholdRule rule;
    percept_error error;
    (void)state;
    make(&curve);
    for (size_t r = 0; r < sizeof expected / sizeof expected[0]; r++) {
        assert_int_equal(threshold_rule_parse(expected[r].rule, &rule, &error), PERCEPT_OK);
        assert_true(curve_choose(&curve, &rule, &point));
        assert_int_equal(point.true_positives, expected[r].true_positives);
        assert_int_equal(point.false_positives, expected[r].false_positives);
        assert_true(point.threshold == expected[r].threshold);
        const CurvePoint same = curve_at(&curve, point.threshold);
        assert_int_equal(same.true_positives, point.true_positives);
        assert_int_equal(same.false_positives, point.false_positives);
    }
    curve_clear(&curve);
}

static void what_is_no_rule_is_refused(void **state)
{
    static const char *const wrong[] = {"",           "f2",         "f1=2",       "recall",    "recall=0",
                                        "recall=1.5", "recall=x",   "cost=1",     "cost=-1:2", "cost=0:0",
                                        "cost=1:nan", "cost=1:2:3", "precision=", "accuracy"};
    ThresholdRule rule;
    percept_error error;
    (void)state;
    for (size_t w = 0; w < sizeof wrong / sizeof wrong[0]; w++)
        assert_int_equal(threshold_rule_parse(wrong[w], &rule, &error), PERCEPT_ERROR_ARGUMENT);
}

static void a_rule_that_nothing_meets_chooses_no_point(void **state)
{
    static const double low[] = {0.9, 0.5};
    static const int32_t wrong[] = {0, 1};
    Curve curve;
    CurvePoint point;
    ThresholdRule rule;
    (void)state;
    assert_int_equal(curve_create(low, wrong, 2, &curve, NULL), PERCEPT_OK);
    assert_int_equal(threshold_rule_parse("precision=0.6", &rule, NULL), PERCEPT_OK);
    assert_false(curve_choose(&curve, &rule, &point));
    curve_clear(&curve);
}

static void a_report_follows_the_threshold(void **state)
{
    Curve curve;
    percept_report report = {.struct_size = sizeof report};
    (void)state;
    assert_int_equal(memory_allocate_zeroed(1, sizeof *report.metrics, "a", &report.metrics, NULL), PERCEPT_OK);
    *report.metrics = (percept_metrics){.struct_size = sizeof *report.metrics, .count = COUNT, .classes = 2};
    make(&curve);
    assert_int_equal(memory_allocate_zeroed(4, sizeof(uint64_t), "a", &report.metrics->confusion, NULL), PERCEPT_OK);
    assert_int_equal(memory_allocate_zeroed(2, sizeof *report.classes, "a", &report.classes, NULL), PERCEPT_OK);
    curve_apply(&curve, 0.35, &report);
    assert_int_equal(report.metrics->confusion[0], 1);
    assert_int_equal(report.metrics->confusion[1], 2);
    assert_int_equal(report.metrics->confusion[2], 1);
    assert_int_equal(report.metrics->confusion[3], 2);
    assert_true(report.metrics->accuracy == 0.5);
    assert_true(report.classes[1].precision == 0.5);
    assert_true(fabs(report.classes[1].recall - 2.0 / 3) < TOLERANCE);
    percept_report_clear(&report);
    curve_clear(&curve);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_scores_are_one_point),
        cmocka_unit_test(average_precision_is_the_sum_over_the_rises_of_recall),
        cmocka_unit_test(a_score_at_the_threshold_is_positive),
        cmocka_unit_test(the_best_points_are_found_and_the_highest_threshold_wins),
        cmocka_unit_test(the_best_threshold_has_as_few_digits_as_predict_the_same),
        cmocka_unit_test(what_cannot_be_ordered_has_no_curve),
        cmocka_unit_test(without_positives_there_is_no_recall),
        cmocka_unit_test(a_rule_chooses_the_point_that_does_what_it_asks_for),
        cmocka_unit_test(what_is_no_rule_is_refused),
        cmocka_unit_test(a_rule_that_nothing_meets_chooses_no_point),
        cmocka_unit_test(a_report_follows_the_threshold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
