/* Examples that are moved against the network: the engine around another one gives what the other one gives on features that
 * were moved by hand, for each engine and precision; and the gradient by the inputs can be computed alone. */
#include "engines.h"

#include "engine/kinds.h"

enum { EXAMPLES = 24 };

#define DISTANCE 0.125f

static Engine *make_engine(const Case *c, const char *kind, double distance, double share, Team *team)
{
    Engine *engine = NULL;
    const EngineConfig config = {.network = &c->network,
                                 .precision = c->precision,
                                 .batch_capacity = EXAMPLES,
                                 .training = true,
                                 .team = team,
                                 .dropout = &c->dropout,
                                 .adversarial = distance,
                                 .adversarial_share = share};
    assert_ok(engine_create(engine_kind_find(kind), &config, &engine, error));
    return engine;
}

/* Moves features of the dataset itself: of every example, or of every second one. */
static void move_by_hand(const Case *c, const void *input_gradient, size_t every)
{
    double *features = c->data->storage->features;
    for (size_t i = every - 1; i < EXAMPLES; i += every)
        for (size_t j = i * c->inputs; j < (i + 1) * c->inputs; j++) {
            const double slope = get(c->precision, input_gradient, j);
            const double distance = slope > 0 ? (double)DISTANCE : slope < 0 ? -(double)DISTANCE : 0;
            features[j] = c->precision == PERCEPT_FLOAT32 ? (double)((float)features[j] + (float)distance)
                                                          : features[j] + distance;
        }
}

/* Gradient and step of the adversary, then those of the engine inside it on what was moved by hand. */
static void check_case(const Case *c, const char *kind, size_t every, Team *team)
{
    const size_t count = c->network.parameter_count, values = c->network.value_count, size = real_size(c->precision);
    Engine *adversary = make_engine(c, kind, (double)DISTANCE, 1.0 / (double)every, team);
    Engine *plain = make_engine(c, kind, 0, 0, team);
    const EngineUpdate update = {.learning_rate = 0.5};
    void *parameters = rounded_parameters(c), *expected_parameters = rounded_parameters(c);
    void *gradient = make_values(c->precision, values), *expected = make_values(c->precision, values);
    void *inputs = make_values(c->precision, EXAMPLES * c->inputs),
         *alone = make_values(c->precision, EXAMPLES * c->inputs);
    EngineSums sums, expected_sums;
    engine_gradient(plain, parameters, &c->batch, gradient, inputs, &sums);
    engine_gradient(plain, parameters, &c->batch, NULL, alone, &expected_sums);
    assert_memory_equal(inputs, alone, EXAMPLES * c->inputs * size);
    assert_memory_equal(&sums.loss, &expected_sums.loss, sizeof sums.loss);

    engine_gradient(adversary, parameters, &c->batch, gradient, NULL, &sums);
    engine_step(adversary, parameters, &c->batch, &update, &sums);
    move_by_hand(c, inputs, every);
    engine_gradient(plain, expected_parameters, &c->batch, expected, NULL, &expected_sums);
    engine_step(plain, expected_parameters, &c->batch, &update, &expected_sums);
    assert_memory_equal(gradient, expected, count * size);
    assert_memory_equal(parameters, expected_parameters, values * size);
    assert_memory_equal(&sums.loss, &expected_sums.loss, sizeof sums.loss);
    assert_int_equal(sums.correct, expected_sums.correct);
    memory_free(parameters);
    memory_free(expected_parameters);
    memory_free(gradient);
    memory_free(expected);
    memory_free(inputs);
    memory_free(alone);
    engine_free(adversary);
    engine_free(plain);
}

static void it_is_a_step_on_moved_features(void **state)
{
    (void)state;
    static const Shape shapes[] = {
        {{7, 9, 3}, 3, "tanh", "softmax", "cross-entropy", 0, 0.01, false},
        {{90, 130, 70, 10}, 4, "relu", "softmax", "cross-entropy", 0, 0, false},
        {{5, 8, 1}, 3, "silu", "sigmoid", "binary-cross-entropy", 0, 0, false},
    };
    static const char *const kinds[] = {"cpu", "reference"};
    static const percept_type precisions[] = {PERCEPT_FLOAT32, PERCEPT_FLOAT64};
    Team *team = make_team(2);
    for (size_t i = 0; i < 3 * 2 * 2 * 2; i++) {
        RandomStream stream;
        Case c;
        random_default_rng(&stream, 9);
        open_case_with(&c, &shapes[i % 3], &(Extras){.dropout = i % 2 == 0 ? 0.2 : 0}, precisions[i / 3 % 2], EXAMPLES,
                       EXAMPLES, CPU_SHARED, team, &stream);
        check_case(&c, kinds[i / 6 % 2], 1 + i / 12, team);
        close_case(&c);
    }
    team_free(team);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_a_step_on_moved_features),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
