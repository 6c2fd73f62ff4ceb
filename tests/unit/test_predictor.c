/* Predictions from the library: features that are missing are filled as the model has learned. */
#include "unit.h"

#include <math.h>

#include "base/memory.h"
#include "model/model.h"
#include "nn/network.h"

#define INPUTS 3
#define ROWS 70

/* y = x1 + 10 x2 + 100 x3. */
static percept_model *make_model(const double *fills)
{
    const uint64_t sizes[] = {INPUTS, 1};
    const NetworkOptions options = {
        .sizes = sizes, .size_count = 2, .output_activation = "identity", .loss = "mean-squared-error"};
    const double weights[] = {1, 10, 100, 0};
    Network network = {0};
    Scaler scaler = {.kind = SCALER_NONE, .width = INPUTS, .divisor = 1};
    percept_model *model = NULL;
    assert_ok(network_create(&options, &network, error));
    assert_ok(model_create(&network, PERCEPT_FLOAT64, &scaler, 0, NULL, &model, error));
    model_set_parameters(model, weights);
    const Schema schema = {.width = INPUTS, .fills = (double *)fills};
    assert_ok(model_set_schema(model, &schema, error));
    return model;
}

static void missing_features_are_filled_as_learned(void **state)
{
    (void)state;
    const double fills[INPUTS] = {0.5, 7, -3};
    percept_model *model = make_model(fills);
    double features[ROWS * INPUTS], whole[ROWS * INPUTS], with_gaps[ROWS], without[ROWS];
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < INPUTS; j++) {
            const size_t place = i * INPUTS + j;
            const bool missing = place % 4 == 1;
            whole[place] = missing ? fills[j] : (double)place;
            features[place] = missing ? NAN : (double)place;
        }
    assert_ok(percept_model_predict(model, features, ROWS, 1, with_gaps, error));
    assert_ok(percept_model_predict(model, whole, ROWS, 1, without, error));
    assert_memory_equal(with_gaps, without, sizeof without);
    assert_true(isnan(features[1])); /* the caller's stay as they are */
    percept_model_free(model);
}

static void without_fills_nothing_is_made_up(void **state)
{
    (void)state;
    percept_model *model = make_model(NULL);
    const double features[2 * INPUTS] = {1, NAN, 1, 1, 1, 1};
    double outputs[2];
    assert_ok(percept_model_predict(model, features, 2, 1, outputs, error));
    assert_true(isnan(outputs[0]));
    assert_true(outputs[1] == 111);
    percept_model_free(model);
}

/* max(0, NaN) would be 0, and the output a number. */
static void a_missing_feature_is_no_number_behind_relu(void **state)
{
    (void)state;
    static const percept_type precisions[] = {PERCEPT_FLOAT32, PERCEPT_FLOAT64};
    const uint64_t sizes[] = {INPUTS, 2, 1};
    const char *const relu = "relu";
    const NetworkOptions options = {.sizes = sizes,
                                    .size_count = 3,
                                    .hidden_activations = &relu,
                                    .hidden_activation_count = 1,
                                    .output_activation = "identity",
                                    .loss = "mean-squared-error"};
    const double parameters[] = {1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 5};
    const double features[2 * INPUTS] = {1, NAN, 1, 1, 1, 1};
    for (size_t p = 0; p < 2; p++) {
        Network network = {0};
        Scaler scaler = {.kind = SCALER_NONE, .width = INPUTS, .divisor = 1};
        percept_model *model = NULL;
        double outputs[2];
        assert_ok(network_create(&options, &network, error));
        assert_ok(model_create(&network, precisions[p], &scaler, 0, NULL, &model, error));
        model_set_parameters(model, parameters);
        assert_ok(percept_model_predict(model, features, 2, 1, outputs, error));
        assert_true(isnan(outputs[0]));
        assert_true(outputs[1] == 11);
        percept_model_free(model);
    }
}

enum { MANY = 20001, CLASSES = 3 };

static percept_model *make_classifier(percept_type precision)
{
    const uint64_t sizes[] = {INPUTS, 40, CLASSES};
    const char *const tanh_name = "tanh";
    char *const names[CLASSES] = {"a", "b", "c"};
    const NetworkOptions options = {.sizes = sizes,
                                    .size_count = 3,
                                    .hidden_activations = &tanh_name,
                                    .hidden_activation_count = 1,
                                    .output_activation = "softmax",
                                    .loss = "cross-entropy"};
    Network network = {0};
    Scaler scaler = {.kind = SCALER_NONE, .width = INPUTS, .divisor = 1};
    double parameters[40 * (INPUTS + 1) + CLASSES * 41];
    percept_model *model = NULL;
    for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; i++)
        parameters[i] = cos((double)(i * i));
    assert_ok(network_create(&options, &network, error));
    assert_ok(model_create(&network, precision, &scaler, CLASSES, names, &model, error));
    model_set_parameters(model, parameters);
    return model;
}

typedef struct Predictions {
    double probabilities[MANY * CLASSES], logits[MANY * CLASSES];
    int32_t classes[MANY];
} Predictions;

static void predict_all(const percept_model *model, size_t threads, const double *features, Predictions *out)
{
    percept_predictor *predictor = NULL;
    assert_ok(percept_predictor_create(model, threads, &predictor, error));
    assert_true(percept_predictor_block(predictor) < MANY);
    percept_predictor_probabilities(predictor, features, MANY, out->probabilities);
    percept_predictor_logits(predictor, features, MANY, out->logits);
    percept_predictor_classes(predictor, features, MANY, out->classes);
    percept_predictor_free(predictor);
}

static void threads_that_do_blocks_of_their_own_change_no_bit(void **state)
{
    (void)state;
    static double features[MANY * INPUTS];
    static Predictions alone, together;
    for (size_t i = 0; i < MANY * INPUTS; i++)
        features[i] = sin((double)i);
    for (percept_type precision = PERCEPT_FLOAT32; precision <= PERCEPT_FLOAT64; precision++) {
        percept_model *model = make_classifier(precision);
        predict_all(model, 1, features, &alone);
        for (size_t threads = 2; threads <= 4; threads += 2) {
            predict_all(model, threads, features, &together);
            assert_memory_equal(&alone, &together, sizeof alone);
        }
        percept_model_free(model);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missing_features_are_filled_as_learned),
        cmocka_unit_test(without_fills_nothing_is_made_up),
        cmocka_unit_test(a_missing_feature_is_no_number_behind_relu),
        cmocka_unit_test(threads_that_do_blocks_of_their_own_change_no_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
