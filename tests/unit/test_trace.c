/* A trace tells where the time of a step goes, and changes no bit of what is computed. */
#include "engines.h"

#define DEPTH 3

static const Shape shape = {{70, 65, 40, 10}, DEPTH + 1, "relu", "softmax", "cross-entropy", 0.001, 0.002, false};

/* Parameters after three steps of plain descent. Released with memory_free. */
static void *train_traced(EngineTrace *trace, percept_type precision, CpuWay way, size_t threads)
{
    Case c;
    RandomStream stream;
    random_default_rng(&stream, 3);
    Team *team = make_team(threads);
    open_case(&c, &shape, precision, 90, 90, way, team, &stream);
    c.engine->config.trace = trace;
    void *parameters = rounded_parameters(&c);
    const EngineUpdate update = {.learning_rate = 0.1};
    for (int step = 0; step < 3; step++) {
        EngineSums sums;
        engine_step(c.engine, parameters, &c.batch, &update, &sums);
    }
    close_case(&c);
    team_free(team);
    return parameters;
}

static void a_traced_step_gives_the_same_bits(void **state)
{
    (void)state;
    double products[DEPTH][ENGINE_PRODUCTS];
    EngineTrace trace = {.products = products};
    Network network = make_network(&shape);
    for (size_t isa = 0; isa < ISA_COUNT; isa++) {
        if (!to_check(isa))
            continue;
        setenv("PERCEPT_ISA", isa_name(isa), 1);
        for (size_t threads = 1; threads <= 3; threads++) {
            const CpuWay way = threads < 3 ? CPU_SHARED : CPU_SMALL;
            memset(products, 0, sizeof products);
            void *plain = train_traced(NULL, PERCEPT_FLOAT32, way, threads);
            void *traced = train_traced(&trace, PERCEPT_FLOAT32, way, threads);
            assert_memory_equal(plain, traced, network.parameter_count * sizeof(float));
            memory_free(plain);
            memory_free(traced);
        }
    }
    network_clear(&network);
}

/* Every product that is made takes time, and the input gradient of the first layer is not made. */
static void each_product_has_its_time(void **state)
{
    (void)state;
    const CpuWay ways[] = {CPU_SHARED, CPU_SMALL};
    unsetenv("PERCEPT_ISA");
    for (size_t way = 0; way < 2; way++) {
        double products[DEPTH][ENGINE_PRODUCTS] = {0};
        EngineTrace trace = {.products = products};
        memory_free(train_traced(&trace, PERCEPT_FLOAT64, ways[way], 2));
        assert_true(trace.gathering > 0);
        for (size_t l = 0; l < DEPTH; l++)
            for (int p = 0; p < ENGINE_PRODUCTS; p++)
                assert_true(l == 0 && p == ENGINE_INPUT_GRADIENT ? products[l][p] == 0 : products[l][p] > 0);
    }
}

/* The pieces that a plan tells of are not larger than what is cut into them. */
static void plans_fit_their_products(void **state)
{
    (void)state;
    Case c;
    RandomStream stream;
    random_default_rng(&stream, 4);
    Team *team = make_team(1);
    for (size_t i = 0; i < 2 * ISA_COUNT; i++) {
        const size_t isa = i / 2;
        if (!to_check(isa))
            continue;
        setenv("PERCEPT_ISA", isa_name(isa), 1);
        open_case(&c, &shape, PERCEPT_FLOAT32, 90, 90, i % 2 == 0 ? CPU_SHARED : CPU_SMALL, team, &stream);
        for (size_t l = 0; l < DEPTH; l++)
            for (int p = 0; p < ENGINE_PRODUCTS; p++) {
                const Layer *layer = &c.network.layers[l];
                EnginePlan plan = {0};
                engine_plan(c.engine, l, (EngineProduct)p, 90, &plan);
                const size_t rows = p == ENGINE_INPUT_GRADIENT ? 90 : layer->outputs;
                const size_t columns = p == ENGINE_FORWARD ? 90 : layer->inputs;
                const size_t depth[] = {layer->inputs, 90, layer->outputs};
                assert_string_equal(plan.kernel, isa_name(isa));
                assert_true(plan.tile_rows > 0 && plan.tile_columns > 0);
                assert_in_range(plan.unit_rows, 1, rows);
                assert_in_range(plan.unit_columns, 1, columns);
                assert_in_range(plan.depth, 1, depth[p]);
            }
        close_case(&c);
    }
    team_free(team);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_traced_step_gives_the_same_bits),
        cmocka_unit_test(each_product_has_its_time),
        cmocka_unit_test(plans_fit_their_products),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
