/* Log odds distinguish probabilities that round to 0 or 1, and 1 - p is exact. */
#include "unit.h"

#include "data/dataset.h"
#include "model/model.h"
#include "networks.h"
#include "train/log_odds.h"

/* A model x → activation(x · w + b) on one feature. */
static percept_model *make_model(const char *output, const char *loss, size_t outputs, const double *parameters)
{
    const Shape shape = {{1, outputs}, 2, "relu", output, loss, 0, 0, false};
    Network network = make_network(&shape);
    Scaler scaler = {.kind = SCALER_NONE, .width = 1, .divisor = 1};
    char *names[] = {"no", "yes", "perhaps"};
    percept_model *model = NULL;
    assert_ok(model_create(&network, PERCEPT_FLOAT32, &scaler, outputs == 1 ? 2 : outputs, names, &model, error));
    model_set_parameters(model, parameters);
    return model;
}

static percept_dataset *make_examples(const double *x, const int32_t *labels, size_t count, size_t classes)
{
    percept_dataset *data = NULL;
    assert_ok(percept_dataset_create(PERCEPT_FLOAT64, count, 1, x, labels, classes, NULL, &data, error));
    return data;
}

/* Every logit above 17 gives the probability 1 in float32; the order of the logits is right all the same. */
static void the_area_under_the_curve_follows_the_logits(void **state)
{
    (void)state;
    static const double x[] = {20, 25, 18, -3, 17.5, 30};
    static const int32_t labels[] = {1, 1, 0, 0, 0, 1};
    static const double sigmoid[] = {1, 0}, softmax[] = {0, 1, 0, 0}, shifted[] = {-40, -39, -41, 3, 3, 2};
    for (size_t i = 0; i < 3; i++) {
        percept_model *model = i == 0   ? make_model("sigmoid", "binary-cross-entropy", 1, sigmoid)
                               : i == 1 ? make_model("softmax", "cross-entropy", 2, softmax)
                                        : make_model("softmax", "cross-entropy", 3, shifted);
        percept_dataset *data = make_examples(x, labels, 6, i < 2 ? 2 : 3);
        percept_report report = {.struct_size = sizeof report};
        assert_ok(percept_model_report(model, data, 1, &report, error));
        assert_true(report.classes[1].auc == 1);
        assert_true(report.classes[0].auc == 1);
        percept_report_clear(&report);
        percept_dataset_free(data);
        percept_model_free(model);
    }
}

/* 1 / (1 + e^z) to float32's digits of z, where 1 - p has none or few. */
static void the_probability_of_the_contrary_keeps_its_digits(void **state)
{
    (void)state;
    static const double parameters[] = {1, 0}, x[] = {20, 16.4, 0, -20, -100, 3};
    percept_model *model = make_model("sigmoid", "binary-cross-entropy", 1, parameters);
    percept_predictor *predictor = NULL;
    double both[6][2], outputs[6];
    assert_ok(percept_predictor_create(model, 1, &predictor, error));
    percept_predictor_probabilities(predictor, x, 6, both[0]);
    percept_predictor_run(predictor, x, 6, outputs);
    for (size_t i = 0; i < 6; i++) {
        assert_true(both[i][1] == outputs[i]);
        const double z = (double)(float)x[i], expected = 1 / (1 + exp(z));
        assert_true(fabs(both[i][0] - expected) <= 1e-14 * expected);
    }
    percept_predictor_free(predictor);
    percept_model_free(model);
}

/* Confidence and Brier score, of predictions that are wrong with a probability near 1, and right. */
static void calibration_takes_the_exact_contrary(void **state)
{
    (void)state;
    static const double parameters[] = {1, 0}, x[] = {-20, -20};
    static const int32_t labels[] = {0, 0};
    percept_model *model = make_model("sigmoid", "binary-cross-entropy", 1, parameters);
    percept_dataset *data = make_examples(x, labels, 2, 2);
    percept_report report = {.struct_size = sizeof report};
    assert_ok(percept_model_report(model, data, 1, &report, error));
    assert_close(report.brier / 4.248354229e-18, 1, 1e-6); /* (1 / (1 + e^20))² */
    assert_close(report.calibration_error / 2.061153618e-9, 1, 1e-6);
    percept_report_clear(&report);
    percept_dataset_free(data);
    percept_model_free(model);
}

static void log_odds_are_those_of_the_probabilities(void **state)
{
    (void)state;
    const Shape shape = {{1, 4}, 2, "relu", "softmax", "cross-entropy", 0, 0, false};
    Network network = make_network(&shape);
    double logits[] = {0.3, -1.2, 2.5, 0.1, 1000, 0, 10, -5}, p[4], sum = 0;
    for (size_t k = 0; k < 4; k++)
        sum += exp(logits[k]);
    for (size_t k = 0; k < 4; k++)
        p[k] = exp(logits[k]) / sum;
    log_odds_of_logits(&network, 2, logits);
    for (size_t k = 0; k < 4; k++)
        assert_close(logits[k], log(p[k] / (1 - p[k])), 1e-14);
    assert_close(logits[4], 990 - log(1 + exp(-10) + exp(-15)), 1e-14);
    assert_close(logits[5], -1000, 1e-14);
    assert_true(isnan(odds_probability(NAN)));
    assert_true(odds_probability(0) == 0.5);
    network_clear(&network);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_area_under_the_curve_follows_the_logits),
        cmocka_unit_test(the_probability_of_the_contrary_keeps_its_digits),
        cmocka_unit_test(calibration_takes_the_exact_contrary),
        cmocka_unit_test(log_odds_are_those_of_the_probabilities),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
