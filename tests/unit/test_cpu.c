/* The cpu engine, in every instruction set that this processor has and in both precisions, agrees with the reference
 * engine in float64 within its own rounding, and gives the same bits for any number of threads. */
#include "engines.h"
#include "scalers.h"

#define LARGEST 100 /* layer sizes and batches in random shapes */

static void edges_agree_with_the_reference(void **state)
{
    (void)state;
    static const Shape shapes[] = {
        {{1, 1}, 2, "relu", "sigmoid", "binary-cross-entropy", 0, 0, false},
        {{2, 128, 2}, 3, "relu", "softmax", "cross-entropy", 0.001, 0.002, false},
        {{64, 32, 1}, 3, "tanh", "sigmoid", "binary-cross-entropy", 0, 0, false},
        {{5, 1, 1, 7}, 4, "sigmoid", "identity", "mean-squared-error", 0.01, 0, true},
        {{9, 17, 33, 3}, 4, "softmax", "softmax", "cross-entropy", 0, 0.01, false},
        {{31, 33, 70}, 3, "relu", "sigmoid", "mean-squared-error", 0, 0, true},
        {{8, 16, 16, 16, 16, 16, 16, 16, 16, 16, 4}, 11, "tanh", "softmax", "cross-entropy", 0, 0, false},
        {{300, 40, 150}, 3, "relu", "tanh", "mean-squared-error", 0.001, 0.001, false},
        {{40, 35, 20, 4}, 4, "gelu", "gelu", "mean-squared-error", 0, 0, false},
        {{1100, 24, 600, 5}, 4, "relu", "softmax", "cross-entropy", 0, 0, false},
        {{6, 900, 3}, 3, "tanh", "softmax", "cross-entropy", 0, 0, false},
    };
    static const size_t counts[] = {1, 10, 16, 33, 100};
    RandomStream stream;
    random_default_rng(&stream, 1);
    Team *team = make_team(2);
    for (size_t s = 0; s < sizeof shapes / sizeof shapes[0]; s++)
        for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
            check_shape(&shapes[s], counts[i], counts[i], team, &stream);
            check_shape(&shapes[s], counts[i], 2 * counts[i] + 1, team, &stream);
        }
    team_free(team);
}

/* Bytes are scaled on their way in; widths around a strip, batches around a vector, scaled in all three ways. */
static void bytes_are_scaled_as_for_the_reference(void **state)
{
    (void)state;
    enum { COUNT = 70, WIDEST = 97 };
    static const size_t widths[] = {1, 16, 31, 33, WIDEST}, counts[] = {1, 15, 17, COUNT};
    const ScalerKind scalers[] = {SCALER_NONE, SCALER_STANDARDIZE, SCALER_STANDARDIZE_ALL};
    uint8_t features[COUNT * WIDEST];
    int32_t labels[COUNT];
    RandomStream stream;
    random_default_rng(&stream, 5);
    Team *team = make_team(2);
    for (size_t i = 0; i < COUNT * WIDEST; i++)
        features[i] = (uint8_t)random_below(&stream, 256);
    for (size_t i = 0; i < COUNT; i++)
        labels[i] = (int32_t)random_below(&stream, 3);
    for (size_t round = 0; round < 5 * 4 * 3 * 2 * 2 * ISA_COUNT; round++) {
        const size_t width = widths[round % 5], count = counts[round / 5 % 4], isa = round / 240;
        const percept_type precision = round / 60 % 2 == 0 ? PERCEPT_FLOAT32 : PERCEPT_FLOAT64;
        const CpuWay way = round / 120 % 2 == 0 ? CPU_SHARED : CPU_SMALL;
        const Shape shape = {{width, 9, 3}, 3, "relu", "softmax", "cross-entropy", 0, 0, false};
        Scaler scaler = {0};
        percept_dataset *bytes = NULL;
        Case c;
        if (!to_check(isa))
            continue;
        setenv("PERCEPT_ISA", isa_name(isa), 1);
        open_case(&c, &shape, precision, count, COUNT, way, team, &stream);
        assert_ok(percept_dataset_create(PERCEPT_UINT8, COUNT, width, features, labels, 3, NULL, &bytes, error));
        assert_ok(fit_scaler(&scaler, scalers[round / 20 % 3], 255, bytes, error));
        c.batch.data = bytes;
        c.batch.scaler = &scaler;
        c.batch.first = COUNT - count;
        check_outputs(&c);
        check_step(&c, true);
        scaler_clear(&scaler);
        percept_dataset_free(bytes);
        close_case(&c);
    }
    unsetenv("PERCEPT_ISA");
    team_free(team);
}

