/* Unfinished files (".percept-PID-….tmp", base/file.h) of processes that were killed. */
#ifndef STORE_LEFTOVERS_H
#define STORE_LEFTOVERS_H

#include <stdbool.h>

#include "base/error.h"

/* Removes them from a folder: those of processes that are gone, or with `all` those of any, where nobody else may write. A
 * folder that is not there is fine; one that is a link is left alone. */
percept_status leftovers_clear(const char *folder, bool all, percept_error *error);

#endif
