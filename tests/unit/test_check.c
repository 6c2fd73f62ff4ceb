/* Gradient checks tell right from wrong: differences are those of the reference engine's loss, right gradients pass, and
 * every planted error is named. */
#include "unit.h"

#include <complex.h>
#include <string.h>

#include "check/check.h"
#include "check/classes.h"
#include "check/differences.h"
#include "engine/kinds.h"
#include "engine/reference/reference.h"
#include "failing_memory.h"
#include "networks.h"
#include "nn/activation.h"
#include "nn/loss.h"

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

/* ---- A network, data and engines ----------------------------------------------------------------------------------- */

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
static void bench_create(const Shape *shape, const char *engine, uint64_t seed, Bench *bench)
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

static void bench_clear(Bench *bench)
{
    engine_free(bench->engine);
    team_free(bench->team);
    percept_dataset_free(bench->data);
    memory_free(bench->parameters);
    memory_free(bench->chosen);
    network_clear(&bench->network);
}

static CheckReport run_check(const Bench *bench, Engine *engine, CheckMethod method)
{
    const CheckSubject subject = {engine, bench->parameters, &bench->batch, bench->team};
    const CheckOptions options = {.method = method, .inputs = true, .chosen = bench->chosen};
    CheckReport report;
    assert_ok(check_gradient(&subject, &options, &report, error));
    assert_int_equal(report.all.checked, bench->count);
    assert_int_equal(report.entry_count, bench->count);
    return report;
}

/* ---- Differences --------------------------------------------------------------------------------------------------- */

static double *make_numbers(size_t count)
{
    double *numbers = NULL;
    assert_ok(memory_allocate(count, sizeof *numbers, "numbers", &numbers, error));
    for (size_t i = 0; i < count; i++)
        numbers[i] = NAN;
    return numbers;
}

static Differences differences_of(const Bench *bench, double step)
{
    return (Differences){.network = &bench->network,
                         .parameters = bench->parameters,
                         .batch = &bench->batch,
                         .team = bench->team,
                         .step = step,
                         .inputs = true,
                         .chosen = bench->chosen,
                         .up = make_numbers(bench->count),
                         .down = make_numbers(bench->count)};
}

static void differences_clear(Differences *differences)
{
    memory_free(differences->up);
    memory_free(differences->down);
}

/* Number p, a parameter or a feature. */
static double *number_at(const Bench *bench, size_t p)
{
    return p < bench->network.parameter_count
               ? &bench->parameters[p]
               : (double *)bench->data->storage->features + (p - bench->network.parameter_count);
}

/* A step of 1 leaves the rounding of the loss itself, some 1e-15: the tolerance leaves room for sums in another order. */
static void differences_are_those_of_the_whole_loss_computed_anew(void **state)
{
    (void)state;
    for (size_t s = 0; s < SHAPES; s++) {
        Bench bench;
        bench_create(&shapes[s], "reference", s, &bench);
        Differences quick = differences_of(&bench, 1);
        double loss = 0;
        assert_ok(differences_f64(&quick, &loss, error));
        const double kept = reference_loss_f64(bench.engine, bench.parameters, &bench.batch);
        assert_close(loss, kept, 1e-13);
        for (size_t p = 0; p < bench.count; p++) {
            double *number = number_at(&bench, p);
            const double value = *number;
            *number = value + 1;
            assert_close(quick.up[p], reference_loss_f64(bench.engine, bench.parameters, &bench.batch) - kept, 1e-12);
            *number = value - 1;
            assert_close(quick.down[p], kept - reference_loss_f64(bench.engine, bench.parameters, &bench.batch), 1e-12);
            *number = value;
        }
        differences_clear(&quick);
        bench_clear(&bench);
    }
}

