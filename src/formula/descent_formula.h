/* A function of x and y from text, with or without its gradient, for gradient descent. */
#ifndef FORMULA_DESCENT_FORMULA_H
#define FORMULA_DESCENT_FORMULA_H

#include "formula/descent.h"
#include "formula/expression.h"

typedef struct DescentFormula {
    Expression *value;
    Expression *gradient[2]; /* df/dx, df/dy; NULL: by differences */
} DescentFormula;

/* Reads the function and, unless it is NULL, its gradient "DX; DY" (formula/expression.h). PERCEPT_ERROR_ARGUMENT says
 * which of them is wrong and where. Released with descent_formula_clear. */
percept_status descent_formula_create(const char *value, const char *gradient, DescentFormula *out,
                                      percept_error *error);
void descent_formula_clear(DescentFormula *formula);

/* The formula as the argument of `descend`; it must outlive the function. */
DescentFunction descent_formula_function(DescentFormula *formula);

#endif
