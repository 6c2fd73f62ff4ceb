#include "watch/headers.h"

#include <string.h>
#include <strings.h>

static const char *const single[] = {"Host", "Origin", HEADERS_TOKEN, "Content-Length", "Transfer-Encoding"};

#define SINGLE (sizeof single / sizeof single[0])

static enum MHD_Result count(void *user, enum MHD_ValueKind kind, const char *name, const char *value)
{
    size_t *counts = user;
    (void)kind;
    (void)value;
    for (size_t h = 0; h < SINGLE; h++)
        counts[h] += strcasecmp(name, single[h]) == 0;
    return MHD_YES;
}

const char *headers_repeated(struct MHD_Connection *connection)
{
    size_t counts[SINGLE] = {0};
    (void)MHD_get_connection_values(connection, MHD_HEADER_KIND, count, counts);
    for (size_t h = 0; h < SINGLE; h++)
        if (counts[h] > 1)
            return single[h];
    return NULL;
}

bool headers_announce_body(struct MHD_Connection *connection)
{
    const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Transfer-Encoding") != NULL ||
           (length != NULL && strcmp(length, "0") != 0);
}
