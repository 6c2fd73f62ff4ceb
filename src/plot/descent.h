/* Gradient descent on a function of two numbers: the path over the function's contours, and the value at each step. */
#ifndef PLOT_DESCENT_H
#define PLOT_DESCENT_H

#include <stddef.h>

#include "base/error.h"

typedef struct DescentPicture {
    const char *title; /* the expression: "x^2 + y^2"; NULL: none */
    double x_low, x_high, y_low, y_high;
    size_t columns, rows; /* of the grid, at least 2 each; 121 × 121 is plenty */
    /* rows × columns: [r · columns + c] is the value at x = x_low + c (x_high - x_low) / (columns - 1), and y likewise
     * by r. Values that are not finite are left white. */
    const double *values;
    size_t points;             /* of the path, the start included; ≥ 1 */
    const double *path;        /* points × 2: x, y */
    const double *path_values; /* points */
} DescentPicture;

/* Draws folder/NAME.{svg,png,gp} from folder/NAME.csv (step, x, y, value) and folder/NAME-grid.csv (a matrix: its first
 * line the number of columns and then x, each further line y and the values). The folder must exist.
 * PERCEPT_ERROR_ARGUMENT for a grid or ranges that cannot be drawn. */
percept_status plot_descent(const char *folder, const char *name, const DescentPicture *picture, percept_error *error);

#endif
