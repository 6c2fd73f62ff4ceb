/* Pictures of runs. One table of kinds; each kind is a file of this room, which computes the data of a picture from a
 * run and calls src/plot to draw them. */
#ifndef SHOW_SHOW_H
#define SHOW_SHOW_H

#include "show/kind.h"

/* The table; *count rows. */
const ShowKind *show_kinds(size_t *count);

/* The kind of this name, or NULL. */
const ShowKind *show_kind_find(const char *name);

/* Draws runs as one picture, folder/NAME.{svg,png,gp,csv}; the folder must exist (some kinds leave a second CSV,
 * NAME-….csv, beside the first). PERCEPT_ERROR_ARGUMENT if the kind does not fit the runs: too many of them, no
 * pictures in the data, more than two features, …. options may be NULL. */
percept_status show_draw(const ShowKind *kind, const ShowRun *runs, size_t count, const ShowOptions *options,
                         const char *folder, const char *name, percept_error *error);

/* Opens what `needs` names of a run folder; the name of the run is that of the folder. The strings belong to the run.
 * Released with show_run_close. */
percept_status show_run_open(const char *folder, unsigned needs, ShowRun *out, percept_error *error);
void show_run_close(ShowRun *run);

#endif
