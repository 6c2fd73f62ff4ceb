/* The cpu engine's own outputs, softmax with cross-entropy and sigmoid with binary cross-entropy, at their extremes: logits
 * that overflow an exponential, infinite ones and NaN give what the reference engine gives. */
#include "engines.h"

static const double logits[] = {0,    1e-8, -1e-8, 1,    -1,   17,   -17,  30,       -87,       88,
                                -104, 104,  700,   -746, -800, 800,  1e30, -1e30,    2.5,       -0.75,
                                3,    3.25, 3.5,   -3,   -30,  87.5, 86,   INFINITY, -INFINITY, NAN};
enum { LOGITS = sizeof logits / sizeof logits[0], FINITE = LOGITS - 3 };

/* A logit of f(x) = x is rounded as the precision has it; so differences of large ones are as exact as they are. */
static void assert_alike(const Case *c, const char *what, double value, double expected)
{
    const double tolerance = c->precision == PERCEPT_FLOAT32 ? TOLERANCE_F32 : TOLERANCE_F64;
    if (isfinite(expected) ? !(fabs(value - expected) <= tolerance * fmax(1, fabs(expected)))
                           : !(isnan(expected) ? isnan(value) : value == expected))
        fail_msg("%s of %s is %.17g, not %.17g", what, c->where, value, expected);
}

/* One example after the other, so that none hides another one's NaN. */
static void check_examples(Case *c)
{
    const size_t count = c->network.parameter_count;
    void *parameters = rounded_parameters(c), *outputs = make_values(c->precision, c->outputs);
    void *gradient = make_values(c->precision, count);
    double *expected = make_values(PERCEPT_FLOAT64, c->outputs), *slope = make_values(PERCEPT_FLOAT64, count);
    c->batch.count = 1;
    for (size_t i = 0; i < c->data->count; i++) {
        EngineSums sums, right;
        c->batch.first = i;
        c->reference->methods->evaluate(c->reference, c->parameters, &c->batch, expected, &right);
        c->engine->methods->evaluate(c->engine, parameters, &c->batch, outputs, &sums);
        for (size_t j = 0; j < c->outputs; j++)
            assert_alike(c, "an output", get(c->precision, outputs, j), expected[j]);
        assert_alike(c, "the loss", sums.loss, right.loss);
        if (c->precision == PERCEPT_FLOAT64) /* else outputs may round to the same number, or to one half */
            assert_int_equal(sums.correct, right.correct);
        c->reference->methods->gradient(c->reference, c->parameters, &c->batch, slope, NULL, &right);
        c->engine->methods->gradient(c->engine, parameters, &c->batch, gradient, NULL, &sums);
        for (size_t p = 0; p < count; p++)
            assert_alike(c, "the gradient", get(c->precision, gradient, p), slope[p]);
        assert_alike(c, "the loss", sums.loss, right.loss);
    }
    memory_free(parameters);
    memory_free(outputs);
    memory_free(gradient);
    memory_free(expected);
    memory_free(slope);
}

/* A layer whose weights are the unit matrix shows its features to the output. */
static void make_identity(Case *c)
{
    for (size_t p = 0; p < c->network.parameter_count; p++)
        c->parameters[p] = p < c->inputs * c->outputs && p / c->inputs == p % c->inputs;
}

static void check_output(const char *output, const char *loss, size_t width, double smoothing)
{
    const Shape shape = {{width, width}, 2, "relu", output, loss, 0, 0, false};
    const Extras extras = {.label_smoothing = smoothing};
    const percept_type precisions[] = {PERCEPT_FLOAT32, PERCEPT_FLOAT64};
    Team *team = make_team(1);
    for (size_t i = 0; i < 2 * ISA_COUNT; i++) {
        Case c;
        RandomStream stream;
        if (!to_check(i / 2))
            continue;
        random_default_rng(&stream, 6);
        setenv("PERCEPT_ISA", isa_name(i / 2), 1);
        open_case_with(&c, &shape, &extras, precisions[i % 2], LOGITS, LOGITS, CPU_SMALL, team, &stream);
        make_identity(&c);
        double *features = c.data->storage->features;
        for (size_t e = 0; e < LOGITS * width; e++) /* 0 · ∞ is NaN: several features are finite */
            features[e] = width == 1 ? logits[e] : (double)(float)logits[(e / width * 7 + e % width * 11) % FINITE];
        check_examples(&c);
        close_case(&c);
    }
    unsetenv("PERCEPT_ISA");
    team_free(team);
}

static void softmax_is_right_at_its_extremes(void **state)
{
    (void)state;
    static const size_t widths[] = {2, 3, 10, 33};
    for (size_t w = 0; w < 4; w++) {
        check_output("softmax", "cross-entropy", widths[w], 0);
        check_output("softmax", "cross-entropy", widths[w], 0.125);
    }
}

static void sigmoid_is_right_at_its_extremes(void **state)
{
    (void)state;
    static const size_t widths[] = {1, 3};
    for (size_t w = 0; w < 2; w++) {
        check_output("sigmoid", "binary-cross-entropy", widths[w], 0);
        check_output("sigmoid", "binary-cross-entropy", widths[w], 0.125);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(softmax_is_right_at_its_extremes),
        cmocka_unit_test(sigmoid_is_right_at_its_extremes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
