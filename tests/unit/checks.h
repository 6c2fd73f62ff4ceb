/* A network, data and engines, for tests of gradient checks. */
#ifndef TESTS_CHECKS_H
#define TESTS_CHECKS_H

#include <string.h>

#include "networks.h"

#include "check/check.h"
#include "check/differences.h"
#include "engine/kinds.h"
#include "engine/reference/reference.h"

enum { EXAMPLES = 3 };

/* Layers of every kind, every loss, both penalties, mean and sum. */
static const Shape shapes[] = {
    {{4, 3}, 2, "relu", "softmax", "cross-entropy", 0, 0, false},
    {{1, 1}, 2, "relu", "sigmoid", "binary-cross-entropy", 0, 0, false},
    {{5, 7, 1}, 3, "tanh", "sigmoid", "binary-cross-entropy", 0.01, 0.02, true},
    {{6, 5, 4, 3}, 4, "sigmoid", "softmax", "cross-entropy", 0.001, 0.003, false},
    {{6, 9, 20, 3}, 4, "relu", "softmax", "mean-squared-error", 0, 0.1, false},
    {{3, 6, 5, 2}, 4, "softmax", "softmax", "cross-entropy", 0.02, 0, true},
    {{3, 8, 4, 2}, 4, "relu", "identity", "mean-squared-error", 0.05, 0, false},
    {{19, 3, 2}, 3, "identity", "tanh", "mean-squared-error", 0, 0, false},
};

#define SHAPES (sizeof shapes / sizeof shapes[0])

typedef struct Bench {
    Network network;
    double *parameters;
    percept_dataset *data;
    Batch batch;
    Team *team;
    Engine *engine;
    uint8_t *chosen; /* everything, features too */
    size_t count;
} Bench;

/* Odd seeds have weights of examples and smoothed labels. */
static inline void bench_create(const Shape *shape, const char *engine, uint64_t seed, Bench *bench)
{
    const Extras extras = {.label_smoothing = seed % 2 == 1 ? 0.2 : 0, .weights = seed % 2 == 1};
    RandomStream stream;
    random_default_rng(&stream, seed);
    bench->network = make_network_with(shape, &extras);
    bench->parameters = make_parameters(&bench->network, &stream);
    bench->data = make_data(&bench->network, EXAMPLES, &stream);
    ((double *)bench->data->storage->features)[0] = 0; /* an input that nothing passes through */
    add_extras(bench->data, &bench->network, &extras, &stream);
    bench->batch = (Batch){.data = bench->data, .count = EXAMPLES};
    assert_ok(team_create(2, &bench->team, error));
    const EngineConfig config = {.network = &bench->network,
                                 .precision = PERCEPT_FLOAT64,
                                 .batch_capacity = EXAMPLES,
                                 .training = true,
                                 .team = bench->team};
    assert_ok(engine_create(engine_kind_find(engine), &config, &bench->engine, error));
    bench->count = differences_count(&bench->network, EXAMPLES, true);
    assert_ok(memory_allocate(bench->count, 1, "a list", &bench->chosen, error));
    memset(bench->chosen, 1, bench->count);
}

static inline void bench_clear(Bench *bench)
{
    engine_free(bench->engine);
    team_free(bench->team);
    percept_dataset_free(bench->data);
    memory_free(bench->parameters);
    memory_free(bench->chosen);
    network_clear(&bench->network);
}

static inline CheckReport run_check(const Bench *bench, Engine *engine, CheckMethod method)
{
    const CheckSubject subject = {engine, bench->parameters, &bench->batch, bench->team};
    const CheckOptions options = {.method = method, .inputs = true, .chosen = bench->chosen};
    CheckReport report;
    assert_ok(check_gradient(&subject, &options, &report, error));
    assert_int_equal(report.all.checked, bench->count);
    assert_int_equal(report.entry_count, bench->count);
    return report;
}

static inline double *make_numbers(size_t count)
{
    double *numbers = NULL;
    assert_ok(memory_allocate(count, sizeof *numbers, "numbers", &numbers, error));
    for (size_t i = 0; i < count; i++)
        numbers[i] = NAN;
    return numbers;
}

#endif