static void complex_steps_are_those_of_the_whole_loss_computed_anew(void **state)
{
    (void)state;
    const double step = 1e-30;
    for (size_t s = 0; s < SHAPES; s++) {
        Bench bench;
        bench_create(&shapes[s], "reference", s, &bench);
        Differences quick = differences_of(&bench, step);
        Engine *engine = NULL;
        complex_double *moved = NULL;
        assert_ok(reference_create_c128(&bench.engine->config, &engine, error));
        assert_ok(memory_allocate(bench.count, sizeof *moved, "parameters", &moved, error));
        memory_free(quick.down);
        quick.down = NULL;
        assert_ok(differences_c128(&quick, NULL, error));
        for (size_t p = 0; p < bench.network.parameter_count; p++)
            moved[p] = bench.parameters[p];
        for (size_t p = 0; p < bench.network.parameter_count; p++) {
            moved[p] = bench.parameters[p] + I * step;
            assert_close(quick.up[p], cimag(reference_loss_c128(engine, moved, &bench.batch)) / step, 1e-12);
            moved[p] = bench.parameters[p];
        }
        memory_free(moved);
        engine_free(engine);
        differences_clear(&quick);
        bench_clear(&bench);
    }
}

/* Targets that are numbers, not classes. */
static void differences_follow_regression_targets(void **state)
{
    (void)state;
    Bench bench;
    bench_create(&shapes[6], "reference", 3, &bench);
    Storage *storage = bench.data->storage;
    assert_ok(memory_allocate(EXAMPLES * 2, sizeof *storage->targets, "targets", &storage->targets, error));
    storage->target_width = 2;
    for (int i = 0; i < EXAMPLES * 2; i++)
        storage->targets[i] = i / 3.0 - 0.7;
    Differences quick = differences_of(&bench, 1);
    assert_ok(differences_f64(&quick, NULL, error));
    const double kept = reference_loss_f64(bench.engine, bench.parameters, &bench.batch);
    for (size_t p = 0; p < bench.count; p++) {
        double *number = number_at(&bench, p);
        const double value = *number;
        *number = value + 1;
        assert_close(quick.up[p], reference_loss_f64(bench.engine, bench.parameters, &bench.batch) - kept, 1e-12);
        *number = value;
    }
    CheckReport report = run_check(&bench, bench.engine, CHECK_COMPLEX);
    assert_int_equal(report.all.counts[CHECK_WRONG], 0);
    check_report_clear(&report);
    differences_clear(&quick);
    bench_clear(&bench);
}

/* The bits are the same for any number of threads, and for any choice of what else is computed. */
static void differences_do_not_depend_on_threads_or_choice(void **state)
{
    (void)state;
    Bench bench;
    bench_create(&shapes[4], "reference", 7, &bench);
    Differences all = differences_of(&bench, 1e-5), some = differences_of(&bench, 1e-5);
    assert_ok(differences_f64(&all, NULL, error));
    for (size_t threads = 1; threads <= 5; threads += 2) {
        Team *team = NULL;
        assert_ok(team_create(threads, &team, error));
        some.team = team;
        assert_ok(differences_f64(&some, NULL, error));
        assert_memory_equal(all.up, some.up, bench.count * sizeof *all.up);
        assert_memory_equal(all.down, some.down, bench.count * sizeof *all.down);
        team_free(team);
    }
    for (size_t p = 0; p < bench.count; p++) {
        bench.chosen[p] = p % 3 == 1;
        some.up[p] = some.down[p] = 17;
    }
    some.team = bench.team;
    assert_ok(differences_f64(&some, NULL, error));
    for (size_t p = 0; p < bench.count; p++) {
        assert_true(some.up[p] == (bench.chosen[p] ? all.up[p] : 17));
        assert_true(some.down[p] == (bench.chosen[p] ? all.down[p] : 17));
    }
    differences_clear(&all);
    differences_clear(&some);
    bench_clear(&bench);
}

static void equal_values_are_found(void **state)
{
    (void)state;
    const double rows[2][6] = {{2, -1, 2, 0, -0.0, 7}, {NAN, 1, NAN, 1, 1, 1}};
    Classes *classes = NULL;
    assert_ok(classes_create(&rows[0][0], 2, 6, &classes, error));
    assert_int_equal(classes[0].count, 4);
    for (size_t i = 0; i < 6; i++)
        assert_true(classes[0].values[classes[0].of[i]] == rows[0][i]);
    for (size_t c = 1; c < classes[0].count; c++)
        assert_true(classes[0].values[c - 1] < classes[0].values[c]);
    for (size_t i = 0; i < 6; i++)
        assert_true(isnan(rows[1][i]) == isnan(classes[1].values[classes[1].of[i]]));
    memory_free(classes);
}

