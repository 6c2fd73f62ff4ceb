/* The cpu engine beside the reference engine: one network and its data, and checks that both say the same, in every
 * instruction set that this processor has, in both precisions and in both of its ways. */
#ifndef TESTS_ENGINES_H
#define TESTS_ENGINES_H

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

#if defined __has_feature
#if __has_feature(thread_sanitizer)
#define __SANITIZE_THREAD__
#endif
#endif

/* Instruction sets to check. The thread sanitizer can't see the locks inside a library that it has not compiled. */
static inline bool to_check(size_t isa)
{
#if defined __SANITIZE_THREAD__ && defined PERCEPT_WITH_CBLAS
    if (isa == ISA_cblas)
        return false;
#endif
    return isa_supported(isa);
}

/* ---- Numbers in either precision --------------------------------------------------------------------------------- */

static inline size_t real_size(percept_type precision)
{
    return precision == PERCEPT_FLOAT32 ? sizeof(float) : sizeof(double);
}

static inline double get(percept_type precision, const void *values, size_t i)
{
    return precision == PERCEPT_FLOAT32 ? (double)((const float *)values)[i] : ((const double *)values)[i];
}

static inline void set(percept_type precision, void *values, size_t i, double value)
{
    if (precision == PERCEPT_FLOAT32)
        ((float *)values)[i] = (float)value;
    else
        ((double *)values)[i] = value;
}

static inline void *make_values(percept_type precision, size_t count)
{
    void *values = NULL;
    assert_ok(memory_allocate_zeroed(count, real_size(precision), "values", &values, error));
    return values;
}

