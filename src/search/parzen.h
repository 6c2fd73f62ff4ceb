/* Parzen estimators: the density of a dimension's good or bad values, smoothed out of those that were seen.
 *
 * Of a range (J. Bergstra and others, 2011, "Algorithms for hyper-parameter optimization", section 4.2): an equal mixture of
 * normal distributions cut off at the range's ends, one around each value, as wide as the larger distance to its neighbours
 * (the range's ends being neighbours), and one for the prior, around the middle and as wide as the range. A width is kept
 * between the range divided by min(100, 1 + values) and the range. Logarithmic ranges are taken in logarithms; an integer has
 * the probability of what is rounded to it.
 *
 * Of a list: the counts of its values, each one larger by the prior. */
#ifndef SEARCH_PARZEN_H
#define SEARCH_PARZEN_H

#include "search/dimension.h"

typedef struct Parzen {
    const Dimension *dimension;
    size_t count;   /* of the mixture, or of the list's values */
    double *center; /* of a range: in its scale, ascending */
    double *width;
    double *mass; /* what of each lies within the range; of a list: the probabilities */
    void *block;
} Parzen;

/* From `count` values of the dimension, in any order, of which none need be there. Released with parzen_clear. */
percept_status parzen_create(const Dimension *dimension, const double *values, size_t count, Parzen *out,
                             percept_error *error);
void parzen_clear(Parzen *parzen);

/* A value drawn from it. */
double parzen_draw(const Parzen *parzen, RandomStream *stream);

/* The logarithm of the density at a value, or of its probability. */
double parzen_log_density(const Parzen *parzen, double value);

#endif
