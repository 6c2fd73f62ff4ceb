/* The cpu engine, in every instruction set that this processor has and in both precisions, agrees with the reference
 * engine in float64 within its own rounding, and gives the same bits for any number of threads. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/isa.h"
#include "engine/cpu/cpu.h"
#include "engine/reference/reference.h"
#include "networks.h"

/* Largest difference relative to the largest value, or to a hundredth where all values are smaller: then terms of that
 * size have cancelled, and it is their rounding that is seen. Sums of up to a few hundred terms, through up to ten layers, lose
 * a few dozen units in the last place (2^-24, 2^-53). */
#define TOLERANCE_F32 2e-5
#define TOLERANCE_F64 1e-13

#define LARGEST 100 /* layer sizes and batches in random shapes */

#if defined __has_feature
#if __has_feature(thread_sanitizer)
#define __SANITIZE_THREAD__
#endif
#endif

/* Instruction sets to check. The thread sanitizer can't see the locks inside a library that it has not compiled. */
static bool to_check(size_t isa)
{
#if defined __SANITIZE_THREAD__
    if (isa == ISA_cblas)
        return false;
#endif
    return isa_supported(isa);
}

/* ---- Numbers in either precision --------------------------------------------------------------------------------- */

static size_t real_size(percept_type precision)
{
    return precision == PERCEPT_FLOAT32 ? sizeof(float) : sizeof(double);
}

static double get(percept_type precision, const void *values, size_t i)
{
    return precision == PERCEPT_FLOAT32 ? (double)((const float *)values)[i] : ((const double *)values)[i];
}

static void set(percept_type precision, void *values, size_t i, double value)
{
    if (precision == PERCEPT_FLOAT32)
        ((float *)values)[i] = (float)value;
    else
        ((double *)values)[i] = value;
}

static void *make_values(percept_type precision, size_t count)
{
    void *values = NULL;
    assert_ok(memory_allocate_zeroed(count, real_size(precision), "values", &values, error));
    return values;
}

static void assert_agree(const char *what, const char *where, percept_type precision, const void *values,
                         const double *expected, size_t count)
{
    const double tolerance = precision == PERCEPT_FLOAT32 ? TOLERANCE_F32 : TOLERANCE_F64;
    double largest = 0.01;
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs(expected[i]));
    for (size_t i = 0; i < count; i++)
        if (!(fabs(get(precision, values, i) - expected[i]) <= tolerance * largest))
            fail_msg("%s of %s: element %zu of %zu is %.17g, not %.17g (largest %g)", what, where, i, count,
                     get(precision, values, i), expected[i], largest);
}

/* ---- One network, its data, and what the reference says about them ----------------------------------------------- */

typedef struct Case {
    char where[160];
    percept_type precision;
    Network network;
    percept_dataset *data;
    Batch batch;
    size_t inputs, outputs;
    double *parameters; /* representable in the precision, as are the features */
    Engine *reference, *engine;
} Case;

static void open_case(Case *c, const Shape *shape, percept_type precision, size_t count, size_t capacity, Team *team,
                      RandomStream *stream)
{
    *c = (Case){.precision = precision, .network = make_network(shape)};
    c->inputs = network_inputs(&c->network);
    c->outputs = network_outputs(&c->network);
    c->parameters = make_parameters(&c->network, stream);
    c->data = make_data(&c->network, count, stream);
    c->batch = (Batch){c->data, NULL, NULL, 0, count};
    double *features = c->data->storage->features;
    for (size_t i = 0; i < count * c->inputs; i++)
        features[i] = (double)(float)features[i];
    for (size_t p = 0; p < c->network.parameter_count; p++)
        c->parameters[p] = (double)(float)c->parameters[p];
    EngineConfig config = {&c->network, precision, capacity, true, team};
    assert_ok(cpu_create(&config, &c->engine, error));
    config.precision = PERCEPT_FLOAT64;
    assert_ok(reference_create(&config, &c->reference, error));
    int length = snprintf(c->where, sizeof c->where, "%s %s, n = %zu of %zu, %s, %s, %s:", getenv("PERCEPT_ISA"),
                          precision == PERCEPT_FLOAT32 ? "float32" : "float64", count, capacity, shape->hidden,
                          shape->output, shape->loss);
    for (size_t i = 0; i < shape->size_count && length < (int)sizeof c->where; i++)
        length += snprintf(c->where + length, sizeof c->where - (size_t)length, " %d", (int)shape->sizes[i]);
}

static void close_case(Case *c)
{
    c->engine->methods->free(c->engine);
    c->reference->methods->free(c->reference);
    percept_dataset_free(c->data);
    memory_free(c->parameters);
    network_clear(&c->network);
}

static void *rounded_parameters(const Case *c)
{
    void *parameters = make_values(c->precision, c->network.parameter_count);
    for (size_t p = 0; p < c->network.parameter_count; p++)
        set(c->precision, parameters, p, c->parameters[p]);
    return parameters;
}

