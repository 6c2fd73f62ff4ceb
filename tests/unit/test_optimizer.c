/* Optimizers, schedules, clipping and averaging as PyTorch has them: whole trainings of the same network on the same data
 * in the same order, and the rates of schedules. */
#include "unit.h"

#include <string.h>

#include "engine/kinds.h"
#include "training_vectors.h"
#include "trainings.h"

/* Nine steps of float64, whose sums are taken in other orders: some roundings of 1e-16, enlarged by Adam's and RMSprop's
 * division by the gradient's own size. */
#define TRAINING_TOLERANCE 1e-12

/* A few roundings. */
#define RATE_TOLERANCE 1e-14

/* A training of training_vectors.py, as options here. */
/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): members in the order in which rows are read */
typedef struct Case {
    const char *name, *optimizer, *schedule;
    double momentum, weight_decay, clip_norm, ema, decay, rate;
    double beta2;
    bool nesterov;
    size_t every, warmup;
    ClipScope scope;
    RoleFactors rates, decays;
    const char *decay_schedule;
    const Shape *shape; /* NULL: training_shape */
} Case;

/* With a matrix between hidden layers, wide and high. */
static const Shape deep_shape = {{6, 8, 5, 3}, 4, "tanh", "softmax", "cross-entropy", 0, 0, false};
static const Shape rising_shape = {{6, 5, 8, 3}, 4, "tanh", "softmax", "cross-entropy", 0, 0, false};

static const Case cases[] = {
    {"momentum", "sgd", "constant", .momentum = 0.9},
    {"nesterov", "sgd", "constant", .momentum = 0.9, .nesterov = true},
    {"rmsprop", "rmsprop", "constant", .momentum = 0},
    {"rmsprop_momentum", "rmsprop", "constant", .momentum = 0.5},
    {"adam", "adam", "constant", .momentum = 0},
    {"adam_decay", "adam", "constant", .weight_decay = 0.1},
    {"adamw", "adamw", "constant", .weight_decay = 0.1},
    {"clip", "sgd", "constant", .clip_norm = 0.3},
    {"clip_momentum_decay", "sgd", "constant", .momentum = 0.9, .weight_decay = 0.1, .clip_norm = 0.3},
    {"clip_role", "sgd", "constant", .clip_norm = 0.2, .scope = CLIP_ROLE},
    {"clip_tensor", "sgd", "constant", .clip_norm = 0.1, .scope = CLIP_TENSOR},
    {"rates", "sgd", "constant", .rates = {2, {{ROLE_BIAS, 0.1}, {ROLE_WEIGHT, 2}}}},
    {"rates_adamw", "adamw", "constant", .weight_decay = 0.1, .rates = {2, {{ROLE_BIAS, 0.1}, {ROLE_WEIGHT, 2}}}},
    {"decays", "adam", "constant", .weight_decay = 0.1, .decays = {2, {{ROLE_WEIGHT, 0.5}, {ROLE_BIAS, 3}}}},
    {"decays_adamw", "adamw", "constant", .weight_decay = 0.1, .decays = {2, {{ROLE_WEIGHT, 0.5}, {ROLE_BIAS, 3}}}},
    {"decay_flat_cosine", "adamw", "constant", .weight_decay = 0.5, .decay_schedule = "flat-cosine"},
    {"decay_coslog4", "adam", "constant", .weight_decay = 0.5, .decay_schedule = "coslog4"},
    {"amsgrad", "amsgrad", "constant", .weight_decay = 0.1, .beta2 = 0.6},
    {"muon", "muon", "constant", .momentum = 0.95, .nesterov = true, .rate = 0.02, .beta2 = 0.95, .weight_decay = 0.1,
     .shape = &deep_shape},
    {"muon_plain", "muon", "constant", .momentum = 0.95, .rate = 0.02, .beta2 = 0.95, .shape = &rising_shape},
    {"ema", "adam", "constant", .ema = 0.8},
    {"exponential", "sgd", "exponential", .decay = 0.5},
    {"step", "sgd", "step", .decay = 0.1, .every = 2},
    {"cosine", "sgd", "cosine", .decay = 0.1},
    {"one_cycle", "sgd", "one-cycle", .decay = 0.04},
    {"warm_cosine", "sgd", "cosine", .warmup = 5},
    {"plateau", "sgd", "plateau", .decay = 0.5, .rate = 0.5},
};