/* ---- Right gradients ------------------------------------------------------------------------------------------------ */

/* Every activation in every place, with every loss that takes it, by all methods, in both engines. */
static void right_gradients_pass(void **state)
{
    (void)state;
    size_t checked = 0;
    const Activation_f64 *hidden = NULL, *output = NULL;
    const Loss_f64 *loss = NULL;
    for (size_t h = 0; (hidden = activation_at_f64(h)) != NULL; h++)
        for (size_t o = 0; (output = activation_at_f64(o)) != NULL; o++)
            for (size_t k = 0; (loss = loss_at_f64(k)) != NULL; k++) {
                if (loss->output != NULL && strcmp(loss->output, output->name) != 0)
                    continue;
                const Shape shape = {{5, 4, 6, 3}, 4, hidden->name, output->name, loss->name, 0.01, 0.02, o % 2 == 1};
                for (size_t run = 0; run < 2 * CHECK_METHODS; run++) {
                    Bench bench;
                    bench_create(&shape, run % 2 == 0 ? "cpu" : "reference", h * 100 + o * 10 + k, &bench);
                    CheckReport report = run_check(&bench, bench.engine, (CheckMethod)(run / 2));
                    for (size_t i = 0; i < report.entry_count; i++) {
                        char name[CHECK_NAME_SIZE];
                        check_name(&bench.network, report.entries[i].number, name);
                        if (report.entries[i].verdict == CHECK_WRONG)
                            fail_msg("%s, %s, %s, %s differences: %s is %.17g, not %.17g", hidden->name, output->name,
                                     loss->name, check_method_name(report.method), name, report.entries[i].difference,
                                     report.entries[i].gradient);
                    }
                    /* What differences cannot settle is the exception. */
                    assert_true(report.all.counts[CHECK_STEP] + report.all.counts[CHECK_KINK] <= bench.count / 20);
                    checked += report.entry_count;
                    check_report_clear(&report);
                    bench_clear(&bench);
                }
            }
    assert_true(checked > 1000);
}

/* ---- Wrong gradients ------------------------------------------------------------------------------------------------ */

/* An engine that spoils what the reference engine computes. */
typedef struct Liar {
    Engine engine;
    Engine *truth;
    const struct Lie *lie;
    size_t layer; /* in which it lies */
} Liar;

/* One kind of lie about a layer; the first number that it spoils is `named`, or SIZE_MAX where it finds nothing to
 * spoil. */
typedef struct Lie {
    const char *name;
    size_t (*tell)(const Network *network, const Layer *layer, const double *parameters, double *gradient);
} Lie;

static size_t largest(const double *gradient, size_t first, size_t end)
{
    size_t best = SIZE_MAX;
    for (size_t p = first; p < end; p++)
        if (gradient[p] != 0 && (best == SIZE_MAX || fabs(gradient[p]) > fabs(gradient[best])))
            best = p;
    return best;
}

static size_t one_weight_too_large(const Network *network, const Layer *layer, const double *parameters,
                                   double *gradient)
{
    (void)network, (void)parameters;
    const size_t p = largest(gradient, layer->weights, layer->biases);
    if (p != SIZE_MAX)
        gradient[p] *= 1.01;
    return p;
}

static size_t one_weight_too_small(const Network *network, const Layer *layer, const double *parameters,
                                   double *gradient)
{
    (void)network, (void)parameters;
    const size_t p = largest(gradient, layer->weights, layer->biases);
    if (p != SIZE_MAX)
        gradient[p] *= 0.99;
    return p;
}

static size_t biases_dropped(const Network *network, const Layer *layer, const double *parameters, double *gradient)
{
    (void)network, (void)parameters;
    const size_t p = largest(gradient, layer->biases, layer->biases + layer->outputs);
    memset(gradient + layer->biases, 0, layer->outputs * sizeof *gradient);
    return p;
}

