/* Importances, dependences and metrics of models whose answers are known. */
#include "explain_models.h"

#include "data/dataset.h"
#include "explain/dependence.h"
#include "explain/importance.h"

/* Sums of some hundred terms near 1 in float64. */
#define TOLERANCE 1e-12

static const ExplainMetric *metric_of(const ExplainSubject *subject, const char *name)
{
    const ExplainMetric *metric = NULL;
    assert_ok(explain_metric_find(subject, name, &metric, error));
    return metric;
}

/* ---- Importance --------------------------------------------------------------------------------------------------- */

/* With y = w · x exactly and independent columns of variance s², R² falls by E (w_j (x_j - x_j'))² / Var y = 2 w_j² / Σ w².
 * Over 20,000 rows the variances of a sample are within 2 %, and the estimate within 5 %. */
static void importance_of_a_linear_model_is_its_share_of_the_variance(void **state)
{
    enum { INPUTS = 4, ROWS = 20000 };
    const double weights[INPUTS] = {3, 0, 1, -2};
    percept_model *model = linear_model(INPUTS, weights, 1, false);
    ExplainRows rows = make_rows(ROWS, INPUTS, 1);
    ExplainSubject subject;
    ExplainImportance importance;
    (void)state;
    assert_ok(explain_subject_create(model, false, 2, &subject, error));
    answer_rows(&subject, &rows);
    assert_ok(explain_importance(&subject, &rows, metric_of(&subject, NULL), 10, 3, &importance, error));
    assert_close(importance.score, 1, TOLERANCE);
    for (size_t c = 0; c < INPUTS; c++) {
        assert_true(fabs(importance.means[c] - 2 * weights[c] * weights[c] / 14) <= 0.05 * importance.means[c]);
        assert_true(importance.deviations[c] <= 0.1 * importance.means[c]);
    }
    assert_true(importance.means[1] == 0 && importance.deviations[1] == 0);
    const size_t order[INPUTS] = {0, 3, 2, 1};
    assert_memory_equal(importance.order, order, sizeof order);
    explain_importance_clear(&importance);
    explain_subject_clear(&subject);
    explain_rows_clear(&rows);
    percept_model_free(model);
}

static void measure(ExplainSubject *subject, ExplainRows *rows, const char *metric, size_t repeats, uint64_t seed,
                    ExplainImportance *out)
{
    assert_ok(explain_importance(subject, rows, metric_of(subject, metric), repeats, seed, out, error));
}

/* Rows of three classes, labelled by the model itself but for every fifth. */
static ExplainRows label_rows(ExplainSubject *subject, size_t count)
{
    ExplainRows rows = make_rows(count, subject->inputs, 11);
    double answer[8];
    assert_ok(memory_allocate(count, sizeof *rows.labels, "labels", &rows.labels, error));
    for (size_t i = 0; i < count; i++) {
        explain_predict(subject, rows.features + i * subject->inputs, 1, answer);
        size_t class = 0;
        for (size_t k = 1; k < subject->outputs; k++)
            class = answer[k] > answer[class] ? k : class;
        rows.labels[i] = (int32_t)((class + (i % 5 == 0)) % subject->outputs);
    }
    return rows;
}

static void importances_depend_on_seed_and_metric_but_not_on_threads(void **state)
{
    percept_model *model = random_model(5, 3, 2);
    ExplainSubject one, three;
    ExplainImportance a, b, c;
    (void)state;
    assert_ok(explain_subject_create(model, false, 1, &one, error));
    assert_ok(explain_subject_create(model, false, 3, &three, error));
    ExplainRows rows = label_rows(&one, 300);
    static const char *const names[] = {"accuracy", "auc", "log-loss"};
    for (size_t m = 0; m < 3; m++) {
        measure(&one, &rows, names[m], 3, 7, &a);
        measure(&three, &rows, names[m], 3, 7, &b);
        measure(&one, &rows, names[m], 3, 8, &c);
        assert_memory_equal(a.means, b.means, 5 * sizeof(double));
        assert_memory_equal(a.deviations, b.deviations, 5 * sizeof(double));
        assert_memory_not_equal(a.means, c.means, 5 * sizeof(double));
        assert_true(a.means[a.order[0]] > 0); /* worse is positive, for losses, too */
        explain_importance_clear(&a);
        explain_importance_clear(&b);
        explain_importance_clear(&c);
    }
    explain_subject_clear(&one);
    explain_subject_clear(&three);
    explain_rows_clear(&rows);
    percept_model_free(model);
}

