/* The connections to the live page, limited so that no client can block others. One program that sends a byte now and
 * then could occupy all 64 connections of a server: a limit of silence would not end them.
 *
 *   A request and its answer have VISITORS_SECONDS, counted from the start of the connection or from its last request, however many bytes arrive.
 *   One client (an address) has VISITORS_OF_ONE connections, all have VISITORS_MOST. If there is one more, the least useful connection is closed: first the oldest one that never sent a whole request, then the one whose last request is longest ago. So a new client is always let in.
 *
 * Knows descriptors, addresses and a clock, but no network; not thread-safe. */
#ifndef WATCH_VISITORS_H
#define WATCH_VISITORS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

#define VISITORS_MOST 64
#define VISITORS_OF_ONE 48
#define VISITORS_SECONDS 30

/* Connections that are being closed. */
#define VISITORS_LEAVING 4

/* A descriptor that is none. */
#define VISITORS_NOBODY (-1)

typedef struct Visitor {
    int descriptor;
    struct in6_addr address;
    double since;  /* when it was opened, or when its last request was complete */
    bool answered; /* it has sent a whole request */
    bool leaving;  /* it was chosen to be closed */
} Visitor;

/* {0} has no connections. */
typedef struct Visitors {
    Visitor list[VISITORS_MOST + VISITORS_LEAVING];
    size_t count;
} Visitors;

/* Adds a connection; `now` is in seconds of a monotonic clock. Returns the descriptor of the connection to be closed
 * for it, perhaps its own, or VISITORS_NOBODY. */
int visitors_enter(Visitors *visitors, int descriptor, const struct sockaddr *address, double now);

/* A whole request has arrived. */
void visitors_ask(Visitors *visitors, int descriptor, double now);

void visitors_leave(Visitors *visitors, int descriptor);

/* The descriptor of a connection whose time is over, each once; VISITORS_NOBODY: no more. */
int visitors_overdue(Visitors *visitors, double now);

#endif
