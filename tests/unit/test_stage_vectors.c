/* Networks with stages train as PyTorch trains them, step by step; statistics and answers to new examples are its own, too. */
#include "unit.h"

#include "engine/cpu/cpu.h"
#include "engine/reference/reference.h"
#include "networks.h"
#include "stage_vectors.h"

#define TOLERANCE 1e-10 /* four steps; batch norm over five examples loses a few digits */
#define SETTINGS(...) ((const double[STAGE_SETTINGS]){__VA_ARGS__})

static const StageOptions stages[] = {
    {.kind = "batch-norm", .side = 1},
    {.kind = "batch-norm", .side = 0, .settings = SETTINGS(0.01, 0.3)},
    {.kind = "layer-norm", .side = 1},
    {.kind = "prelu", .side = 1},
    {.kind = "glu", .side = 1},
    {.kind = "table", .side = 0, .inputs = 2, .counts = (const uint32_t[]){3, 5}, .settings = SETTINGS(3, 1)},
};

typedef percept_status CreateEngine(const EngineConfig *config, Engine **out, percept_error *error);

/* The examples of one step, as stage_vectors.py draws them. */
static percept_dataset *draw_step(const Network *network, RandomStream *stream)
{
    const size_t width = network_inputs(network);
    double features[EXAMPLES * 8];
    int32_t labels[EXAMPLES];
    percept_dataset *data = NULL;
    assert_true(width <= 8);
    for (size_t i = 0; i < EXAMPLES * width; i++) {
        const uint32_t count = category_count(network, i % width);
        const double x = random_uniform(stream, -1, 1);
        features[i] = count > 0 ? floor((x + 1) / 2 * (count + 1)) : x;
    }
    for (size_t i = 0; i < EXAMPLES; i++)
        labels[i] = (int32_t)random_below(stream, CLASSES);
    assert_ok(percept_dataset_create(PERCEPT_FLOAT64, EXAMPLES, width, features, labels, CLASSES, NULL, &data, error));
    return data;
}

static void check_training(const StageVector *vector, const StageOptions *stage, CreateEngine *create, Team *team)
{
    const Shape shape = {{4, 6, CLASSES}, 3, "tanh", "softmax", "cross-entropy", 0, 0, false};
    RandomStream stream, initial;
    random_default_rng(&stream, 5);
    random_default_rng(&initial, 0);
    Network network = make_network_with(&shape, &(Extras){.stages = stage, .stage_count = 1});
    assert_int_equal(network.value_count, vector->count);
    double parameters[LARGEST], answers[EXAMPLES * CLASSES];
    assert_ok(network_initialize_stages(&network, NULL, &initial, parameters, error));
    for (size_t p = 0; p < network.parameter_count; p++)
        parameters[p] = random_uniform(&stream, -0.5, 0.5);
    const EngineConfig config = {
        .network = &network, .precision = PERCEPT_FLOAT64, .batch_capacity = EXAMPLES, .training = true, .team = team};
    Engine *engine = NULL;
    assert_ok(create(&config, &engine, error));
    for (size_t step = 0; step < STEPS; step++) {
        percept_dataset *data = draw_step(&network, &stream);
        const Batch batch = {.data = data, .count = EXAMPLES};
        EngineSums sums;
        engine->methods->step(engine, parameters, &batch, &(EngineUpdate){0.1, 0, NULL, NULL}, &sums);
        assert_close(engine_mean_loss(&sums), vector->losses[step], TOLERANCE);
        if (step + 1 == STEPS)
            engine->methods->predict(engine, parameters, &batch, answers);
        percept_dataset_free(data);
    }
    for (size_t p = 0; p < network.value_count; p++)
        assert_close(parameters[p], vector->parameters[p], TOLERANCE);
    for (size_t i = 0; i < EXAMPLES * CLASSES; i++)
        assert_close(answers[i], vector->answers[i], TOLERANCE);
    engine->methods->free(engine);
    network_clear(&network);
}

static void trainings_equal_pytorch(void **state)
{
    (void)state;
    Team *team = NULL;
    assert_ok(team_create(1, &team, error));
    assert_int_equal(sizeof stages / sizeof *stages, sizeof stage_vectors / sizeof *stage_vectors);
    for (size_t s = 0; s < sizeof stages / sizeof *stages; s++) {
        check_training(&stage_vectors[s], &stages[s], reference_create, team);
        check_training(&stage_vectors[s], &stages[s], cpu_create, team);
    }
    team_free(team);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(trainings_equal_pytorch)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
