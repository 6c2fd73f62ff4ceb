/* The cpu engine with products of bfloat16, emulated in every instruction set that this processor has: with operands that
 * bfloat16 holds it agrees with the reference engine within float32's rounding, with others within that of bfloat16; it
 * gives the same bits for any number of threads, and the same as native instructions where there are any. */
#include "engines.h"

#include "base/bf16.h"
#include "skip.h"

/* Each operand is off by 2^-9 of itself at most, so a product by 2^-8 = 0.004, and what follows from it by as much for each
 * layer that it passes; relative to the largest value, as float32's tolerance is. */
#define TOLERANCE_BF16 0.02

static bool emulate(size_t row)
{
    if (bf16_native(row) || !isa_supported(bf16_isa(row)))
        return false;
    setenv("PERCEPT_ISA", isa_name(bf16_isa(row)), 1);
    setenv("PERCEPT_BFLOAT16", "emulated", 1);
    return true;
}

static void emulate_no_more(void)
{
    unsetenv("PERCEPT_ISA");
    unsetenv("PERCEPT_BFLOAT16");
}

static void open_bf16(Case *c, const Shape *shape, const Extras *extras, size_t count, size_t capacity, Team *team,
                      RandomStream *stream)
{
    open_case_with(c, shape, extras, PERCEPT_FLOAT32, count, capacity, CPU_SHARED, team, stream);
    EngineConfig config = c->engine->config;
    config.bfloat16 = true;
    c->engine->methods->free(c->engine);
    c->engine = NULL;
    assert_ok(cpu_create(&config, &c->engine, error));
}

/* ---- Whole numbers ------------------------------------------------------------------------------------------------- */

static double any_sign(RandomStream *stream)
{
    return random_below(stream, 2) == 1 ? 1 : -1;
}

/* Small whole numbers everywhere: few weights are not 0, so that sums stay within bfloat16's eight bits. */
static void make_whole(Case *c, RandomStream *stream)
{
    Storage *storage = c->data->storage;
    double *features = storage->features;
    for (size_t i = 0; i < storage->count * c->inputs; i++)
        features[i] = (double)random_below(stream, 3) - 1;
    for (size_t i = 0; i < storage->count * c->outputs; i++)
        storage->targets[i] = (double)random_below(stream, 3) - 1;
    memset(c->parameters, 0, c->network.parameter_count * sizeof *c->parameters);
    for (size_t l = 0; l < c->network.depth; l++) {
        const Layer *layer = &c->network.layers[l];
        for (size_t i = 0; i < layer->outputs; i++) {
            double *row = c->parameters + layer->weights + i * layer->inputs;
            c->parameters[layer->biases + i] = any_sign(stream);
            if (i >= 2 * layer->inputs)
                continue;
            row[i % layer->inputs] = any_sign(stream);
            row[(7 * i + l) % layer->inputs] = any_sign(stream);
        }
    }
}

/* Odd and even sizes, one unit, more than a strip, sums that are cut; whole and partial batches, some of one example. */
static void whole_numbers_are_not_rounded(void **state)
{
    (void)state;
    static const Shape shapes[] = {
        {{1, 1}, 2, "identity", "identity", "mean-squared-error", 0, 0, true},
        {{5, 3, 2}, 3, "relu", "identity", "mean-squared-error", 0, 0, true},
        {{33, 17, 16, 4}, 4, "relu", "identity", "mean-squared-error", 0, 0, true},
        {{97, 70, 35, 1}, 4, "identity", "identity", "mean-squared-error", 0, 0, true},
        {{1100, 6, 2}, 3, "relu", "identity", "mean-squared-error", 0, 0.5, true},
        {{3, 1100, 2}, 3, "relu", "identity", "mean-squared-error", 0, 0, true},
    };
    static const size_t counts[] = {1, 2, 15, 33, 64};
    const Extras extras = {.targets = true};
    for (size_t i = 0; i < 6 * 5 * BF16_COUNT; i++) {
        RandomStream stream;
        Case c;
        const size_t count = counts[i / 6 % 5];
        if (!emulate(i / 30))
            continue;
        random_default_rng(&stream, i % 30);
        Team *team = make_team(2);
        open_bf16(&c, &shapes[i % 6], &extras, count, count + i % 3, team, &stream);
        make_whole(&c, &stream);
        check_outputs(&c);
        check_gradient(&c);
        check_step(&c, true);
        check_step(&c, false);
        c.batch.count -= count / 3; /* what the whole batch has left behind must not be met */
        check_gradient(&c);
        check_step(&c, true);
        close_case(&c);
        team_free(team);
    }
    emulate_no_more();
}

