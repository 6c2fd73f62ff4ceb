/* What must be alike in all ranks so that their bits are. */
#ifndef DIST_GREETING_H
#define DIST_GREETING_H

#include "dist/world.h"

/* The name of this machine, cut to size bytes. */
void greeting_host(char *host, size_t size);

/* All ranks call it first. In rank 0 it refuses the first rank that is of another build or has another instruction set or
 * another C library's mathematics, by number and host. The others learn whether work will follow: PERCEPT_ERROR_INTERRUPTED
 * without a message if not. */
percept_status greeting_check(const World *world, percept_error *error);

#endif
