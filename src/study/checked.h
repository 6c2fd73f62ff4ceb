/* A gradient check in a report, and its results. */
#ifndef STUDY_CHECKED_H
#define STUDY_CHECKED_H

#include "check/check.h"
#include "study/part.h"

/* A table of the checked numbers: all of them if there are at most CHECKED_ROWS, else a row for the weights and the
 * biases of each layer, and the wrong ones. `loop` (the gradient of all parameters in the loop form) adds a column, or
 * is NULL. */
#define CHECKED_ROWS 200
void checked_report(Page *page, const char *caption, const Network *network, const CheckReport *report,
                    const double *loop);

/* "PREFIX checked", "PREFIX zero" (both are 0), "PREFIX wrong", "PREFIX largest error", and of differences "PREFIX lowest
 * ratio" and "PREFIX highest ratio", of those that are not 0. */
percept_status checked_figures(StudyWork *work, const char *prefix, const CheckReport *report, percept_error *error);

#endif