/* A batch so large that sums over examples are cut, at an odd number. */
static void a_large_batch_of_whole_numbers_is_not_rounded(void **state)
{
    (void)state;
    static const Shape shape = {{12, 5, 2}, 3, "relu", "identity", "mean-squared-error", 0, 0, true};
    const Extras extras = {.targets = true};
    for (size_t row = 0; row < BF16_COUNT; row++) {
        RandomStream stream;
        Case c;
        if (!emulate(row))
            continue;
        random_default_rng(&stream, 1);
        Team *team = make_team(2);
        open_bf16(&c, &shape, &extras, 1501, 1501, team, &stream);
        make_whole(&c, &stream);
        check_gradient(&c);
        check_step(&c, true);
        close_case(&c);
        team_free(team);
    }
    emulate_no_more();
}

/* ---- Any numbers --------------------------------------------------------------------------------------------------- */

/* Within that tolerance, and off by more than float32 would be. */
static void assert_near(const char *what, const Case *c, const float *values, const double *expected, size_t count)
{
    double largest = 0, error = 0;
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs(expected[i]));
    for (size_t i = 0; i < count; i++) {
        const double off = fabs((double)values[i] - expected[i]);
        error = off <= error ? error : off; /* NaN, too */
    }
    if (!(error <= TOLERANCE_BF16 * largest && error > 2 * TOLERANCE_F32 * largest))
        fail_msg("%s of %s: error %g where the largest is %g", what, c->where, error, largest);
}

static void check_near(const Case *c)
{
    const size_t count = c->network.parameter_count, inputs = c->batch.count * c->inputs;
    float *parameters = rounded_parameters(c), *gradient = make_values(PERCEPT_FLOAT32, count);
    float *input_gradient = make_values(PERCEPT_FLOAT32, inputs);
    double *expected = make_values(PERCEPT_FLOAT64, count), *expected_inputs = make_values(PERCEPT_FLOAT64, inputs);
    EngineSums sums, expected_sums;
    c->reference->methods->gradient(c->reference, c->parameters, &c->batch, expected, expected_inputs, &expected_sums);
    c->engine->methods->gradient(c->engine, parameters, &c->batch, gradient, input_gradient, &sums);
    assert_near("gradient", c, gradient, expected, count);
    assert_near("input gradient", c, input_gradient, expected_inputs, inputs);
    assert_true(fabs(sums.loss - expected_sums.loss) <= TOLERANCE_BF16 * fabs(expected_sums.loss));
    memory_free(parameters);
    memory_free(gradient);
    memory_free(input_gradient);
    memory_free(expected);
    memory_free(expected_inputs);
}

