/* What training may ask for besides labels and losses (dropout, weights of examples and classes, smoothed labels,
 * regression targets): the cpu engine agrees with the reference engine, and gives the same bits for any number of
 * threads. */
#include "engines.h"

#define LARGEST 100 /* layer sizes and batches in random shapes */

static const char *any_name(RandomStream *stream, const char *const *names, size_t count)
{
    return names[random_below(stream, count)];
}

/* Each extra by itself, then random mixtures. */
static void extras_agree_with_the_reference(void **state)
{
    (void)state;
    static const Shape shapes[] = {
        {{17, 33, 20, 5}, 4, "relu", "softmax", "cross-entropy", 0.001, 0.002, true},
        {{17, 33, 20, 5}, 4, "softmax", "identity", "mean-squared-error", 0, 0, false},
        {{4, 65, 1}, 3, "gelu", "sigmoid", "binary-cross-entropy", 0, 0.01, false},
        {{300, 150, 130, 3}, 4, "tanh", "softmax", "cross-entropy", 0, 0, false},
    };
    static const Extras extras[] = {
        {.dropout = 0.5},  {.label_smoothing = 0.1},
        {.weights = true}, {.class_weights = true},
        {.targets = true}, {.dropout = 0.1, .label_smoothing = 0.3, .weights = true, .class_weights = true},
    };
    static const size_t counts[] = {1, 5, 37, 100};
    RandomStream stream;
    random_default_rng(&stream, 1);
    Team *team = make_team(2);
    for (size_t i = 0; i < 4 * 6 * 4; i++) {
        const size_t count = counts[i / 24];
        check_shape_with(&shapes[i % 4], &extras[i / 4 % 6], count, count + i % 3, team, &stream);
    }
    team_free(team);
}

static void random_mixtures_agree_with_the_reference(void **state)
{
    (void)state;
    static const char *const hidden[] = {"relu",     "elu",  "sigmoid", "gelu", "softmax",
                                         "softplus", "selu", "silu",    "mish"};
    static const char *const losses[] = {"mean-squared-error", "huber", "mean-absolute-error"};
    RandomStream stream;
    random_default_rng(&stream, 2);
    Team *team = make_team(3);
    for (int round = 0; round < 30; round++) {
        Shape shape = {.size_count = 3 + random_below(&stream, 3)};
        for (size_t i = 0; i < shape.size_count; i++)
            shape.sizes[i] = 1 + random_below(&stream, LARGEST);
        shape.hidden = any_name(&stream, hidden, sizeof hidden / sizeof hidden[0]);
        const bool classes = random_below(&stream, 2) == 1;
        shape.output = classes ? "softmax" : "identity";
        shape.loss = classes ? "cross-entropy" : any_name(&stream, losses, 3);
        shape.sum = random_below(&stream, 2) == 1;
        shape.l2 = random_below(&stream, 2) == 1 ? 0.003 : 0;
        const Extras extras = {.dropout = random_below(&stream, 2) == 1 ? random_unit(&stream) : 0,
                               .label_smoothing = random_below(&stream, 2) == 1 ? random_unit(&stream) : 0,
                               .weights = random_below(&stream, 2) == 1,
                               .class_weights = random_below(&stream, 2) == 1,
                               .targets = !classes};
        const size_t count = 1 + random_below(&stream, LARGEST);
        check_shape_with(&shape, &extras, count, count + random_below(&stream, LARGEST), team, &stream);
    }
    team_free(team);
}

/* Nothing has weight: no division by it, and penalties alone are left. */
static void weights_of_zero_agree_with_the_reference(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        const Shape shape = {{9, 7, 3}, 3, "tanh", "softmax", "cross-entropy", 0.01, 0.02, i % 2 == 1};
        const CpuWay way = i / 2 == 0 ? CPU_SHARED : CPU_SMALL;
        const Extras extras = {.weights = true};
        RandomStream stream;
        random_default_rng(&stream, 3);
        Team *team = make_team(2);
        Case c;
        setenv("PERCEPT_ISA", isa_name(ISA_EVERYWHERE), 1);
        open_case_with(&c, &shape, &extras, PERCEPT_FLOAT32, 11, 11, way, team, &stream);
        memset(c.data->storage->weights, 0, 11 * sizeof(double));
        check_gradient(&c);
        check_step(&c, true);
        close_case(&c);
        unsetenv("PERCEPT_ISA");
        team_free(team);
    }
}

static void bits_do_not_depend_on_the_threads(void **state)
{
    (void)state;
    static const Shape shapes[] = {
        {{90, 130, 70, 10}, 4, "relu", "softmax", "cross-entropy", 0.001, 0.001, false},
        {{300, 100, 40, 200}, 4, "softmax", "identity", "mean-squared-error", 0, 0.01, true},
    };
    check_threads(&shapes[0],
                  &(Extras){.dropout = 0.3, .label_smoothing = 0.1, .weights = true, .class_weights = true});
    check_threads(&shapes[1], &(Extras){.dropout = 0.3, .weights = true, .targets = true});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extras_agree_with_the_reference),
        cmocka_unit_test(random_mixtures_agree_with_the_reference),
        cmocka_unit_test(weights_of_zero_agree_with_the_reference),
        cmocka_unit_test(bits_do_not_depend_on_the_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
