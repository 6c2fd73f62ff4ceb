/* Activations, losses, initial weights and the layout of a network. */
#include "unit.h"

#include <complex.h>
#include <string.h>

#include "nn/activation.h"
#include "nn/initialize.h"
#include "nn/loss.h"
#include "nn/network.h"

static const double points[] = {-800, -30, -3.5, -1, -1e-9, 1e-9, 0.25, 1, 2.75, 30, 800};
enum { POINTS = sizeof points / sizeof points[0] };

/* f(z) of an elementwise activation */
static double value(const char *name, double z)
{
    double a = 0;
    activation_at_f64((size_t)activation_find(name))->forward(1, 1, &z, &a);
    return a;
}

/* f'(z) */
static double derivative(const char *name, double z)
{
    const double a = value(name, z), one = 1;
    double d = 0;
    activation_at_f64((size_t)activation_find(name))->backward(1, 1, &z, &a, &one, &d);
    return d;
}

static void activations_obey_their_identities(void **state)
{
    (void)state;
    for (int i = 0; i < POINTS; i++) {
        const double z = points[i];
        assert_close(value("sigmoid", z), (1 + tanh(z / 2)) / 2, 1e-15);
        assert_close(value("sigmoid", z) + value("sigmoid", -z), 1, 1e-15);
        assert_close(derivative("sigmoid", z), value("sigmoid", z) * value("sigmoid", -z), 1e-15);
        assert_close(derivative("tanh", z), 1 - tanh(z) * tanh(z), 1e-15);
        assert_true(value("relu", z) == (z > 0 ? z : 0));
        assert_true(derivative("relu", z) == (z > 0 ? 1 : 0));
        assert_true(value("identity", z) == z && derivative("identity", z) == 1);
        assert_true(value("leaky-relu", z) == value("relu", z) - 0.01 * value("relu", -z));
        assert_close(value("elu", z), z > 0 ? z : exp(z) - 1, 1e-15);
        assert_close(value("softplus", z) - value("softplus", -z), z, 1e-15);
        assert_close(derivative("softplus", z), value("sigmoid", z), 1e-15);
        assert_close(value("gelu", z) - value("gelu", -z), z, 1e-15);
        assert_close(derivative("gelu", z) + derivative("gelu", -z), 1, 1e-15);
        assert_close(value("selu", z), 1.0507009873554805 * (z > 0 ? z : 1.6732632423543773 * (exp(z) - 1)), 1e-15);
        assert_close(value("silu", z) - value("silu", -z), z, 1e-15);
        assert_close(derivative("silu", z) + derivative("silu", -z), 1, 1e-15);
        assert_close(value("mish", z), z * tanh(value("softplus", z)), 1e-15);
    }
    assert_true(derivative("relu", 0) == 0);
    assert_true(derivative("leaky-relu", 0) == 0.01); /* as PyTorch's */
    assert_true(derivative("elu", 0) == 1);
    assert_close(derivative("selu", 0), 1.0507009873554805 * 1.6732632423543773, 1e-15);
}

/* Values of SciPy 1.17: expm1(z), logaddexp(0, z), z * special.ndtr(z), and Phi(z) + z phi(z) through ndtr; relative, so
 * that the tails count, and within a few units in the last place of other libraries' functions. */
static void activations_equal_published_definitions(void **state)
{
    (void)state;
    static const struct {
        double z, elu, softplus, gelu, gelu_derivative;
    } expected[] = {
        {-30, -0.9999999999999064, 9.357622968839737e-14, -1.4720141781443724e-196, -4.416031690708495e-195},
        {-3.5, -0.9698026165776815, 0.029750418272620566, -0.0008142017766243376, -0.0028217603536246356},
        {-1, -0.6321205588285577, 0.31326168751822286, -0.15865525393145707, -0.08331547058768629},
        {-1e-9, -9.999999995e-10, 0.6931471800599454, -4.999999996010577e-10, 0.49999999920211546},
        {0.25, 0.25, 0.8259394198788436, 0.14967658142073093, 0.695373354883636},
        {1, 1, 1.3132616875182228, 0.8413447460685429, 1.0833154705876864},
        {2.75, 2.75, 2.8119675890031988, 2.7418056511035998, 1.0220275336443208},
    };
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        const double z = expected[i].z, tail = (8 + z * z) * 0x1p-52;
        assert_close(value("elu", z) / expected[i].elu, 1, 1e-15);
        assert_close(value("softplus", z) / expected[i].softplus, 1, 1e-15);
        assert_close(value("gelu", z) / expected[i].gelu, 1, tail);
        assert_close(derivative("gelu", z) / expected[i].gelu_derivative, 1, tail);
    }
}

