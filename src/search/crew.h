/* Other processes that train for a search, as the process that leads the search sees them, and as they see that process. src/dist/
 * connects them. Each training that they can do at once is a lane; messages of a lane arrive in their order. */
#ifndef SEARCH_CREW_H
#define SEARCH_CREW_H

#include <stdbool.h>

#include "base/buffer.h"

typedef struct SearchCrew {
    size_t lanes; /* 0: there are no others */
    void *state;

    /* Both from any thread, but each lane from one at a time. `receive` does not wait: *arrived is false if there is no message;
     * else the message replaces what the buffer holds. */
    void (*send)(void *state, size_t lane, const void *bytes, size_t size);
    percept_status (*receive)(void *state, size_t lane, Buffer *message, bool *arrived, percept_error *error);

    /* Who is at the other end: "rank 3 on alpha". Lives as long as the crew. */
    const char *(*where)(void *state, size_t lane);
} SearchCrew;

#endif
