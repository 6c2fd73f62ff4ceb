/* Histograms. */
#ifndef PLOT_HISTOGRAM_H
#define PLOT_HISTOGRAM_H

#include "plot/layout.h"

#define HISTOGRAM_BINS 61

typedef struct HistogramSeries {
    const char *name;
    const double *values; /* values that are not finite are omitted */
    size_t count;
} HistogramSeries;

typedef struct HistogramPanel {
    const char *title;             /* NULL: none */
    const HistogramSeries *series; /* one is filled, several are lines over each other */
    size_t count;                  /* the same in every panel */
} HistogramPanel;

typedef struct HistogramPicture {
    const char *title;   /* NULL: none */
    const char *x_label; /* "weight" */
    const char *y_label; /* "weights" */
    bool log;            /* of the counts */
    const HistogramPanel *panels;
    size_t panel_count;
} HistogramPicture;

/* The range of the bins over all series of a panel, and the values in each bin; the last bin includes its upper end. */
Range histogram_range(const HistogramPanel *panel);
void histogram_count(const HistogramSeries *series, Range range, double counts[HISTOGRAM_BINS]);

/* Draws folder/NAME.{svg,png,gp} from folder/NAME.csv: of each panel the bins' middles and then the counts of each
 * series. The folder must exist. */
percept_status plot_histogram(const char *folder, const char *name, const HistogramPicture *picture,
                              percept_error *error);

#endif
