/* L-BFGS: its line search keeps both of Wolfe's conditions, and it ends where the gradient vanishes. */
#include "unit.h"

#include <string.h>

#include "engine/kinds.h"
#include "networks.h"
#include "train/line_search.h"
#include "trainings.h"

/* ---- Line search --------------------------------------------------------------------------------------------------- */

/* (α - 3)², of which a first step of 10⁻⁶ is much too short and one of 10⁶ much too long. */
static double parabola(double alpha, double *slope)
{
    *slope = 2 * (alpha - 3);
    return (alpha - 3) * (alpha - 3);
}

static double quartic(double alpha, double *slope)
{
    *slope = 4 * pow(alpha - 1, 3) - 0.1;
    return pow(alpha - 1, 4) - 0.1 * alpha;
}

/* With many minima. */
static double waves(double alpha, double *slope)
{
    *slope = 0.02 * (alpha - 20) - 1.4 * cos(2 * alpha);
    return 0.01 * (alpha - 20) * (alpha - 20) - 0.7 * sin(2 * alpha);
}

/* Infinite from 2 on. */
static double wall(double alpha, double *slope)
{
    if (alpha >= 2) {
        *slope = NAN;
        return INFINITY;
    }
    *slope = 1 / (2 - alpha) - 2;
    return -log(2 - alpha) - 2 * alpha;
}

static double call(void *context, double alpha, double *slope)
{
    double (*const *function)(double, double *) = context;
    return (*function)(alpha, slope);
}

static void steps_meet_both_conditions(void **state)
{
    (void)state;
    double (*functions[])(double, double *) = {parabola, quartic, waves, wall};
    for (size_t f = 0; f < sizeof functions / sizeof *functions; f++)
        for (int power = -6; power < 7; power++) {
            const double first = pow(10, power);
            LineSearch search = {.function = call, .context = &functions[f], .first = first, .most = 60};
            search.value = functions[f](0, &search.slope);
            const double alpha = line_search(&search);
            double slope = 0;
            const double value = functions[f](alpha, &slope);
            if (!(alpha > 0 && value <= search.value + 1e-4 * alpha * search.slope &&
                  fabs(slope) <= 0.9 * fabs(search.slope)))
                fail_msg("function %zu, first step %g: step %g, value %g, slope %g", f, first, alpha, value, slope);
        }
}

/* Of a function that only grows, as rounding may make one. */
static double hill(double alpha, double *slope)
{
    *slope = -1;
    return alpha;
}

static void no_step_is_taken_where_none_decreases(void **state)
{
    (void)state;
    double (*function)(double, double *) = hill;
    const LineSearch search = {.function = call, .context = &function, .value = 0, .slope = -1, .first = 1, .most = 30};
    assert_true(line_search(&search) == 0);
}

/* ---- Trainings ----------------------------------------------------------------------------------------------------- */

static const Shape convex = {{6, 3}, 2, "tanh", "softmax", "cross-entropy", 0, 0.01, false};

static TrainingOptions options_of(size_t epochs, double tolerance)
{
    TrainingOptions options = make_options("lbfgs");
    options.batch_size = 60;
    options.epochs = epochs;
    options.schedule_options.base = 1;
    options.lbfgs = (LbfgsOptions){.history = 10, .tolerance = tolerance, .evaluations = 1000};
    return options;
}

static double largest_gradient(const Setting *setting, double weight_decay)
{
    const Network *network = &setting->model->network;
    const EngineConfig config = {.network = network,
                                 .precision = PERCEPT_FLOAT64,
                                 .batch_capacity = setting->train->count,
                                 .training = true,
                                 .team = setting->team};
    const Batch batch = {.data = setting->train,
                         .scaler = &setting->model->scaler,
                         .count = setting->train->count,
                         .target_scaler = &setting->model->target_scaler};
    const double *parameters = setting->model->parameters;
    double gradient[128], largest = 0;
    Engine *engine = NULL;
    EngineSums sums;
    assert_true(network->parameter_count <= 128);
    assert_ok(engine_create(engine_kind_find("reference"), &config, &engine, error));
    engine_gradient(engine, parameters, &batch, gradient, NULL, &sums);
    for (size_t l = 0; l < network->depth; l++)
        for (size_t p = network->layers[l].weights; p < network->layers[l].biases; p++)
            gradient[p] += weight_decay * parameters[p];
    for (size_t p = 0; p < network->parameter_count; p++)
        largest = fmax(largest, fabs(gradient[p]));
    engine_free(engine);
    return largest;
}

