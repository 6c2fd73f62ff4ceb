/* What the headers of a request say about its end and its sender. */
#ifndef WATCH_HEADERS_H
#define WATCH_HEADERS_H

#include <microhttpd.h>
#include <stdbool.h>

#define HEADERS_TOKEN "Percept-Token"

/* A header that decides who is answered, or where the request ends, and stands twice: two programs may each look at
 * another one of them. NULL: there is none. */
const char *headers_repeated(struct MHD_Connection *connection);

/* Whether a body follows: nothing here reads one. */
bool headers_announce_body(struct MHD_Connection *connection);

#endif
