/* Charts through gnuplot. The script and its data stay beside the picture, so that a person can change them. */
#ifndef PLOT_GNUPLOT_H
#define PLOT_GNUPLOT_H

#include "base/error.h"

/* Writes folder/NAME.gp from `script`, runs gnuplot on it twice and leaves folder/NAME.svg and folder/NAME.png. The
 * script gets the house style (colours that the colour-blind can tell apart, grid, fonts) in front and is run inside
 * `folder`; it names its data files relative to that. PERCEPT_ERROR_IO with gnuplot's own words if it fails, or with the
 * package to install if it is missing. */
percept_status gnuplot_draw(const char *folder, const char *name, const char *script, percept_error *error);

#endif
