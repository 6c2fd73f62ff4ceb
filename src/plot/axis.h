/* Axes: their ranges, and the numbers beside them. */
#ifndef PLOT_AXIS_H
#define PLOT_AXIS_H

#include <stdbool.h>

#include "plot/script.h"

/* Starts as {INFINITY, -INFINITY}: empty. */
typedef struct Range {
    double low, high;
} Range;

#define RANGE_EMPTY ((Range){INFINITY, -INFINITY})

/* Widens a range to a value if that is finite, and on a logarithmic axis above 0. */
void range_add(Range *range, double value, bool log);

bool range_is_empty(Range range);

/* The smallest of …, 1, 2, 5, 10, 20, … that divides the span into at most `steps` steps and is at least `least`. */
double axis_step(double span, double steps, double least);

/* Adds a margin, so that no curve lies on the frame. A range without negative values stays without them. An empty range
 * becomes 0 … 1 (log: 0.1 … 1). */
Range axis_widen(Range range, bool log);

/* "set yrange [a:b]" for axis 'x', 'y' or "cb". */
void axis_add_range(Script *script, const char *axis, Range range);

/* Ranges, scale and the numbers beside the axis, all with the same decimals; at most `steps` steps. A range of less
 * than a power of ten is linear even with `log`. */
void axis_add(Script *script, const char *axis, Range range, bool log, double steps);

/* The same for a linear axis of whole numbers (epochs, steps), with half as many steps if the numbers have four digits
 * or more. */
void axis_add_whole(Script *script, const char *axis, Range range, double steps);

/* True if positive values differ by so much that a logarithmic axis shows them better. */
bool axis_spans_decades(Range range);

/* The colour of series i of `count`: the house's own up to eight, beyond them a scale from violet to yellow. */
#define AXIS_COLOUR_SIZE 8
void axis_colour(size_t i, size_t count, char colour[AXIS_COLOUR_SIZE]);

/* A colour for a place between low (0) and high (1): from blue over violet to orange, which differ as much from black as
 * from white, so that points of one colour stand out on a light and on a dark page. */
void axis_tone(double place, char colour[AXIS_COLOUR_SIZE]);

/* The approximate width of a line of UTF-8 text, in units of the canvas. */
double axis_text_width(const char *text);

/* The longest beginning of a text within `width` units, with "…" at its end if it is cut. */
void axis_fit_text(const char *text, double width, char *out, size_t size);

#endif