static void a_convex_loss_is_minimized_to_the_tolerance(void **state)
{
    (void)state;
    const double decays[] = {0, 0.05};
    for (size_t i = 0; i < 2; i++) {
        percept_result result;
        Setting *setting = make_setting_of(&convex, 60, 7);
        TrainingOptions options = options_of(200, 1e-7);
        options.weight_decay = decays[i];
        assert_ok(run(setting, &options, &result, error));
        assert_true(result.epochs > 3 && result.epochs < 60);
        assert_true(largest_gradient(setting, decays[i]) < 1e-4); /* it may also stop at the least decrease */
        clear_setting(setting);
    }
}

/* Losses of both targets count alike for the minimum, whatever the units in which they are reported. */
static void targets_of_different_units_are_minimized(void **state)
{
    (void)state;
    static const Shape shape = {{6, 2}, 2, "tanh", "identity", "mean-squared-error", 0, 0, false};
    double mean[] = {0, 0}, deviation[] = {0.1, 7};
    percept_result result;
    Setting *setting = make_setting_of(&shape, 60, 7);
    percept_model *model = setting->model;
    add_extras(setting->train, &model->network, &(Extras){.targets = true}, &setting->stream);
    setting->train->class_count = setting->train->storage->class_count = 0;
    model->class_count = 0;
    model->target_scaler.kind = SCALER_STANDARDIZE;
    model->target_scaler.mean = mean;
    model->target_scaler.deviation = deviation;
    const TrainingOptions options = options_of(200, 1e-7);
    assert_ok(train_run(model, setting->train, NULL, &options, setting->team, NULL, NULL, &result, error));
    assert_true(result.epochs > 3 && result.epochs < 60);
    assert_true(largest_gradient(setting, 0) < 1e-3);
    model->class_count = 2; /* whose names are released */
    model->target_scaler.mean = model->target_scaler.deviation = NULL;
    clear_setting(setting);
}

/* A loss that falls by less than float32 can say ends the training; nothing is undone. */
static void evaluations_and_tolerance_end_a_training(void **state)
{
    (void)state;
    percept_result result;
    Setting *setting = make_setting(60, 7);
    TrainingOptions options = options_of(200, 0.02);
    assert_ok(run(setting, &options, &result, error));
    assert_true(result.epochs > 1 && result.epochs < 200);
    assert_true(largest_gradient(setting, 0) <= 0.02);
    clear_setting(setting);
    setting = make_setting(60, 7);
    options = options_of(200, 0);
    options.lbfgs.evaluations = 6;
    assert_ok(run(setting, &options, &result, error));
    assert_true(result.epochs >= 1 && result.epochs <= 6);
    clear_setting(setting);
}

static void results_do_not_depend_on_threads(void **state)
{
    (void)state;
    static const Shape wide = {{90, 70, 3}, 3, "tanh", "softmax", "cross-entropy", 0, 0, false};
    double *first = NULL;
    for (size_t threads = 1; threads <= 3; threads++) {
        Setting *setting = make_setting_of(&wide, 60, 7);
        TrainingOptions options = options_of(8, 0);
        options.engine = engine_kind_find("cpu");
        team_free(setting->team);
        assert_ok(team_create(threads, &setting->team, error));
        assert_ok(run(setting, &options, NULL, error));
        if (first != NULL)
            assert_memory_equal(first, setting->model->parameters,
                                setting->model->network.parameter_count * sizeof *first);
        else {
            first = setting->model->parameters;
            setting->model->parameters = NULL;
        }
        clear_setting(setting);
    }
    memory_free(first);
}

static void expect_refusal(const TrainingOptions *options, const char *word)
{
    percept_error reason;
    Setting *setting = make_setting(60, 7);
    assert_int_equal(run(setting, options, NULL, &reason), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(reason.message, "lbfgs"));
    assert_non_null(strstr(reason.message, word));
    clear_setting(setting);
}

static void what_has_no_exact_gradient_is_refused(void **state)
{
    (void)state;
    TrainingOptions options = options_of(3, 0);
    options.batch_size = 59;
    expect_refusal(&options, "train.batch_size to 60");
    options = options_of(3, 0);
    options.clip_norm = 1;
    expect_refusal(&options, "train.clip_norm");
    options = options_of(3, 0);
    options.rate_factors = (RoleFactors){1, {{ROLE_BIAS, 0.5}}};
    expect_refusal(&options, "train.rate_factors");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_meet_both_conditions),
        cmocka_unit_test(no_step_is_taken_where_none_decreases),
        cmocka_unit_test(a_convex_loss_is_minimized_to_the_tolerance),
        cmocka_unit_test(targets_of_different_units_are_minimized),
        cmocka_unit_test(evaluations_and_tolerance_end_a_training),
        cmocka_unit_test(results_do_not_depend_on_threads),
        cmocka_unit_test(what_has_no_exact_gradient_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