/* E[f(z)²] gain² = 1 for z ~ N(0, 1), by the midpoint rule; the kinks of the two ReLUs, on the grid, cost nothing. */
static void gains_keep_the_second_moment(void **state)
{
    (void)state;
    static const char *const names[] = {"relu", "leaky-relu", "elu", "softplus", "gelu", "selu", "silu", "mish"};
    enum { STEPS = 4000 };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const double width = 24.0 / STEPS, gain = activation_at_f64((size_t)activation_find(names[i]))->gain;
        double moment = 0;
        for (int s = 0; s < STEPS; s++) {
            const double z = -12 + (s + 0.5) * width, a = value(names[i], z);
            moment += a * a * exp(-z * z / 2) * width / sqrt(8 * atan(1));
        }
        assert_close(moment * gain * gain, 1, 1e-5);
    }
}

/* The complex step has no cancellation: Im f(z + ih)/h is f'(z) to the last digits. */
static void derivatives_equal_the_complex_step(void **state)
{
    (void)state;
    const double h = 1e-30;
    for (size_t index = 0; activation_at_f64(index) != NULL; index++) {
        const char *name = activation_at_f64(index)->name;
        if (strcmp(name, "softmax") == 0)
            continue;
        for (int i = 0; i < POINTS; i++) {
            const double complex z = points[i] + I * h;
            double complex a = 0;
            activation_at_c128(index)->forward(1, 1, &z, &a);
            assert_close(cimag(a) / h, derivative(name, points[i]), 1e-14);
        }
    }
}

static void softmax_is_stable_and_its_backward_is_the_jacobian(void **state)
{
    (void)state;
    enum { WIDTH = 5 };
    const size_t index = (size_t)activation_find("softmax");
    const double Z[WIDTH] = {1000, 999, -1000, 998.5, 0}, dA[WIDTH] = {0.3, -2, 5, 0.7, 1};
    double A[WIDTH], dZ[WIDTH], sum = 0;
    activation_at_f64(index)->forward(1, WIDTH, Z, A);
    activation_at_f64(index)->backward(1, WIDTH, Z, A, dA, dZ);
    for (int j = 0; j < WIDTH; j++) {
        sum += A[j];
        double complex shifted[WIDTH], output[WIDTH], total = 0;
        for (int k = 0; k < WIDTH; k++)
            shifted[k] = Z[k] + (k == j ? I * 1e-30 : 0);
        activation_at_c128(index)->forward(1, WIDTH, shifted, output);
        for (int k = 0; k < WIDTH; k++)
            total += dA[k] * output[k];
        assert_close(cimag(total) / 1e-30, dZ[j], 1e-14);
    }
    assert_close(sum, 1, 1e-15);
}

/* dL/dZ (or dL/dA) of every loss, for a label, a smoothed label and for targets, against the complex step. */
static void loss_gradients_equal_the_complex_step(void **state)
{
    (void)state;
    enum { WIDTH = 4 };
    const double logits[WIDTH] = {0.3, -1.2, 2.5, -40}, targets[WIDTH] = {0.1, 0.7, 0.2, 0};
    const int32_t label = 2;
    for (size_t index = 0; loss_at_f64(index) != NULL; index++)
        for (int kind = 0; kind < 3; kind++) {
            const bool with_targets = kind == 2;
            const double smoothing = kind == 1 ? 0.2 : 0;
            const Loss_f64 *loss = loss_at_f64(index);
            const size_t output = (size_t)activation_find(loss->output != NULL ? loss->output : "identity");
            const Answers_f64 answers = {.labels = with_targets ? NULL : &label,
                                         .targets = with_targets ? targets : NULL,
                                         .smoothing = smoothing};
            double A[WIDTH], delta[WIDTH];
            activation_at_f64(output)->forward(1, WIDTH, logits, A);
            loss->backward(1, WIDTH, logits, A, answers, delta);
            for (int j = 0; j < WIDTH; j++) {
                double complex Z[WIDTH], outputs[WIDTH], complex_targets[WIDTH], value = 0;
                for (int k = 0; k < WIDTH; k++) {
                    Z[k] = logits[k] + (k == j ? I * 1e-30 : 0);
                    complex_targets[k] = targets[k];
                }
                const Answers_c128 complex_answers = {
                    .labels = answers.labels, .targets = with_targets ? complex_targets : NULL, .smoothing = smoothing};
                activation_at_c128(output)->forward(1, WIDTH, Z, outputs);
                loss_at_c128(index)->forward(1, WIDTH, Z, outputs, complex_answers, &value);
                assert_close(cimag(value) / 1e-30, delta[j], 1e-13);
            }
        }
}

static double smoothed_loss(const char *name, size_t width, const double *Z, int32_t label, double smoothing)
{
    const Loss_f64 *loss = loss_at_f64((size_t)loss_find(name));
    double A[8], result = 0;
    activation_at_f64((size_t)activation_find(loss->output))->forward(1, width, Z, A);
    loss->forward(1, width, Z, A, (Answers_f64){.labels = &label, .smoothing = smoothing}, &result);
    return result;
}

