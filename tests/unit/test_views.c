/* Mean predictions for pictures and deformed copies of them. */
#include "unit.h"

#include <string.h>

#include "base/memory.h"
#include "networks.h"
#include "train/views.h"
#include "trainings.h"

enum { SIDE = 3, PIXELS = SIDE * SIDE, EXAMPLES = 40, CLASSES = 3 };

static const PictureShape square = {SIDE, SIDE, 1};

static void mirror(const double *picture, double *out)
{
    for (size_t k = 0; k < PIXELS; k++)
        out[k] = picture[k / SIDE * SIDE + SIDE - 1 - k % SIDE];
}

/* The report of the views, and the mean prediction of the pictures and twice their mirror images, by hand. */
static void check_mirrored(const Shape *shape)
{
    RandomStream stream;
    percept_report report = {.struct_size = sizeof report};
    percept_predictor *predictor = NULL;
    random_default_rng(&stream, 4);
    percept_model *model = make_model(shape, &stream);
    percept_dataset *data = make_data(&model->network, EXAMPLES, &stream);
    Views views = {
        .options = {.flip = 1, .mixup = 3, .erase = 1, .erase_area = 1, .noise = 5}, .picture = square, .copies = 2};
    random_default_rng(&views.stream, 1);
    const size_t width = network_outputs(&model->network);
    double loss = 0, correct = 0;
    assert_ok(percept_predictor_create(model, 1, &predictor, error));
    for (size_t i = 0; i < EXAMPLES; i++) {
        double picture[PIXELS], mirrored[PIXELS], p[CLASSES], q[CLASSES], mean[CLASSES] = {0};
        percept_dataset_features(data, i, picture);
        mirror(picture, mirrored);
        percept_predictor_run(predictor, picture, 1, p);
        percept_predictor_run(predictor, mirrored, 1, q);
        for (size_t j = 0; j < width; j++)
            mean[j] = (p[j] + 2 * q[j]) / 3;
        const int32_t label = data->labels[i];
        size_t largest = 0;
        for (size_t j = 0; j < width; j++)
            largest = mean[j] > mean[largest] ? j : largest;
        loss -= log(width > 1 ? mean[label] : label == 1 ? mean[0] : 1 - mean[0]) / EXAMPLES;
        correct += width > 1 ? (int32_t)largest == label : (mean[0] >= 0.5) == (label == 1);
    }
    for (size_t threads = 1; threads <= 3; threads += 2) {
        assert_ok(views_report(model, data, &views, threads, &report, error));
        assert_close(report.metrics->loss, loss, 1e-13);
        assert_close(report.metrics->accuracy, correct / EXAMPLES, 1e-15);
        percept_report_clear(&report);
        report = (percept_report){.struct_size = sizeof report};
    }
    percept_predictor_free(predictor);
    percept_dataset_free(data);
    percept_model_free(model);
}

static void probabilities_are_averaged(void **state)
{
    (void)state;
    check_mirrored(&(Shape){{PIXELS, 8, CLASSES}, 3, "tanh", "softmax", "cross-entropy", 0, 0, false});
    check_mirrored(&(Shape){{PIXELS, 8, 1}, 3, "tanh", "sigmoid", "binary-cross-entropy", 0, 0, false});
}

static void only_what_deforms_counts(void **state)
{
    (void)state;
    assert_false(views_deform(&(AugmentOptions){.mixup = 1, .noise = 1, .erase = 1}));
    assert_true(views_deform(&(AugmentOptions){.shift = 1}));
    assert_true(views_deform(&(AugmentOptions){.elastic = 1}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(probabilities_are_averaged),
        cmocka_unit_test(only_what_deforms_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
