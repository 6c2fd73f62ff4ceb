/* Draws missing pictures for reports. */
#ifndef REPORT_DRAW_H
#define REPORT_DRAW_H

#include "report/record.h"

/* The result. */
typedef struct Drawn {
    bool curves, errors;   /* of a comparison: this picture was drawn */
    percept_error failure; /* of the first picture that gnuplot could not draw or store; status 0: none */
} Drawn;

/* Draws missing pictures that suit the run into record->folder/plots: curves, decision regions, galleries, weights; for
 * an unfinished run only curves, again each time; for a cross-validation the curves of its folds. A picture that does
 * not suit a run, or that could not be drawn, is no failure: *drawn reports it. */
percept_status draw_run(const Record *record, Drawn *drawn, percept_error *error);

/* Draws several runs into one picture, folder/comparison-curves, and, if they differ in one number,
 * folder/comparison-errors; replaces earlier ones. */
percept_status draw_comparison(const Record *records, char *const *names, size_t count, const char *folder,
                               Drawn *drawn, percept_error *error);

#endif
