#include "watch/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Connections that wait to be taken up. */
#define BACKLOG 32

typedef union Address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
} Address;

/* The address in the system's form; returns its size, or 0 if it is no address. */
static socklen_t read_address(const char *text, unsigned port, Address *out)
{
    *out = (Address){.v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)}};
    if (inet_pton(AF_INET6, text, &out->v6.sin6_addr) == 1)
        return sizeof out->v6;
    *out = (Address){.v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)}};
    return inet_pton(AF_INET, text, &out->v4.sin_addr) == 1 ? sizeof out->v4 : 0;
}

static bool start(int descriptor, const Address *address, socklen_t size)
{
    const int on = 1;
    return setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
           bind(descriptor, &address->any, size) == 0 && listen(descriptor, BACKLOG) == 0;
}

percept_status watch_listen(const char *address, unsigned *port, int *descriptor, percept_error *error)
{
    Address bound;
    socklen_t size = read_address(address, *port, &bound);
    const int made = size > 0 ? socket(bound.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0) : -1;
    if (made < 0 || !start(made, &bound, size) || getsockname(made, &bound.any, &size) != 0) {
        const int reason = size > 0 ? errno : EADDRNOTAVAIL;
        if (made >= 0)
            close(made);
        return error_set(error, PERCEPT_ERROR_IO, "cannot listen on %s, port %u: %s%s", address, *port,
                         strerror(reason), reason == EADDRINUSE ? "; give another with --port, 0 for any" : "");
    }
    *port = ntohs(bound.any.sa_family == AF_INET ? bound.v4.sin_port : bound.v6.sin6_port);
    *descriptor = made;
    return PERCEPT_OK;
}