static double loss_of(const char *name, size_t width, const double *Z, int32_t label)
{
    return smoothed_loss(name, width, Z, label, 0);
}

static void entropies_equal_their_definition_and_survive_large_logits(void **state)
{
    (void)state;
    const double z = 0.7, a = 1 / (1 + exp(-z)), large = 5000, small = -5000;
    assert_close(loss_of("binary-cross-entropy", 1, &z, 1), -log(a), 1e-15);
    assert_close(loss_of("binary-cross-entropy", 1, &z, 0), -log(1 - a), 1e-15);
    assert_close(loss_of("binary-cross-entropy", 1, &large, 0), 5000, 1e-15);
    assert_true(loss_of("binary-cross-entropy", 1, &small, 0) == 0);
    const double Z[3] = {0.1, 0.2, -0.4}, far[3] = {5000, 0, -5000};
    assert_close(loss_of("cross-entropy", 3, Z, 2), -log(exp(-0.4) / (exp(0.1) + exp(0.2) + exp(-0.4))), 1e-15);
    assert_close(loss_of("cross-entropy", 3, far, 2), 10000, 1e-15);
}

/* By NumPy and SciPy: t = (1 - s) onehot + s/k, -sum(t * log_softmax(z)); with one output t = (1 - s) label + s/2,
 * -t log_expit(z) - (1 - t) log_expit(-z). PyTorch's CrossEntropyLoss(label_smoothing=s) says the same. */
static void smoothed_entropies_equal_their_definition(void **state)
{
    (void)state;
    const double Z[3] = {0.1, 0.2, -0.4}, z = 0.7;
    assert_close(smoothed_loss("cross-entropy", 3, Z, 2, 0.1), 1.460909659668205, 1e-15);
    assert_close(smoothed_loss("binary-cross-entropy", 1, &z, 1, 0.1), 0.4381860488854578, 1e-15);
    assert_close(smoothed_loss("binary-cross-entropy", 1, &z, 0, 0.1), 1.068186048885458, 1e-15);
}

/* By NumPy and SciPy: abs(a - t).mean(), special.huber(1, a - t).mean(). */
static void losses_of_targets_equal_their_definition(void **state)
{
    (void)state;
    const double A[4] = {0.3, -1.2, 2.5, -40}, targets[4] = {0.1, 0.7, 0.2, 0};
    const Answers_f64 answers = {.targets = targets};
    double loss = 0;
    loss_at_f64((size_t)loss_find("mean-absolute-error"))->forward(1, 4, A, A, answers, &loss);
    assert_close(loss, 11.1, 1e-15);
    loss_at_f64((size_t)loss_find("huber"))->forward(1, 4, A, A, answers, &loss);
    assert_close(loss, 10.68, 1e-15);
}

static void the_first_of_equal_outputs_wins_and_one_half_is_class_one(void **state)
{
    (void)state;
    const double tie[3] = {0.2, 0.4, 0.4}, half = 0.5, below = 0.4999;
    assert_int_equal(output_class_f64(3, tie), 1);
    assert_int_equal(output_class_f64(1, &half), 1);
    assert_int_equal(output_class_f64(1, &below), 0);
}

static percept_status create(Network *network, const uint64_t *sizes, size_t count, const char *output,
                             const char *loss, percept_error *error)
{
    const char *const hidden[] = {"relu"};
    const NetworkOptions options = {.sizes = sizes,
                                    .size_count = count,
                                    .hidden_activations = hidden,
                                    .hidden_activation_count = 1,
                                    .output_activation = output,
                                    .loss = loss};
    return network_create(&options, network, error);
}

static void parameters_lie_without_gaps(void **state)
{
    (void)state;
    const uint64_t sizes[] = {784, 512, 768, 10};
    Network network;
    assert_ok(create(&network, sizes, 4, "softmax", "cross-entropy", error));
    assert_int_equal(network.parameter_count, 803594);
    size_t at = 0;
    for (size_t l = 0; l < network.depth; l++) {
        assert_int_equal(network.layers[l].weights, at);
        at += network.layers[l].inputs * network.layers[l].outputs;
        assert_int_equal(network.layers[l].biases, at);
        at += network.layers[l].outputs;
    }
    assert_int_equal(at, network.parameter_count);
    assert_int_equal(network_widest(&network), 768);
    network_clear(&network);
}

