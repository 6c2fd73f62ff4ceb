/* What the pictures of columns take from a run: the model as a function of its columns, and rows of a part. */
#ifndef SHOW_EXPLAINED_H
#define SHOW_EXPLAINED_H

#include "explain/importance.h"
#include "show/kind.h"

typedef struct ShowExplained {
    const ShowRun *run;
    ExplainSubject subject;
    percept_dataset *data; /* the part; belongs to the run */
    const char *part;      /* "test" */
    ExplainRows rows;
    size_t output; /* of the answers, the one that is drawn */
} ShowExplained;

/* Opens the part that the options name and draws rows from it: as many as can be predicted in a few seconds if each takes
 * `predictions` of them for each column, but at least `least` and at most `most`. The output is the one that the options
 * name, else the second of two classes, else the first. PERCEPT_ERROR_ARGUMENT for pictures, which have no columns, and for
 * so many columns that it would take minutes.
 * Released with show_explained_close. */
percept_status show_explained_open(const ShowRun *run, const ShowOptions *options, size_t predictions, size_t least,
                                   size_t most, ShowExplained *out, percept_error *error);
void show_explained_close(ShowExplained *explained);

/* What the output is called: "P(yes)", "price". */
#define SHOW_OUTPUT_SIZE 120
void show_output_name(const ShowExplained *explained, char text[SHOW_OUTPUT_SIZE]);

/* The columns to draw, at most `most`: those that the options name, or else the most important ones, measured on the
 * rows. *count is their number. */
percept_status show_columns(ShowExplained *explained, const ShowOptions *options, size_t most, size_t *columns,
                            size_t *count, percept_error *error);

#endif