static void assert_sums_agree(const Case *c, const EngineSums *sums, const EngineSums *expected)
{
    assert_int_equal(sums->count, expected->count);
    assert_agree("loss", c->where, c->precision,
                 c->precision == PERCEPT_FLOAT32 ? (const void *)&(float){(float)sums->loss}
                                                 : (const void *)&sums->loss,
                 &expected->loss, 1);
    assert_agree("penalty", c->where, c->precision,
                 c->precision == PERCEPT_FLOAT32 ? (const void *)&(float){(float)sums->penalty}
                                                 : (const void *)&sums->penalty,
                 &expected->penalty, 1);
    assert_int_equal(sums->correct, expected->correct);
}

static void check_outputs(const Case *c)
{
    const size_t count = c->batch.count * c->outputs;
    void *parameters = rounded_parameters(c), *outputs = make_values(c->precision, count);
    double *expected = make_values(PERCEPT_FLOAT64, count);
    EngineSums sums, expected_sums;
    c->reference->methods->evaluate(c->reference, c->parameters, &c->batch, expected, &expected_sums);
    c->engine->methods->predict(c->engine, parameters, &c->batch, outputs);
    assert_agree("prediction", c->where, c->precision, outputs, expected, count);
    memset(outputs, 0, count * real_size(c->precision));
    c->engine->methods->evaluate(c->engine, parameters, &c->batch, outputs, &sums);
    assert_agree("evaluation", c->where, c->precision, outputs, expected, count);
    assert_sums_agree(c, &sums, &expected_sums);
    memory_free(parameters);
    memory_free(outputs);
    memory_free(expected);
}

static void check_gradient(const Case *c)
{
    const size_t count = c->network.parameter_count, inputs = c->batch.count * c->inputs;
    void *parameters = rounded_parameters(c), *gradient = make_values(c->precision, count);
    void *input_gradient = make_values(c->precision, inputs);
    double *expected = make_values(PERCEPT_FLOAT64, count), *expected_inputs = make_values(PERCEPT_FLOAT64, inputs);
    EngineSums sums, expected_sums;
    c->reference->methods->gradient(c->reference, c->parameters, &c->batch, expected, expected_inputs, &expected_sums);
    c->engine->methods->gradient(c->engine, parameters, &c->batch, gradient, input_gradient, &sums);
    assert_agree("gradient", c->where, c->precision, gradient, expected, count);
    assert_agree("input gradient", c->where, c->precision, input_gradient, expected_inputs, inputs);
    assert_sums_agree(c, &sums, &expected_sums);
    memory_free(parameters);
    memory_free(gradient);
    memory_free(input_gradient);
    memory_free(expected);
    memory_free(expected_inputs);
}

/* An update that adds the gradient and counts how often each element was handed to it. */
typedef struct Adding {
    percept_type precision;
    unsigned char *seen;
} Adding;

static void add_gradient(void *state, size_t begin, size_t end, void *parameters, const void *gradient)
{
    Adding *adding = state;
    for (size_t p = begin; p < end; p++) {
        adding->seen[p]++;
        set(adding->precision, parameters, p,
            get(adding->precision, parameters, p) + get(adding->precision, gradient, p));
    }
}

static void check_step(const Case *c, bool plain)
{
    const size_t count = c->network.parameter_count;
    Adding adding = {c->precision, make_values(PERCEPT_FLOAT64, count)};
    Adding expected_adding = {PERCEPT_FLOAT64, make_values(PERCEPT_FLOAT64, count)};
    EngineUpdate update = {0.5, 0.03, plain ? NULL : add_gradient, &adding};
    void *parameters = rounded_parameters(c);
    double *expected = make_values(PERCEPT_FLOAT64, count);
    memcpy(expected, c->parameters, count * sizeof *expected);
    EngineSums sums, expected_sums;
    c->engine->methods->step(c->engine, parameters, &c->batch, &update, &sums);
    update.state = &expected_adding;
    c->reference->methods->step(c->reference, expected, &c->batch, &update, &expected_sums);
    assert_agree(plain ? "plain step" : "step", c->where, c->precision, parameters, expected, count);
    assert_sums_agree(c, &sums, &expected_sums);
    for (size_t p = 0; p < count; p++)
        assert_int_equal(adding.seen[p], plain ? 0 : 1);
    memory_free(adding.seen);
    memory_free(expected_adding.seen);
    memory_free(parameters);
    memory_free(expected);
}

static void check_shape(const Shape *shape, size_t count, size_t capacity, Team *team, RandomStream *stream)
{
    const percept_type precisions[] = {PERCEPT_FLOAT32, PERCEPT_FLOAT64};
    for (size_t isa = 0; isa < ISA_COUNT; isa++)
        for (size_t p = 0; p < 2 && to_check(isa); p++) {
            Case c;
            RandomStream same = *stream;
            setenv("PERCEPT_ISA", isa_name(isa), 1);
            open_case(&c, shape, precisions[p], count, capacity, team, &same);
            check_outputs(&c);
            check_gradient(&c);
            check_step(&c, true);
            check_step(&c, false);
            close_case(&c);
        }
    random_unit(stream); /* the next shape meets other numbers */
    unsetenv("PERCEPT_ISA");
}