/* Smooth activations: a kink turns the least rounding into another gradient. */
static void any_numbers_are_rounded_as_far_as_bfloat16_does(void **state)
{
    (void)state;
    static const Shape shapes[] = {
        {{64, 32, 1}, 3, "tanh", "sigmoid", "binary-cross-entropy", 0, 0, false},
        {{9, 17, 33, 3}, 4, "softmax", "softmax", "cross-entropy", 0, 0.01, false},
        {{31, 33, 70}, 3, "gelu", "softmax", "cross-entropy", 0, 0, true},
        {{150, 40, 50}, 3, "sigmoid", "tanh", "mean-squared-error", 0.001, 0.001, false},
    };
    static const Extras extras[] = {{0},
                                    {.dropout = 0.5, .label_smoothing = 0.1, .weights = true, .class_weights = true}};
    static const size_t counts[] = {1, 33};
    for (size_t i = 0; i < 4 * 2 * 2 * BF16_COUNT; i++) {
        RandomStream stream;
        Case c;
        const size_t count = counts[i / 4 % 2];
        if (!emulate(i / 16))
            continue;
        random_default_rng(&stream, 2);
        Team *team = make_team(2);
        open_bf16(&c, &shapes[i % 4], &extras[i / 8 % 2], count, count + 1, team, &stream);
        check_near(&c);
        close_case(&c);
        team_free(team);
    }
    emulate_no_more();
}

/* ---- The same bits ------------------------------------------------------------------------------------------------- */

/* Three steps, plain or with an update of its own; returns the parameters. */
static float *train_bf16(const Shape *shape, size_t count, size_t threads, bool plain, size_t *size)
{
    RandomStream stream;
    Case c;
    random_default_rng(&stream, 4);
    Team *team = make_team(threads);
    open_bf16(&c, shape, &(Extras){.dropout = 0.2}, count, count, team, &stream);
    Adding adding = {PERCEPT_FLOAT32, make_values(PERCEPT_FLOAT64, c.network.parameter_count)};
    const EngineUpdate update = {0.1, 0.01, plain ? NULL : add_gradient, &adding};
    float *parameters = rounded_parameters(&c);
    EngineSums sums;
    for (int step = 0; step < 3; step++)
        c.engine->methods->step(c.engine, parameters, &c.batch, &update, &sums);
    *size = c.network.parameter_count * sizeof *parameters;
    memory_free(adding.seen);
    close_case(&c);
    team_free(team);
    return parameters;
}

static const Shape shapes_for_bits[] = {
    {{90, 70, 50, 10}, 4, "relu", "softmax", "cross-entropy", 0.001, 0.001, false},
    {{101, 57, 83}, 3, "softmax", "identity", "mean-squared-error", 0, 0, true},
};

static void bits_do_not_depend_on_the_threads(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * 2 * BF16_COUNT; i++) {
        const Shape *shape = &shapes_for_bits[i % 2];
        const bool plain = i / 2 % 2 == 0;
        size_t size = 0;
        if (!emulate(i / 4))
            continue;
        float *alone = train_bf16(shape, 71, 1, plain, &size);
        for (size_t threads = 2; threads <= 4; threads++) {
            float *together = train_bf16(shape, 71, threads, plain, &size);
            assert_memory_equal(together, alone, size);
            memory_free(together);
        }
        memory_free(alone);
    }
    emulate_no_more();
}

static void emulation_gives_the_bits_of_the_processors_instructions(void **state)
{
    (void)state;
    size_t row = 0;
    if (!bf16_find_native(&row))
        skip_because("this processor has no bfloat16 instructions");
    for (size_t i = 0; i < 4; i++) {
        size_t size = 0;
        setenv("PERCEPT_ISA", isa_name(bf16_isa(row)), 1);
        float *own = train_bf16(&shapes_for_bits[i % 2], 71, 2, i / 2 == 0, &size);
        setenv("PERCEPT_BFLOAT16", "emulated", 1);
        float *emulated = train_bf16(&shapes_for_bits[i % 2], 71, 2, i / 2 == 0, &size);
        emulate_no_more();
        assert_memory_equal(own, emulated, size);
        memory_free(own);
        memory_free(emulated);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_are_not_rounded),
        cmocka_unit_test(a_large_batch_of_whole_numbers_is_not_rounded),
        cmocka_unit_test(any_numbers_are_rounded_as_far_as_bfloat16_does),
        cmocka_unit_test(bits_do_not_depend_on_the_threads),
        cmocka_unit_test(emulation_gives_the_bits_of_the_processors_instructions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
