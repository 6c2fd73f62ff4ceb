/* From the quantiles of a column to a standard normal: a piecewise linear map between knots. */
#ifndef DATA_NORMAL_KNOTS_H
#define DATA_NORMAL_KNOTS_H

#include <stddef.h>

/* Most knots of a column, as in scikit-learn's QuantileTransformer. */
#define NORMAL_KNOTS 1000

/* Knots of values that are sorted and finite: `x` ascends strictly, and z is where a standard normal has the same share of
 * its mass below. The quantiles are those of k / (K - 1), K being the count, at most `most`. Equal ones become one
 * knot in the middle of their ranks. Shares are kept 1e-7 away from 0 and 1, so that |z| < 5.2. x and z have room for K
 * values; returns how many are used: one where all values are equal, with z = 0. */
size_t normal_knots(const double *sorted, size_t count, size_t most, double *x, double *z);

/* The z of that share of a standard normal's mass below it, for shares in (0, 1). */
double normal_quantile(double share);

/* The map that takes knots of `from` to those of `to`, both ascending, at a point; linear between two knots, and constant
 * outside of them. Knots may be repeated at the end. NaN gives NaN. */
double knots_map(const double *from, const double *to, size_t count, double at);

/* Its derivative at a point of the other side: d to / d from where the map gives `value`; 0 outside. */
double knots_slope(const double *from, const double *to, size_t count, double value);

#endif
