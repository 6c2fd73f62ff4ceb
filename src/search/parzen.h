/* Parzen estimators: the density of the good or bad values of a dimension, estimated from past trials.
 *
 * Of a range (J. Bergstra and others, 2011, "Algorithms for hyper-parameter optimization", section 4.2): an equal
 * mixture of normal distributions cut off at the range's ends, one around each value, as wide as the larger distance to
 * its neighbours (the range's ends being neighbours), and one for the prior, around the middle and as wide as the
 * range. A width is kept between the range divided by min(100, 1 + values) and the range. Logarithmic ranges are taken
 * in logarithms; the probability of an integer is that of the interval rounded to it.
 *
 * Of a list: the counts of its values, each plus one for the prior. */
#ifndef SEARCH_PARZEN_H
#define SEARCH_PARZEN_H

#include "search/dimension.h"

typedef struct Parzen {
    const Dimension *dimension;
    size_t count;   /* of the mixture, or of the list's values */
    double *center; /* of a range: in its scale, ascending */
    double *width;
    double *mass; /* the part of each within the range; of a list: the probabilities */
    void *block;
} Parzen;

/* Estimates from `count` values of the dimension, in any order; count may be 0. Released with parzen_clear. */
percept_status parzen_create(const Dimension *dimension, const double *values, size_t count, Parzen *out,
                             percept_error *error);
void parzen_clear(Parzen *parzen);

/* Draws a value. */
double parzen_draw(const Parzen *parzen, RandomStream *stream);

/* The logarithm of the density at a value, or of its probability. */
double parzen_log_density(const Parzen *parzen, double value);

#endif
