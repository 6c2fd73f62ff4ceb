/* Unfinished files (".percept-PID-….tmp", base/file.h) of processes that were killed. */
#ifndef STORE_LEFTOVERS_H
#define STORE_LEFTOVERS_H

#include <stdbool.h>

#include "base/error.h"

/* Removes them from a folder: those of processes that have ended, or with `all` those of any process, if no other may
 * write there. A missing folder is no error; a link is not followed. */
percept_status leftovers_clear(const char *folder, bool all, percept_error *error);

#endif
