/* Checks the headers about the end and the sender of a request. */
#ifndef WATCH_HEADERS_H
#define WATCH_HEADERS_H

#include <microhttpd.h>
#include <stdbool.h>

#define HEADERS_TOKEN "Percept-Token"

/* Finds a repeated header that decides about access or about the end of the request: two programs might each read
 * another copy. NULL: there is none. */
const char *headers_repeated(struct MHD_Connection *connection);

/* Whether a body follows, which is never read here. */
bool headers_announce_body(struct MHD_Connection *connection);

#endif
