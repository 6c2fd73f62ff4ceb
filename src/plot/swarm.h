/* Swarms: a row of points for each name, spread out where many are at one place; for example how far each column moved
 * each answer. */
#ifndef PLOT_SWARM_H
#define PLOT_SWARM_H

#include "plot/layout.h"

typedef struct SwarmRow {
    const char *name;
    const double *x;     /* one for each point */
    const double *tones; /* 0 (low) to 1 (high), the colour of the point; NaN: grey */
} SwarmRow;

typedef struct SwarmPicture {
    const char *title, *note;                             /* NULL: none */
    const char *axis;                                     /* label of the axis */
    const char *name_column, *value_column, *tone_column; /* in the CSV */
    const char *tone_words, *grey_words;                  /* of the legend; grey NULL: there are no grey points */
    const SwarmRow *rows;
    size_t row_count, point_count; /* 1 at least */
} SwarmPicture;

/* Draws folder/NAME.{svg,png,gp,csv} with the rows from the top; the folder must exist. */
percept_status plot_swarm(const char *folder, const char *name, const SwarmPicture *picture, percept_error *error);

#endif
