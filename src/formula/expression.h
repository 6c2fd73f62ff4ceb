/* Formulas from text, "x^2 + y^2 + cos(3*x)", through muParser: + - * / ^ (a power), comparisons, c ? a : b, sin, cos,
 * tan, their inverses and hyperbolic versions, exp, ln (log too), log2, log10, sqrt, abs, sign, rint, min, max, sum,
 * avg, atan2, and the constants pi and e. Numbers have a decimal point in every locale. */
#ifndef FORMULA_EXPRESSION_H
#define FORMULA_EXPRESSION_H

#include <stddef.h>

#include "base/error.h"

typedef struct Expression Expression;

/* Reads a formula of the named variables. PERCEPT_ERROR_ARGUMENT with what is wrong and at which character, counted from
 * 1; assignments and lists of formulas are refused, too. Released with expression_free. */
percept_status expression_create(const char *text, const char *const *names, size_t count, Expression **out,
                                 percept_error *error);
void expression_free(Expression *expression);

/* Its value for these values of the variables (count of them, in the order of the names). By the rules of IEEE 754, 1/0
 * is infinite and sqrt(-1) is NaN. Not to be called by two threads at once. */
double expression_value(Expression *expression, const double *values);

#endif