static const char *any_name(RandomStream *stream, const char *const *names, size_t count)
{
    return names[random_below(stream, count)];
}

/* Every activation with every loss that fits, penalties and sums included. */
static void random_shapes_agree_with_the_reference(void **state)
{
    (void)state;
    static const char *const outputs[] = {"identity", "sigmoid", "tanh", "relu", "leaky-relu", "selu",
                                          "silu",     "mish",    "elu",  "gelu", "softplus",   "softmax"};
    enum { OUTPUTS = sizeof outputs / sizeof outputs[0] };
    RandomStream stream;
    random_default_rng(&stream, 2);
    Team *team = make_team(3);
    for (int round = 0; round < 60; round++) {
        Shape shape = {.size_count = 2 + random_below(&stream, 5)};
        for (size_t i = 0; i < shape.size_count; i++)
            shape.sizes[i] = 1 + random_below(&stream, LARGEST);
        shape.hidden = any_name(&stream, outputs, OUTPUTS);
        shape.output = any_name(&stream, outputs, OUTPUTS);
        shape.loss = "mean-squared-error";
        if (random_below(&stream, 2) == 1 && strcmp(shape.output, "sigmoid") == 0)
            shape.loss = "binary-cross-entropy";
        if (random_below(&stream, 2) == 1 && strcmp(shape.output, "softmax") == 0)
            shape.loss = "cross-entropy";
        if (strcmp(shape.loss, "binary-cross-entropy") == 0)
            shape.sizes[shape.size_count - 1] = 1;
        shape.sum = random_below(&stream, 2) == 1;
        shape.l1 = random_below(&stream, 2) == 1 ? 0.002 : 0;
        shape.l2 = random_below(&stream, 2) == 1 ? 0.003 : 0;
        const size_t count = 1 + random_below(&stream, LARGEST);
        check_shape(&shape, count, count + random_below(&stream, LARGEST), team, &stream);
    }
    team_free(team);
}

/* A batch so large that the weight gradient's sums over examples are cut. */
static void a_large_batch_agrees_with_the_reference(void **state)
{
    (void)state;
    static const Shape shape = {{20, 30, 3}, 3, "relu", "softmax", "cross-entropy", 0, 0.01, false};
    RandomStream stream;
    random_default_rng(&stream, 3);
    Team *team = make_team(2);
    check_shape(&shape, 2500, 2500, team, &stream);
    team_free(team);
}

/* Of equal outputs the first is the answer, and a chance of a half is class 1: with parameters of 0 all outputs are equal. */
static void equal_outputs_count_as_for_the_reference(void **state)
{
    (void)state;
    static const Shape shapes[] = {
        {{4, 6, 3}, 3, "relu", "softmax", "cross-entropy", 0, 0, false},
        {{4, 6, 1}, 3, "relu", "sigmoid", "binary-cross-entropy", 0, 0, false},
        {{4, 6, 3}, 3, "relu", "identity", "mean-squared-error", 0, 0, false},
    };
    const percept_type precisions[] = {PERCEPT_FLOAT32, PERCEPT_FLOAT64};
    RandomStream stream;
    random_default_rng(&stream, 7);
    Team *team = make_team(1);
    for (size_t round = 0; round < 3 * 2 * 2 * ISA_COUNT; round++) {
        const size_t isa = round / 12;
        Case c;
        if (!to_check(isa))
            continue;
        setenv("PERCEPT_ISA", isa_name(isa), 1);
        open_case(&c, &shapes[round % 3], precisions[round / 3 % 2], 40, 40,
                  round / 6 % 2 == 0 ? CPU_SHARED : CPU_SMALL, team, &stream);
        memset(c.parameters, 0, c.network.parameter_count * sizeof *c.parameters);
        check_outputs(&c);
        close_case(&c);
    }
    unsetenv("PERCEPT_ISA");
    team_free(team);
}

