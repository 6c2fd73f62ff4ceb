#include "watch/guard.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

/* ---- Addresses ------------------------------------------------------------------------------------------------------- */

/* An address as inet_ntop writes it, so that equal addresses are equal texts; false if it is no address. */
static bool normalize(const char *address, char out[GUARD_ADDRESS_SIZE])
{
    unsigned char bytes[sizeof(struct in6_addr)];
    for (int f = 0; f < 2; f++) {
        const int family = f == 0 ? AF_INET : AF_INET6;
        if (inet_pton(family, address, bytes) == 1)
            return inet_ntop(family, bytes, out, GUARD_ADDRESS_SIZE) != NULL;
    }
    return false;
}

static bool is_loopback(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

static percept_status draw_token(char token[GUARD_TOKEN_SIZE], percept_error *error)
{
    uint8_t bytes[(GUARD_TOKEN_SIZE - 1) / 2];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return error_set(error, PERCEPT_ERROR_IO, "the system gave no random bytes: %s", strerror(errno));
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(token + 2 * i, 3, "%02x", bytes[i]);
    return PERCEPT_OK;
}

percept_status guard_create(const char *address, Guard *out, percept_error *error)
{
    *out = (Guard){.any = false};
    if (!normalize(strcasecmp(address, "localhost") == 0 ? "127.0.0.1" : address, out->address))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "'%.64s' is no address; give a number such as 127.0.0.1, or 0.0.0.0 for all of this machine's",
                         address);
    out->loopback = is_loopback(out->address);
    out->any = strcmp(out->address, "0.0.0.0") == 0 || strcmp(out->address, "::") == 0;
    return draw_token(out->token, error);
}

/* ---- Requests -------------------------------------------------------------------------------------------------------- */

/* The name in "name", "name:8765", "[::1]" or "[::1]:8765"; false for anything else. */
static bool read_name(const char *host, char name[GUARD_ADDRESS_SIZE])
{
    const bool bracket = host[0] == '[';
    const char *begin = host + bracket;
    const size_t length = strcspn(begin, bracket ? "]" : ":");
    const char *rest = begin + length;
    if (length == 0 || length >= GUARD_ADDRESS_SIZE || (bracket && *rest++ != ']'))
        return false;
    memcpy(name, begin, length);
    name[length] = '\0';
    if (bracket != (strchr(name, ':') != NULL))
        return false;
    return *rest == '\0' || (rest[0] == ':' && rest[1] != '\0' && rest[1 + strspn(rest + 1, "0123456789")] == '\0');
}

bool guard_host_allowed(const Guard *guard, const char *host)
{
    char name[GUARD_ADDRESS_SIZE], normal[GUARD_ADDRESS_SIZE];
    if (host == NULL || !read_name(host, name))
        return false;
    if (strcasecmp(name, "localhost") == 0)
        return true;
    if (!normalize(name, normal))
        return false;
    return guard->any || strcmp(normal, guard->address) == 0 || strcmp(normal, "127.0.0.1") == 0 ||
           strcmp(normal, "::1") == 0;
}

bool guard_origin_allowed(const char *origin, const char *host)
{
    static const char scheme[] = "http://";
    if (origin == NULL)
        return true;
    return host != NULL && strncmp(origin, scheme, sizeof scheme - 1) == 0 &&
           strcasecmp(origin + sizeof scheme - 1, host) == 0;
}

bool guard_token_right(const Guard *guard, const char *token)
{
    unsigned difference = 0;
    if (token == NULL || strlen(token) != GUARD_TOKEN_SIZE - 1)
        return false;
    for (size_t i = 0; i < GUARD_TOKEN_SIZE - 1; i++)
        difference |= (unsigned)((unsigned char)guard->token[i] ^ (unsigned char)token[i]);
    return difference == 0;
}
