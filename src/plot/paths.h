/* Paths in the unit square: ROC curves and precision-recall curves, one for each class. */
#ifndef PLOT_PATHS_H
#define PLOT_PATHS_H

#include "plot/layout.h"

typedef struct Path {
    const char *label; /* in the legend and the CSV */
    const double *x, *y;
    size_t count;
    double level;          /* a dashed line at this height for comparison; NaN: none */
    double mark_x, mark_y; /* a ring at this place of the path; NaN: none */
} Path;

typedef struct PathsPicture {
    const char *title; /* NULL: none */
    const char *x_label, *y_label;
    const char *x_column, *y_column; /* in the CSV, behind "curve" and its label */
    bool diagonal;                   /* a dashed line from (0, 0) to (1, 1) */
    bool steps;                      /* paths go sideways, then up or down */
    const char *comparison_words;    /* of the legend, for dashed lines; NULL: none */
    const char *mark_words;          /* … for rings; NULL: none */
    const Path *paths;
    size_t count;
} PathsPicture;

/* Draws folder/NAME.{svg,png,gp,csv}; the folder must exist. */
percept_status plot_paths(const char *folder, const char *name, const PathsPicture *picture, percept_error *error);

#endif
