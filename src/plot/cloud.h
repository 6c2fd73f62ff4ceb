/* Clouds of points beside a line on which they would ideally lie: predicted against true, residuals. */
#ifndef PLOT_CLOUD_H
#define PLOT_CLOUD_H

#include "plot/layout.h"

typedef enum CloudLine {
    CLOUD_DIAGONAL, /* y = x; both axes have one range */
    CLOUD_ZERO,     /* y = 0 */
} CloudLine;

typedef struct CloudPanel {
    const char *title; /* NULL: none */
    const char *x_label, *y_label;
    const double *x, *y; /* count */
    size_t count;        /* 1 at least */
} CloudPanel;

typedef struct CloudPicture {
    const char *title; /* NULL: none */
    CloudLine line;
    const char *line_words;          /* of the legend */
    const char *x_column, *y_column; /* in the CSV, behind "panel" */
    const char *trend_words;         /* a line of the means over some groups along x; NULL: none */
    const CloudPanel *panels;
    size_t panel_count;
} CloudPicture;

/* Draws folder/NAME.{svg,png,gp,csv}, and the means into folder/NAME-means.csv; the folder must exist. */
percept_status plot_cloud(const char *folder, const char *name, const CloudPicture *picture, percept_error *error);

#endif