static TrainingOptions options_of(const Case *c)
{
    TrainingOptions options = make_options(c->optimizer);
    options.optimizer_options.momentum = c->momentum;
    options.optimizer_options.nesterov = c->nesterov;
    options.weight_decay = c->weight_decay;
    options.clip_norm = c->clip_norm;
    options.clip_scope = c->scope;
    options.rate_factors = c->rates;
    options.decay_factors = c->decays;
    options.ema = c->ema;
    options.adamw_rate = 0.05;
    if (c->decay_schedule != NULL)
        options.decay_schedule = schedule_at((size_t)schedule_find(c->decay_schedule));
    if (c->beta2 > 0)
        options.optimizer_options.beta2 = c->beta2;
    options.schedule = schedule_at((size_t)schedule_find(c->schedule));
    options.schedule_options.decay = c->decay;
    options.schedule_options.warmup = c->warmup;
    options.schedule_options.rise = 0.4;
    options.monitor = MONITOR_VALID_LOSS;
    if (c->every > 0)
        options.schedule_options.every = c->every;
    if (c->rate > 0)
        options.schedule_options.base = c->rate;
    return options;
}

static void expect_case(const Case *c, const TrainingVector *vector, const char *engine)
{
    TrainingOptions options = options_of(c);
    options.engine = engine_kind_find(engine);
    Setting *setting = make_setting_of(c->shape != NULL ? c->shape : &training_shape, 10, 7);
    assert_ok(run(setting, &options, NULL, error));
    for (size_t i = 0; i < VECTOR_COUNT; i++) {
        const double value = ((const double *)setting->model->parameters)[i * VECTOR_STRIDE];
        if (!(fabs(value - vector->parameters[i]) <= TRAINING_TOLERANCE))
            fail_msg("%s, %s: parameter %zu is %.17g, not %.17g", c->name, engine, i * VECTOR_STRIDE, value,
                     vector->parameters[i]);
    }
    clear_setting(setting);
}

static void trainings_end_where_pytorch_s_do(void **state)
{
    (void)state;
    const size_t count = sizeof training_vectors / sizeof *training_vectors;
    assert_int_equal(count, sizeof cases / sizeof *cases);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(cases[i].name, training_vectors[i].name);
        expect_case(&cases[i], &training_vectors[i], "reference");
        expect_case(&cases[i], &training_vectors[i], "cpu");
    }
}

static double rate_at(const char *schedule, const ScheduleOptions *options, size_t t, double reduction)
{
    const ScheduleMoment moment = {.epoch = t, .epochs = RATES, .step = t, .steps = RATES, .reduction = reduction};
    return schedule_rate(schedule_at((size_t)schedule_find(schedule)), options, &moment);
}

static void expect_rates(const char *name, const char *schedule, ScheduleOptions options)
{
    Plateau plateau = {.reduction = 1};
    const RateVector *vector = NULL;
    for (size_t i = 0; i < sizeof rate_vectors / sizeof *rate_vectors; i++)
        if (strcmp(rate_vectors[i].name, name) == 0)
            vector = &rate_vectors[i];
    assert_non_null(vector);
    options.base = 0.2;
    for (size_t t = 0; t < RATES; t++) {
        assert_close(rate_at(schedule, &options, t, plateau.reduction), vector->rates[t], RATE_TOLERANCE);
        plateau_see(&plateau, &options, -plateau_losses[t]);
    }
}

static void schedules_run_as_pytorch_s_do(void **state)
{
    (void)state;
    expect_rates("step", "step", (ScheduleOptions){.decay = 0.3, .every = 7});
    expect_rates("exponential", "exponential", (ScheduleOptions){.decay = 0.9});
    expect_rates("cosine", "cosine", (ScheduleOptions){.decay = 0.1});
    expect_rates("one-cycle", "one-cycle", (ScheduleOptions){.decay = 0.04, .rise = 0.3});
    expect_rates("plateau", "plateau", (ScheduleOptions){.decay = 0.5, .patience = 2});
    expect_rates("warmup", "constant", (ScheduleOptions){.warmup = 6});
}

/* Learning rates of the steps of a training. */
typedef struct Rates {
    double values[64];
    size_t count;
} Rates;

static int note_rate(const percept_progress *progress, void *user)
{
    Rates *rates = user;
    rates->values[rates->count++] = progress->learning_rate;
    return 0;
}

