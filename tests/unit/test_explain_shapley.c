/* Shapley values: those of linear models are known, those of others follow from the definition; and the axioms hold. */
#include "explain_models.h"

#include "explain/shapley.h"

#define BACKGROUND 40

/* Sums of some hundred products near 1 in float64. */
#define TOLERANCE 1e-12

/* What the axioms are held to. */
#define EFFICIENCY 1e-9

typedef struct Setting {
    percept_model *model;
    ExplainSubject subject;
    ExplainRows background, row;
    ExplainShapley shapley;
} Setting;

static ExplainShapleyOptions sampled(void)
{
    ExplainShapleyOptions options = explain_shapley_defaults();
    options.exact_most = 0;
    return options;
}

static void explain(percept_model *model, const ExplainShapleyOptions *options, bool log_odds, size_t threads,
                    Setting *out)
{
    const size_t inputs = percept_model_inputs(model);
    *out = (Setting){.model = model, .background = make_rows(BACKGROUND, inputs, 5), .row = make_rows(1, inputs, 6)};
    assert_ok(explain_subject_create(model, log_odds, threads, &out->subject, error));
    assert_ok(explain_shapley_create(&out->subject, &out->background, options, &out->shapley, error));
    explain_shapley_row(&out->shapley, out->row.features);
}

static void finish(Setting *setting)
{
    explain_shapley_clear(&setting->shapley);
    explain_subject_clear(&setting->subject);
    explain_rows_clear(&setting->background);
    explain_rows_clear(&setting->row);
    percept_model_free(setting->model);
}

/* w (x - mean of the background) */
static double linear_value(const Setting *setting, const double *weights, size_t j)
{
    double mean = 0;
    for (size_t b = 0; b < BACKGROUND; b++)
        mean += setting->background.features[b * setting->subject.inputs + j] / BACKGROUND;
    return weights[j] * (setting->row.features[j] - mean);
}

static const double weights[] = {2, -1, 0, 0.5, 30};

enum { LINEAR = sizeof weights / sizeof weights[0] };

static void values_of_a_linear_model_are_its_terms(void **state)
{
    const ExplainShapleyOptions ways[] = {explain_shapley_defaults(), sampled()};
    (void)state;
    for (size_t way = 0; way < 2; way++) {
        Setting setting;
        explain(linear_model(LINEAR, weights, 7, false), &ways[way], false, 1, &setting);
        assert_int_equal(setting.shapley.exact, way == 0);
        for (size_t j = 0; j < LINEAR; j++) {
            assert_close(setting.shapley.values[j], linear_value(&setting, weights, j), TOLERANCE);
            assert_true(setting.shapley.errors[j] < TOLERANCE); /* every walk says the same */
        }
        finish(&setting);
    }
}

static void log_odds_of_a_logistic_model_are_linear(void **state)
{
    const double small[] = {2, -1, 0, 0.5, 3};
    const ExplainShapleyOptions options = explain_shapley_defaults();
    Setting setting;
    (void)state;
    explain(linear_model(LINEAR, small, 0.3, true), &options, true, 1, &setting);
    assert_int_equal(setting.subject.outputs, 2);
    for (size_t j = 0; j < LINEAR; j++) { /* of both classes, with opposite signs */
        assert_close(setting.shapley.values[2 * j + 1], linear_value(&setting, small, j), TOLERANCE);
        assert_close(setting.shapley.values[2 * j], -linear_value(&setting, small, j), TOLERANCE);
    }
    finish(&setting);
}

/* The mean answer over the background where the columns before `at` in the order are those of the row. */
static void worth(Setting *setting, const size_t *order, size_t at, double *out)
{
    const size_t inputs = setting->subject.inputs, outputs = setting->subject.outputs;
    double row[8], answer[8];
    memset(out, 0, outputs * sizeof *out);
    for (size_t b = 0; b < BACKGROUND; b++) {
        memcpy(row, setting->background.features + b * inputs, inputs * sizeof *row);
        for (size_t s = 0; s < at; s++)
            row[order[s]] = setting->row.features[order[s]];
        explain_predict(&setting->subject, row, 1, answer);
        for (size_t k = 0; k < outputs; k++)
            out[k] += answer[k] / BACKGROUND;
    }
}

/* All 24 orders of 4 columns, 3 outputs. */
static void exact_values_are_means_over_all_orders(void **state)
{
    enum { COLUMNS = 4, OUTPUTS = 3, ORDERS = 24 };
    const ExplainShapleyOptions options = explain_shapley_defaults();
    double expected[COLUMNS * OUTPUTS] = {0};
    Setting setting;
    (void)state;
    explain(random_model(COLUMNS, OUTPUTS, 1), &options, false, 1, &setting);
    for (size_t code = 0; code < (size_t)COLUMNS * COLUMNS * COLUMNS * COLUMNS; code++) {
        size_t order[COLUMNS], seen = 0;
        for (size_t s = 0, rest = code; s < COLUMNS; s++, rest /= COLUMNS)
            seen |= (size_t)1 << (order[s] = rest % COLUMNS);
        for (size_t s = 0; s < COLUMNS && seen == (1 << COLUMNS) - 1; s++) {
            double before[OUTPUTS], after[OUTPUTS];
            worth(&setting, order, s, before);
            worth(&setting, order, s + 1, after);
            for (size_t k = 0; k < OUTPUTS; k++)
                expected[order[s] * OUTPUTS + k] += (after[k] - before[k]) / ORDERS;
        }
    }
    for (size_t i = 0; i < COLUMNS * OUTPUTS; i++)
        assert_close(setting.shapley.values[i], expected[i], TOLERANCE);
    finish(&setting);
}