static inline void assert_agree(const char *what, const char *where, percept_type precision, const void *values,
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

#define LARGEST_CLASSES 256 /* outputs of a case with class weights */

/* ---- One network, its data, and what the reference says about them ----------------------------------------------- */

typedef struct Case {
    char where[160];
    percept_type precision;
    Network network;
    percept_dataset *data;
    Batch batch;
    size_t inputs, outputs;
    double *parameters; /* representable in the precision, as are the features */
    double class_weights[LARGEST_CLASSES];
    RandomStream dropout;
    Engine *reference, *engine;
} Case;

/* *c must stay where it is: the engines look at it. */
static inline void open_case_with(Case *c, const Shape *shape, const Extras *extras, percept_type precision,
                                  size_t count, size_t capacity, CpuWay way, Team *team, RandomStream *stream)
{
    *c = (Case){.precision = precision, .network = make_network_with(shape, extras)};
    c->inputs = network_inputs(&c->network);
    c->outputs = network_outputs(&c->network);
    c->parameters = make_parameters(&c->network, stream);
    c->data = make_data(&c->network, count, stream);
    add_extras(c->data, &c->network, extras, stream);
    c->batch = (Batch){.data = c->data, .count = count};
    double *features = c->data->storage->features;
    for (size_t i = 0; i < count * c->inputs; i++)
        features[i] = (double)(float)features[i];
    for (size_t p = 0; p < c->network.value_count; p++)
        c->parameters[p] = (double)(float)c->parameters[p];
    for (size_t k = 0; k < LARGEST_CLASSES; k++)
        c->class_weights[k] = random_uniform(stream, 0, 2);
    random_default_rng(&c->dropout, random_below(stream, 1000));
    const EngineConfig config = {.network = &c->network,
                                 .precision = precision,
                                 .batch_capacity = capacity,
                                 .training = true,
                                 .frozen = extras->frozen,
                                 .team = team,
                                 .class_weights = extras->class_weights ? c->class_weights : NULL,
                                 .dropout = &c->dropout};
    EngineConfig exact = config;
    exact.precision = PERCEPT_FLOAT64;
    assert_ok(cpu_create_way(&config, way, &c->engine, error));
    assert_ok(reference_create(&exact, &c->reference, error));
    int length =
        snprintf(c->where, sizeof c->where, "%s %s, way %d, n = %zu of %zu, %s, %s, %s:", getenv("PERCEPT_ISA"),
                 precision == PERCEPT_FLOAT32 ? "float32" : "float64", (int)way, count, capacity, shape->hidden,
                 shape->output, shape->loss);
    for (size_t i = 0; i < shape->size_count && length < (int)sizeof c->where; i++)
        length += snprintf(c->where + length, sizeof c->where - (size_t)length, " %d", (int)shape->sizes[i]);
}

static inline void open_case(Case *c, const Shape *shape, percept_type precision, size_t count, size_t capacity,
                             CpuWay way, Team *team, RandomStream *stream)
{
    open_case_with(c, shape, &(Extras){0}, precision, count, capacity, way, team, stream);
}

static inline void close_case(Case *c)
{
    c->engine->methods->free(c->engine);
    c->reference->methods->free(c->reference);
    percept_dataset_free(c->data);
    memory_free(c->parameters);
    network_clear(&c->network);
}

static inline void *rounded_parameters(const Case *c)
{
    void *parameters = make_values(c->precision, c->network.value_count);
    for (size_t p = 0; p < c->network.value_count; p++)
        set(c->precision, parameters, p, c->parameters[p]);
    return parameters;
}

/* A sum is told in float64, whatever the engine's precision: it is compared with that precision's tolerance. */
static inline void assert_sum_agrees(const char *what, const Case *c, double sum, double expected)
{
    const float rounded = (float)sum;
    const void *value = c->precision == PERCEPT_FLOAT32 ? (const void *)&rounded : (const void *)&sum;
    assert_agree(what, c->where, c->precision, value, &expected, 1);
}

static inline void assert_sums_agree(const Case *c, const EngineSums *sums, const EngineSums *expected)
{
    assert_int_equal(sums->count, expected->count);
    assert_close(sums->weight, expected->weight, 1e-15);
    assert_sum_agrees("loss", c, sums->loss, expected->loss);
    assert_sum_agrees("penalty", c, sums->penalty, expected->penalty);
    assert_int_equal(sums->correct, expected->correct);
}

static inline void check_outputs(const Case *c)
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

static inline void check_gradient(const Case *c)
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

static inline void add_gradient(void *state, size_t begin, size_t end, void *parameters, const void *gradient)
{
    Adding *adding = state;
    for (size_t p = begin; p < end; p++) {
        adding->seen[p]++;
        set(adding->precision, parameters, p,
            get(adding->precision, parameters, p) + get(adding->precision, gradient, p));
    }
}

static inline void check_step(const Case *c, bool plain)
{
    const size_t count = c->network.value_count, trained = c->network.parameter_count;
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
        assert_int_equal(adding.seen[p], plain || p >= trained ? 0 : 1);
    memory_free(adding.seen);
    memory_free(expected_adding.seen);
    memory_free(parameters);
    memory_free(expected);
}

static inline void check_shape_with(const Shape *shape, const Extras *extras, size_t count, size_t capacity, Team *team,
                                    RandomStream *stream)
{
    const percept_type precisions[] = {PERCEPT_FLOAT32, PERCEPT_FLOAT64};
    const CpuWay ways[] = {CPU_SHARED, CPU_SMALL};
    static size_t cases;
    for (size_t isa = 0; isa < ISA_COUNT; isa++)
        for (size_t i = 0; i < 4 && to_check(isa); i++) {
            Case c;
            RandomStream same = *stream;
            if (RUNNING_ON_VALGRIND && cases++ % 11 != 0) /* some forty times slower; eleven meets all in turn */
                continue;
            setenv("PERCEPT_ISA", isa_name(isa), 1);
            open_case_with(&c, shape, extras, precisions[i % 2], count, capacity, ways[i / 2], team, &same);
            check_outputs(&c);
            check_gradient(&c);
            check_step(&c, true);
            check_step(&c, false);
            close_case(&c);
        }
    random_unit(stream); /* the next shape meets other numbers */
    unsetenv("PERCEPT_ISA");
}

static inline void check_shape(const Shape *shape, size_t count, size_t capacity, Team *team, RandomStream *stream)
{
    check_shape_with(shape, &(Extras){0}, count, capacity, team, stream);
}

static inline Team *make_team(size_t threads)
{
    Team *team = NULL;
    assert_ok(team_create(threads, &team, error));
    return team;
}

/* ---- Bits do not depend on the threads --------------------------------------------------------------------------- */

typedef struct Run {
    unsigned char *parameters, *outputs;
    EngineSums sums[4];
} Run;

/* Three steps and an evaluation; shapes large enough that all ranks have work. */
static inline Run train(const Shape *shape, const Extras *extras, percept_type precision, size_t count, size_t threads,
                        bool plain)
{
    RandomStream stream;
    random_default_rng(&stream, 4);
    Team *team = make_team(threads);
    Case c;
    open_case_with(&c, shape, extras, precision, count, count, CPU_SHARED, team, &stream);
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

/* Every instruction set, precision and kind of step. */
static inline void check_threads(const Shape *shape, const Extras *extras)
{
    const percept_type precisions[] = {PERCEPT_FLOAT32, PERCEPT_FLOAT64};
    for (size_t i = 0; i < 2 * 2 * ISA_COUNT; i++) {
        const percept_type precision = precisions[i % 2];
        const bool plain = i / 2 % 2 == 0;
        const size_t count = 150, isa = i / 4, outputs = shape->sizes[shape->size_count - 1];
        if (!to_check(isa))
            continue;
        setenv("PERCEPT_ISA", isa_name(isa), 1);
        Network network = make_network_with(shape, extras);
        Run alone = train(shape, extras, precision, count, 1, plain);
        for (size_t threads = 2; threads <= (RUNNING_ON_VALGRIND ? 2 : 5); threads++) {
            Run run = train(shape, extras, precision, count, threads, plain);
            assert_memory_equal(run.parameters, alone.parameters, network.value_count * real_size(precision));
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

#endif
