/* A search, read from its database. */
#ifndef SHOW_TRIALS_READ_H
#define SHOW_TRIALS_READ_H

#include "show/trials.h"

/* True if a folder is a search's. */
bool trials_are_in(const char *folder);

/* Reads the search in a folder from the database beside it; PERCEPT_ERROR_IO if it has none. Released with
 * trials_clear, which takes a zeroed one. */
percept_status trials_read(const char *folder, Trials *out, percept_error *error);
void trials_clear(Trials *trials);

#endif
