/* Masks of dropout: which units they keep, and that it depends on the place alone. */
#include "unit.h"

#include <string.h>

#include "networks.h"
#include "nn/dropout.h"

enum { EXAMPLES = 70, FIRST = 40, SECOND = 33, THIRD = 5 };

static const double rates[] = {0.25, 0, 0.6};

/* Hidden layers of FIRST, SECOND and THIRD units; the second has no dropout and takes no draws. */
static Network make_dropping(void)
{
    const uint64_t sizes[] = {2, FIRST, SECOND, THIRD, 3};
    const char *const hidden = "relu";
    Network network = {0};
    const NetworkOptions options = {.sizes = sizes,
                                    .size_count = 5,
                                    .hidden_activations = &hidden,
                                    .hidden_activation_count = 1,
                                    .output_activation = "softmax",
                                    .loss = "cross-entropy",
                                    .dropout = rates,
                                    .dropout_count = 3};
    assert_ok(network_create(&options, &network, error));
    return network;
}

/* In NumPy: u = default_rng(seed).random((examples, units of all layers with dropout)); kept where u >= p. */
static void masks_are_the_draws_of_one_table(void **state)
{
    (void)state;
    const size_t widths[] = {FIRST, SECOND, THIRD};
    Network network = make_dropping();
    RandomStream stream, draws;
    random_default_rng(&stream, 3);
    draws = stream;
    float mask[3][EXAMPLES * FIRST];
    for (size_t l = 0; l < 3; l += 2)
        dropout_mask_f32(&network, l, &stream, 1, 0, EXAMPLES, 0, widths[l], mask[l], widths[l]);
    for (size_t i = 0; i < EXAMPLES; i++)
        for (size_t l = 0; l < 3; l += 2)
            for (size_t j = 0; j < widths[l]; j++) {
                const float kept = (float)(1 / (1 - rates[l]));
                assert_true(mask[l][i * widths[l] + j] == (random_unit(&draws) >= rates[l] ? kept : 0));
            }
    /* All draws have been used: there the next step's begin. */
    random_advance(&stream, dropout_draws(&network, EXAMPLES));
    assert_memory_equal(&stream, &draws, sizeof stream);
    network_clear(&network);
}

static void a_piece_of_a_mask_is_that_piece_of_the_whole(void **state)
{
    (void)state;
    enum { STRIDE = 50 };
    Network network = make_dropping();
    RandomStream stream;
    random_default_rng(&stream, 4);
    double whole[EXAMPLES * FIRST], piece[EXAMPLES * STRIDE];
    dropout_mask_f64(&network, 0, &stream, 1, 0, EXAMPLES, 0, FIRST, whole, FIRST);
    for (size_t first = 0; first < EXAMPLES; first += 13)
        for (size_t unit = 0; unit < FIRST; unit += 7) {
            dropout_mask_f64(&network, 0, &stream, 1, first, EXAMPLES - first, unit, FIRST - unit, piece, STRIDE);
            for (size_t i = first; i < EXAMPLES; i++)
                for (size_t j = unit; j < FIRST; j++)
                    assert_true(piece[(i - first) * STRIDE + (j - unit)] == whole[i * FIRST + j]);
        }
    network_clear(&network);
}

/* Half of each probability is the mask of a network with half the dropout; with 0 all are kept as they are. */
static void a_factor_changes_the_probability_alone(void **state)
{
    (void)state;
    Network network = make_dropping();
    RandomStream stream;
    random_default_rng(&stream, 6);
    double masks[2][EXAMPLES * FIRST];
    dropout_mask_f64(&network, 0, &stream, 0, 0, EXAMPLES, 0, FIRST, masks[0], FIRST);
    for (size_t i = 0; i < EXAMPLES * FIRST; i++)
        assert_true(masks[0][i] == 1);
    dropout_mask_f64(&network, 0, &stream, 0.5, 0, EXAMPLES, 0, FIRST, masks[0], FIRST);
    network.layers[0].dropout *= 0.5;
    dropout_mask_f64(&network, 0, &stream, 1, 0, EXAMPLES, 0, FIRST, masks[1], FIRST);
    assert_memory_equal(masks[0], masks[1], sizeof masks[0]);
    network_clear(&network);
}

/* A mean of n values of a mask lies within 5 deviations of 1: √(p/(1-p)/n). */
static void masks_keep_the_expectation(void **state)
{
    (void)state;
    Network network = make_dropping();
    RandomStream stream;
    random_default_rng(&stream, 5);
    double mask[EXAMPLES * FIRST], sum = 0;
    const double count = 20.0 * EXAMPLES * FIRST;
    for (int step = 0; step < 20; step++) {
        dropout_mask_f64(&network, 0, &stream, 1, 0, EXAMPLES, 0, FIRST, mask, FIRST);
        random_advance(&stream, dropout_draws(&network, EXAMPLES));
        for (size_t i = 0; i < sizeof mask / sizeof *mask; i++)
            sum += mask[i];
    }
    assert_true(fabs(sum / count - 1) <= 5 * sqrt(rates[0] / (1 - rates[0]) / count));
    network_clear(&network);
}

static void impossible_rates_are_refused_with_a_reason(void **state)
{
    (void)state;
    const uint64_t sizes[] = {2, 3, 3, 2};
    const char *const hidden = "relu";
    const double negative = -0.1, whole = 1, lists[3] = {0.1, 0.2, 0.3};
    NetworkOptions options = {.sizes = sizes,
                              .size_count = 4,
                              .hidden_activations = &hidden,
                              .hidden_activation_count = 1,
                              .output_activation = "softmax",
                              .loss = "cross-entropy",
                              .dropout = &negative,
                              .dropout_count = 1};
    Network network = {0};
    percept_error error;
    assert_int_equal(network_create(&options, &network, &error), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "dropout of layer 1"));
    options.dropout = &whole;
    assert_int_equal(network_create(&options, &network, &error), PERCEPT_ERROR_ARGUMENT);
    options.dropout = lists;
    options.dropout_count = 3;
    assert_int_equal(network_create(&options, &network, &error), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "3 values of dropout for 2 hidden layers"));
    options.dropout_count = 2;
    options.label_smoothing = 1;
    assert_int_equal(network_create(&options, &network, &error), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "label smoothing"));
    options.label_smoothing = 0.5;
    assert_int_equal(network_create(&options, &network, &error), PERCEPT_OK);
    assert_true(network.layers[0].dropout == 0.1 && network.layers[1].dropout == 0.2 && network.layers[2].dropout == 0);
    assert_int_equal(network.dropout_units, 6);
    network_clear(&network);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(masks_are_the_draws_of_one_table),
        cmocka_unit_test(a_piece_of_a_mask_is_that_piece_of_the_whole),
        cmocka_unit_test(a_factor_changes_the_probability_alone),
        cmocka_unit_test(masks_keep_the_expectation),
        cmocka_unit_test(impossible_rates_are_refused_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