static void a_constant_column_has_importance_0(void **state)
{
    percept_model *model = random_model(3, 1, 2);
    ExplainSubject subject;
    ExplainImportance importance;
    ExplainRows rows = make_rows(50, 3, 1);
    (void)state;
    assert_ok(explain_subject_create(model, false, 1, &subject, error));
    for (size_t i = 0; i < rows.count; i++)
        rows.features[i * 3 + 1] = 0.25;
    answer_rows(&subject, &rows);
    measure(&subject, &rows, "rmse", 4, 0, &importance);
    assert_true(importance.means[1] == 0 && importance.deviations[1] == 0);
    assert_true(importance.means[0] > 0 && importance.means[2] > 0);
    explain_importance_clear(&importance);
    explain_subject_clear(&subject);
    explain_rows_clear(&rows);
    percept_model_free(model);
}

static void a_metric_that_does_not_exist_is_refused(void **state)
{
    percept_model *model = linear_model(2, (const double[]){1, 1}, 0, true);
    ExplainSubject subject;
    ExplainImportance importance;
    const ExplainMetric *metric = NULL;
    percept_error why;
    (void)state;
    assert_ok(explain_subject_create(model, false, 1, &subject, error));
    ExplainRows rows = label_rows(&subject, 20);
    memset(rows.labels, 0, 20 * sizeof *rows.labels);
    assert_int_equal(explain_importance(&subject, &rows, metric_of(&subject, "auc"), 2, 0, &importance, &why),
                     PERCEPT_ERROR_ARGUMENT);
    assert_int_equal(explain_metric_find(&subject, "r2", &metric, &why), PERCEPT_ERROR_ARGUMENT);
    assert_int_equal(explain_metric_find(&subject, "acuracy", &metric, &why), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(why.message, "did you mean accuracy?"));
    explain_subject_clear(&subject);
    explain_rows_clear(&rows);
    percept_model_free(model);
}

/* ---- Metrics ------------------------------------------------------------------------------------------------------ */

static double measured(ExplainSubject *subject, const ExplainRows *rows, const char *name)
{
    double *answers = NULL, value = NAN;
    assert_ok(memory_allocate(rows->count, subject->outputs * sizeof *answers, "answers", &answers, error));
    explain_predict(subject, rows->features, rows->count, answers);
    assert_ok(explain_metric_measure(metric_of(subject, name), subject, rows, answers, &value, error));
    memory_free(answers);
    return value;
}

static void metrics_of_classes_are_those_of_evaluate(void **state)
{
    (void)state;
    for (size_t classes = 2; classes <= 3; classes++) {
        percept_model *model = random_model(4, classes, classes);
        percept_dataset *data = NULL;
        percept_report report = {.struct_size = sizeof report};
        ExplainSubject subject;
        assert_ok(explain_subject_create(model, false, 1, &subject, error));
        ExplainRows rows = label_rows(&subject, 200);
        assert_ok(
            percept_dataset_create(PERCEPT_FLOAT64, 200, 4, rows.features, rows.labels, classes, NULL, &data, error));
        assert_ok(percept_model_report(model, data, 1, &report, error));
        assert_close(measured(&subject, &rows, "accuracy"), report.metrics->accuracy, TOLERANCE);
        assert_close(measured(&subject, &rows, "auc"), report.macro.auc, TOLERANCE);
        assert_close(measured(&subject, &rows, "log-loss"), report.metrics->loss, TOLERANCE);
        percept_report_clear(&report);
        percept_dataset_free(data);
        explain_subject_clear(&subject);
        explain_rows_clear(&rows);
        percept_model_free(model);
    }
}

static void metrics_of_numbers_are_those_worked_out_by_hand(void **state)
{
    percept_model *model = linear_model(1, (const double[]){1}, 0, false);
    ExplainSubject subject;
    double features[] = {1, 2, 3, 4}, targets[] = {1, 2, 5, 4};
    const ExplainRows rows = {.count = 4, .inputs = 1, .target_width = 1, .features = features, .targets = targets};
    (void)state;
    assert_ok(explain_subject_create(model, false, 1, &subject, error));
    assert_close(measured(&subject, &rows, "r2"), 1 - 4.0 / 10, TOLERANCE);
    assert_close(measured(&subject, &rows, "rmse"), 1, TOLERANCE);
    assert_close(measured(&subject, &rows, "mae"), 0.5, TOLERANCE);
    explain_subject_clear(&subject);
    percept_model_free(model);
}

/* ---- Dependence --------------------------------------------------------------------------------------------------- */

