#include "search/message.h"

#include <string.h>
#include <time.h>

#define SHORTEST_NAP 20000 /* ns */
#define LONGEST_NAP 1000000

percept_status message_add(Buffer *message, const void *bytes, size_t size, percept_error *error)
{
    const percept_status status = buffer_reserve(message, size, "a message", error);
    if (status == PERCEPT_OK && size > 0) {
        memcpy(message->bytes + message->size, bytes, size);
        message->size += size;
    }
    return status;
}

percept_status message_wait(const SearchCrew *crew, size_t lane, Buffer *message, void (*idle)(void *user), void *user,
                            percept_error *error)
{
    struct timespec nap = {.tv_nsec = SHORTEST_NAP};
    bool arrived = false;
    percept_status status = crew->receive(crew->state, lane, message, &arrived, error);
    while (status == PERCEPT_OK && !arrived) {
        if (idle != NULL)
            idle(user);
        nanosleep(&nap, NULL);
        nap.tv_nsec = nap.tv_nsec < LONGEST_NAP / 2 ? 2 * nap.tv_nsec : LONGEST_NAP;
        status = crew->receive(crew->state, lane, message, &arrived, error);
    }
    return status;
}

void message_say(const SearchCrew *crew, size_t lane, MessageWord word, uint64_t errand)
{
    const MessageHead head = {word, errand};
    crew->send(crew->state, lane, &head, sizeof head);
}

MessageHead message_head(const Buffer *message)
{
    MessageHead head;
    memcpy(&head, message->bytes, sizeof head);
    return head;
}

const uint8_t *message_body(const Buffer *message, size_t *size)
{
    *size = message->size - sizeof(MessageHead);
    return message->bytes + sizeof(MessageHead);
}
