/* Pictures of digits for a playground: data from arrays in place of a recipe's name, and what the model says of one picture. */
#ifndef WEB_CORE_PICTURES_H
#define WEB_CORE_PICTURES_H

#include "core/play.h"

/* Takes the data of `count` pictures (side × side bytes each, row by row) with labels 0 … 9, splits them as the recipe says, and
 * forgets the model. Returns 0 or -1. */
int pictures_load(Play *play, const uint8_t *pixels, const uint8_t *labels, int count, int side);

/* Of one picture (side × side numbers, in the units of those bytes): the probability of each class, NULL without memory. */
const double *pictures_predict(Play *play, const double *picture);

/* Of the same picture: the derivatives of the logit of class k by each pixel; NULL where memory is lacking. */
const double *pictures_saliency(Play *play, const double *picture, int k);

/* The class that the model gives to each example of the validation part; NULL where there is none, or no memory. */
const int32_t *pictures_predicted(Play *play);

#endif
