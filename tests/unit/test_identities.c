/* Identities of calculus that tie the rows of the activation table, and the penalties, to each other. Values are compared
 * at points from the saturated left to the saturated right; 1e-15 is a few roundings of numbers up to 1. */
#include <string.h>

#include "check/functions.h"
#include "engine/engine.h"
#include "engine/kinds.h"
#include "networks.h"
#include "nn/activation.h"

#define POINTS 81

static double points[POINTS];

static int choose_points(void **state)
{
    (void)state;
    const int middle = POINTS / 2;
    for (int i = 0; i < POINTS; i++)
        points[i] = (i - middle) * 0.9375 + (i % 3) * 0.01; /* -37.5 … 37.5, and about 0 */
    return 0;
}

static FunctionRow row_of(const char *name, double x)
{
    FunctionRow row;
    const int index = activation_find(name);
    assert_true(index >= 0);
    assert_ok(check_activation((size_t)index, &x, 1, &row, error));
    return row;
}

static double value(const char *name, double x)
{
    return row_of(name, x).value;
}

static double slope(const char *name, double x)
{
    return row_of(name, x).derivative;
}

/* Differences' own error: h² f'''/6 and the rounding of f over h, both about 1e-10. */
#define DIFFERENCES 1e-9

static void derivatives_are_those_of_differences(void **state)
{
    (void)state;
    for (size_t a = 0; activation_at_f64(a) != NULL; a++) {
        FunctionRow rows[POINTS];
        if (!activation_at_f64(a)->elementwise)
            continue;
        assert_ok(check_activation(a, points, POINTS, rows, error));
        for (size_t i = 0; i < POINTS; i++)
            if (!rows[i].kink)
                assert_close(rows[i].derivative, rows[i].difference, DIFFERENCES);
    }
}

static void kinks_are_seen(void **state)
{
    (void)state;
    const struct {
        const char *name;
        bool kink;
    } at_zero[] = {{"relu", true},     {"leaky-relu", true}, {"elu", false},  {"softplus", false},
                   {"sigmoid", false}, {"selu", true},       {"silu", false}, {"mish", false}};
    for (size_t i = 0; i < sizeof at_zero / sizeof at_zero[0]; i++)
        assert_int_equal(row_of(at_zero[i].name, 0).kink, at_zero[i].kink);
    const FunctionRow row = row_of("relu", 0);
    assert_close(row.derivative, 0, 0); /* of the left side */
    assert_close(row.backward, 0, 0);
    assert_close(row.forward, 1, 0);
    assert_false(row_of("relu", 0.1).kink);
}

/* sigmoid(x) = (1 + tanh(x/2)) / 2 */
static void sigmoid_is_a_tanh(void **state)
{
    (void)state;
    for (int i = 0; i < POINTS; i++)
        assert_close(value("sigmoid", points[i]), (1 + value("tanh", points[i] / 2)) / 2, 1e-15);
}

/* log sigmoid(x) = -softplus(-x); where sigmoid(x) rounds to 1 its logarithm has lost the digits. */
static void log_sigmoid_is_a_softplus(void **state)
{
    (void)state;
    for (int i = 0; i < POINTS; i++)
        if (points[i] < 1)
            assert_close(log(value("sigmoid", points[i])), -value("softplus", -points[i]), 1e-15);
}

/* softplus(x) - softplus(-x) = x */
static void softplus_has_the_identity_between_its_sides(void **state)
{
    (void)state;
    for (int i = 0; i < POINTS; i++)
        assert_close(value("softplus", points[i]) - value("softplus", -points[i]), points[i], 1e-15);
}

static void derivatives_are_the_textbooks(void **state)
{
    (void)state;
    for (int i = 0; i < POINTS; i++) {
        const double x = points[i], sigmoid = value("sigmoid", x), tangent = value("tanh", x);
        assert_close(slope("sigmoid", x), sigmoid * (1 - sigmoid), 1e-15);
        assert_close(slope("sigmoid", x), slope("tanh", x / 2) / 4, 1e-15);
        assert_close(slope("tanh", x), 1 - tangent * tangent, 1e-15);
        assert_close(slope("softplus", x), sigmoid, 1e-15);
    }
}

