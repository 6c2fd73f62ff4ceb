/* The difference between a gradient and differences of the loss, against 1/ε on logarithmic axes. */
#ifndef PLOT_SWEEP_H
#define PLOT_SWEEP_H

#include "check/check.h"

/* Writes folder/sweep.csv (columns inverse, step, forward, central) and draws it: sweep.gp, sweep.svg, sweep.png. The
 * folder must exist. PERCEPT_ERROR_ARGUMENT if no error is above 0; the CSV is written all the same. */
percept_status plot_sweep(const char *folder, const CheckPoint *points, size_t count, percept_error *error);

/* The same as folder/NAME.{csv,gp,svg,png}. */
percept_status plot_sweep_as(const char *folder, const char *name, const CheckPoint *points, size_t count,
                             percept_error *error);

#endif
