/* Formulas have the values that C gives them, in every locale, and what is wrong with one is told with its place. */
#include <locale.h>
#include <string.h>

#include "formula/expression.h"
#include "unit.h"

static const char *const names[2] = {"x", "y"};

static double value_of(const char *text, double x, double y)
{
    Expression *expression = NULL;
    assert_ok(expression_create(text, names, 2, &expression, error));
    const double value = expression_value(expression, (const double[2]){x, y});
    expression_free(expression);
    return value;
}

static void formulas_have_the_values_of_c(void **state)
{
    (void)state;
    const double x = 1.5, y = -0.75;
    const struct {
        const char *text;
        double value;
    } cases[] = {
        {"x^2 + y^2 + x*(y+2) + cos(3*x)", x * x + y * y + x * (y + 2) + cos(3 * x)},
        {"-x^2", -(x * x)},
        {"2^3^2", 512},
        {"x/y - 1e-3*x", x / y - 1e-3 * x},
        {"exp(-x) * ln(x) + log10(x)", exp(-x) * log(x) + log10(x)},
        {"sqrt(abs(y)) + atan2(y, x)", sqrt(fabs(y)) + atan2(y, x)},
        {"tanh(x) + sinh(y) + max(x, y) - min(x, y)", tanh(x) + sinh(y) + x - y},
        {"x >= y ? 1 : 2", 1},
        {"x == y", 0},
        {"sin(pi) + e", sin(acos(-1)) + exp(1)},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_close(value_of(cases[i].text, x, y), cases[i].value, 1e-14); /* powers may round otherwise */
}

static void what_cannot_be_computed_is_not_finite(void **state)
{
    (void)state;
    assert_true(isinf(value_of("1/x", 0, 0)));
    assert_true(isnan(value_of("sqrt(x)", -1, 0)));
    assert_true(isnan(value_of("ln(x)", -1, 0)));
}

static void a_formula_is_computed_anew_for_each_place(void **state)
{
    (void)state;
    Expression *expression = NULL;
    assert_ok(expression_create("x - 2*y", names, 2, &expression, error));
    for (int i = -3; i < 4; i++)
        assert_close(expression_value(expression, (const double[2]){i, 10 * i}), -19.0 * i, 0);
    expression_free(expression);
}

static void mistakes_are_told_with_their_place(void **state)
{
    (void)state;
    const struct {
        const char *text, *told;
    } cases[] = {
        {"x + * y", "'*' is out of place, at character 5"},
        {"x**2", "x^2, not x**2, at character 2"},
        {"x^2 + 2y", "an operator is missing before 'y', at character 8"},
        {"x + (y", "a closing parenthesis is missing"},
        {"x)", "')' is out of place, at character 2"},
        {"z + 1", "'z' is unknown, at character 1"},
        {"x + \xC3\xA9 + z", "is unknown, at character 5"},
        {"x + \"\xC3\xA9\xC3\xA9\" = 3", "'=' is out of place; equality is written ==, at character 10"},
        {"x = 2", "'=' is out of place"},
        {"x += 2", "'=' is out of place"},
        {"x, y", "these are 2 formulas"},
        {"sin()", "too few arguments for 'sin'"},
        {"sin(x, y)", "too many arguments for 'sin'"},
        {"x +", "ends too early"},
        {"", "there is no formula"},
        {"  ", "there is no formula"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Expression *expression = NULL;
        percept_error error = {0};
        assert_int_equal(expression_create(cases[i].text, names, 2, &expression, &error), PERCEPT_ERROR_ARGUMENT);
        assert_null(expression);
        if (strstr(error.message, cases[i].told) == NULL)
            fail_msg("'%s': '%s' does not say '%s'", cases[i].text, error.message, cases[i].told);
    }
}

static void the_locale_changes_nothing(void **state)
{
    (void)state;
    if (setlocale(LC_ALL, "de_DE.UTF-8") == NULL && setlocale(LC_ALL, "C.UTF-8") == NULL)
        return;
    assert_close(value_of("1.5 + max(x, 2.25)", 0, 0), 3.75, 0);
    setlocale(LC_ALL, "C");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formulas_have_the_values_of_c),
        cmocka_unit_test(what_cannot_be_computed_is_not_finite),
        cmocka_unit_test(a_formula_is_computed_anew_for_each_place),
        cmocka_unit_test(mistakes_are_told_with_their_place),
        cmocka_unit_test(the_locale_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
