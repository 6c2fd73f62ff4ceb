/* The layout of a canvas: panels in rows and columns, a title above them, a legend below them, where it hides no curve.
 * All sizes are in units of the canvas. */
#ifndef PLOT_LAYOUT_H
#define PLOT_LAYOUT_H

#include <stdbool.h>

#include "plot/axis.h"

/* A rectangle in fractions of the canvas, from its lower left corner, as gnuplot's screen coordinates are. */
typedef struct Box {
    double left, right, bottom, top;
} Box;

typedef struct Layout {
    size_t count, columns;       /* number of panels, and panels per row */
    double width, height;        /* of a panel without its surroundings */
    double left, right;          /* room beside each panel: numbers and label of its axis */
    double above, below;         /* room above and below each */
    double title, legend_height; /* room at the top and the bottom of the canvas */
    Canvas canvas;               /* total size; set by layout_finish */
} Layout;

/* The width of a panel if there are two in a row. */
#define LAYOUT_HALF 345

/* Charts of the house's sizes: one, or up to three in a row, or rows of two; `titled`: the panels have titles; `title`: so has
 * the picture. To be finished by layout_finish. */
Layout layout_of(size_t count, bool titled, bool title);

/* Computes the size of the canvas from the rest. */
void layout_finish(Layout *layout);

/* The place of panel i. */
Box layout_box(const Layout *layout, size_t i);

/* Sets the margins of the next plot to a box. */
void layout_add_box(Script *script, Box box);

/* A word at a place given in fractions, its middle there. */
void layout_add_word(Script *script, const char *word, double x, double y, bool rotated);

/* The labels of a panel's axes, NULL: none; and its title. `left` and `below`: their distances in units. */
void layout_add_labels(Script *script, const Layout *layout, Box box, const char *x_label, const char *y_label,
                       const char *title);

/* The title of the picture, centred in its room; NULL: none. */
void layout_add_title(Script *script, const Layout *layout, const char *title);

/* LEGEND_SCALE: a line in the colours of the scale that axis_colour has for many series; LEGEND_TONES: in those of
 * axis_tone. */
typedef enum LegendMark {
    LEGEND_LINE,
    LEGEND_DASHED,
    LEGEND_DOTTED,
    LEGEND_DOT,
    LEGEND_NONE,
    LEGEND_SCALE,
    LEGEND_TONES,
} LegendMark;

typedef struct LegendEntry {
    const char *label;
    char colour[AXIS_COLOUR_SIZE];
    LegendMark mark;
    int shape; /* gnuplot's point type for LEGEND_DOT; 0: a disc */
} LegendEntry;

/* The position of an entry: units from the left, and the row. */
typedef struct LegendPlace {
    double x;
    size_t row;
} LegendPlace;

/* Units from one row to the next. */
#define LEGEND_ROW 24

/* Places entries side by side in centred rows of at most `width` units; places may be NULL. Returns the number of rows.
 * An entry wider than the canvas has its own row. */
size_t legend_layout(const LegendEntry *entries, size_t count, double width, LegendPlace *places);

/* Draws the legend into the room that layout->legend_height has for it. */
void legend_add(Script *script, const Layout *layout, const LegendEntry *entries, size_t count);

/* "linewidth 2.2 dashtype (7,4) linecolor "…"" of a mark. */
void legend_add_style(Script *script, LegendMark mark, const char *colour);

#endif
