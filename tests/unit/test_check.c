/* Gradient checks: the loop form, the sweep, names, selections, and what is refused. */
#include "checks.h"

#include "failing_memory.h"

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
        cmocka_unit_test(the_loop_form_equals_the_matrix_form),
        cmocka_unit_test(a_sweep_shows_truncation_and_rounding),
        cmocka_unit_test(numbers_have_names),
        cmocka_unit_test(selections_choose_what_they_say),
        cmocka_unit_test(what_cannot_be_checked_is_refused),
        cmocka_unit_test(a_lack_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
