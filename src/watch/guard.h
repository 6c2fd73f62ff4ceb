/* Who may ask the live page for something. The server listens on the loopback address, but every page that a browser of
 * this machine has open can send requests there. What a browser says of itself in a request tells them apart:
 *
 *   Host     the name in the address bar. A foreign name that was made to resolve to this machine (DNS rebinding) is
 *            none of ours, so its pages read nothing.
 *   Origin   the page that a script's request comes from: our own, or it is refused.
 *   token    drawn at each start and told to our own page alone; whoever changes something must know it.
 *
 * The port in Host is not looked at: it is another one behind a forwarded port, and nobody chooses it for a name. */
#ifndef WATCH_GUARD_H
#define WATCH_GUARD_H

#include <stdbool.h>

#include "base/error.h"

#define GUARD_ADDRESS_SIZE 46 /* of the longest IPv6 address, as inet_ntop writes it */
#define GUARD_TOKEN_SIZE 33   /* 128 bits as hexadecimal digits */

typedef struct Guard {
    char address[GUARD_ADDRESS_SIZE]; /* that is listened on, as inet_ntop writes it */
    bool loopback;                    /* only this machine reaches it */
    bool any;                         /* it stands for all addresses of this machine: 0.0.0.0, :: */
    char token[GUARD_TOKEN_SIZE];
} Guard;

/* For a server on `address`: IPv4, IPv6 or "localhost", which is 127.0.0.1; anything else is PERCEPT_ERROR_ARGUMENT.
 * Draws a token from the system; PERCEPT_ERROR_IO if that has none to give. */
percept_status guard_create(const char *address, Guard *out, percept_error *error);

/* The header Host, NULL where there is none: localhost, 127.0.0.1, [::1] and the address that is listened on; any address
 * written as a number where all of this machine's are listened on. A port may follow. */
bool guard_host_allowed(const Guard *guard, const char *host);

/* The header Origin beside an allowed Host: "http://" and that host with its port. NULL is allowed: what comes without it
 * is no script of another page's. */
bool guard_origin_allowed(const char *origin, const char *host);

/* NULL is no token. Takes as long for a wrong one as for a nearly right one. */
bool guard_token_right(const Guard *guard, const char *token);

#endif