static void dependence_of_a_linear_model_is_its_slope(void **state)
{
    enum { INPUTS = 3, ROWS = 80, PLACES = 9 };
    const double weights[INPUTS] = {3, -2, 0};
    percept_model *model = linear_model(INPUTS, weights, 1, false);
    ExplainSubject subject;
    ExplainRows rows = make_rows(ROWS, INPUTS, 1);
    (void)state;
    assert_ok(explain_subject_create(model, false, 1, &subject, error));
    for (size_t c = 0; c < INPUTS; c++) {
        ExplainDependence dependence;
        assert_ok(explain_dependence(&subject, &rows, c, PLACES, &dependence, error));
        assert_false(dependence.all);
        assert_int_equal(dependence.count, PLACES);
        for (size_t p = 1; p < dependence.count; p++) {
            const double step = dependence.places[p] - dependence.places[p - 1];
            assert_true(step > 0);
            assert_close(dependence.mean[p] - dependence.mean[p - 1], weights[c] * step, TOLERANCE);
            for (size_t i = 0; i < ROWS; i++)
                assert_close(dependence.individual[i * PLACES + p] - dependence.individual[i * PLACES + p - 1],
                             weights[c] * step, TOLERANCE);
        }
        explain_dependence_clear(&dependence);
    }
    explain_subject_clear(&subject);
    explain_rows_clear(&rows);
    percept_model_free(model);
}

/* Values 0 (5 times), 1 (2), 2 (1) and a gap. */
static void few_values_are_all_tried(void **state)
{
    percept_model *model = linear_model(1, (const double[]){10}, 1, false);
    ExplainSubject subject;
    ExplainDependence dependence;
    double features[] = {0, 1, 0, 2, 0, NAN, 1, 0, 0};
    const ExplainRows rows = {.count = 9, .inputs = 1, .features = features};
    (void)state;
    assert_ok(explain_subject_create(model, false, 1, &subject, error));
    assert_ok(explain_dependence(&subject, &rows, 0, 4, &dependence, error));
    assert_true(dependence.all);
    assert_int_equal(dependence.count, 3);
    const double shares[] = {5.0 / 9, 2.0 / 9, 1.0 / 9};
    for (size_t p = 0; p < 3; p++) {
        assert_true(dependence.places[p] == (double)p);
        assert_close(dependence.shares[p], shares[p], TOLERANCE);
        assert_close(dependence.mean[p], 1 + 10 * (double)p, TOLERANCE);
    }
    explain_dependence_clear(&dependence);
    explain_subject_clear(&subject);
    percept_model_free(model);
}

/* ---- Rows --------------------------------------------------------------------------------------------------------- */

static void rows_are_drawn_once_each_and_keep_their_order(void **state)
{
    enum { COUNT = 100, TAKEN = 30 };
    double features[COUNT];
    int32_t labels[COUNT];
    percept_dataset *data = NULL;
    ExplainRows rows, again, other, all;
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        features[i] = (double)i;
        labels[i] = (int32_t)(i % 3);
    }
    assert_ok(percept_dataset_create(PERCEPT_FLOAT64, COUNT, 1, features, labels, 3, NULL, &data, error));
    assert_ok(explain_rows_take(data, TAKEN, 4, &rows, error));
    assert_ok(explain_rows_take(data, TAKEN, 4, &again, error));
    assert_ok(explain_rows_take(data, TAKEN, 5, &other, error));
    assert_ok(explain_rows_take(data, COUNT, 5, &all, error));
    assert_int_equal(rows.count, TAKEN);
    assert_memory_equal(rows.numbers, again.numbers, TAKEN * sizeof *rows.numbers);
    assert_memory_not_equal(rows.numbers, other.numbers, TAKEN * sizeof *rows.numbers);
    for (size_t i = 0; i < TAKEN; i++) {
        assert_true(i == 0 || rows.numbers[i] > rows.numbers[i - 1]);
        assert_true(rows.features[i] == (double)rows.numbers[i]);
        assert_int_equal(rows.labels[i], rows.numbers[i] % 3);
    }
    assert_memory_equal(all.features, features, sizeof features);
    explain_rows_clear(&rows);
    explain_rows_clear(&again);
    explain_rows_clear(&other);
    explain_rows_clear(&all);
    percept_dataset_free(data);
}

/* Large enough that the engine has a special way for a few rows. */
static void a_row_has_the_same_bits_in_any_company(void **state)
{
    enum { INPUTS = 60, ROWS = 40 };
    const Shape shape = {.sizes = {INPUTS, 700, 600, 3},
                         .size_count = 4,
                         .hidden = "relu",
                         .output = "softmax",
                         .loss = "cross-entropy"};
    RandomStream stream;
    ExplainSubject subject;
    ExplainRows rows = make_rows(ROWS, INPUTS, 1);
    double together[ROWS * 3], alone[ROWS * 3];
    (void)state;
    random_default_rng(&stream, 3);
    Network network = make_network(&shape);
    double *parameters = make_parameters(&network, &stream);
    percept_model *model = model_of(&network, 3, parameters);
    assert_ok(explain_subject_create(model, false, 1, &subject, error));
    explain_predict(&subject, rows.features, ROWS, together);
    for (size_t i = 0; i < ROWS; i++)
        explain_predict(&subject, rows.features + i * INPUTS, 1, alone + 3 * i);
    assert_memory_equal(together, alone, sizeof together);
    memory_free(parameters);
    explain_subject_clear(&subject);
    explain_rows_clear(&rows);
    percept_model_free(model);
}

