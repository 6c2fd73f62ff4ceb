/* A function of x and y from text, with or without its gradient, for gradient descent. */
#ifndef FORMULA_DESCEND_FORMULA_H
#define FORMULA_DESCEND_FORMULA_H

#include "formula/descend.h"
#include "formula/expression.h"

typedef struct DescendFormula {
    Expression *value;
    Expression *gradient[2]; /* df/dx, df/dy; NULL: by differences */
} DescendFormula;

/* Reads the function and, unless it is NULL, its gradient "DX; DY" (formula/expression.h). PERCEPT_ERROR_ARGUMENT says
 * which of them is wrong and where. Released with descend_formula_clear. */
percept_status descend_formula_create(const char *value, const char *gradient, DescendFormula *out,
                                      percept_error *error);
void descend_formula_clear(DescendFormula *formula);

/* The formula as the argument of `descend`; it must outlive the function. */
DescendFunction descend_formula_function(DescendFormula *formula);

#endif