/* Of three steps an epoch: 1.2 are one step, 1.5 are two, 2.7 are three; and so many steps beyond the first epoch. */
static void a_warmup_of_a_part_of_an_epoch_takes_whole_steps(void **state)
{
    (void)state;
    static const struct {
        double epochs;
        size_t steps;
    } warmups[] = {{0.1, 0}, {0.4, 1}, {0.5, 2}, {0.9, 3}, {1.5, 5}, {1.6, 5}};
    for (size_t i = 0; i < sizeof warmups / sizeof *warmups; i++) {
        Rates rates = {.count = 0};
        Setting *setting = make_setting(10, 7);
        TrainingOptions options = make_options("sgd");
        options.warmup_epochs = warmups[i].epochs;
        assert_ok(
            train_run(setting->model, setting->train, NULL, &options, setting->team, note_rate, &rates, NULL, error));
        assert_int_equal(rates.count, 9);
        for (size_t step = 0; step < rates.count; step++) {
            const double part = step < warmups[i].steps ? (double)(step + 1) / (double)warmups[i].steps : 1;
            assert_close(rates.values[step], 0.05 * part, RATE_TOLERANCE);
        }
        clear_setting(setting);
    }
}

static void schedules_follow_their_formulas(void **state)
{
    (void)state;
    const ScheduleOptions options = {.base = 0.2, .decay = 4};
    assert_true(rate_at("constant", &options, 7, 1) == 0.2);
    assert_close(rate_at("inverse", &options, RATES / 2, 1), 0.2 / 3, RATE_TOLERANCE);
    const ScheduleOptions to_nothing = {.base = 0.2, .decay = 0};
    assert_true(rate_at("flat-cosine", &to_nothing, RATES / 2, 1) == 0.2);
    assert_close(rate_at("flat-cosine", &to_nothing, 3 * RATES / 4, 1), 0.1, RATE_TOLERANCE);
    assert_close(rate_at("flat-cosine", &to_nothing, RATES, 1), 0, RATE_TOLERANCE);
    for (size_t wave = 0; wave <= 4; wave++) { /* 0 where 1 + 15 t is a power of 2, and the base rate between them */
        const double begin = (pow(2, (double)wave) - 1) / 15, top = (pow(2, (double)wave + 0.5) - 1) / 15;
        const ScheduleMoment moments[] = {{.step = (size_t)(begin * 15e6 + 0.5), .steps = 15000000},
                                          {.step = (size_t)(top * 15e6 + 0.5), .steps = 15000000}};
        const Schedule *schedule = schedule_at((size_t)schedule_find("coslog4"));
        assert_close(schedule_rate(schedule, &options, &moments[0]), 0, 1e-9); /* of steps that are whole */
        assert_close(schedule_rate(schedule, &options, &moments[1]), 0.2, 1e-9);
    }
    assert_true(rate_at("exponential", &options, 0, 1) == 0.2 && rate_at("inverse", &options, 0, 1) == 0.2);
}

/* In cycles of 2, 6 and 18 epochs, then of 3 each: from the base rate along half a cosine, in every cycle. */
static void restarts_begin_each_cycle_at_the_base_rate(void **state)
{
    (void)state;
    enum { STEPS = 5, EPOCHS = 26 };
    const Schedule *schedule = schedule_at((size_t)schedule_find("cosine-restarts"));
    const ScheduleOptions growing = {.base = 0.2, .decay = 0.1, .every = 2, .growth = 3};
    const ScheduleOptions even = {.base = 0.2, .decay = 0, .every = 3, .growth = 1};
    const size_t first[] = {0, 2, 8, 26};
    assert_true(schedule->cycles && !schedule->needs_length);
    for (size_t epoch = 0, cycle = 0; epoch < EPOCHS; epoch++) {
        cycle += epoch == first[cycle + 1];
        assert_int_equal(schedule_cycles(&growing, epoch), cycle);
        assert_int_equal(schedule_cycles(&even, epoch), epoch / 3);
        for (size_t s = 0; s < STEPS; s++) {
            const ScheduleMoment moment = {
                .epoch = epoch, .epochs = EPOCHS, .step = epoch * STEPS + s, .steps = EPOCHS * STEPS};
            const double done = (double)((epoch - first[cycle]) * STEPS + s);
            const double part = done / (double)((first[cycle + 1] - first[cycle]) * STEPS);
            assert_close(schedule_rate(schedule, &growing, &moment), 0.02 + 0.18 * (1 + cos(acos(-1) * part)) / 2,
                         1e-14);
            const double even_part = (double)(epoch % 3 * STEPS + s) / (3 * STEPS);
            assert_close(schedule_rate(schedule, &even, &moment), 0.1 * (1 + cos(acos(-1) * even_part)), 1e-14);
        }
    }
    assert_int_equal(schedule_cycles(&growing, 26), 3);
}