static void values_and_baseline_add_up_to_the_answer(void **state)
{
    const ExplainShapleyOptions ways[] = {explain_shapley_defaults(), sampled()};
    (void)state;
    for (size_t way = 0; way < 2; way++) {
        Setting setting;
        double answer[3];
        explain(random_model(6, 3, 2), &ways[way], false, 1, &setting);
        explain_predict(&setting.subject, setting.row.features, 1, answer);
        for (size_t k = 0; k < 3; k++) {
            double sum = setting.shapley.baseline[k];
            for (size_t j = 0; j < 6; j++)
                sum += setting.shapley.values[j * 3 + k];
            assert_close(sum, answer[k], EFFICIENCY);
            assert_close(setting.shapley.answer[k], answer[k], EFFICIENCY);
        }
        finish(&setting);
    }
}

static void a_column_that_is_not_used_has_the_value_0(void **state)
{
    const ExplainShapleyOptions ways[] = {explain_shapley_defaults(), sampled()};
    (void)state;
    for (size_t way = 0; way < 2; way++) {
        Setting setting;
        explain(linear_model(LINEAR, weights, 7, true), &ways[way], false, 1, &setting);
        for (size_t k = 0; k < 2; k++)
            assert_true(setting.shapley.values[2 * 2 + k] == 0);
        finish(&setting);
    }
}

/* A value lies within 4 of its standard errors but for one time in 15,000; and the errors are as small as asked for. */
static void sampled_values_agree_with_exact_ones(void **state)
{
    ExplainShapleyOptions options = explain_shapley_defaults();
    Setting exact, walks;
    (void)state;
    explain(random_model(7, 2, 3), &options, false, 1, &exact);
    options.exact_most = 0;
    options.error = 0.005;
    options.rounds_least = 16;
    options.rounds_most = 1000;
    explain(random_model(7, 2, 3), &options, false, 1, &walks);
    assert_true(exact.shapley.exact && !walks.shapley.exact && walks.shapley.reached);
    for (size_t i = 0; i < 14; i++) {
        const double error = walks.shapley.errors[i];
        assert_true(error > 0 && error <= options.error * walks.shapley.deviations[i % 2]);
        assert_true(fabs(walks.shapley.values[i] - exact.shapley.values[i]) < 4 * error);
    }
    finish(&exact);
    finish(&walks);
}

static void sampling_stops_at_the_most_rounds(void **state)
{
    ExplainShapleyOptions options = sampled();
    Setting setting;
    (void)state;
    options.error = 0;
    options.rounds_most = 5;
    explain(random_model(7, 2, 3), &options, false, 1, &setting);
    assert_int_equal(setting.shapley.rounds, 5);
    assert_false(setting.shapley.reached);
    finish(&setting);
}

static void bits_do_not_depend_on_threads(void **state)
{
    const ExplainShapleyOptions ways[] = {explain_shapley_defaults(), sampled()};
    (void)state;
    for (size_t way = 0; way < 2; way++) {
        Setting one, three;
        explain(random_model(8, 3, 4), &ways[way], false, 1, &one);
        explain(random_model(8, 3, 4), &ways[way], false, 3, &three);
        assert_memory_equal(one.shapley.values, three.shapley.values, 24 * sizeof(double));
        assert_memory_equal(one.shapley.errors, three.shapley.errors, 24 * sizeof(double));
        finish(&one);
        finish(&three);
    }
}

/* An order drawn for a round is used for every row. */
static void values_of_a_row_do_not_depend_on_rows_before_it(void **state)
{
    const ExplainShapleyOptions options = sampled();
    double first[14];
    Setting setting;
    (void)state;
    explain(random_model(7, 2, 3), &options, false, 1, &setting);
    memcpy(first, setting.shapley.values, sizeof first);
    explain_shapley_row(&setting.shapley, setting.background.features);
    explain_shapley_row(&setting.shapley, setting.row.features);
    assert_memory_equal(first, setting.shapley.values, sizeof first);
    finish(&setting);
}

static void one_column_takes_the_whole_difference(void **state)
{
    const ExplainShapleyOptions options = sampled();
    Setting setting;
    (void)state;
    explain(random_model(1, 1, 9), &options, false, 1, &setting);
    assert_close(setting.shapley.values[0], setting.shapley.answer[0] - setting.shapley.baseline[0], TOLERANCE);
    finish(&setting);
}

static void log_odds_need_probabilities(void **state)
{
    ExplainSubject subject;
    percept_error why;
    percept_model *model = linear_model(LINEAR, weights, 0, false);
    (void)state;
    assert_int_equal(explain_subject_create(model, true, 1, &subject, &why), PERCEPT_ERROR_ARGUMENT);
    percept_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_a_linear_model_are_its_terms),
        cmocka_unit_test(log_odds_of_a_logistic_model_are_linear),
        cmocka_unit_test(exact_values_are_means_over_all_orders),
        cmocka_unit_test(values_and_baseline_add_up_to_the_answer),
        cmocka_unit_test(a_column_that_is_not_used_has_the_value_0),
        cmocka_unit_test(sampled_values_agree_with_exact_ones),
        cmocka_unit_test(sampling_stops_at_the_most_rounds),
        cmocka_unit_test(bits_do_not_depend_on_threads),
        cmocka_unit_test(values_of_a_row_do_not_depend_on_rows_before_it),
        cmocka_unit_test(one_column_takes_the_whole_difference),
        cmocka_unit_test(log_odds_need_probabilities),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
