/* Bars with a name each, the longest above: how much each of several things counts. */
#ifndef PLOT_BARS_H
#define PLOT_BARS_H

#include "plot/layout.h"

typedef struct BarsPicture {
    const char *title, *note;               /* of the picture, and a line below the axis; NULL: none */
    const char *axis;                       /* what the bars' length is */
    const char *name_column, *value_column; /* in the CSV */
    const char *const *names;
    const double *values;     /* finite; below 0 to the left, in grey */
    const double *deviations; /* a line of twice that length at each bar's end; NULL: none */
    size_t count;             /* 1 at least */
} BarsPicture;

/* Draws folder/NAME.{svg,png,gp,csv} with the bars in their order; the folder must exist. */
percept_status plot_bars(const char *folder, const char *name, const BarsPicture *picture, percept_error *error);

#endif