static size_t l2_without_its_factor(const Network *network, const Layer *layer, const double *parameters,
                                    double *gradient)
{
    const double factor = layer->l2 * (network->sum ? EXAMPLES : 1);
    for (size_t p = layer->weights; p < layer->biases; p++)
        gradient[p] -= factor * parameters[p];
    return layer->l2 > 0 ? layer->weights : SIZE_MAX;
}

static size_t l1_forgotten(const Network *network, const Layer *layer, const double *parameters, double *gradient)
{
    const double factor = layer->l1 * (network->sum ? EXAMPLES : 1);
    for (size_t p = layer->weights; p < layer->biases; p++)
        gradient[p] -= parameters[p] > 0 ? factor : -factor;
    return layer->l1 > 0 ? layer->weights : SIZE_MAX;
}

static size_t sum_for_mean(const Network *network, const Layer *layer, const double *parameters, double *gradient)
{
    (void)parameters;
    for (size_t p = layer->biases; p < layer->biases + layer->outputs; p++)
        gradient[p] *= network->sum ? 1.0 / EXAMPLES : EXAMPLES;
    return largest(gradient, layer->biases, layer->biases + layer->outputs);
}

static const Lie lies[] = {
    {"a weight's gradient 1 % too large", one_weight_too_large},
    {"a weight's gradient 1 % too small", one_weight_too_small},
    {"dropped biases", biases_dropped},
    {"an L2 penalty without its 2", l2_without_its_factor},
    {"a forgotten L1 penalty", l1_forgotten},
    {"sum and mean mistaken", sum_for_mean},
};

static void lying_gradient(Engine *engine, const void *parameters, const Batch *batch, void *gradient,
                           void *input_gradient, EngineSums *sums)
{
    const Liar *liar = (const Liar *)engine;
    const Network *network = engine->config.network;
    engine_gradient(liar->truth, parameters, batch, gradient, input_gradient, sums);
    liar->lie->tell(network, &network->layers[liar->layer], parameters, gradient);
}

static const EngineMethods lying_methods = {.gradient = lying_gradient};

static CheckVerdict verdict_on(const CheckReport *report, size_t number)
{
    for (size_t i = 0; i < report->entry_count; i++)
        if (report->entries[i].number == number)
            return report->entries[i].verdict;
    fail_msg("number %zu was not checked", number);
    return CHECK_VERDICTS;
}

static size_t told[sizeof lies / sizeof *lies]; /* how often each lie was tried */

static void tell_lies(const Shape *shape, uint64_t seed)
{
    Bench bench;
    EngineSums sums;
    bench_create(shape, "reference", seed, &bench);
    double *gradient = make_numbers(bench.network.parameter_count);
    for (size_t l = 0; l < bench.network.depth; l++)
        for (size_t i = 0; i < sizeof lies / sizeof *lies; i++)
            for (int m = 0; m < CHECK_METHODS; m++) {
                Liar liar = {{&lying_methods, bench.engine->config}, bench.engine, &lies[i], l};
                engine_gradient(bench.engine, bench.parameters, &bench.batch, gradient, NULL, &sums);
                const size_t spoiled =
                    lies[i].tell(&bench.network, &bench.network.layers[l], bench.parameters, gradient);
                if (spoiled == SIZE_MAX)
                    continue;
                CheckReport report = run_check(&bench, &liar.engine, (CheckMethod)m);
                char name[CHECK_NAME_SIZE];
                check_name(&bench.network, spoiled, name);
                if (verdict_on(&report, spoiled) != CHECK_WRONG)
                    fail_msg("%s, %s, layer %zu: %s at %s was not found by %s differences", shape->hidden, shape->loss,
                             l + 1, lies[i].name, name, check_method_name((CheckMethod)m));
                const CheckGroup *own = &report.groups[2 * l + (spoiled >= bench.network.layers[l].biases)];
                assert_int_equal(own->counts[CHECK_WRONG], report.all.counts[CHECK_WRONG]); /* and nothing else */
                told[i]++;
                check_report_clear(&report);
            }
    memory_free(gradient);
    bench_clear(&bench);
}

