/* Progress on the terminal, to standard error: a bar that is redrawn in place, or one line an epoch when it is not a
 * terminal. */
#ifndef PLOT_PROGRESS_H
#define PLOT_PROGRESS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"

typedef struct ProgressBar ProgressBar;

/* terminal: redraw in place and, unless NO_COLOR is set, in colour. */
percept_status progress_bar_create(FILE *stream, bool terminal, ProgressBar **out, percept_error *error);

/* Shows a step or a finished epoch (epoch, loss, accuracy, examples per second, time left). Redraws at most every
 * 50 ms. */
void progress_bar_update(ProgressBar *bar, const percept_progress *progress);

/* Leaves the cursor on a new line; NULL is allowed. */
void progress_bar_free(ProgressBar *bar);

#endif
