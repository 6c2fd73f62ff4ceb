/* Gradient checks tell right gradients from wrong ones: every planted error is named. */
#include "checks.h"

#include "nn/activation.h"
#include "nn/loss.h"

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
        Scaler scaler = {0};
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
        assert_int_equal(right.kinks.side, 1);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_gradients_pass),
        cmocka_unit_test(gradients_of_scaled_targets_pass),
        cmocka_unit_test(planted_errors_are_named),
        cmocka_unit_test(a_derivative_at_the_wrong_side_is_named),
        cmocka_unit_test(the_kink_of_an_l1_penalty_is_known),
        cmocka_unit_test(a_kink_within_the_step_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