/* The loss that is differentiated is that of scaled targets. */
static void gradients_of_scaled_targets_pass(void **state)
{
    (void)state;
    static const char *const losses[] = {"mean-squared-error", "huber", "mean-absolute-error"};
    for (size_t run = 0; run < 3 * 2 * CHECK_METHODS; run++) {
        const Shape shape = {{5, 7, 2}, 3, "tanh", "identity", losses[run % 3], 0, 0.01, false};
        RandomStream stream;
        Bench bench;
        Scaler scaler;
        bench_create(&shape, run / 3 % 2 == 0 ? "cpu" : "reference", run, &bench);
        random_default_rng(&stream, run);
        add_extras(bench.data, &bench.network, &(Extras){.targets = true}, &stream);
        for (size_t i = 0; i < 2 * EXAMPLES; i++)
            bench.data->storage->targets[i] = 1e3 + 70 * bench.data->storage->targets[i];
        assert_ok(scaler_fit_targets(&scaler, bench.data, error));
        bench.batch.target_scaler = &scaler;
        CheckReport report = run_check(&bench, bench.engine, (CheckMethod)(run / 6));
        for (size_t i = 0; i < report.entry_count; i++)
            assert_int_not_equal(report.entries[i].verdict, CHECK_WRONG);
        check_report_clear(&report);
        scaler_clear(&scaler);
        bench_clear(&bench);
    }
}

static void planted_errors_are_named(void **state)
{
    (void)state;
    for (size_t s = 0; s < SHAPES; s++)
        tell_lies(&shapes[s], 50 + s);
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++)
        assert_true(told[i] >= 2 * CHECK_METHODS);
}

/* ---- Kinks ----------------------------------------------------------------------------------------------------------- */

/* The reference engine with unit 0 of layer 1 moved to the other side of its kink: b = 1e-300 in place of 0. */
static void other_side(Engine *engine, const void *parameters, const Batch *batch, void *gradient, void *input_gradient,
                       EngineSums *sums)
{
    const Liar *liar = (const Liar *)engine;
    const Network *network = engine->config.network;
    double *moved = make_numbers(network->parameter_count);
    memcpy(moved, parameters, network->parameter_count * sizeof *moved);
    moved[network->layers[0].biases] = 1e-300;
    engine_gradient(liar->truth, moved, batch, gradient, input_gradient, sums);
    memory_free(moved);
}

static const EngineMethods other_side_methods = {.gradient = other_side};

/* A unit whose weighted sum is exactly 0: differences see half of the right derivative. The engine's left one is right, the
 * right one is the wrong side, by every method. */
static void a_derivative_at_the_wrong_side_is_named(void **state)
{
    (void)state;
    Bench bench;
    bench_create(&shapes[4], "reference", 5, &bench);
    const Layer *layer = &bench.network.layers[0];
    memset(bench.parameters + layer->weights, 0, layer->inputs * sizeof *bench.parameters);
    bench.parameters[layer->biases] = 0;
    Liar liar = {{&other_side_methods, bench.engine->config}, bench.engine, NULL, 0};
    for (int m = 0; m < CHECK_METHODS; m++) {
        CheckReport right = run_check(&bench, bench.engine, (CheckMethod)m);
        assert_int_equal(right.all.counts[CHECK_WRONG], 0);
        assert_int_equal(verdict_on(&right, layer->biases), m == CHECK_COMPLEX ? CHECK_ZERO : CHECK_KINK);
        assert_int_equal(right.kinks.count, EXAMPLES);
        assert_int_equal(right.kinks.layer, 0);
        assert_int_equal(right.kinks.unit, 0);
        assert_true(right.kinks.z == 0);
        CheckReport wrong = run_check(&bench, &liar.engine, (CheckMethod)m);
        assert_int_equal(verdict_on(&wrong, layer->biases), CHECK_WRONG);
        assert_true(wrong.groups[0].counts[CHECK_WRONG] > 0);
        assert_int_equal(wrong.groups[2].counts[CHECK_WRONG], 0);
        check_report_clear(&right);
        check_report_clear(&wrong);
    }
    bench_clear(&bench);
}

