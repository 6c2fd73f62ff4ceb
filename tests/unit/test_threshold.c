/* A threshold that is set in a model decides everywhere: classes, metrics, explanations, and after saving and loading. */
#include "explain_models.h"

#include <stdio.h>

#include "in_scratch.h"

#include "data/dataset.h"

enum { ROWS = 60 };

/* Two classes from one output (a sigmoid) or two (softmax), in either precision. */
static percept_model *two_classes(size_t outputs, percept_type precision)
{
    const Shape shape = {.sizes = {3, 5, outputs},
                         .size_count = 3,
                         .hidden = "tanh",
                         .output = outputs == 1 ? "sigmoid" : "softmax",
                         .loss = outputs == 1 ? "binary-cross-entropy" : "cross-entropy"};
    Scaler scaler = {.kind = SCALER_NONE, .width = 3, .divisor = 1};
    char *names[] = {"no", "yes"};
    RandomStream stream;
    percept_model *model = NULL;
    random_default_rng(&stream, 4);
    Network network = make_network(&shape);
    double *parameters = make_parameters(&network, &stream);
    assert_ok(model_create(&network, precision, &scaler, 2, names, &model, error));
    model_set_parameters(model, parameters);
    memory_free(parameters);
    return model;
}

/* The number of rows whose probability of the second class is at least t; and that all ways of asking say so. */
static size_t count_positives(const percept_model *model, const ExplainRows *rows, double t)
{
    double probabilities[2 * ROWS];
    int32_t classes[ROWS], labels[ROWS];
    size_t positives = 0;
    percept_predictor *predictor = NULL;
    percept_dataset *data = NULL;
    percept_metrics metrics = {.struct_size = sizeof metrics};
    percept_report report = {.struct_size = sizeof report};
    ExplainSubject subject, odds;
    assert_ok(percept_predictor_create(model, 1, &predictor, error));
    percept_predictor_probabilities(predictor, rows->features, ROWS, probabilities);
    percept_predictor_classes(predictor, rows->features, ROWS, classes);
    assert_ok(explain_subject_create(model, false, 1, &subject, error));
    assert_ok(explain_subject_create(model, true, 1, &odds, error));
    for (size_t i = 0; i < ROWS; i++) {
        double answer[2];
        assert_int_equal(classes[i], probabilities[2 * i + 1] >= t);
        assert_int_equal(explain_class_of(&subject, probabilities + 2 * i), classes[i]);
        explain_predict(&odds, rows->features + 3 * i, 1, answer);
        assert_int_equal(explain_class_of(&odds, answer), classes[i]);
        positives += classes[i] == 1;
        labels[i] = 1;
    }
    assert_ok(percept_dataset_create(PERCEPT_FLOAT64, ROWS, 3, rows->features, labels, 2, NULL, &data, error));
    assert_ok(percept_model_evaluate(model, data, 1, &metrics, error));
    assert_ok(percept_model_report(model, data, 1, &report, error));
    assert_int_equal(metrics.confusion[3], positives);
    assert_int_equal(report.metrics->confusion[3], positives);
    assert_close(metrics.accuracy, (double)positives / ROWS, 1e-15);
    assert_close(report.metrics->accuracy, (double)positives / ROWS, 1e-15);
    percept_metrics_clear(&metrics);
    percept_report_clear(&report);
    percept_dataset_free(data);
    explain_subject_clear(&subject);
    explain_subject_clear(&odds);
    percept_predictor_free(predictor);
    return positives;
}

static void a_threshold_decides_everywhere(void **state)
{
    static const percept_type precisions[] = {PERCEPT_FLOAT32, PERCEPT_FLOAT64};
    ExplainRows rows = make_rows(ROWS, 3, 1);
    (void)state;
    for (size_t outputs = 1; outputs <= 2; outputs++)
        for (size_t p = 0; p < 2; p++) {
            percept_model *model = two_classes(outputs, precisions[p]);
            size_t before = ROWS + 1;
            for (int step = 0; step < 8; step++) {
                const double t = 0.3 + 0.05 * step;
                assert_ok(percept_model_set_threshold(model, t, error));
                const size_t positives = count_positives(model, &rows, t);
                assert_true(positives <= before);
                before = positives;
            }
            assert_true(before < ROWS);
            assert_ok(percept_model_set_threshold(model, 0, error));
            (void)count_positives(model, &rows, 0.5);
            percept_model_free(model);
        }
    explain_rows_clear(&rows);
}

static void a_threshold_is_saved_with_the_model(void **state)
{
    percept_model *model = two_classes(1, PERCEPT_FLOAT32), *loaded = NULL;
    char path[SCRATCH_PATH];
    (void)state;
    scratch_path(&scratch, "m.safetensors", path);
    assert_ok(percept_model_set_threshold(model, 0.1 + 0.2, error));
    assert_ok(percept_model_save(model, path, error));
    assert_ok(percept_model_load(path, &loaded, error));
    assert_true(percept_model_threshold(loaded) == 0.1 + 0.2);
    percept_model_free(loaded);
    percept_model_free(model);
}

static void what_has_no_threshold_refuses_one(void **state)
{
    percept_error why;
    percept_model *numbers = linear_model(2, (const double[]){1, 1}, 0, false);
    percept_model *three = random_model(2, 3, 1), *two = two_classes(1, PERCEPT_FLOAT64);
    (void)state;
    assert_int_equal(percept_model_set_threshold(numbers, 0.5, &why), PERCEPT_ERROR_ARGUMENT);
    assert_int_equal(percept_model_set_threshold(three, 0.5, &why), PERCEPT_ERROR_ARGUMENT);
    assert_int_equal(percept_model_set_threshold(two, 1.5, &why), PERCEPT_ERROR_ARGUMENT);
    assert_int_equal(percept_model_set_threshold(two, NAN, &why), PERCEPT_ERROR_ARGUMENT);
    assert_true(percept_model_threshold(two) == 0);
    percept_model_free(numbers);
    percept_model_free(three);
    percept_model_free(two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_threshold_decides_everywhere),
        IN_SCRATCH(a_threshold_is_saved_with_the_model),
        cmocka_unit_test(what_has_no_threshold_refuses_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
