/* A dimension of a search: a list of values, or a range of numbers. Its value is a double: a number of the range, or
 * the index in the list. */
#ifndef SEARCH_DIMENSION_H
#define SEARCH_DIMENSION_H

#include <stdbool.h>

#include "base/random.h"

/* The meaning of a value. */
typedef enum DimensionRole {
    DIMENSION_KEY,    /* a key of the recipe */
    DIMENSION_HIDDEN, /* all hidden layers ("256-128"), between the inputs and outputs of the data */
    DIMENSION_DEPTH,  /* number of hidden layers; their widths follow */
    DIMENSION_WIDTH   /* units of one of them */
} DimensionRole;

typedef struct Dimension {
    char *name; /* "train.learning_rate", "model.hidden.width2" */
    DimensionRole role;
    char **choices; /* the list of values, as text for recipe_set; NULL: a range */
    size_t choice_count;
    double low, high; /* the range, inclusive */
    bool logarithmic, integer;
    size_t steps;       /* steps of a range in a grid; 0: none */
    size_t least_depth; /* of a width: exists only with at least this many hidden layers; else 0 */
} Dimension;

/* Number of values in a grid: that of the list, or the steps of the range; 0 for a range without steps. */
size_t dimension_grid_count(const Dimension *dimension);

/* The value of step i: from low to high in equal parts, of the logarithm if the range is logarithmic. */
double dimension_grid_value(const Dimension *dimension, size_t i);

/* A value drawn uniformly, with one draw. */
double dimension_draw(const Dimension *dimension, RandomStream *stream);

/* The range on its scale: logarithms if it is logarithmic; for integers from half below the lowest to half above the
 * highest, so all have equal probability. */
double dimension_lowest(const Dimension *dimension);
double dimension_highest(const Dimension *dimension);
double dimension_to_scale(const Dimension *dimension, double value);

/* The value at a position on that scale: an integer, or rounded to five significant digits, which are easy to read;
 * always within the range. */
double dimension_from_scale(const Dimension *dimension, double place);

/* The value as a number: that of the range, or that in the list. */
double dimension_number(const Dimension *dimension, double value);

/* The value as text for recipe_set; written to buffer if necessary. */
#define DIMENSION_TEXT 32
const char *dimension_text(const Dimension *dimension, double value, char buffer[DIMENSION_TEXT]);

#endif