static size_t sign_of_zero_is_one(const Network *network, const Layer *layer, const double *parameters,
                                  double *gradient)
{
    (void)network, (void)parameters;
    gradient[layer->weights] += layer->l1;
    return layer->weights;
}

/* |w| at 0 is flat by the house's rule; a sign(0) of 1 is wrong. */
static void the_kink_of_an_l1_penalty_is_known(void **state)
{
    (void)state;
    const Lie lie = {"sign(0) = 1", sign_of_zero_is_one};
    Bench bench;
    bench_create(&shapes[3], "reference", 5, &bench);
    bench.parameters[0] = 0;
    Liar liar = {{&lying_methods, bench.engine->config}, bench.engine, &lie, 0};
    for (int m = 0; m < CHECK_METHODS; m++) {
        CheckReport right = run_check(&bench, bench.engine, (CheckMethod)m);
        assert_int_equal(right.all.counts[CHECK_WRONG], 0);
        assert_int_equal(verdict_on(&right, 0), m == CHECK_FORWARD ? CHECK_KINK : CHECK_EQUAL);
        CheckReport wrong = run_check(&bench, &liar.engine, (CheckMethod)m);
        assert_int_equal(verdict_on(&wrong, 0), CHECK_WRONG);
        check_report_clear(&right);
        check_report_clear(&wrong);
    }
    bench_clear(&bench);
}

/* A weighted sum within ε of 0, not at it. */
static void a_kink_within_the_step_is_reported(void **state)
{
    (void)state;
    Bench bench;
    bench_create(&shapes[4], "reference", 6, &bench);
    const Layer *layer = &bench.network.layers[0];
    memset(bench.parameters + layer->weights, 0, layer->inputs * sizeof *bench.parameters);
    bench.parameters[layer->biases] = 2e-6;
    CheckReport report = run_check(&bench, bench.engine, CHECK_CENTRAL);
    assert_int_equal(report.all.counts[CHECK_WRONG], 0);
    assert_int_equal(verdict_on(&report, layer->biases), CHECK_KINK);
    assert_int_equal(report.kinks.count, EXAMPLES);
    assert_close(report.kinks.z, 2e-6, 1e-15);
    check_report_clear(&report);
    bench.parameters[layer->biases] = 2e-3;
    report = run_check(&bench, bench.engine, CHECK_CENTRAL);
    assert_int_equal(report.kinks.count, 0);
    assert_int_equal(report.all.counts[CHECK_KINK], 0);
    check_report_clear(&report);
    bench_clear(&bench);
}

/* ---- The rest -------------------------------------------------------------------------------------------------------- */

/* Sums in another order: a few units in the last place of the largest terms. */
static void the_loop_form_equals_the_matrix_form(void **state)
{
    (void)state;
    for (size_t s = 0; s < SHAPES; s++)
        for (int e = 0; e < 2; e++) {
            Bench bench;
            bench_create(&shapes[s], e == 0 ? "cpu" : "reference", s, &bench);
            const CheckSubject subject = {bench.engine, bench.parameters, &bench.batch, bench.team};
            double *loop = make_numbers(bench.network.parameter_count);
            double *matrix = make_numbers(bench.network.parameter_count);
            assert_ok(check_loop(&subject, loop, matrix, error));
            for (size_t p = 0; p < bench.network.parameter_count; p++)
                assert_close(loop[p], matrix[p], 1e-14);
            const uint32_t order[EXAMPLES] = {2, 0, 1};
            bench.batch.order = order;
            assert_ok(check_loop(&subject, loop, matrix, error));
            for (size_t p = 0; p < bench.network.parameter_count; p++)
                assert_close(loop[p], matrix[p], 1e-14);
            memory_free(loop);
            memory_free(matrix);
            bench_clear(&bench);
        }
}

