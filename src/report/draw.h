/* Pictures that reports draw where there are none yet. */
#ifndef REPORT_DRAW_H
#define REPORT_DRAW_H

#include "report/record.h"

/* What became of it. */
typedef struct Drawn {
    bool curves, errors;   /* of a comparison: this picture was drawn */
    percept_error failure; /* of the first picture that could not be drawn, by gnuplot or the disk; status 0: none */
} Drawn;

/* Draws in record->folder/plots what is not there and suits the run: curves, decision regions, galleries, weights; of a
 * run that is not finished curves alone, but anew; of a cross-validation the curves of its folds. A picture that does not
 * suit a run is no failure, nor is one that could not be drawn: *drawn tells. */
percept_status draw_run(const Record *record, Drawn *drawn, percept_error *error);

/* Draws runs over each other, folder/comparison-curves and, where they differ in one number, folder/comparison-errors;
 * earlier ones are replaced. */
percept_status draw_comparison(const Record *records, char *const *names, size_t count, const char *folder,
                               Drawn *drawn, percept_error *error);

#endif