/* One engine for all batches of a training: what a larger one left behind is nothing to a smaller one. */
static void a_smaller_batch_after_a_larger_one_agrees_with_the_reference(void **state)
{
    (void)state;
    enum { MOST = 70 };
    static const size_t counts[] = {MOST, 41, 16, 15, 1, MOST, 7};
    static const Shape shapes[] = {
        {{7, 33, 5}, 3, "sigmoid", "softmax", "cross-entropy", 0, 0, false},
        {{7, 33, 20, 1}, 4, "softmax", "sigmoid", "binary-cross-entropy", 0, 0.01, true},
        {{40, 60, 150}, 3, "tanh", "identity", "mean-squared-error", 0, 0, false},
    };
    const percept_type precisions[] = {PERCEPT_FLOAT32, PERCEPT_FLOAT64};
    RandomStream stream;
    random_default_rng(&stream, 6);
    Team *team = make_team(2);
    for (size_t round = 0; round < 3 * 2 * 2 * ISA_COUNT; round++) {
        const Extras extras = {.weights = round % 2 == 0, .dropout = round % 2 == 0 ? 0 : 0.3};
        const size_t isa = round / 12;
        Case c;
        if (!to_check(isa))
            continue;
        setenv("PERCEPT_ISA", isa_name(isa), 1);
        open_case_with(&c, &shapes[round % 3], &extras, precisions[round / 3 % 2], MOST, MOST,
                       round / 6 % 2 == 0 ? CPU_SHARED : CPU_SMALL, team, &stream);
        for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
            c.batch.count = counts[i];
            check_gradient(&c);
            check_outputs(&c);
            check_step(&c, true);
        }
        close_case(&c);
    }
    unsetenv("PERCEPT_ISA");
    team_free(team);
}

static void bits_do_not_depend_on_the_threads(void **state)
{
    (void)state;
    static const Shape shapes[] = {
        {{90, 130, 70, 10}, 4, "relu", "softmax", "cross-entropy", 0.001, 0.001, false},
        {{300, 100, 200}, 3, "sigmoid", "identity", "mean-squared-error", 0, 0, true},
        {{63, 101, 10}, 3, "gelu", "softmax", "cross-entropy", 0.001, 0, false},
    };
    for (size_t s = 0; s < sizeof shapes / sizeof shapes[0]; s++)
        check_threads(&shapes[s], &(Extras){0});
}

static void an_unknown_instruction_set_is_refused(void **state)
{
    (void)state;
    static const Shape shape = {{1, 1}, 2, "relu", "sigmoid", "binary-cross-entropy", 0, 0, false};
    Network network = make_network(&shape);
    const EngineConfig config = {
        .network = &network, .precision = PERCEPT_FLOAT32, .batch_capacity = 1, .training = true};
    Engine *engine = NULL;
    percept_error error;
    setenv("PERCEPT_ISA", "z80", 1);
    assert_int_equal(cpu_create(&config, &engine, &error), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "z80"));
    assert_null(engine);
    unsetenv("PERCEPT_ISA");
    network_clear(&network);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edges_agree_with_the_reference),
        cmocka_unit_test(bytes_are_scaled_as_for_the_reference),
        cmocka_unit_test(random_shapes_agree_with_the_reference),
        cmocka_unit_test(a_large_batch_agrees_with_the_reference),
        cmocka_unit_test(equal_outputs_count_as_for_the_reference),
        cmocka_unit_test(a_smaller_batch_after_a_larger_one_agrees_with_the_reference),
        cmocka_unit_test(bits_do_not_depend_on_the_threads),
        cmocka_unit_test(an_unknown_instruction_set_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
