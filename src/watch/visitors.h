/* Who is connected to the live page, so that nobody shuts others out. A server that takes 64 connections can be filled by
 * one program that sends a byte now and then: that is not silence, so no limit of silence ends it.
 *
 *   A request and its answer have VISITORS_SECONDS, counted from the connection's beginning or from the request before
 *   on the same connection, however busily bytes come in.
 *   One client (an address) has VISITORS_OF_ONE connections, all have VISITORS_MOST. Where there is one more, the
 *   connection is ended that is of least use: one that never brought a whole request, the oldest first; after those the
 *   one whose last request is longest ago. So whoever is new is always let in.
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

/* Connections that are being ended, but are not gone yet. */
#define VISITORS_LEAVING 4

/* A descriptor that is none. */
#define VISITORS_NOBODY (-1)

typedef struct Visitor {
    int descriptor;
    struct in6_addr address;
    double since;  /* when it came, or when its last request was whole */
    bool answered; /* it has brought a whole request */
    bool leaving;  /* it was named as one to be ended */
} Visitor;

/* {0} is nobody. */
typedef struct Visitors {
    Visitor list[VISITORS_MOST + VISITORS_LEAVING];
    size_t count;
} Visitors;

/* Takes up a connection; `now` are seconds on a clock that never goes back. Returns the descriptor of the connection that is
 * to be ended for it, perhaps its own, or VISITORS_NOBODY. */
int visitors_enter(Visitors *visitors, int descriptor, const struct sockaddr *address, double now);

/* A whole request came in. */
void visitors_ask(Visitors *visitors, int descriptor, double now);

void visitors_leave(Visitors *visitors, int descriptor);

/* The descriptor of a connection whose time is over, each once; VISITORS_NOBODY: no more. */
int visitors_overdue(Visitors *visitors, double now);

#endif
