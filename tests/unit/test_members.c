/* Networks with members: each member is trained as if it were alone, and what they predict is the mean. */
#include "unit.h"

#include <string.h>

#include "engine/cpu/cpu.h"
#include "engine/reference/reference.h"
#include "nn/members.h"
#include "stage_cases.h"

enum { MEMBERS = 3, EXAMPLES = 40, STEPS = 3 };

static Network make_members(const StageCase *c)
{
    const double dropout = 0.2;
    const NetworkOptions options = {.sizes = c->shape.sizes,
                                    .size_count = c->shape.size_count,
                                    .hidden_activations = &c->shape.hidden,
                                    .hidden_activation_count = 1,
                                    .output_activation = c->shape.output,
                                    .loss = c->shape.loss,
                                    .dropout = &dropout,
                                    .dropout_count = 1,
                                    .stages = c->stages,
                                    .stage_count = c->stage_count,
                                    .members = MEMBERS};
    Network network = {0};
    assert_ok(network_create(&options, &network, error));
    return network;
}

static double *begin(const Network *network)
{
    static const char *const names[] = {"he"};
    RandomStream stream;
    double *parameters = NULL;
    random_default_rng(&stream, 3);
    assert_ok(memory_allocate(network->value_count, sizeof *parameters, "parameters", &parameters, error));
    assert_ok(network_initialize(network, names, 1, 1, false, &stream, parameters, error));
    assert_ok(network_initialize_stages(network, NULL, &stream, parameters, error));
    return parameters;
}

/* p ← p - 0.1 g, through the update's function */
static void descend(void *state, size_t first, size_t end, void *parameters, const void *gradient)
{
    (void)state;
    for (size_t p = first; p < end; p++)
        ((double *)parameters)[p] -= 0.1 * ((const double *)gradient)[p];
}

typedef percept_status Create(const EngineConfig *config, Engine **out, percept_error *error);

/* Trains for some steps and predicts; `outputs` of EXAMPLES × outputs. */
static void train(Create *create, const Network *network, size_t threads, bool plain, double *parameters,
                  double *outputs, double *logits, EngineSums *sums)
{
    RandomStream stream, dropout;
    random_default_rng(&stream, 5);
    random_default_rng(&dropout, 6);
    Team *team = NULL;
    Engine *engine = NULL;
    assert_ok(team_create(threads, &team, error));
    percept_dataset *data = make_data(network, EXAMPLES, &stream);
    const Batch batch = {.data = data, .count = EXAMPLES};
    const EngineConfig config = {.network = network,
                                 .precision = PERCEPT_FLOAT64,
                                 .batch_capacity = EXAMPLES,
                                 .training = true,
                                 .team = team,
                                 .dropout = &dropout};
    const EngineUpdate update = {0.1, 0.01, plain ? NULL : descend, NULL};
    assert_ok(create(&config, &engine, error));
    for (int step = 0; step < STEPS; step++)
        engine_step(engine, parameters, &batch, &update, &sums[step]);
    engine_keep_logits(engine, logits);
    engine_evaluate(engine, parameters, &batch, outputs, &sums[STEPS]);
    engine_free(engine);
    percept_dataset_free(data);
    team_free(team);
}

static void check_case(Create *create, const StageCase *c, bool plain)
{
    Network network = make_members(c);
    const size_t outputs = EXAMPLES * network_outputs(&network);
    double *parameters = begin(&network), *values = NULL, *mean = NULL, *alone = NULL;
    EngineSums sums[STEPS + 1], own[STEPS + 1];
    double losses[STEPS] = {0};
    assert_ok(memory_allocate(network.value_count, sizeof *values, "values", &values, error));
    assert_ok(memory_allocate_zeroed(4 * outputs, sizeof *mean, "outputs", &mean, error));
    memcpy(values, parameters, network.value_count * sizeof *values);
    train(create, &network, 2, plain, values, mean, mean + outputs, sums);
    alone = mean + 2 * outputs;
    for (size_t m = 0; m < MEMBERS; m++) {
        Network member;
        assert_ok(network_member(&network, m, &member, error));
        train(create, &member, 1, plain, parameters + network_member_offset(&network, m), mean + 3 * outputs, NULL,
              own);
        for (size_t i = 0; i < outputs; i++)
            alone[i] += mean[3 * outputs + i];
        for (int step = 0; step < STEPS; step++)
            losses[step] += own[step].loss / MEMBERS;
        network_clear(&member);
    }
    assert_memory_equal(values, parameters, network.value_count * sizeof *values);
    for (size_t i = 0; i < outputs; i++)
        assert_close(mean[i], alone[i] / MEMBERS, 1e-14);
    for (int step = 0; step < STEPS; step++)
        assert_close(sums[step].loss, losses[step], 1e-14);
    if (strcmp(c->shape.output, "sigmoid") == 0)
        for (size_t i = 0; i < outputs; i++)
            assert_close(1 / (1 + exp(-mean[outputs + i])), mean[i], 1e-12);
    memory_free(values);
    memory_free(mean);
    memory_free(parameters);
    network_clear(&network);
}

static void members_are_trained_as_if_alone(void **state)
{
    (void)state;
    for (size_t s = 0; s < STAGE_CASES; s++)
        for (int plain = 0; plain < 2; plain++) {
            check_case(cpu_create, &stage_cases[s], plain == 1);
            check_case(reference_create, &stage_cases[s], plain == 1);
        }
}

static void threads_do_not_change_bits(void **state)
{
    (void)state;
    Network network = make_members(&stage_cases[0]);
    const size_t outputs = EXAMPLES * network_outputs(&network);
    double *first = NULL;
    for (size_t threads = 1; threads <= 4; threads++) {
        double *parameters = begin(&network), *mean = NULL;
        EngineSums sums[STEPS + 1];
        assert_ok(memory_allocate_zeroed(2 * outputs, sizeof *mean, "outputs", &mean, error));
        train(cpu_create, &network, threads, false, parameters, mean, mean + outputs, sums);
        memory_free(mean);
        if (first == NULL) {
            first = parameters;
            continue;
        }
        assert_memory_equal(first, parameters, network.value_count * sizeof *first);
        memory_free(parameters);
    }
    memory_free(first);
    network_clear(&network);
}

/* Tensors of all members cover the flat vector once, what is trained first. */
static void tensors_cover_the_vector(void **state)
{
    (void)state;
    for (size_t s = 0; s < STAGE_CASES; s++) {
        Network network = make_members(&stage_cases[s]);
        size_t next = 0;
        for (size_t t = 0; t < network.tensor_count; t++) {
            assert_int_equal(network.tensors[t].offset, next);
            assert_true((network.tensors[t].role == ROLE_STATISTIC) == (next >= network.parameter_count) ||
                        tensor_size(&network.tensors[t]) == 0);
            next += tensor_size(&network.tensors[t]);
        }
        assert_int_equal(next, network.value_count);
        assert_non_null(network_tensor_find(&network, "members.2.layers.1.bias"));
        for (size_t m = 0; m < MEMBERS; m++) {
            Network member; /* whose dropout has draws of its own */
            assert_ok(network_member(&network, m, &member, error));
            assert_int_equal(member.layers[0].dropout_offset, m * (network.dropout_units / MEMBERS));
            network_clear(&member);
        }
        network_clear(&network);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_trained_as_if_alone),
        cmocka_unit_test(threads_do_not_change_bits),
        cmocka_unit_test(tensors_cover_the_vector),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
