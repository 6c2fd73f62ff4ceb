/* One thing that a search varies: a list of values, or a range of numbers. Its value is a double: a number of the range,
 * or the place in the list. */
#ifndef SEARCH_DIMENSION_H
#define SEARCH_DIMENSION_H

#include <stdbool.h>

#include "base/random.h"

/* What a value means. */
typedef enum DimensionRole {
    DIMENSION_KEY,    /* a key of the recipe */
    DIMENSION_HIDDEN, /* all hidden layers ("256-128"), between the inputs and outputs that the data ask for */
    DIMENSION_DEPTH,  /* how many hidden layers; the widths of each follow it */
    DIMENSION_WIDTH   /* units of one of them */
} DimensionRole;

typedef struct Dimension {
    char *name; /* "train.learning_rate", "model.hidden.width2" */
    DimensionRole role;
    char **choices; /* the list, as recipe_set takes its values; NULL: a range */
    size_t choice_count;
    double low, high; /* the range, inclusive */
    bool logarithmic, integer;
    size_t steps;       /* of a range in a grid; 0: it has none */
    size_t least_depth; /* of a width: there only with so many hidden layers; else 0 */
} Dimension;

/* Values in a grid: all of a list, the steps of a range; 0 for a range without. */
size_t dimension_grid_count(const Dimension *dimension);

/* The value of step i: from low to high in equal parts, of the logarithm where the range is logarithmic. */
double dimension_grid_value(const Dimension *dimension, size_t i);

/* A value drawn uniformly, with one draw. */
double dimension_draw(const Dimension *dimension, RandomStream *stream);

/* A range as its scale sees it: logarithms where it is logarithmic; of integers from half below the lowest to half above
 * the highest, so that each has its share. */
double dimension_lowest(const Dimension *dimension);
double dimension_highest(const Dimension *dimension);
double dimension_to_scale(const Dimension *dimension, double value);

/* The value at a place of that scale: an integer, or rounded to five significant digits, which is as much as a person wants
 * to read; within the range in any case. */
double dimension_from_scale(const Dimension *dimension, double place);

/* The value as a number: that of the range, or the number that the list has there. */
double dimension_number(const Dimension *dimension, double value);

/* The value as recipe_set takes it; written to buffer where it has to be. */
#define DIMENSION_TEXT 32
const char *dimension_text(const Dimension *dimension, double value, char buffer[DIMENSION_TEXT]);

#endif
