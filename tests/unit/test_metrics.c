/* Figures of merit against scikit-learn, against their definitions, and at their edges; reports and predictors against
 * evaluation and prediction. Reference values: scikit-learn 1.9.1, by the expressions in the comments. */
#include "unit.h"

#include <string.h>

#include "networks.h"
#include "train/evaluate.h"
#include "train/metrics.h"
#include "train/predictor.h"
#include "train/roc.h"

/* Sums of a dozen doubles, in another order than NumPy's. */
#define ROUNDING 1e-14

static bool same_or_nan(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

/* ---- Classes ---------------------------------------------------------------------------------------------------- */

static const int32_t three_labels[12] = {0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2};
static const double three_chances[12][3] = {{.7, .2, .1}, {.4, .4, .2}, {.2, .5, .3},   {.9, .05, .05},
                                            {.1, .8, .1}, {.3, .3, .4}, {.25, .5, .25}, {.2, .2, .6},
                                            {.1, .1, .8}, {.4, .3, .3}, {.2, .5, .3},   {0, 0, 1}};

/* The report of the dozen examples, added in pieces of `step`. */
static percept_report report_three(size_t step)
{
    Metrics metrics;
    percept_report report = {.struct_size = sizeof report};
    assert_ok(metrics_create(3, 3, true, 12, &metrics, error));
    for (size_t i = 0; i < 12; i += step)
        metrics_add_labels(&metrics, 12 - i < step ? 12 - i : step, three_chances[i], NULL, three_labels + i);
    assert_ok(metrics_report(&metrics, &report, error));
    metrics_clear(&metrics);
    return report;
}

static void figures_of_three_classes_are_those_of_scikit_learn(void **state)
{
    (void)state;
    percept_report report = report_three(12);
    /* confusion_matrix(y, P.argmax(1)) */
    const uint64_t confusion[9] = {3, 1, 0, 0, 2, 1, 1, 1, 3};
    /* precision_recall_fscore_support(y, P.argmax(1)); roc_auc_score(y == k, P[:, k]) */
    const double precision[3] = {0.75, 0.5, 0.75}, recall[3] = {0.75, 0.6666666666666666, 0.6},
                 f1[3] = {0.75, 0.5714285714285714, 0.6666666666666666},
                 auc[3] = {0.859375, 0.8333333333333333, 0.9142857142857143};
    const uint64_t support[3] = {4, 3, 5}, predicted[3] = {4, 4, 4};
    assert_memory_equal(report.metrics->confusion, confusion, sizeof confusion);
    for (size_t k = 0; k < 3; k++) {
        assert_close(report.classes[k].precision, precision[k], ROUNDING);
        assert_close(report.classes[k].recall, recall[k], ROUNDING);
        assert_close(report.classes[k].f1, f1[k], ROUNDING);
        assert_close(report.classes[k].auc, auc[k], ROUNDING);
        assert_int_equal(report.classes[k].support, support[k]);
        assert_int_equal(report.classes[k].predicted, predicted[k]);
    }
    /* … average="macro", average="weighted"; roc_auc_score(y, P, multi_class="ovr", average=…) */
    assert_close(report.macro.precision, 0.6666666666666666, ROUNDING);
    assert_close(report.macro.recall, 0.6722222222222222, ROUNDING);
    assert_close(report.macro.f1, 0.6626984126984127, ROUNDING);
    assert_close(report.macro.auc, 0.8689980158730158, ROUNDING);
    assert_close(report.weighted.precision, 0.6875, ROUNDING);
    assert_close(report.weighted.recall, 0.6666666666666666, ROUNDING);
    assert_close(report.weighted.f1, 0.6706349206349206, ROUNDING);
    assert_close(report.weighted.auc, 0.8757440476190476, ROUNDING);
    assert_int_equal(report.macro.support, 12);
    assert_close(report.metrics->accuracy, 8.0 / 12, ROUNDING);
    /* brier_score_loss(y, P, scale_by_half=False) */
    assert_close(report.brier, 0.39083333333333337, ROUNDING);
    percept_report_clear(&report);
}

/* c = P.max(1); r = P.argmax(1) == y; b = ceil(15 * c) - 1;
 * sum(abs(r[b == m].sum() - c[b == m].sum()) for m in range(15)) / 12, with NumPy */
static void calibration_is_that_of_its_formula(void **state)
{
    (void)state;
    percept_report report = report_three(12);
    uint64_t counts[PERCEPT_CALIBRATION_BINS] = {[5] = 3, [7] = 3, [8] = 1, [10] = 1, [11] = 2, [13] = 1, [14] = 1};
    assert_close(report.calibration_error, 0.15833333333333333, ROUNDING);
    for (size_t m = 0; m < PERCEPT_CALIBRATION_BINS; m++) {
        assert_int_equal(report.calibration[m].count, counts[m]);
        assert_int_equal(isnan(report.calibration[m].confidence), counts[m] == 0);
        assert_int_equal(isnan(report.calibration[m].accuracy), counts[m] == 0);
    }
    assert_close(report.calibration[5].confidence, 0.4, ROUNDING);
    assert_close(report.calibration[5].accuracy, 1.0 / 3, ROUNDING);
    assert_close(report.calibration[7].accuracy, 1.0 / 3, ROUNDING);
    percept_report_clear(&report);
}

static void the_cut_into_blocks_changes_no_bit(void **state)
{
    (void)state;
    percept_report whole = report_three(12);
    for (size_t step = 1; step < 12; step++) {
        percept_report cut = report_three(step);
        assert_memory_equal(cut.metrics->confusion, whole.metrics->confusion, 9 * sizeof(uint64_t));
        assert_memory_equal(cut.classes, whole.classes, 3 * sizeof *whole.classes);
        assert_memory_equal(&cut.macro, &whole.macro, sizeof whole.macro);
        assert_true(cut.brier == whole.brier && cut.calibration_error == whole.calibration_error);
        percept_report_clear(&cut);
    }
    percept_report_clear(&whole);
}

static void one_output_stands_for_two_classes(void **state)
{
    (void)state;
    const double chances[8] = {.1, .4, .35, .8, .4, .4, .9, .6};
    const int32_t labels[8] = {0, 0, 1, 1, 0, 1, 1, 0};
    const uint64_t confusion[4] = {3, 1, 2, 2};
    Metrics metrics;
    percept_report one = {.struct_size = sizeof one}, two = {.struct_size = sizeof two};
    assert_ok(metrics_create(2, 1, true, 8, &metrics, error));
    metrics_add_labels(&metrics, 8, chances, NULL, labels);
    assert_ok(metrics_report(&metrics, &one, error));
    metrics_clear(&metrics);
    assert_memory_equal(one.metrics->confusion, confusion, sizeof confusion);
    assert_close(one.classes[0].auc, 0.6875, 0); /* roc_auc_score(y, p), with ties */
    assert_close(one.classes[1].auc, 0.6875, 0);
    assert_close(one.macro.auc, 0.6875, 0);
    assert_close(one.brier, 0.1903125, ROUNDING);  /* brier_score_loss(y, p) */
    assert_int_equal(one.calibration[8].count, 4); /* 0.6 from either side: of the class predicted */

    /* Two outputs say the same. */
    double pairs[8][2];
    for (size_t i = 0; i < 8; i++) {
        pairs[i][0] = 1 - chances[i];
        pairs[i][1] = chances[i];
    }
    assert_ok(metrics_create(2, 2, true, 8, &metrics, error));
    metrics_add_labels(&metrics, 8, pairs[0], NULL, labels);
    assert_ok(metrics_report(&metrics, &two, error));
    metrics_clear(&metrics);
    assert_memory_equal(one.classes, two.classes, 2 * sizeof *one.classes);
    assert_memory_equal(one.calibration, two.calibration, sizeof one.calibration);
    assert_true(one.brier == two.brier && one.calibration_error == two.calibration_error);
    percept_report_clear(&one);
    percept_report_clear(&two);
}

/* Labels 0, 0, 2, 2 predicted as 0, 1, 0, 0; class 3 does not occur at all. */
static void what_does_not_exist_is_nan_and_counts_as_scikit_learn_counts_it(void **state)
{
    (void)state;
    const double outputs[4][4] = {{9, 0, 0, 0}, {0, 9, 0, 0}, {9, 0, 1, 0}, {9, 0, 1, 0}};
    const int32_t labels[4] = {0, 0, 2, 2};
    Metrics metrics;
    percept_report report = {.struct_size = sizeof report};
    assert_ok(metrics_create(4, 4, false, 4, &metrics, error));
    metrics_add_labels(&metrics, 4, outputs[0], NULL, labels);
    assert_ok(metrics_report(&metrics, &report, error));
    metrics_clear(&metrics);
    assert_true(isnan(report.classes[1].recall) && report.classes[1].precision == 0 && report.classes[1].f1 == 0);
    assert_true(isnan(report.classes[2].precision) && report.classes[2].recall == 0 && report.classes[2].f1 == 0);
    assert_true(isnan(report.classes[3].precision) && isnan(report.classes[3].recall) && isnan(report.classes[3].f1));
    assert_true(isnan(report.classes[1].auc) && isnan(report.classes[3].auc) && report.classes[2].auc == 1);
    /* precision_recall_fscore_support(y, p, average=…, zero_division=0) */
    assert_close(report.macro.precision, 1.0 / 9, ROUNDING);
    assert_close(report.macro.recall, 1.0 / 6, ROUNDING);
    assert_close(report.macro.f1, 2.0 / 15, ROUNDING);
    assert_close(report.weighted.precision, 1.0 / 6, ROUNDING);
    assert_close(report.macro.auc, (0.25 + 1) / 2, ROUNDING);
    assert_true(isnan(report.brier) && isnan(report.calibration_error)); /* the outputs are no probabilities */
    percept_report_clear(&report);
}

/* ---- The area under the ROC curve -------------------------------------------------------------------------------- */

/* From the definition, pair by pair. */
static double area_by_pairs(const double *scores, const int32_t *labels, size_t count)
{
    double wins = 0, pairs = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            if (labels[i] == 1 && labels[j] != 1) {
                pairs++;
                wins += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
            }
    return pairs > 0 ? wins / pairs : NAN;
}

static void the_area_is_the_share_of_pairs_in_order(void **state)
{
    (void)state;
    RandomStream stream;
    double scores[300];
    int32_t labels[300];
    uint64_t scratch[600];
    random_default_rng(&stream, 5);
    for (int round = 0; round < 200; round++) {
        const size_t count = 1 + random_below(&stream, 300);
        const uint64_t levels = 1 + random_below(&stream, 60); /* few levels: many ties */
        for (size_t i = 0; i < count; i++) {
            const double any = random_uniform(&stream, -1e3, 1e3);
            scores[i] = round % 3 == 0   ? any
                        : round % 3 == 1 ? (double)(float)any
                                         : (double)random_below(&stream, levels) - 10;
            labels[i] = (int32_t)random_below(&stream, 3);
        }
        /* Wins and pairs are small multiples of a half: both sides are exact but for the one division. */
        assert_true(same_or_nan(roc_area(scores, labels, count, 1, scratch), area_by_pairs(scores, labels, count)));
    }
}

static void the_area_takes_every_number_and_refuses_none(void **state)
{
    (void)state;
    uint64_t scratch[12];
    const int32_t labels[6] = {1, 0, 1, 0, 1, 0};
    const double zeros[6] = {0.0, -0.0, 0.0, -0.0, -0.0, 0.0};
    assert_true(roc_area(zeros, labels, 6, 1, scratch) == 0.5);
    const double wide[6] = {INFINITY, -INFINITY, 1e300, -1e300, 5e-324, -5e-324};
    assert_true(roc_area(wide, labels, 6, 1, scratch) == 1);
    assert_true(roc_area(wide, labels, 6, 0, scratch) == 0);
    const double broken[6] = {0, 1, 2, NAN, 4, 5};
    assert_true(isnan(roc_area(broken, labels, 6, 1, scratch)));
    assert_true(isnan(roc_area(wide, labels, 6, 7, scratch)));
}

/* ---- Targets ----------------------------------------------------------------------------------------------------- */

static void figures_of_targets_are_those_of_scikit_learn(void **state)
{
    (void)state;
    const double targets[4][2] = {{3, -.5}, {-.5, 1}, {2, 1}, {7, 8}},
                 outputs[4][2] = {{2.5, 0}, {0, 1}, {2, 2}, {8, 7}};
    Metrics metrics;
    percept_report report = {.struct_size = sizeof report};
    assert_ok(metrics_create(0, 2, false, 4, &metrics, error));
    metrics_add_targets(&metrics, 3, outputs[0], targets[0]);
    metrics_add_targets(&metrics, 1, outputs[3], targets[3]);
    assert_ok(metrics_report(&metrics, &report, error));
    metrics_clear(&metrics);
    assert_int_equal(report.target_count, 2);
    assert_int_equal(report.metrics->classes, 0);
    assert_true(isnan(report.metrics->accuracy));
    /* r2_score, mean_absolute_error and sqrt(mean_squared_error), each with multioutput="raw_values" and without */
    assert_close(report.targets[0].r2, 0.9486081370449679, ROUNDING);
    assert_close(report.targets[1].r2, 0.9484978540772532, ROUNDING);
    assert_close(report.overall.r2, 0.9485529955611105, ROUNDING);
    assert_close(report.targets[0].mean_absolute_error, 0.5, ROUNDING);
    assert_close(report.targets[1].mean_absolute_error, 0.625, ROUNDING);
    assert_close(report.overall.mean_absolute_error, 0.5625, ROUNDING);
    assert_close(report.targets[0].root_mean_squared_error, 0.6123724356957945, ROUNDING);
    assert_close(report.targets[1].root_mean_squared_error, 0.75, ROUNDING);
    assert_close(report.overall.root_mean_squared_error, 0.6846531968814576, ROUNDING);
    percept_report_clear(&report);
}

/* A mean of 1e9 with deviations of about 1: a sum of squares would leave nothing of them. */
static void r2_survives_a_large_mean(void **state)
{
    (void)state;
    Metrics metrics;
    percept_report report = {.struct_size = sizeof report};
    assert_ok(metrics_create(0, 1, false, 1000, &metrics, error));
    for (int i = 0; i < 1000; i++)
        metrics_add_targets(&metrics, 1, &(double){1e9 + i % 2}, &(double){1e9 + i % 4});
    assert_ok(metrics_report(&metrics, &report, error));
    /* Errors 0, 0, 2, 2: Σ 4 · 500; targets 0 … 3 about 1.5: Σ 1.25 · 1000. Recurrence: 1000 roundings of 1e9 · 2^-53. */
    assert_close(report.overall.r2, 1 - 2000.0 / 1250, 1e-6);
    percept_report_clear(&report);
    metrics_clear(&metrics);

    assert_ok(metrics_create(0, 1, false, 2, &metrics, error));
    for (int i = 0; i < 2; i++)
        metrics_add_targets(&metrics, 1, &(double){i}, &(double){5});
    assert_ok(metrics_report(&metrics, &report, error));
    assert_true(isnan(report.targets[0].r2) && isnan(report.overall.r2)); /* nothing varies that could be explained */
    percept_report_clear(&report);
    metrics_clear(&metrics);
}

/* ---- Models ------------------------------------------------------------------------------------------------------ */

static percept_model *make_model(const Shape *shape, percept_type precision, size_t classes, RandomStream *stream)
{
    Network network = make_network(shape);
    double *parameters = make_parameters(&network, stream);
    Scaler scaler = {.kind = SCALER_NONE, .width = network_inputs(&network), .divisor = 1};
    char *names[] = {"a", "b", "c"};
    percept_model *model = NULL;
    assert_ok(model_create(&network, precision, &scaler, classes, names, &model, error));
    model_set_parameters(model, parameters);
    memory_free(parameters);
    return model;
}

static const Shape three_classes = {{6, 8, 3}, 3, "tanh", "softmax", "cross-entropy", 0, 0, false};
static const Shape one_output = {{6, 8, 1}, 3, "tanh", "sigmoid", "binary-cross-entropy", 0, 0, false};
static const Shape two_targets = {{6, 8, 2}, 3, "tanh", "identity", "mean-squared-error", 0, 0, false};

/* More examples than two blocks of the engine, and a part of one. */
#define MANY 9000

static void a_report_agrees_with_an_evaluation(void **state)
{
    (void)state;
    const Shape *shapes[2] = {&three_classes, &one_output};
    for (int s = 0; s < 2; s++)
        for (percept_type precision = PERCEPT_FLOAT32; precision <= PERCEPT_FLOAT64; precision++) {
            RandomStream stream;
            random_default_rng(&stream, 8);
            percept_model *model = make_model(shapes[s], precision, s == 0 ? 3 : 2, &stream);
            percept_dataset *data = make_data(&model->network, MANY, &stream);
            percept_metrics metrics = {.struct_size = sizeof metrics};
            percept_report report = {.struct_size = sizeof report};
            assert_ok(percept_model_evaluate(model, data, 2, &metrics, error));
            assert_ok(percept_model_report(model, data, 1, &report, error));
            const size_t cells = metrics.classes * metrics.classes;
            assert_memory_equal(report.metrics->confusion, metrics.confusion, cells * sizeof *metrics.confusion);
            assert_int_equal(report.metrics->count, MANY);
            assert_true(report.metrics->loss == metrics.loss && report.metrics->accuracy == metrics.accuracy);
            assert_true(report.macro.auc > 0.4 && report.macro.auc < 0.6); /* chance: deviation about 0.01 */
            assert_true(report.brier > 0 && report.calibration_error >= 0);
            percept_metrics_clear(&metrics);
            percept_report_clear(&report);
            percept_dataset_free(data);
            percept_model_free(model);
        }
}

/* As of a program that was compiled with a later release, and of one that forgot struct_size. */
static void structs_of_another_size_are_filled_as_far_as_they_are_known(void **state)
{
    (void)state;
    RandomStream stream;
    percept_error failure;
    random_default_rng(&stream, 10);
    percept_model *model = make_model(&three_classes, PERCEPT_FLOAT32, 3, &stream);
    percept_dataset *data = make_data(&model->network, MANY, &stream);
    struct {
        percept_metrics known;
        double later;
    } longer = {{.struct_size = sizeof longer}, 7};
    assert_ok(percept_model_evaluate(model, data, 1, &longer.known, error));
    assert_int_equal(longer.known.struct_size, sizeof longer);
    assert_int_equal(longer.known.count, MANY);
    assert_true(longer.later == 7);
    percept_metrics_clear(&longer.known);
    assert_true(longer.known.confusion == NULL && longer.known.struct_size == sizeof longer && longer.later == 7);

    percept_metrics metrics = {0};
    percept_report report = {.struct_size = offsetof(percept_report, overall)};
    assert_int_equal(percept_model_evaluate(model, data, 1, &metrics, &failure), PERCEPT_ERROR_ARGUMENT);
    assert_string_equal(failure.message, "percept_model_evaluate: struct_size of out is 0; set it to "
                                         "sizeof(percept_metrics) before the call");
    assert_int_equal(percept_model_report(model, data, 1, &report, &failure), PERCEPT_ERROR_ARGUMENT);
    assert_null(report.metrics);
    percept_report_clear(&report); /* which owns nothing */
    percept_metrics_clear(&metrics);
    percept_dataset_free(data);
    percept_model_free(model);
}

static void a_report_on_targets_agrees_with_the_predictions(void **state)
{
    (void)state;
    RandomStream stream;
    random_default_rng(&stream, 9);
    percept_model *model = make_model(&two_targets, PERCEPT_FLOAT64, 0, &stream);
    percept_dataset *data = make_data(&model->network, MANY, &stream);
    double *targets = NULL, *outputs = NULL, squares = 0;
    assert_ok(memory_allocate(MANY * 2, sizeof *targets, "targets", &targets, error));
    assert_ok(memory_allocate(MANY * 2, sizeof *outputs, "outputs", &outputs, error));
    for (size_t i = 0; i < MANY * 2; i++)
        targets[i] = random_uniform(&stream, -1, 1);
    data->storage->targets = targets; /* the storage owns them now */
    data->storage->target_width = 2;
    percept_report report = {.struct_size = sizeof report};
    assert_ok(percept_model_report(model, data, 2, &report, error));
    assert_ok(percept_model_predict(model, data->storage->features, MANY, 1, outputs, error));
    for (size_t i = 0; i < MANY * 2; i++)
        squares += (outputs[i] - targets[i]) * (outputs[i] - targets[i]);
    assert_close(report.overall.root_mean_squared_error, sqrt(squares / (MANY * 2)), 1e-12); /* order of the sum */
    assert_close(report.metrics->loss, squares / (MANY * 2), 1e-12);
    assert_true(report.metrics->confusion == NULL && report.classes == NULL && report.target_count == 2);
    percept_report_clear(&report);
    memory_free(outputs);
    percept_dataset_free(data);
    percept_model_free(model);
}

static void data_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    RandomStream stream;
    random_default_rng(&stream, 10);
    percept_model *model = make_model(&three_classes, PERCEPT_FLOAT32, 3, &stream);
    percept_model *other = make_model(&one_output, PERCEPT_FLOAT32, 2, &stream);
    percept_dataset *data = make_data(&other->network, 5, &stream);
    percept_report report = {.struct_size = sizeof report};
    percept_error refused;
    assert_int_equal(percept_model_report(model, data, 1, &report, &refused), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(refused.message, "3 classes"));
    percept_dataset_free(data);
    percept_model_free(model);
    percept_model_free(other);
}

