#include "formula/descent_formula.h"

#include <string.h>

#include "base/memory.h"

static const char *const variables[2] = {"x", "y"};

static percept_status read_gradient(const char *text, DescentFormula *out, percept_error *error)
{
    char *copy = NULL;
    percept_status status = memory_copy_string(text, &copy, error);
    if (status != PERCEPT_OK)
        return status;
    char *second = strchr(copy, ';');
    if (second == NULL || strchr(second + 1, ';') != NULL) {
        status = error_set(error, PERCEPT_ERROR_ARGUMENT,
                           "the gradient '%.160s' is not two formulas; give df/dx; df/dy", text);
    } else {
        *second++ = '\0';
        second += strspn(second, " ");
        const char *const parts[2] = {copy, second};
        for (int i = 0; i < 2 && status == PERCEPT_OK; i++) {
            status = expression_create(parts[i], variables, 2, &out->gradient[i], error);
            if (status != PERCEPT_OK)
                error_prefix(error, "the gradient's d%s", variables[i]);
        }
    }
    memory_free(copy);
    return status;
}

percept_status descent_formula_create(const char *value, const char *gradient, DescentFormula *out,
                                      percept_error *error)
{
    *out = (DescentFormula){0};
    percept_status status = expression_create(value, variables, 2, &out->value, error);
    if (status != PERCEPT_OK)
        error_prefix(error, "the function");
    else if (gradient != NULL)
        status = read_gradient(gradient, out, error);
    if (status != PERCEPT_OK)
        descent_formula_clear(out);
    return status;
}

void descent_formula_clear(DescentFormula *formula)
{
    expression_free(formula->value);
    for (int i = 0; i < 2; i++)
        expression_free(formula->gradient[i]);
    *formula = (DescentFormula){0};
}

static double value_at(void *state, const double at[2])
{
    return expression_value(((const DescentFormula *)state)->value, at);
}

static void gradient_at(void *state, const double at[2], double gradient[2])
{
    const DescentFormula *formula = state;
    for (int i = 0; i < 2; i++)
        gradient[i] = expression_value(formula->gradient[i], at);
}

DescentFunction descent_formula_function(DescentFormula *formula)
{
    return (DescentFunction){value_at, formula->gradient[0] != NULL ? gradient_at : NULL, formula};
}
