/* Axes: where they begin and end, and which numbers stand beside them. */
#ifndef PLOT_AXIS_H
#define PLOT_AXIS_H

#include <stdbool.h>

#include "plot/script.h"

/* Begins as {INFINITY, -INFINITY}: nothing seen. */
typedef struct Range {
    double low, high;
} Range;

#define RANGE_EMPTY ((Range){INFINITY, -INFINITY})

/* Widens a range to a value if that is finite, and on a logarithmic axis above 0. */
void range_add(Range *range, double value, bool log);

bool range_is_empty(Range range);

/* The smallest of …, 1, 2, 5, 10, 20, … that takes no more than `steps` steps for the span, and is no less than
 * `least`. */
double axis_step(double span, double steps, double least);

/* A margin around what is drawn, so that no curve lies on the frame; what is never negative keeps an axis that is never
 * negative. An empty range becomes 0 … 1 (log: 0.1 … 1). */
Range axis_widen(Range range, bool log);

/* "set yrange [a:b]" for axis 'x', 'y' or "cb". */
void axis_add_range(Script *script, const char *axis, Range range);

/* Ranges, scale and the numbers beside the axis, all with the same decimals; at most `steps` steps. What spans less than a
 * power of ten is linear even with `log`. */
void axis_add(Script *script, const char *axis, Range range, bool log, double steps);

/* The same for a linear axis of whole numbers (epochs, steps), whatever they lie between; half as many where they have
 * four digits and more. */
void axis_add_whole(Script *script, const char *axis, Range range, double steps);

/* True if positive values differ by so much that a logarithmic axis shows them better. */
bool axis_spans_decades(Range range);

/* The colour of series i of `count`: the house's own up to eight, beyond them a scale from violet to yellow. */
#define AXIS_COLOUR_SIZE 8
void axis_colour(size_t i, size_t count, char colour[AXIS_COLOUR_SIZE]);

/* About how many units of a canvas a text takes in a row; UTF-8. */
double axis_text_width(const char *text);

/* The beginning of a text that takes no more than `width` units, with "…" at its end where something is left out. */
void axis_fit_text(const char *text, double width, char *out, size_t size);

#endif