/* One predictor for many runs of all lengths, and one call for all examples: the same bits. Runs of up to four examples add
 * in another order. */
static void a_predictor_may_run_any_number_of_times(void **state)
{
    (void)state;
    for (percept_type precision = PERCEPT_FLOAT32; precision <= PERCEPT_FLOAT64; precision++) {
        RandomStream stream;
        random_default_rng(&stream, 11);
        percept_model *model = make_model(&three_classes, precision, 3, &stream);
        percept_dataset *data = make_data(&model->network, MANY, &stream);
        const double *features = data->storage->features;
        percept_predictor *predictor = NULL;
        double *whole = NULL, *pieces = NULL;
        assert_ok(memory_allocate(MANY * 3, sizeof *whole, "outputs", &whole, error));
        assert_ok(memory_allocate(MANY * 3, sizeof *pieces, "outputs", &pieces, error));
        assert_ok(percept_model_predict(model, features, MANY, 2, whole, error));
        assert_ok(percept_predictor_create(model, 1, &predictor, error));
        assert_true(percept_predictor_block(predictor) > 0 && percept_predictor_block(predictor) < MANY);
        for (size_t first = 0, step = 0; first < MANY; first += step) {
            step = 5 + first * 7 % 5000; /* 5, then every length, more than a block among them */
            step = step + 5 > MANY - first ? MANY - first : step;
            percept_predictor_run(predictor, features + first * 6, step, pieces + first * 3);
        }
        assert_memory_equal(pieces, whole, MANY * 3 * sizeof *whole);
        for (size_t step = 1; step < 5; step++) {
            percept_predictor_run(predictor, features, step, pieces);
            for (size_t i = 0; i < step * 3; i++)
                assert_close(pieces[i], whole[i], precision == PERCEPT_FLOAT32 ? 1e-6 : 1e-14);
        }
        percept_predictor_free(predictor);
        percept_predictor_free(NULL);
        memory_free(whole);
        memory_free(pieces);
        percept_dataset_free(data);
        percept_model_free(model);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_of_three_classes_are_those_of_scikit_learn),
        cmocka_unit_test(calibration_is_that_of_its_formula),
        cmocka_unit_test(the_cut_into_blocks_changes_no_bit),
        cmocka_unit_test(one_output_stands_for_two_classes),
        cmocka_unit_test(what_does_not_exist_is_nan_and_counts_as_scikit_learn_counts_it),
        cmocka_unit_test(the_area_is_the_share_of_pairs_in_order),
        cmocka_unit_test(the_area_takes_every_number_and_refuses_none),
        cmocka_unit_test(figures_of_targets_are_those_of_scikit_learn),
        cmocka_unit_test(r2_survives_a_large_mean),
        cmocka_unit_test(a_report_agrees_with_an_evaluation),
        cmocka_unit_test(structs_of_another_size_are_filled_as_far_as_they_are_known),
        cmocka_unit_test(a_report_on_targets_agrees_with_the_predictions),
        cmocka_unit_test(data_that_do_not_fit_are_refused),
        cmocka_unit_test(a_predictor_may_run_any_number_of_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
