/* The socket of a server, with a reason for each failure. */
#ifndef WATCH_LISTEN_H
#define WATCH_LISTEN_H

#include "base/error.h"

/* Listens on an address written as a number, IPv4 or IPv6, and on `port`, or with 0 on any free one. *descriptor is
 * closed by the caller; *port receives the port. A port that is in use or not permitted is PERCEPT_ERROR_IO. */
percept_status watch_listen(const char *address, unsigned *port, int *descriptor, percept_error *error);

#endif
