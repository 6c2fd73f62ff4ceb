/* Charts through gnuplot. The script and its data stay beside the picture, so users can change them. */
#ifndef PLOT_GNUPLOT_H
#define PLOT_GNUPLOT_H

#include <stdbool.h>

#include "base/error.h"

/* The colours of the house (M. Okabe, K. Ito, "Color Universal Design", 2008): colour-blind people can distinguish
 * them. */
#define COLOUR_BLUE "#0072B2"
#define COLOUR_ORANGE "#D55E00"
#define COLOUR_GREEN "#009E73"
#define COLOUR_SKY "#56B4E9"
#define COLOUR_PURPLE "#CC79A7"
#define COLOUR_YELLOW "#E69F00"
#define COLOUR_BLACK "#000000"
#define COLOUR_GREY "#999999" /* additional colours of our own */
#define COLOUR_INK "#222222"  /* of words */

/* The canvas; a line of text is about 18 units high. */
typedef struct Canvas {
    unsigned width, height;
    bool pixels; /* images in it keep their pixels sharp when they are enlarged */
} Canvas;

#define CANVAS_WIDTH 900
#define CANVAS_HEIGHT 420

/* Writes folder/NAME.gp (NAME: letters, digits, - and _), runs gnuplot on it twice and leaves folder/NAME.svg and
 * folder/NAME.png, each whole or not at all. The script gets the house style in front: a white canvas of 900 × 420 units,
 * fonts, grid, and text in which no character is special. It is run inside `folder`, without a shell or the
 * user's own settings, and names its data files relative to that. `gnuplot NAME.gp` draws the SVG again.
 * PERCEPT_ERROR_IO with gnuplot's own words if it fails, or with the package to install if it is missing. */
percept_status gnuplot_draw(const char *folder, const char *name, const char *script, percept_error *error);

/* The same on another canvas. Where its images keep their pixels, the SVG gets a line of style that gnuplot cannot
 * write; a script that a user runs draws without it. */
percept_status gnuplot_draw_on(const char *folder, const char *name, Canvas canvas, const char *script,
                               percept_error *error);

#endif
