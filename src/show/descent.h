/* The path of a gradient descent, as a table and over the contours of its function. */
#ifndef SHOW_DESCENT_H
#define SHOW_DESCENT_H

#include "formula/descent.h"

/* Writes folder/NAME.csv (step, x, y, value), folder/NAME-grid.csv and the picture folder/NAME.{svg,png,gp}
 * (plot/descent.h): the function on a grid around all points of the path. `title` is the text of the function, or NULL.
 * The folder must exist. */
percept_status show_descent(const char *folder, const char *name, const char *title, const DescentFunction *function,
                            const DescentPoint *points, size_t count, percept_error *error);

#endif