/* Of so few steps that a rise or a fall has no room. */
static void the_shortest_cycles_have_rates(void **state)
{
    (void)state;
    const Schedule *schedule = schedule_at((size_t)schedule_find("one-cycle"));
    const double rises[] = {0.01, 0.3, 0.99};
    for (size_t r = 0; r < sizeof rises / sizeof *rises; r++)
        for (size_t steps = 1; steps < 6; steps++)
            for (size_t step = 0; step < steps; step++) {
                const ScheduleOptions options = {.base = 1, .decay = 0.04, .rise = rises[r]};
                const double rate = schedule_rate(
                    schedule, &options, &(ScheduleMoment){.epochs = 1, .step = step, .steps = steps, .reduction = 1});
                assert_true(rate > 0 && rate <= 1);
            }
}

/* The more so for figures that grow: accuracies. */
static void plateau_knows_what_is_better(void **state)
{
    (void)state;
    const ScheduleOptions options = {.decay = 0.5, .patience = 1};
    Plateau plateau = {.reduction = 1};
    const double accuracies[] = {0.5, 0.6, 0.60005, 0.6, 0.7, 0.6, 0.6, 0.6, 0.6};
    const double reductions[] = {1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.125};
    for (size_t t = 0; t < sizeof accuracies / sizeof *accuracies; t++) {
        plateau_see(&plateau, &options, accuracies[t]);
        assert_true(plateau.reduction == reductions[t]);
    }
}

/* The norm is that of the whole gradient, however many blocks it is cut into: one step of plain descent is then as long as
 * the rate times the limit, but for what is added to the norm, 1e-6. */
static void a_clipped_step_is_as_long_as_the_limit(void **state)
{
    (void)state;
    const Shape wide = {{300, 210, 3}, 3, "tanh", "softmax", "cross-entropy", 0, 0, false};
    RandomStream stream;
    random_default_rng(&stream, 5);
    percept_model *model = make_model(&wide, &stream);
    percept_dataset *data = make_data(&model->network, 12, &stream);
    const size_t count = model->network.parameter_count;
    Team *team = make_team();
    TrainingOptions options = make_options("sgd");
    double *before = NULL, square = 0;
    assert_ok(memory_allocate(count, sizeof *before, "parameters", &before, error));
    memcpy(before, model->parameters, count * sizeof *before);
    options.clip_norm = 0.05;
    options.epochs = 1;
    options.batch_size = 12;
    assert_ok(train_run(model, data, NULL, &options, team, NULL, NULL, NULL, error));
    for (size_t p = 0; p < count; p++) {
        const double moved = ((const double *)model->parameters)[p] - before[p];
        square += moved * moved;
    }
    const double length = sqrt(square) / (options.schedule_options.base * options.clip_norm);
    assert_true(length > 0.9999 && length < 1);
    memory_free(before);
    team_free(team);
    percept_dataset_free(data);
    percept_model_free(model);
}

/* More blocks than the team's one rank would take alone, of a norm that no thread's share may change. */
static void clipping_and_averaging_do_not_depend_on_threads(void **state)
{
    (void)state;
    const Shape wide = {{300, 210, 3}, 3, "tanh", "softmax", "cross-entropy", 0, 0, false};
    double *ends[3] = {NULL, NULL, NULL};
    size_t bytes = 0;
    for (size_t threads = 1; threads <= 3; threads++) {
        RandomStream stream;
        random_default_rng(&stream, 5);
        Team *team = NULL;
        percept_model *model = make_model(&wide, &stream);
        percept_dataset *data = make_data(&model->network, 12, &stream);
        TrainingOptions options = make_options("adamw");
        options.engine = engine_kind_find("cpu");
        options.weight_decay = 0.1;
        options.clip_norm = 0.05;
        options.ema = 0.5;
        assert_ok(team_create(threads, &team, error));
        assert_ok(train_run(model, data, NULL, &options, team, NULL, NULL, NULL, error));
        ends[threads - 1] = model->parameters;
        bytes = model->network.parameter_count * sizeof(double);
        model->parameters = NULL;
        assert_memory_equal(ends[0], ends[threads - 1], bytes);
        team_free(team);
        percept_dataset_free(data);
        percept_model_free(model);
    }
    for (size_t i = 0; i < 3; i++)
        memory_free(ends[i]);
}

