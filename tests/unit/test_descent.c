/* A descent goes where its formula says, finds the minimum of a bowl, and stops where nothing can be computed. */
#include <string.h>

#include "formula/descent.h"
#include "formula/descent_formula.h"
#include "unit.h"

#define MOST 101

static const char function[] = "x^2 + y^2 + x*(y+2) + cos(3*x)";
static const char gradient[] = "2*x - 3*sin(3*x) + y + 2; x + 2*y";

static DescentPoint points[MOST];

static size_t go(const char *value, const char *slope, DescentOptions options)
{
    DescentFormula formula;
    size_t count = 0;
    assert_ok(descent_formula_create(value, slope, &formula, error));
    const DescentFunction descended = descent_formula_function(&formula);
    assert_ok(descent_run(&descended, &options, points, &count, error));
    descent_formula_clear(&formula);
    return count;
}

/* NumPy, the same loop; the last digits may differ by what its cosine rounds otherwise. */
static void paths_are_those_of_numpy(void **state)
{
    (void)state;
    assert_int_equal(go(function, gradient, (DescentOptions){{3, 2}, 0.1, 1, 20}), 21);
    assert_close(points[0].value, 24.088869738115324, 1e-14);
    assert_close(points[20].at[0], 0.5697185458418123, 1e-13);
    assert_close(points[20].at[1], -0.24031798935720877, 1e-13);
    assert_close(points[20].value, 1.2469371429338336, 1e-13);
    assert_int_equal(go(function, gradient, (DescentOptions){{3, 2}, 0.2, 0.95, 10}), 11);
    assert_close(points[10].at[0], -1.086556393028941, 1e-13);
    assert_close(points[10].at[1], 0.4866249534983948, 1e-13);
    assert_close(points[10].value, -2.277486662206515, 1e-13);
    assert_close(points[10].step, 0.2 * pow(0.95, 10), 0);
}

/* Central differences have an error near ε^(2/3) = 4e-11; a contracting descent does not gather much more. */
static void differences_lead_where_the_gradient_does(void **state)
{
    (void)state;
    static DescentPoint exact[MOST];
    const DescentOptions options = {{3, 2}, 0.1, 1, 50};
    assert_int_equal(go(function, gradient, options), 51);
    memcpy(exact, points, sizeof exact);
    assert_int_equal(go(function, NULL, options), 51);
    for (size_t t = 0; t <= 50; t++)
        for (int i = 0; i < 2; i++)
            assert_close(points[t].at[i], exact[t].at[i], 1e-8);
}

/* x shrinks by 1 - 2η in each step, y by 1 - 4η: f = x² + 2y². */
static void a_bowl_is_descended_to_its_middle(void **state)
{
    (void)state;
    assert_int_equal(go("x^2 + 2*y^2", "2*x; 4*y", (DescentOptions){{3, -2}, 0.2, 1, 100}), 101);
    for (size_t t = 0; t <= 100; t++) {
        assert_close(points[t].at[0], 3 * pow(0.6, (double)t), 1e-15);
        assert_close(points[t].at[1], -2 * pow(0.2, (double)t), 1e-15);
    }
}

static void wrong_gradients_are_seen(void **state)
{
    (void)state;
    DescentFormula formula;
    size_t count = 0, worst = 0;
    const DescentOptions options = {{3, 2}, 0.1, 1, 20};
    assert_ok(descent_formula_create(function, gradient, &formula, error));
    DescentFunction right = descent_formula_function(&formula);
    assert_ok(descent_run(&right, &options, points, &count, error));
    assert_true(descent_check(&right, points, count, &worst) < 1e-8);
    descent_formula_clear(&formula);
    assert_ok(descent_formula_create(function, "2*x - sin(3*x) + y + 2; x + 2*y", &formula, error));
    DescentFunction wrong = descent_formula_function(&formula);
    assert_ok(descent_run(&wrong, &options, points, &count, error));
    assert_true(descent_check(&wrong, points, count, &worst) > 0.1);
    descent_formula_clear(&formula);
}

static void descents_that_leave_the_numbers_say_where(void **state)
{
    (void)state;
    const struct {
        const char *value, *slope, *told;
        DescentOptions options;
        size_t count;
    } cases[] = {
        {"x^4", "4*x^3; 0", "step 4: at (", {{1000, 2}, 0.1, 1, 20}, 4},
        {"ln(x)", NULL, "step 0: at (-1, 2) the function is not finite", {{-1, 2}, 0.1, 1, 20}, 0},
        {"x", "1/y; 1", "step 0: at (1, 0) the gradient is not finite", {{1, 0}, 0.1, 1, 20}, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        DescentFormula formula;
        percept_error told = {0};
        size_t count = 99;
        assert_ok(descent_formula_create(cases[i].value, cases[i].slope, &formula, error));
        const DescentFunction descended = descent_formula_function(&formula);
        assert_int_equal(descent_run(&descended, &cases[i].options, points, &count, &told), PERCEPT_ERROR_DIVERGED);
        assert_int_equal(count, cases[i].count);
        if (strstr(told.message, cases[i].told) == NULL)
            fail_msg("'%s' does not say '%s'", told.message, cases[i].told);
        descent_formula_clear(&formula);
    }
}

static void impossible_options_are_refused(void **state)
{
    (void)state;
    DescentFormula formula;
    const DescentOptions wrong[] = {
        {{NAN, 0}, 0.1, 1, 5}, {{0, 0}, 0, 1, 5}, {{0, 0}, -1, 1, 5}, {{0, 0}, 0.1, 0, 5}, {{0, 0}, 0.1, 1.5, 5},
    };
    assert_ok(descent_formula_create("x", NULL, &formula, error));
    const DescentFunction descended = descent_formula_function(&formula);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        percept_error told;
        size_t count = 99;
        assert_int_equal(descent_run(&descended, &wrong[i], points, &count, &told), PERCEPT_ERROR_ARGUMENT);
        assert_int_equal(count, 0);
    }
    descent_formula_clear(&formula);
}

static void gradients_are_two_formulas(void **state)
{
    (void)state;
    const char *const wrong[] = {"x", "x; y; x", "x; z", "; x", "x;"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        DescentFormula formula;
        percept_error told;
        assert_int_equal(descent_formula_create("x", wrong[i], &formula, &told), PERCEPT_ERROR_ARGUMENT);
        assert_non_null(strstr(told.message, "gradient"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_those_of_numpy),
        cmocka_unit_test(differences_lead_where_the_gradient_does),
        cmocka_unit_test(a_bowl_is_descended_to_its_middle),
        cmocka_unit_test(wrong_gradients_are_seen),
        cmocka_unit_test(descents_that_leave_the_numbers_say_where),
        cmocka_unit_test(impossible_options_are_refused),
        cmocka_unit_test(gradients_are_two_formulas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
