/* Arrays are drawn as NumPy draws them, and small networks over them give what NumPy gave: outputs, losses and gradients,
 * each gradient confirmed by differences. */
#include <string.h>

#include "check/functions.h"
#include "nn/loss.h"
#include "study/draws.h"
#include "study/layers.h"
#include "unit.h"

/* A mapping of arrays, as it stands in a study. */
typedef struct Text {
    yaml_document_t document;
    FieldSource source;
    Draws draws;
} Text;

static percept_status read_draws(const char *yaml, Text *out, percept_error *error)
{
    yaml_parser_t parser;
    assert_int_equal(yaml_parser_initialize(&parser), 1);
    yaml_parser_set_input_string(&parser, (const unsigned char *)yaml, strlen(yaml));
    assert_int_equal(yaml_parser_load(&parser, &out->document), 1);
    yaml_parser_delete(&parser);
    out->source = (FieldSource){&out->document, "study.yaml"};
    return draws_read(&out->source, yaml_document_get_root_node(&out->document), 12345, &out->draws, error);
}

static void clear(Text *text)
{
    draws_clear(&text->draws);
    yaml_document_delete(&text->document);
}

static void check_values(const double *values, const double *expected, size_t count, double tolerance)
{
    for (size_t i = 0; i < count; i++)
        assert_close(values[i], expected[i], tolerance);
}

/* ---- Arrays ------------------------------------------------------------------------------------------------------ */

static void arrays_are_drawn_in_their_order_from_one_stream(void **state)
{
    (void)state;
    Text text;
    assert_ok(read_draws("{y: {integers: [0, 2], shape: 5}, p: {uniform: [0, 1], shape: 5},\n"
                         " w: {normal: [0, 1], shape: [1, 5], generator: 12345}, b: {normal: [0, 1]},\n"
                         " v: {values: [1, sqrt(6/35)], shape: [2, 1]}}",
                         &text, error));
    const double y[5] = {1, 0, 1, 0, 0}, p[5] = {0.676255, 0.39111, 0.332814, 0.598309, 0.186734};
    /* default_rng(12345): normal(size=5), then normal() */
    const double w[5] = {-1.4238250364546312, 1.2637284581291104, -0.8706617379590857, -0.2591732349343976,
                         -0.07534330701052097};
    assert_int_equal(text.draws.count, 5);
    check_values(draws_find(&text.draws, "y")->values, y, 5, 0);
    check_values(draws_find(&text.draws, "p")->values, p, 5, 5e-7); /* printed with six decimals */
    check_values(draws_find(&text.draws, "w")->values, w, 5, 1e-16);
    assert_close(draws_find(&text.draws, "b")->values[0], -0.740884652085609, 1e-16);
    const DrawnArray *v = draws_find(&text.draws, "v");
    assert_true(v->rows == 2 && v->columns == 1);
    assert_close(v->values[1], sqrt(6.0 / 35), 0);
    assert_null(draws_find(&text.draws, "z"));
    clear(&text);
}

