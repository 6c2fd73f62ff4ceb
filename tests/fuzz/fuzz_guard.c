/* Headers of a request to the live page: Host in the first line, Origin in the second. An allowed Host is localhost or a
 * number, never a name that somebody could have made up; an allowed Origin is that Host's own page. */
#include <arpa/inet.h>
#include <strings.h>

#include "watch/guard.h"

#include "fuzz.h"

#define MOST 1024

static void check_host(const char *host)
{
    char name[MOST];
    struct in6_addr address;
    const bool bracket = host[0] == '[';
    snprintf(name, sizeof name, "%.*s", (int)strcspn(host + bracket, bracket ? "]" : ":"), host + bracket);
    fuzz_assert(strcasecmp(name, "localhost") == 0 || inet_pton(bracket ? AF_INET6 : AF_INET, name, &address) == 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char text[MOST] = "", own[MOST + sizeof "http://"];
    percept_error error = {PERCEPT_OK, ""};
    Guard guard;

    if (size >= sizeof text)
        return 0;
    memcpy(text, bytes, size);
    char *origin = strchr(text, '\n');
    if (origin != NULL)
        *origin++ = '\0';
    static const char *const addresses[] = {"127.0.0.1", "::1", "192.168.0.7", "0.0.0.0"};
    for (size_t a = 0; a < sizeof addresses / sizeof addresses[0]; a++) {
        fuzz_assert(guard_create(addresses[a], &guard, &error) == PERCEPT_OK);
        if (guard_host_allowed(&guard, text))
            check_host(text);
    }
    snprintf(own, sizeof own, "http://%s", text);
    if (guard_origin_allowed(origin, text) && origin != NULL)
        fuzz_assert(strcasecmp(origin, own) == 0);
    fuzz_assert(!guard_token_right(&guard, text));
    if (guard_create(text, &guard, &error) != PERCEPT_OK)
        fuzz_check_failure(PERCEPT_ERROR_ARGUMENT, &error);
    return 0;
}