static void impossible_networks_are_refused_with_a_reason(void **state)
{
    (void)state;
    const uint64_t zero[] = {4, 0, 2}, huge[] = {UINT64_C(1) << 40, UINT64_C(1) << 40}, fine[] = {4, 2};
    Network network;
    percept_error error;
    assert_int_equal(create(&network, zero, 3, "softmax", "cross-entropy", &error), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "layer size 1 is 0"));
    assert_int_equal(create(&network, huge, 2, "softmax", "cross-entropy", &error), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "addressed"));
    assert_int_equal(create(&network, fine, 1, "softmax", "cross-entropy", &error), PERCEPT_ERROR_ARGUMENT);
    assert_int_equal(create(&network, fine, 2, "sigmoid", "cross-entropy", &error), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "needs the output activation softmax"));
    assert_int_equal(create(&network, fine, 2, "softmax", "hinge", &error), PERCEPT_ERROR_ARGUMENT);
    assert_int_equal(create(&network, fine, 2, "soft", "cross-entropy", &error), PERCEPT_ERROR_ARGUMENT);
}

/* Bounds are exact; a mean of n draws lies within 5 deviations of its expectation: σ/√n. */
static void initial_weights_have_the_spread_their_formula_says(void **state)
{
    (void)state;
    enum { IN = 300, OUT = 200, COUNT = IN * OUT };
    const uint64_t sizes[] = {IN, OUT, 2};
    static double parameters[COUNT + OUT + OUT * 2 + 2];
    const struct {
        const char *name;
        double deviation, bound;
    } expected[] = {
        {"zeros", 0, 0},
        {"normal", 0.5, INFINITY},
        {"uniform", 0.5 / sqrt(3), 0.5},
        {"glorot", sqrt(6.0 / (IN + OUT)) / sqrt(3), sqrt(6.0 / (IN + OUT))},
        {"he", sqrt(2.0 / IN), INFINITY},
        {"fan-in", 1 / sqrt(IN) / sqrt(3), 1 / sqrt(IN)},
        {"fan-out", 1 / sqrt(OUT) / sqrt(3), 1 / sqrt(OUT)},
        {"product", sqrt(6.0 / COUNT) / sqrt(3), sqrt(6.0 / COUNT)},
    };
    Network network;
    assert_ok(create(&network, sizes, 3, "softmax", "cross-entropy", error));
    for (size_t e = 0; e < sizeof expected / sizeof expected[0]; e++) {
        RandomStream stream;
        random_default_rng(&stream, 7);
        assert_ok(network_initialize(&network, &expected[e].name, 1, 0.5, false, &stream, parameters, error));
        double sum = 0, squares = 0, largest = 0;
        for (int i = 0; i < COUNT; i++) {
            sum += parameters[i];
            squares += parameters[i] * parameters[i];
            largest = fmax(largest, fabs(parameters[i]));
        }
        const double deviation = expected[e].deviation;
        assert_true(fabs(sum / COUNT) <= 5 * deviation / sqrt(COUNT));
        assert_close(sqrt(squares / COUNT) / (deviation > 0 ? deviation : 1), deviation > 0 ? 1 : 0, 0.02);
        assert_true(largest <= expected[e].bound);
        for (size_t i = network.layers[0].biases; i < network.layers[1].weights; i++)
            assert_true(parameters[i] == 0);
    }
    network_clear(&network);
}

/* The same stream drawn as (inputs × outputs) is the transpose. */
static void weights_can_be_drawn_by_input(void **state)
{
    (void)state;
    enum { IN = 3, OUT = 2 };
    const uint64_t sizes[] = {IN, OUT};
    const char *const name = "uniform";
    double by_input[IN * OUT + OUT];
    Network network;
    RandomStream stream, again;
    assert_ok(create(&network, sizes, 2, "softmax", "cross-entropy", error));
    random_default_rng(&stream, 12345);
    again = stream;
    assert_ok(network_initialize(&network, &name, 1, 10, true, &stream, by_input, error));
    for (int i = 0; i < IN; i++)
        for (int o = 0; o < OUT; o++)
            assert_true(by_input[o * IN + i] == random_uniform(&again, -10, 10));
    network_clear(&network);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(activations_obey_their_identities),
        cmocka_unit_test(activations_equal_published_definitions),
        cmocka_unit_test(gains_keep_the_second_moment),
        cmocka_unit_test(derivatives_equal_the_complex_step),
        cmocka_unit_test(softmax_is_stable_and_its_backward_is_the_jacobian),
        cmocka_unit_test(loss_gradients_equal_the_complex_step),
        cmocka_unit_test(entropies_equal_their_definition_and_survive_large_logits),
        cmocka_unit_test(smoothed_entropies_equal_their_definition),
        cmocka_unit_test(losses_of_targets_equal_their_definition),
        cmocka_unit_test(the_first_of_equal_outputs_wins_and_one_half_is_class_one),
        cmocka_unit_test(parameters_lie_without_gaps),
        cmocka_unit_test(impossible_networks_are_refused_with_a_reason),
        cmocka_unit_test(initial_weights_have_the_spread_their_formula_says),
        cmocka_unit_test(weights_can_be_drawn_by_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
