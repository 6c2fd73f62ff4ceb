/* Lines over a common axis, in one or several panels: learning curves, functions, a metric against a hyperparameter. */
#ifndef PLOT_CHART_H
#define PLOT_CHART_H

#include "plot/layout.h"

typedef struct ChartSeries {
    const char *column; /* its name in the CSV */
    const double *y;    /* one for each x; not a number: a gap */
    char colour[AXIS_COLOUR_SIZE];
    LegendMark mark; /* the kind of line; LEGEND_DOT: points with a rim, above all lines */
} ChartSeries;

typedef struct ChartPanel {
    const char *title, *y_label; /* title NULL: none */
    bool log;                    /* a logarithmic axis */
    bool may_log;                /* logarithmic if a few values are far above the rest, and none is below 0 */
    Range limits;                /* limits of the axis: {0, 100} for per cent, {-INFINITY, INFINITY} */
    const char *all;             /* shown if there is no finite value; NULL: "nothing finite to draw" */
    const ChartSeries *series;
    size_t count;
} ChartPanel;

typedef enum ChartAxis {
    CHART_WHOLE,  /* epochs */
    CHART_LINEAR, /* any numbers, from the first to the last */
    CHART_VALUES, /* chosen numbers, shown at the axis if there is room */
    CHART_NAMES,  /* x = 0, 1, …, called `names`; points, no lines */
} ChartAxis;

typedef struct Chart {
    const char *title; /* NULL: none */
    const char *x_name, *x_label;
    const double *x; /* rows, rising */
    size_t rows;
    ChartAxis axis;
    bool x_log;               /* CHART_LINEAR, CHART_VALUES */
    const char *const *names; /* rows, CHART_NAMES */
    const ChartPanel *panels;
    size_t panel_count;
    const LegendEntry *legend;
    size_t legend_count;
} Chart;

/* Draws folder/NAME.{svg,png,gp,csv}; the folder must exist. */
percept_status plot_chart(const char *folder, const char *name, const Chart *chart, percept_error *error);

#endif
