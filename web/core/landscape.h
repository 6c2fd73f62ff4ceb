/* The loss around the model as it is now: along two random directions whose rows are as long as those of the weights (filter
 * normalization: H. Li and others, Visualizing the Loss Landscape of Neural Nets, 2018). */
#ifndef WEB_CORE_LANDSCAPE_H
#define WEB_CORE_LANDSCAPE_H

#include "core/play.h"

/* Draws the directions by a seed and measures side × side points from -span to span along both, row by row, the second
 * direction upwards: loss of at most LOOK_EXAMPLES training examples, with penalty. NULL where memory is lacking. */
const double *landscape_measure(Play *play, int side, double span, int seed);

/* The directions of the last call, of landscape_size numbers each, one behind the other, in the order of the tensors. */
int landscape_size(const Play *play);
const double *landscape_directions(const Play *play);

#endif
