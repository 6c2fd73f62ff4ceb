/* Named bars, the longest at the top: for example the importance of columns. */
#ifndef PLOT_BARS_H
#define PLOT_BARS_H

#include "plot/layout.h"

typedef struct BarsPicture {
    const char *title, *note;               /* of the picture, and a line below the axis; NULL: none */
    const char *axis;                       /* label of the axis */
    const char *name_column, *value_column; /* in the CSV */
    const char *const *names;
    const double *values;     /* finite; below 0 to the left, in grey */
    const double *deviations; /* an error bar of twice that length; NULL: none */
    size_t count;             /* 1 at least */
} BarsPicture;

/* Draws folder/NAME.{svg,png,gp,csv} with the bars in their order; the folder must exist. */
percept_status plot_bars(const char *folder, const char *name, const BarsPicture *picture, percept_error *error);

#endif