static void arrays_that_cannot_be_are_refused(void **state)
{
    (void)state;
    const char *const wrong[][2] = {
        {"{x: {uniform: [0, 1], normal: [0, 1]}}", "one of uniform"},
        {"{x: {shape: 3}}", "one of uniform"},
        {"{x: {uniform: [0], shape: 3}}", "two numbers"},
        {"{x: {uniform: [0, one], shape: 3}}", "'one' is unknown"},
        {"{x: {uniform: [0, 1/0], shape: 3}}", "not finite"},
        {"{x: {integers: [0, 1.5], shape: 3}}", "whole numbers"},
        {"{x: {integers: [2, 2], shape: 3}}", "whole numbers"},
        {"{x: {uniform: [0, 1], shape: [1, 2, 3]}}", "shape"},
        {"{x: {uniform: [0, 1], shape: 1e9}}", "shape"},
        {"{x: {uniform: [0, 1], shape: 0}}", "shape"},
        {"{x: {values: [1, 2], shape: 3}}", "3 values"},
        {"{x: {values: 1}, x: {values: 2}}", "drawn twice"},
        {"{x: {values: 1, generator: 0.5}}", "generator"},
        {"{x: {valuse: 1}}", "did you mean"},
        {"[1, 2]", "expected arrays"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        Text text;
        percept_error error = {0};
        assert_int_equal(read_draws(wrong[i][0], &text, &error), PERCEPT_ERROR_FORMAT);
        if (strstr(error.message, wrong[i][1]) == NULL || strncmp(error.message, "study.yaml:1: ", 14) != 0)
            fail_msg("%s: '%s' does not say '%s'", wrong[i][0], error.message, wrong[i][1]);
        clear(&text);
    }
}

/* ---- Networks ---------------------------------------------------------------------------------------------------- */

/* Computes a network of one layer. */
static void compute(const char *yaml, const uint64_t sizes[2], const char *output, const char *loss, bool by_input,
                    Text *text, Layers *layers)
{
    Team *team = NULL;
    const LayersOptions options = {
        .sizes = sizes, .size_count = 2, .output = output, .loss = loss, .by_input = by_input, .engine = "reference"};
    *layers = (Layers){0};
    assert_ok(read_draws(yaml, text, error));
    assert_ok(team_create(1, &team, error));
    assert_ok(layers_compute(&options, &text->draws, team, layers, error));
    assert_int_equal(layers->report.all.counts[CHECK_WRONG], 0);
    team_free(team);
}

static void check_input_gradient(const Layers *layers, const double *expected, size_t count, double tolerance)
{
    for (size_t i = 0; i < count; i++) {
        assert_close(layers_input_gradient(layers)[i].gradient, expected[i], tolerance);
        assert_close(layers_input_gradient(layers)[i].difference, expected[i], 1e-8); /* what differences can */
    }
}

/* The figures are NumPy's, printed with 12 digits. */
#define PRINTED 5e-12

static void one_layer_with_a_sigmoid(void **state)
{
    (void)state;
    const double fresh[5] = {1.17724488321, -1.0448740702, 0.719879233596, 0.214289225768, 0.0622952402094};
    const double gone_on[5] = {1.28247745514, -1.13827416675, 0.784228413883, 0.233444294256, 0.0678637403913};
    const char *const yaml[2] = {"{W1: {normal: [0, 1], shape: [1, 5]}, b1: {normal: [0, 1]},\n"
                                 " x: {uniform: [0, 1], shape: 5}, labels: {values: 1}}",
                                 "{W1: {normal: [0, 1], shape: [1, 5]}, b1: {normal: [0, 1]},\n"
                                 " x: {uniform: [0, 1], shape: 5, generator: 12345}, labels: {values: 1}}"};
    for (int i = 0; i < 2; i++) {
        Text text;
        Layers layers;
        compute(yaml[i], (const uint64_t[2]){5, 1}, "sigmoid", "binary-cross-entropy", false, &text, &layers);
        if (i == 0)
            assert_close(layers.report.loss, 2.3098802440910484, 1e-15);
        check_input_gradient(&layers, i == 0 ? gone_on : fresh, 5, PRINTED);
        layers_clear(&layers);
        clear(&text);
    }
}

static void a_linear_layer(void **state)
{
    (void)state;
    const double y[7] = {0.252426663371,   0.428687755607,    -0.0815176245874, 0.207314483457,
                         -0.0585353988762, -0.00577863961201, 0.0593030388599};
    const double dx[10] = {-0.326296473382, -0.99210533293, 1.65747398828, 0.165887883755, -0.622480585855,
                           -0.326296473382, -0.99210533293, 1.65747398828, 0.165887883755, -0.622480585855};
    Text text;
    Layers layers;
    compute("{x: {uniform: [0, 1], shape: [3, 5]}, W1: {uniform: [-sqrt(6/35), sqrt(6/35)], shape: [5, 7]}}",
            (const uint64_t[2]){5, 7}, "identity", NULL, true, &text, &layers);
    assert_int_equal(layers.examples, 3);
    check_values(layers.outputs, y, 7, PRINTED);
    assert_close(layers.outputs[20], -0.11991857798, PRINTED);
    check_input_gradient(&layers, dx, 10, PRINTED);
    /* dW = xᵀ·1: the same for every output; db = the number of examples */
    const double *x = draws_find(&text.draws, "x")->values;
    for (size_t p = 0; p < 35; p++)
        assert_close(layers.report.entries[p].gradient, x[p % 5] + x[5 + p % 5] + x[10 + p % 5], 1e-14);
    for (size_t p = 35; p < 42; p++)
        assert_close(layers.report.entries[p].gradient, 3, 1e-14);
    layers_clear(&layers);
    clear(&text);
}

static void activations_as_layers(void **state)
{
    (void)state;
    const double sigmoid[5] = {0.194062638806, 0.779667273313, 0.295116626756, 0.435566956213, 0.481173078502};
    const double sigmoid_dx[5] = {0.156402331026, 0.171786216238, 0.208022803368, 0.245848382868, 0.249645547027};
    const double relu[5] = {0, 0, 5.94730914665, 3.52509341502, 0}, relu_dx[5] = {0, 0, 1, 1, 0};
    Text text;
    Layers layers;
    compute("{x: {normal: [0, 1], shape: [3, 5]}}", (const uint64_t[2]){5, 5}, "sigmoid", NULL, false, &text, &layers);
    check_values(layers.outputs, sigmoid, 5, PRINTED);
    check_input_gradient(&layers, sigmoid_dx, 5, PRINTED);
    layers_clear(&layers);
    clear(&text);
    compute("{x: {uniform: [-10, 10], shape: [3, 5]}}", (const uint64_t[2]){5, 5}, "relu", NULL, false, &text, &layers);
    check_values(layers.outputs, relu, 5, PRINTED);
    check_input_gradient(&layers, relu_dx, 5, PRINTED);
    layers_clear(&layers);
    clear(&text);
}

static void networks_that_cannot_be_are_refused(void **state)
{
    (void)state;
    const struct {
        const char *yaml, *loss, *told;
    } cases[] = {
        {"{W1: {values: [1, 2]}}", NULL, "no array x"},
        {"{x: {values: [1, 2, 3]}, W1: {values: [1, 2]}}", NULL, "'x' is 1 x 3, but 1 x 2 is needed"},
        {"{x: {values: [1, 2]}, W1: {values: [1, 2, 3]}}", NULL, "'W1' is 1 x 3"},
        {"{x: {values: [1, 2]}}", NULL, "needs its weights"},
        {"{x: {values: [1, 2]}, W1: {values: [1, 2]}, W2: {values: 1}}", NULL, "'W2' is no array"},
        {"{x: {values: [1, 2]}, W1: {values: [1, 2]}, labels: {values: 1}}", NULL, "nothing to compare"},
        {"{x: {values: [1, 2]}, W1: {values: [1, 2]}}", "mean-squared-error", "either labels or targets"},
        {"{x: {values: [1, 2]}, W1: {values: [1, 2]}, labels: {values: 2}}", "mean-squared-error", "label 0 is 2"},
    };
    const uint64_t sizes[2] = {2, 1};
    Team *team = NULL;
    assert_ok(team_create(1, &team, error));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Text text;
        Layers layers = {0};
        percept_error error = {0};
        LayersOptions options = {.sizes = sizes, .size_count = 2, .output = "identity", .engine = "cpu"};
        options.loss = cases[i].loss;
        assert_int_equal(read_draws(cases[i].yaml, &text, &error), PERCEPT_OK);
        assert_int_equal(layers_compute(&options, &text.draws, team, &layers, &error), PERCEPT_ERROR_ARGUMENT);
        if (strstr(error.message, cases[i].told) == NULL)
            fail_msg("%s: '%s' does not say '%s'", cases[i].yaml, error.message, cases[i].told);
        layers_clear(&layers);
        clear(&text);
    }
    team_free(team);
}

