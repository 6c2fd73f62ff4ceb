/* The socket of a server: what goes wrong there has a reason that can be told. */
#ifndef WATCH_LISTEN_H
#define WATCH_LISTEN_H

#include "base/error.h"

/* Listens on an address written as a number, IPv4 or IPv6, and on `port`, or with 0 on any free one. *descriptor is closed
 * by the caller; *port receives the port. A port that is taken or may not be had is PERCEPT_ERROR_IO. */
percept_status watch_listen(const char *address, unsigned *port, int *descriptor, percept_error *error);

#endif
