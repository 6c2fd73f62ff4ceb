/* Decision regions: the predicted class at each point, and its confidence, with examples on top. */
#ifndef PLOT_REGIONS_H
#define PLOT_REGIONS_H

#include <stdint.h>

#include "plot/layout.h"

/* The grid of a panel: REGIONS_GRID × REGIONS_GRID places, rows from the lowest y on. */
#define REGIONS_GRID 151

typedef struct RegionsPanel {
    const char *title; /* NULL: none */
    Range x, y;
    const int32_t *classes;   /* of the grid: the class predicted; drawn in its colour */
    const double *confidence; /* of the grid: 0 (at the boundary) … 1, shown by the depth of the colour */
    const double *points;     /* count × 2 */
    const int32_t *labels;    /* count */
    size_t count;
} RegionsPanel;

typedef struct RegionsPicture {
    const char *title; /* NULL: none */
    const char *x_label, *y_label;
    const char *const *class_names;
    size_t class_count;
    const RegionsPanel *panels; /* side by side, three in a row */
    size_t panel_count;
} RegionsPicture;

/* The position of grid line i on an axis. */
double regions_place(Range range, size_t i);

/* Draws folder/NAME.{svg,png,gp} from folder/NAME.csv (panel, x, y, class, confidence) and folder/NAME-points.csv (panel,
 * x, y, class). The folder must exist. */
percept_status plot_regions(const char *folder, const char *name, const RegionsPicture *picture, percept_error *error);

#endif