/* Central errors fall with ε², forward ones with ε, until rounding makes both grow. */
static void a_sweep_shows_truncation_and_rounding(void **state)
{
    (void)state;
    const Shape smooth = {{6, 5, 4, 3}, 4, "sigmoid", "softmax", "cross-entropy", 0, 0.01, false};
    Bench bench;
    bench_create(&smooth, "reference", 1, &bench);
    const CheckSubject subject = {bench.engine, bench.parameters, &bench.batch, bench.team};
    const CheckOptions options = {.inputs = true, .chosen = bench.chosen};
    CheckPoint points[CHECK_POINTS];
    assert_ok(check_sweep(&subject, &options, points, error));
    assert_close(points[0].step, 1, 0);
    assert_close(points[1].inverse, 5, 0);
    assert_close(points[4].step, 0.01, 1e-15);
    assert_close(log10(points[4].central / points[6].central), 2, 0.05);
    assert_close(log10(points[4].forward / points[6].forward), 1, 0.05);
    assert_true(points[10].central < 1e-9 && points[10].forward > 1e-8);
    assert_true(points[22].central > 10 * points[10].central);
    bench_clear(&bench);
}

static void numbers_have_names(void **state)
{
    (void)state;
    static const struct {
        size_t number;
        const char *name;
    } cases[] = {{0, "W1[0,0]"},  {9, "W1[1,3]"}, {30, "b1[0]"},  {34, "b1[4]"},  {35, "W2[0,0]"}, {55, "b2[0]"},
                 {59, "W3[0,0]"}, {73, "b3[2]"},  {74, "x[0,0]"}, {80, "x[1,0]"}, {91, "x[2,5]"}};
    Network network = make_network(&shapes[3]);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char name[CHECK_NAME_SIZE];
        check_name(&network, cases[i].number, name);
        assert_string_equal(name, cases[i].name);
    }
    network_clear(&network);
}

static size_t count_chosen(const uint8_t *chosen, size_t first, size_t end)
{
    size_t count = 0;
    for (size_t p = first; p < end; p++)
        count += chosen[p];
    return count;
}

static void selections_choose_what_they_say(void **state)
{
    (void)state;
    Bench bench;
    RandomStream stream;
    uint8_t *a = NULL, *b = NULL;
    bench_create(&shapes[4], "reference", 1, &bench);
    const CheckSubject subject = {bench.engine, bench.parameters, &bench.batch, bench.team};
    const Layer *layers = bench.network.layers;
    CheckSelection selection = {.each = 4, .inputs = true};
    random_default_rng(&stream, 3);
    assert_ok(check_select(&subject, &selection, &stream, &a, error));
    random_default_rng(&stream, 3);
    assert_ok(check_select(&subject, &selection, &stream, &b, error));
    assert_memory_equal(a, b, bench.count);
    for (size_t l = 0; l < 3; l++) {
        assert_int_equal(count_chosen(a, layers[l].weights, layers[l].biases), 4);
        assert_int_equal(count_chosen(a, layers[l].biases, layers[l].biases + layers[l].outputs),
                         layers[l].outputs < 4 ? layers[l].outputs : 4);
    }
    assert_int_equal(count_chosen(a, bench.network.parameter_count, bench.count), 4);
    memory_free(a);
    memory_free(b);

    selection = (CheckSelection){.each = 10, .layer = 3, .first = true};
    assert_ok(check_select(&subject, &selection, &stream, &a, error));
    assert_int_equal(count_chosen(a, layers[2].weights, layers[2].weights + 10), 10);
    assert_int_equal(count_chosen(a, 0, bench.network.parameter_count), 10);
    memory_free(a);

    selection = (CheckSelection){.layer = 2};
    assert_ok(check_select(&subject, &selection, &stream, &a, error));
    assert_int_equal(count_chosen(a, layers[1].weights, layers[2].weights), layers[2].weights - layers[1].weights);
    assert_int_equal(count_chosen(a, 0, bench.network.parameter_count), layers[2].weights - layers[1].weights);
    memory_free(a);

    percept_error error;
    a = NULL;
    selection.layer = 4;
    assert_int_equal(check_select(&subject, &selection, &stream, &a, &error), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "1 to 3"));
    assert_null(a);
    bench_clear(&bench);
}

