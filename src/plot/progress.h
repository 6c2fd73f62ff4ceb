/* Progress display: on a terminal a bar that is redrawn in place, with a table of the finished epochs above it;
 * elsewhere one line for each epoch. Epochs count from 0, as in metrics.csv and in the charts.
 *
 *      epoch   train loss   accuracy   valid loss   accuracy    time
 *          5       0.3071    89.12 %       0.3321    88.12 %    0:06
 *          6       0.2998    89.40 %       0.3307    88.21 %    0:07  ★ (the best so far)
 *      epoch 7/20 ━━━━━━━━╸━━━━━━━ 312/391  loss 0.2871  accuracy 89.52 %  0:13 left  184k examples/s
 *
 *      epoch 6: loss 0.2998, accuracy 89.40 %, validation loss 0.3307, accuracy 88.21 %, best so far */
#ifndef PLOT_PROGRESS_H
#define PLOT_PROGRESS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"

typedef struct ProgressBar ProgressBar;

/* terminal: redraw in place, in colour unless NO_COLOR is set and not empty; TERM=dumb counts as no terminal. The width
 * is that of the terminal at each redraw, else $COLUMNS, else 80; items that do not fit are omitted from the right. The
 * bar and the star are Unicode if LC_ALL, LC_CTYPE or LANG says UTF-8, else ASCII. */
percept_status progress_bar_create(FILE *stream, bool terminal, ProgressBar **out, percept_error *error);

/* Shows a step or a finished epoch. Redraws at most every 50 ms of progress->seconds; it reads no clock. On a terminal
 * a run of more than 50 epochs leaves a line only for every second, fifth, tenth … epoch, and for the last. */
void progress_bar_update(ProgressBar *bar, const percept_progress *progress);

/* Leaves the cursor on a new line; NULL is allowed. */
void progress_bar_free(ProgressBar *bar);

#endif