/* |x| = relu(x) + relu(-x), with the derivative sign(x); x = relu(x) - relu(-x), with the derivative 1 but at the kink. */
static void relu_makes_the_absolute_value(void **state)
{
    (void)state;
    for (int i = 0; i < POINTS; i++) {
        const double x = points[i], sign = (x > 0) - (x < 0);
        assert_close(value("relu", x) + value("relu", -x), fabs(x), 0);
        assert_close(value("relu", x) - value("relu", -x), x, 0);
        assert_close(slope("relu", x) - slope("relu", -x), sign, 0);
        assert_close(slope("relu", x), x > 0, 0);
    }
}

/* The gradient with a penalty less the one without: λ sign(W) of λ‖W‖₁, 2λW of λ‖W‖₂², 0 for biases. */
static void penalties_have_the_gradients_of_norms(void **state)
{
    (void)state;
    const double lambda = 0.125;
    for (int square = 0; square < 2; square++) {
        Shape shape = {.sizes = {5, 4, 3}, .size_count = 3, .hidden = "tanh", .output = "softmax"};
        shape.loss = "cross-entropy";
        RandomStream stream;
        random_default_rng(&stream, 7);
        Network plain = make_network(&shape);
        *(square ? &shape.l2 : &shape.l1) = lambda;
        Network penalized = make_network(&shape);
        double *parameters = make_parameters(&plain, &stream), gradients[2][5 * 4 + 4 + 4 * 3 + 3];
        parameters[plain.layers[1].weights + 1] = 0; /* sign(0) = 0 */
        percept_dataset *data = make_data(&plain, 6, &stream);
        Team *team = NULL;
        assert_ok(team_create(1, &team, error));
        for (int p = 0; p < 2; p++) {
            const EngineConfig config = {.network = p ? &penalized : &plain,
                                         .precision = PERCEPT_FLOAT64,
                                         .batch_capacity = 6,
                                         .training = true,
                                         .team = team};
            const Batch batch = {.data = data, .count = 6};
            Engine *engine = NULL;
            EngineSums sums;
            assert_ok(engine_create(engine_kind_find("reference"), &config, &engine, error));
            engine_gradient(engine, parameters, &batch, gradients[p], NULL, &sums);
            engine_free(engine);
        }
        for (size_t l = 0; l < plain.depth; l++) {
            const Layer *layer = &plain.layers[l];
            for (size_t p = layer->weights; p < layer->biases + layer->outputs; p++) {
                const double w = parameters[p], norm = square ? 2 * lambda * w : lambda * ((w > 0) - (w < 0));
                assert_close(gradients[1][p] - gradients[0][p], p < layer->biases ? norm : 0, 1e-15);
            }
        }
        team_free(team);
        percept_dataset_free(data);
        memory_free(parameters);
        network_clear(&plain);
        network_clear(&penalized);
    }
}

static void softmax_as_it_is_written_fails_where_the_stable_one_does_not(void **state)
{
    (void)state;
    const struct {
        double factor;
        bool finite;
    } cases[] = {{1, true}, {100, true}, {230, true}, {240, false}, {1000, false}, {-240, true}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        const double z[3] = {1 * cases[c].factor, 2 * cases[c].factor, 3 * cases[c].factor};
        double naive[3], stable[3], sum = 0;
        bool finite = true;
        softmax_naive(z, 3, naive);
        softmax_stable(z, 3, stable);
        for (int j = 0; j < 3; j++) {
            finite = finite && isfinite(naive[j]);
            sum += stable[j];
        }
        assert_close(sum, 1, 1e-15);
        for (int j = 0; finite && j < 3; j++)
            assert_close(naive[j], stable[j], 1e-15);
        assert_int_equal(finite, cases[c].finite);
    }
    const double far[2] = {-800, -900};
    double naive[2], stable[2];
    softmax_naive(far, 2, naive);
    softmax_stable(far, 2, stable);
    assert_true(isnan(naive[0]));
    assert_close(stable[0], 1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derivatives_are_those_of_differences),
        cmocka_unit_test(kinks_are_seen),
        cmocka_unit_test(sigmoid_is_a_tanh),
        cmocka_unit_test(log_sigmoid_is_a_softplus),
        cmocka_unit_test(softplus_has_the_identity_between_its_sides),
        cmocka_unit_test(derivatives_are_the_textbooks),
        cmocka_unit_test(relu_makes_the_absolute_value),
        cmocka_unit_test(penalties_have_the_gradients_of_norms),
        cmocka_unit_test(softmax_as_it_is_written_fails_where_the_stable_one_does_not),
    };
    return cmocka_run_group_tests(tests, choose_points, NULL);
}