/* ---- Tests ------------------------------------------------------------------------------------------------------- */

static Team *make_team(size_t threads)
{
    Team *team = NULL;
    assert_ok(team_create(threads, &team, error));
    return team;
}

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
    for (size_t round = 0; round < 5 * 4 * 3 * 2 * ISA_COUNT; round++) {
        const size_t width = widths[round % 5], count = counts[round / 5 % 4], isa = round / 120;
        const percept_type precision = round / 60 % 2 == 0 ? PERCEPT_FLOAT32 : PERCEPT_FLOAT64;
        const Shape shape = {{width, 9, 3}, 3, "relu", "softmax", "cross-entropy", 0, 0, false};
        Scaler scaler = {0};
        percept_dataset *bytes = NULL;
        Case c;
        if (!to_check(isa))
            continue;
        setenv("PERCEPT_ISA", isa_name(isa), 1);
        open_case(&c, &shape, precision, count, COUNT, team, &stream);
        assert_ok(percept_dataset_create(PERCEPT_UINT8, COUNT, width, features, labels, 3, NULL, &bytes, error));
        assert_ok(scaler_fit(&scaler, scalers[round / 20 % 3], 255, bytes, error));
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
    static const char *const outputs[] = {"identity", "sigmoid", "tanh",     "relu",   "leaky-relu",
                                          "elu",      "gelu",    "softplus", "softmax"};
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

typedef struct Run {
    unsigned char *parameters, *outputs;
    EngineSums sums[4];
} Run;

/* Three steps and an evaluation; shapes large enough that all ranks have work. */
static Run train(const Shape *shape, percept_type precision, size_t count, size_t threads, bool plain)
{
    RandomStream stream;
    random_default_rng(&stream, 4);
    Team *team = make_team(threads);
    Case c;
    open_case(&c, shape, precision, count, count, team, &stream);
    Adding adding = {precision, make_values(PERCEPT_FLOAT64, c.network.parameter_count)};
    const EngineUpdate update = {0.1, 0.01, plain ? NULL : add_gradient, &adding};
    Run run = {rounded_parameters(&c), make_values(precision, count * c.outputs), {{0}}};
    for (int step = 0; step < 3; step++)
        c.engine->methods->step(c.engine, run.parameters, &c.batch, &update, &run.sums[step]);
    c.engine->methods->evaluate(c.engine, run.parameters, &c.batch, run.outputs, &run.sums[3]);
    memory_free(adding.seen);
    close_case(&c);
    team_free(team);
    return run;
}

static void bits_do_not_depend_on_the_threads(void **state)
{
    (void)state;
    static const Shape shapes[] = {
        {{90, 130, 70, 10}, 4, "relu", "softmax", "cross-entropy", 0.001, 0.001, false},
        {{300, 100, 200}, 3, "sigmoid", "identity", "mean-squared-error", 0, 0, true},
    };
    const percept_type precisions[] = {PERCEPT_FLOAT32, PERCEPT_FLOAT64};
    for (size_t i = 0; i < 2 * 2 * 2 * ISA_COUNT; i++) {
        const Shape *shape = &shapes[i % 2];
        const percept_type precision = precisions[i / 2 % 2];
        const bool plain = i / 4 % 2 == 0;
        const size_t count = 150, isa = i / 8, outputs = shape->sizes[shape->size_count - 1];
        if (!to_check(isa))
            continue;
        setenv("PERCEPT_ISA", isa_name(isa), 1);
        Network network = make_network(shape);
        Run alone = train(shape, precision, count, 1, plain);
        for (size_t threads = 2; threads <= 5; threads++) {
            Run run = train(shape, precision, count, threads, plain);
            assert_memory_equal(run.parameters, alone.parameters, network.parameter_count * real_size(precision));
            assert_memory_equal(run.outputs, alone.outputs, count * outputs * real_size(precision));
            assert_memory_equal(run.sums, alone.sums, sizeof run.sums);
            memory_free(run.parameters);
            memory_free(run.outputs);
        }
        memory_free(alone.parameters);
        memory_free(alone.outputs);
        network_clear(&network);
    }
    unsetenv("PERCEPT_ISA");
}

static void an_unknown_instruction_set_is_refused(void **state)
{
    (void)state;
    static const Shape shape = {{1, 1}, 2, "relu", "sigmoid", "binary-cross-entropy", 0, 0, false};
    Network network = make_network(&shape);
    const EngineConfig config = {&network, PERCEPT_FLOAT32, 1, true, NULL};
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
        cmocka_unit_test(bits_do_not_depend_on_the_threads),
        cmocka_unit_test(an_unknown_instruction_set_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
