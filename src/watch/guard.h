/* Access control of the live page. The server listens on the loopback address, but every page in a browser on this
 * machine can send requests there. The headers of a request distinguish them:
 *
 *   Host     the name in the address bar. A foreign name that resolves to this machine (DNS rebinding) is refused, so its pages can read nothing.
 *   Origin   the page from which a script sends the request: only our own is accepted.
 *   token    drawn at each start and sent only to our own page; requests that change something need it.
 *
 * The port in Host is ignored: behind a forwarded port it is another one, and it does not help an attacker. */
#ifndef WATCH_GUARD_H
#define WATCH_GUARD_H

#include <stdbool.h>

#include "base/error.h"

#define GUARD_ADDRESS_SIZE 46 /* of the longest IPv6 address, as inet_ntop writes it */
#define GUARD_TOKEN_SIZE 33   /* 128 bits as hexadecimal digits */

typedef struct Guard {
    char address[GUARD_ADDRESS_SIZE]; /* on which the server listens, as inet_ntop writes it */
    bool loopback;                    /* only this machine reaches it */
    bool any;                         /* it means all addresses of this machine: 0.0.0.0, :: */
    char token[GUARD_TOKEN_SIZE];
} Guard;

/* For a server on `address`: IPv4, IPv6 or "localhost", which is 127.0.0.1; anything else is PERCEPT_ERROR_ARGUMENT.
 * Draws a token from the system; PERCEPT_ERROR_IO if that fails. */
percept_status guard_create(const char *address, Guard *out, percept_error *error);

/* Checks the header Host, NULL if there is none. Accepted are localhost, 127.0.0.1, [::1] and the server's address; if
 * the server listens on all addresses, any numeric address. A port may follow. */
bool guard_host_allowed(const Guard *guard, const char *host);

/* The header Origin beside an allowed Host: "http://" and that host with its port. NULL is allowed: a request without
 * it is from no script of another page. */
bool guard_origin_allowed(const char *origin, const char *host);

/* NULL is no token. The time does not depend on the wrong token. */
bool guard_token_right(const Guard *guard, const char *token);

#endif