static void outputs_and_columns_are_found_by_name(void **state)
{
    percept_model *model = linear_model(2, (const double[]){1, 1}, 0, true);
    char *names[] = {"width", "height"};
    const Schema schema = {.width = 2, .names = names};
    ExplainSubject subject;
    percept_error why;
    size_t found = 9;
    (void)state;
    assert_ok(model_set_schema(model, &schema, error));
    assert_ok(explain_subject_create(model, false, 1, &subject, error));
    assert_ok(explain_output_find(&subject, "1", &found, error));
    assert_int_equal(found, 1);
    assert_ok(explain_column_find(&model->schema, &subject.columns, "height", &found, error));
    assert_int_equal(found, 1);
    assert_int_equal(explain_column_find(&model->schema, &subject.columns, "hieght", &found, &why),
                     PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(why.message, "did you mean 'height'?"));
    explain_subject_clear(&subject);
    percept_model_free(model);
}

/* A number, a date of four parts, a date of two, a number. */
static void parts_of_a_date_are_one_column(void **state)
{
    enum { WIDTH = 8 };
    char *names[WIDTH] = {"size",           "departure:year", "departure:month", "departure:day",
                          "departure:hour", "born:month",     "born:weekday",    "weight"};
    FeatureKind kinds[WIDTH] = {FEATURE_NUMBER, FEATURE_DATE, FEATURE_DATE, FEATURE_DATE,
                                FEATURE_DATE,   FEATURE_DATE, FEATURE_DATE, FEATURE_NUMBER};
    DateFeature dates[WIDTH] = {
        [1] = {DATE_YMD, DATE_YEAR}, [2] = {DATE_YMD, DATE_MONTH}, [3] = {DATE_YMD, DATE_DAY},
        [4] = {DATE_YMD, DATE_HOUR}, [5] = {DATE_YMD, DATE_MONTH}, [6] = {DATE_YMD, DATE_WEEKDAY}};
    size_t places[WIDTH] = {0, 1, 1, 1, 1, 2, 2, 3};
    const Schema schema = {.width = WIDTH, .names = names, .kinds = kinds, .dates = dates, .places = places};
    const double early[WIDTH] = {1, 2023, 12, 31, 22, 3, 1, 0}, late[WIDTH] = {2, 2024, 1, 2, 13.75, 4, 7, NAN};
    double row[WIDTH] = {0};
    char text[EXPLAIN_VALUE_SIZE];
    ExplainColumns columns;
    (void)state;
    assert_ok(explain_columns_create(&schema, &columns, error));
    assert_int_equal(columns.count, 4);
    assert_string_equal(columns.names[1], "departure");
    assert_string_equal(columns.names[2], "born");
    for (size_t c = 0; c < 3; c++)
        assert_true(explain_column_key(&schema, &columns, c, early) < explain_column_key(&schema, &columns, c, late));
    assert_true(isnan(explain_column_key(&schema, &columns, 3, late)));
    explain_column_text(&schema, &columns, 1, late, text);
    assert_string_equal(text, "2024-01-02 13:45");
    explain_column_text(&schema, &columns, 2, late, text);
    assert_string_equal(text, "month 4, weekday 7");
    explain_column_text(&schema, &columns, 3, late, text);
    assert_string_equal(text, "missing");
    explain_column_copy(&columns, 1, late, row);
    const double expected[WIDTH] = {0, 2024, 1, 2, 13.75, 0, 0, 0};
    assert_memory_equal(row, expected, sizeof row);
    explain_columns_clear(&columns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(importance_of_a_linear_model_is_its_share_of_the_variance),
        cmocka_unit_test(importances_depend_on_seed_and_metric_but_not_on_threads),
        cmocka_unit_test(a_constant_column_has_importance_0),
        cmocka_unit_test(a_metric_that_does_not_exist_is_refused),
        cmocka_unit_test(metrics_of_classes_are_those_of_evaluate),
        cmocka_unit_test(metrics_of_numbers_are_those_worked_out_by_hand),
        cmocka_unit_test(dependence_of_a_linear_model_is_its_slope),
        cmocka_unit_test(few_values_are_all_tried),
        cmocka_unit_test(rows_are_drawn_once_each_and_keep_their_order),
        cmocka_unit_test(a_row_has_the_same_bits_in_any_company),
        cmocka_unit_test(parts_of_a_date_are_one_column),
        cmocka_unit_test(outputs_and_columns_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
