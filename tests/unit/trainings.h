/* Small trainings for tests: a network 6-8-3 in float64 on random data, by the reference engine. */
#ifndef TESTS_TRAININGS_H
#define TESTS_TRAININGS_H

#include "engine/kinds.h"
#include "networks.h"
#include "train/train.h"

static const Shape training_shape = {{6, 8, 3}, 3, "tanh", "softmax", "cross-entropy", 0, 0, false};

/* A float64 model of that shape with parameters drawn from the stream. */
static inline percept_model *make_model(const Shape *of, RandomStream *stream)
{
    Network network = make_network(of);
    double *parameters = make_parameters(&network, stream);
    Scaler scaler = {.kind = SCALER_NONE, .width = network_inputs(&network), .divisor = 1};
    const size_t outputs = network_outputs(&network), classes = outputs == 1 ? 2 : outputs;
    char *names[] = {"a", "b", "c"};
    percept_model *model = NULL;
    assert_true(classes <= 3);
    assert_ok(model_create(&network, PERCEPT_FLOAT64, &scaler, classes, names, &model, error));
    model_set_parameters(model, parameters);
    memory_free(parameters);
    return model;
}

static inline TrainingOptions make_options(const char *optimizer)
{
    TrainingOptions options = {.engine = engine_kind_find("reference"),
                               .optimizer = (size_t)optimizer_find(optimizer),
                               .optimizer_options = {.rho = 0.9, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8},
                               .lbfgs = {.history = 5, .evaluations = 1000},
                               .schedule = schedule_at((size_t)schedule_find("constant")),
                               .schedule_options = {.base = 0.05, .decay = 1, .every = 1, .rise = 0.3},
                               .epochs = 3,
                               .batch_size = 4,
                               .shuffle = true};
    random_spawn(&options.shuffling, 1, 2);
    return options;
}

static inline Team *make_team(void)
{
    Team *team = NULL;
    assert_ok(team_create(1, &team, error));
    return team;
}

/* What the callback saw. */
typedef struct Seen {
    size_t steps, epochs, examples;
    double valid_accuracy[64], valid_loss[64];
    size_t best;
    size_t stop_after; /* steps; 0: never */
} Seen;

static inline int watch(const percept_progress *progress, void *user)
{
    Seen *seen = user;
    seen->steps++;
    seen->examples = progress->examples;
    if (progress->epoch_done) {
        seen->valid_accuracy[progress->epoch % 64] = progress->valid_accuracy;
        seen->valid_loss[progress->epoch % 64] = progress->valid_loss;
        if (progress->best)
            seen->best = progress->epoch;
        seen->epochs++;
    }
    return seen->stop_after > 0 && seen->steps >= seen->stop_after;
}

typedef struct Setting {
    RandomStream stream;
    percept_model *model;
    percept_dataset *train, *valid;
    Team *team;
    Seen seen;
} Setting;

static inline Setting *make_setting_of(const Shape *shape, size_t train, size_t valid)
{
    static Setting setting;
    setting = (Setting){0};
    random_default_rng(&setting.stream, 3);
    setting.model = make_model(shape, &setting.stream);
    setting.train = make_data(&setting.model->network, train, &setting.stream);
    setting.valid = make_data(&setting.model->network, valid, &setting.stream);
    setting.team = make_team();
    return &setting;
}

static inline Setting *make_setting(size_t train, size_t valid)
{
    return make_setting_of(&training_shape, train, valid);
}

static inline void clear_setting(Setting *setting)
{
    percept_model_free(setting->model);
    percept_dataset_free(setting->train);
    percept_dataset_free(setting->valid);
    team_free(setting->team);
}

static inline percept_status run(Setting *setting, const TrainingOptions *options, percept_result *result,
                                 percept_error *error)
{
    return train_run(setting->model, setting->train, setting->valid, options, setting->team, watch, &setting->seen,
                     result, error);
}

#endif
