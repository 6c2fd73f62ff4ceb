/* Charts through gnuplot. The script and its data stay beside the picture, so that a person can change them. */
#ifndef PLOT_GNUPLOT_H
#define PLOT_GNUPLOT_H

#include "base/error.h"

/* The colours of the house (M. Okabe, K. Ito, "Color Universal Design", 2008): the colour-blind can tell them apart. */
#define COLOUR_BLUE "#0072B2"
#define COLOUR_ORANGE "#D55E00"
#define COLOUR_GREEN "#009E73"
#define COLOUR_SKY "#56B4E9"
#define COLOUR_PURPLE "#CC79A7"
#define COLOUR_YELLOW "#E69F00"

/* Writes folder/NAME.gp (NAME: letters, digits, - and _), runs gnuplot on it twice and leaves folder/NAME.svg and
 * folder/NAME.png, each whole or not at all. The script gets the house style in front: a white canvas of 900 × 420 units,
 * fonts, grid, and text in which no character is special. It is run inside `folder`, without a shell or the
 * user's own settings, and names its data files relative to that. `gnuplot NAME.gp` draws the SVG again.
 * PERCEPT_ERROR_IO with gnuplot's own words if it fails, or with the package to install if it is missing. */
percept_status gnuplot_draw(const char *folder, const char *name, const char *script, percept_error *error);

#endif