/* float32 follows float64 as far as its digits go. */
static void single_precision_follows_double(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Setting *setting = make_setting_of(cases[i].shape != NULL ? cases[i].shape : &training_shape, 10, 7);
        percept_model *model = setting->model;
        const size_t count = model->network.parameter_count;
        float *rounded = NULL;
        assert_ok(memory_allocate(count, sizeof *rounded, "parameters", &rounded, error));
        for (size_t p = 0; p < count; p++)
            rounded[p] = (float)((const double *)model->parameters)[p];
        memory_free(model->parameters);
        model->parameters = rounded;
        model->precision = PERCEPT_FLOAT32;
        TrainingOptions options = options_of(&cases[i]);
        options.engine = engine_kind_find("cpu");
        assert_ok(run(setting, &options, NULL, error));
        rounded = model->parameters;
        for (size_t p = 0; p < VECTOR_COUNT; p++)
            assert_close((double)rounded[p * VECTOR_STRIDE], training_vectors[i].parameters[p], 1e-4);
        clear_setting(setting);
    }
}

/* Dropout of the hidden layer with a factor that falls from 1 to 0. */
static void dropout_follows_its_schedule(void **state)
{
    (void)state;
    double ends[3][83];
    static const char *const engines[] = {"reference", "cpu", "reference"};
    for (size_t i = 0; i < 3; i++) {
        Setting *setting = make_setting(10, 7);
        Network *network = &setting->model->network;
        TrainingOptions options = make_options("sgd");
        network->layers[0].dropout = 0.5;
        network->dropout_units = network->layers[0].units;
        options.engine = engine_kind_find(engines[i]);
        options.dropout_schedule = i < 2 ? schedule_at((size_t)schedule_find("cosine")) : NULL;
        random_spawn(&options.dropout, 1, 3);
        assert_ok(run(setting, &options, NULL, error));
        assert_int_equal(network->parameter_count, 83);
        memcpy(ends[i], setting->model->parameters, sizeof ends[i]);
        clear_setting(setting);
    }
    for (size_t p = 0; p < 83; p++)
        assert_close(ends[0][p], ends[1][p], TRAINING_TOLERANCE);
    assert_memory_not_equal(ends[0], ends[2], sizeof ends[0]);
}

static void what_cannot_be_trained_is_refused(void **state)
{
    (void)state;
    Setting *setting = make_setting(10, 7);
    percept_error reason;
    TrainingOptions options = make_options("sgd");
    options.optimizer_options.nesterov = true;
    assert_int_equal(run(setting, &options, NULL, &reason), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(reason.message, "train.momentum"));
    options = make_options("sgd");
    options.schedule = schedule_at((size_t)schedule_find("plateau"));
    assert_int_equal(
        train_run(setting->model, setting->train, NULL, &options, setting->team, NULL, NULL, NULL, &reason),
        PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(reason.message, "validation"));
    clear_setting(setting);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trainings_end_where_pytorch_s_do),
        cmocka_unit_test(schedules_run_as_pytorch_s_do),
        cmocka_unit_test(a_warmup_of_a_part_of_an_epoch_takes_whole_steps),
        cmocka_unit_test(schedules_follow_their_formulas),
        cmocka_unit_test(restarts_begin_each_cycle_at_the_base_rate),
        cmocka_unit_test(the_shortest_cycles_have_rates),
        cmocka_unit_test(plateau_knows_what_is_better),
        cmocka_unit_test(a_clipped_step_is_as_long_as_the_limit),
        cmocka_unit_test(clipping_and_averaging_do_not_depend_on_threads),
        cmocka_unit_test(single_precision_follows_double),
        cmocka_unit_test(dropout_follows_its_schedule),
        cmocka_unit_test(what_cannot_be_trained_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