/* ---- Losses ------------------------------------------------------------------------------------------------------ */

static void cross_entropy_of_single_outputs(void **state)
{
    (void)state;
    Text text;
    LossRow rows[5];
    const double loss[5] = {0.391186, 0.496117, 1.100172, 0.912072, 0.206697};
    const double gradient[5] = {-1.478733, 1.642332, -3.004682, 2.489474, 1.22961};
    assert_ok(read_draws("{y: {integers: [0, 2], shape: 5}, p: {uniform: [0, 1], shape: 5}}", &text, error));
    const double *y = draws_find(&text.draws, "y")->values, *p = draws_find(&text.draws, "p")->values;
    assert_ok(check_loss_terms((size_t)loss_find("binary-cross-entropy"), y, p, 5, rows, error));
    for (int i = 0; i < 5; i++) {
        assert_close(rows[i].loss, loss[i], 5e-7); /* printed with six decimals */
        assert_close(rows[i].gradient, gradient[i], 5e-7);
        assert_close(rows[i].loss, -log(y[i] > 0 ? p[i] : 1 - p[i]), 1e-15);
        assert_close(rows[i].gradient, y[i] > 0 ? -1 / p[i] : 1 / (1 - p[i]), 1e-15);
        assert_close(rows[i].difference, rows[i].gradient, 1e-8);
    }
    assert_ok(check_loss_terms((size_t)loss_find("mean-squared-error"), y, p, 5, rows, error));
    for (int i = 0; i < 5; i++) {
        assert_close(rows[i].gradient, 2 * (p[i] - y[i]), 1e-15);
        assert_close(rows[i].difference, rows[i].gradient, 1e-8);
    }
    percept_error told;
    const double one = 1;
    assert_int_equal(check_loss_terms((size_t)loss_find("cross-entropy"), y, p, 5, rows, &told),
                     PERCEPT_ERROR_ARGUMENT);
    assert_int_equal(check_loss_terms((size_t)loss_find("binary-cross-entropy"), y, &one, 1, rows, &told),
                     PERCEPT_ERROR_ARGUMENT);
    clear(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_are_drawn_in_their_order_from_one_stream),
        cmocka_unit_test(arrays_that_cannot_be_are_refused),
        cmocka_unit_test(one_layer_with_a_sigmoid),
        cmocka_unit_test(a_linear_layer),
        cmocka_unit_test(activations_as_layers),
        cmocka_unit_test(networks_that_cannot_be_are_refused),
        cmocka_unit_test(cross_entropy_of_single_outputs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
