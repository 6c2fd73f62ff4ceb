#include "watch/visitors.h"

#include <string.h>

/* IPv4 addresses as IPv6 has them (RFC 4291, 2.5.5.2). */
static struct in6_addr address_of(const struct sockaddr *address)
{
    struct in6_addr out = IN6ADDR_ANY_INIT;
    if (address != NULL && address->sa_family == AF_INET6) {
        struct sockaddr_in6 six;
        memcpy(&six, address, sizeof six);
        out = six.sin6_addr;
    } else if (address != NULL && address->sa_family == AF_INET) {
        struct sockaddr_in four;
        memcpy(&four, address, sizeof four);
        out.s6_addr[10] = out.s6_addr[11] = 0xFF;
        memcpy(&out.s6_addr[12], &four.sin_addr, sizeof four.sin_addr);
    }
    return out;
}

static Visitor *find(Visitors *visitors, int descriptor)
{
    for (size_t v = 0; v < visitors->count; v++)
        if (visitors->list[v].descriptor == descriptor)
            return &visitors->list[v];
    return NULL;
}

static bool is_same(const struct in6_addr *a, const struct in6_addr *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* The number of connections that stay, of one address (NULL: of all), and the least useful of them. */
static size_t count_staying(Visitors *visitors, const struct in6_addr *address, Visitor **least)
{
    size_t count = 0;
    *least = NULL;
    for (size_t v = 0; v < visitors->count; v++) {
        Visitor *visitor = &visitors->list[v];
        if (visitor->leaving || (address != NULL && !is_same(&visitor->address, address)))
            continue;
        count++;
        if (*least == NULL || visitor->answered < (*least)->answered ||
            (visitor->answered == (*least)->answered && visitor->since < (*least)->since))
            *least = visitor;
    }
    return count;
}

int visitors_enter(Visitors *visitors, int descriptor, const struct sockaddr *address, double now)
{
    const Visitor visitor = {.descriptor = descriptor, .address = address_of(address), .since = now};
    Visitor *least = NULL;
    if (visitors->count == sizeof visitors->list / sizeof visitors->list[0])
        return descriptor;
    const bool many = count_staying(visitors, &visitor.address, &least) >= VISITORS_OF_ONE ||
                      count_staying(visitors, NULL, &least) >= VISITORS_MOST;
    visitors->list[visitors->count++] = visitor;
    if (!many)
        return VISITORS_NOBODY;
    least->leaving = true;
    return least->descriptor;
}

void visitors_ask(Visitors *visitors, int descriptor, double now)
{
    Visitor *visitor = find(visitors, descriptor);
    if (visitor == NULL)
        return;
    visitor->since = now;
    visitor->answered = true;
}

void visitors_leave(Visitors *visitors, int descriptor)
{
    Visitor *visitor = find(visitors, descriptor);
    if (visitor != NULL)
        *visitor = visitors->list[--visitors->count];
}

int visitors_overdue(Visitors *visitors, double now)
{
    for (size_t v = 0; v < visitors->count; v++) {
        Visitor *visitor = &visitors->list[v];
        if (visitor->leaving || now - visitor->since <= VISITORS_SECONDS)
            continue;
        visitor->leaving = true;
        return visitor->descriptor;
    }
    return VISITORS_NOBODY;
}
