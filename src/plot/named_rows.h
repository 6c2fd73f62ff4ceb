/* A chart of rows, each with its name at the left: bars, or a swarm of points. Row r is at r of the y axis, from the top. */
#ifndef PLOT_NAMED_ROWS_H
#define PLOT_NAMED_ROWS_H

#include "plot/layout.h"

/* What the chart says besides its names. */
typedef struct NamedRows {
    size_t count;
    double widest; /* units that the widest name takes */
    const char *axis;
    const char *title, *note; /* NULL: none */
} NamedRows;

/* The layout of rows of this height, `width` units beside the names, with `right` units behind. A title or note that is wider
 * widens the chart. */
Layout named_rows_layout(const NamedRows *rows, double height, double width, double right);

/* The name of row r, cut to its room. */
void named_rows_add_name(Script *script, const Layout *layout, Box box, size_t r, const char *name);

/* The words of the axis, and the note below them, above a legend. */
void named_rows_add_words(Script *script, const NamedRows *rows, const Layout *layout, Box box);

/* The range of the rows. */
void named_rows_add_range(Script *script, const NamedRows *rows);

#endif
