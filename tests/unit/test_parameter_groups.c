/* Parameter groups: what each role of tensors is treated with, and statistics among the values. */
#include "unit.h"

#include <string.h>

#include "engine/kinds.h"
#include "networks.h"
#include "trainings.h"

static const StageOptions norm = {.kind = "batch-norm", .side = 1};

/* 6-8-3 with a batch norm after the first layer, in float64, with the statistics moved from where they begin. */
static percept_model *make_norm_model(RandomStream *stream)
{
    const Extras extras = {.stages = &norm, .stage_count = 1};
    Network network = make_network_with(&training_shape, &extras);
    double *parameters = make_parameters(&network, stream);
    Scaler scaler = {.kind = SCALER_NONE, .width = network_inputs(&network), .divisor = 1};
    char *names[] = {"a", "b", "c"};
    percept_model *model = NULL;
    assert_true(network.value_count > network.parameter_count);
    assert_ok(model_create(&network, PERCEPT_FLOAT64, &scaler, 3, names, &model, error));
    model_set_parameters(model, parameters);
    memory_free(parameters);
    return model;
}

/* Values before and after a training. */
typedef struct Moved {
    percept_model *model;
    double before[128];
} Moved;

static Moved train_norm(const TrainingOptions *options, bool validation)
{
    Moved moved;
    RandomStream stream;
    random_default_rng(&stream, 3);
    moved.model = make_norm_model(&stream);
    assert_true(moved.model->network.value_count <= 128);
    memcpy(moved.before, moved.model->parameters, moved.model->network.value_count * sizeof(double));
    percept_dataset *train = make_data(&moved.model->network, 12, &stream);
    percept_dataset *valid = make_data(&moved.model->network, 7, &stream);
    Team *team = make_team();
    assert_ok(train_run(moved.model, train, validation ? valid : NULL, options, team, NULL, NULL, NULL, error));
    team_free(team);
    percept_dataset_free(train);
    percept_dataset_free(valid);
    return moved;
}

/* Whether every element of the tensors of a role has changed, or none. */
static bool all_moved(const Moved *moved, TensorRole role, bool wanted)
{
    const Network *network = &moved->model->network;
    const double *after = moved->model->parameters;
    for (size_t t = 0; t < network->tensor_count; t++) {
        const NetworkTensor *tensor = &network->tensors[t];
        for (size_t p = tensor->offset; p < tensor->offset + tensor_size(tensor) && tensor->role == role; p++)
            if ((after[p] != moved->before[p]) != wanted)
                return false;
    }
    return true;
}

static void a_role_with_rate_0_stays_and_the_others_learn(void **state)
{
    (void)state;
    static const char *const optimizers[] = {"sgd", "adamw"};
    for (size_t i = 0; i < 4; i++) {
        TrainingOptions options = make_options(optimizers[i % 2]);
        options.rate_factors = (RoleFactors){1, {{ROLE_SCALE, 0}}};
        options.weight_decay = 0.1;
        options.clip_norm = i < 2 ? 0 : 0.5;
        const Moved moved = train_norm(&options, false);
        assert_true(all_moved(&moved, ROLE_SCALE, false));
        assert_true(all_moved(&moved, ROLE_SHIFT, true));
        assert_true(all_moved(&moved, ROLE_WEIGHT, true));
        percept_model_free(moved.model);
    }
}

/* Also where the update needs the whole gradient first. */
static void running_statistics_move_with_every_update(void **state)
{
    (void)state;
    TrainingOptions options = make_options("sgd");
    options.schedule_options.base = 0; /* so that steps differ in nothing else */
    const Moved plain = train_norm(&options, false);
    options.clip_norm = 1e-3;
    const Moved clipped = train_norm(&options, false);
    assert_true(all_moved(&plain, ROLE_STATISTIC, true));
    assert_memory_equal(plain.model->parameters, clipped.model->parameters,
                        plain.model->network.value_count * sizeof(double));
    percept_model_free(plain.model);
    percept_model_free(clipped.model);
}

/* One step: the average begins with the values after it. Many steps: it lags behind them. */
static void averages_and_best_epochs_hold_statistics(void **state)
{
    (void)state;
    TrainingOptions options = make_options("sgd");
    const Moved last = train_norm(&options, true);
    options.ema = 0.9;
    options.keep_best = true;
    const Moved average = train_norm(&options, true);
    assert_true(all_moved(&average, ROLE_STATISTIC, true));
    assert_memory_not_equal(last.model->parameters, average.model->parameters,
                            last.model->network.value_count * sizeof(double));
    percept_model_free(last.model);
    percept_model_free(average.model);
}

static void neighbours_with_equal_factors_are_one_group(void **state)
{
    (void)state;
    RandomStream stream;
    random_default_rng(&stream, 3);
    percept_model *model = make_norm_model(&stream);
    const RoleFactors none = {0}, decays = {1, {{ROLE_BIAS, 1}}};
    const WholeRule rule = {NULL, 1};
    ParameterGroup *groups = NULL;
    size_t count = 0;
    assert_ok(groups_create(&model->network, &none, &decays, &rule, &groups, &count, error));
    assert_int_equal(count, 2); /* the dense layers; scale and shift */
    assert_int_equal(groups[0].end, model->network.dense_count);
    assert_int_equal(groups[1].end, model->network.parameter_count);
    assert_true(groups[0].decay == 1 && groups[1].decay == 0 && groups[1].rate == 1);
    memory_free(groups);
    assert_ok(groups_create(&model->network, &none, &none, &rule, &groups, &count, error));
    assert_int_equal(count, 4); /* weight, bias, weight, bias with scale and shift */
    memory_free(groups);
    percept_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_role_with_rate_0_stays_and_the_others_learn),
        cmocka_unit_test(running_statistics_move_with_every_update),
        cmocka_unit_test(averages_and_best_epochs_hold_statistics),
        cmocka_unit_test(neighbours_with_equal_factors_are_one_group),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