static void what_cannot_be_checked_is_refused(void **state)
{
    (void)state;
    Bench bench;
    CheckReport report;
    percept_error error;
    bench_create(&shapes[3], "reference", 1, &bench);
    const CheckSubject subject = {bench.engine, bench.parameters, &bench.batch, bench.team};
    CheckOptions options = {.chosen = bench.chosen, .step = -1};
    assert_int_equal(check_gradient(&subject, &options, &report, &error), PERCEPT_ERROR_ARGUMENT);
    options.step = 1e-3;
    options.method = CHECK_COMPLEX;
    assert_int_equal(check_gradient(&subject, &options, &report, &error), PERCEPT_ERROR_ARGUMENT);
    options.step = 0;
    bench.parameters[0] = NAN;
    assert_int_equal(check_gradient(&subject, &options, &report, &error), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "nan"));
    bench.engine->config.precision = PERCEPT_FLOAT32;
    assert_int_equal(check_gradient(&subject, &options, &report, &error), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "float64"));
    bench_clear(&bench);
}

/* Memory that runs out at any point is told, and nothing is lost (the address sanitizer's run sees leaks). */
static void a_lack_of_memory_is_told(void **state)
{
    (void)state;
    Bench bench;
    RandomStream stream;
    bench_create(&shapes[4], "reference", 5, &bench);
    memset(bench.parameters, 0, bench.network.layers[0].biases * sizeof *bench.parameters); /* kinks: the longest way */
    const CheckSubject subject = {bench.engine, bench.parameters, &bench.batch, bench.team};
    const CheckOptions options = {.inputs = true, .chosen = bench.chosen};
    const CheckSelection selection = {.each = 2};
    double *loop = make_numbers(bench.network.parameter_count), *matrix = make_numbers(bench.network.parameter_count);
    CheckPoint points[CHECK_POINTS];
    for (int call = 0; call < 4; call++) {
        percept_status status = PERCEPT_ERROR_MEMORY;
        for (long left = 0; status != PERCEPT_OK; left++) {
            CheckReport report = {0};
            percept_error error = {0};
            uint8_t *chosen = NULL;
            random_default_rng(&stream, 1);
            memory_left = left;
            status = call == 0   ? check_gradient(&subject, &options, &report, &error)
                     : call == 1 ? check_select(&subject, &selection, &stream, &chosen, &error)
                     : call == 2 ? check_sweep(&subject, &options, points, &error)
                                 : check_loop(&subject, loop, matrix, &error);
            memory_left = -1;
            if (status != PERCEPT_OK) {
                assert_int_equal(status, PERCEPT_ERROR_MEMORY);
                assert_true(strlen(error.message) > 0);
            }
            assert_true(left < 2000);
            check_report_clear(&report);
            memory_free(chosen);
        }
    }
    memory_free(loop);
    memory_free(matrix);
    bench_clear(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(differences_are_those_of_the_whole_loss_computed_anew),
        cmocka_unit_test(complex_steps_are_those_of_the_whole_loss_computed_anew),
        cmocka_unit_test(differences_follow_regression_targets),
        cmocka_unit_test(differences_do_not_depend_on_threads_or_choice),
        cmocka_unit_test(equal_values_are_found),
        cmocka_unit_test(right_gradients_pass),
        cmocka_unit_test(gradients_of_scaled_targets_pass),
        cmocka_unit_test(planted_errors_are_named),
        cmocka_unit_test(a_derivative_at_the_wrong_side_is_named),
        cmocka_unit_test(the_kink_of_an_l1_penalty_is_known),
        cmocka_unit_test(a_kink_within_the_step_is_reported),
        cmocka_unit_test(the_loop_form_equals_the_matrix_form),
        cmocka_unit_test(a_sweep_shows_truncation_and_rounding),
        cmocka_unit_test(numbers_have_names),
        cmocka_unit_test(selections_choose_what_they_say),
        cmocka_unit_test(what_cannot_be_checked_is_refused),
        cmocka_unit_test(a_lack_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
