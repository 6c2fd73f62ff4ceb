/* Messages between the process that leads a search and those that train for it. They are of one build, so structures travel as
 * they are. */
#ifndef SEARCH_MESSAGE_H
#define SEARCH_MESSAGE_H

#include "search/crew.h"

typedef enum MessageWord {
    /* To a lane. */
    MESSAGE_TRAIN, /* MessageTask, then the texts that it counts */
    MESSAGE_PAUSE,
    MESSAGE_GO,
    MESSAGE_STOP,
    MESSAGE_LEAVE, /* there is no more work */

    /* From a lane. */
    MESSAGE_PROGRESS,   /* some percept_progress, each with the parameters if they were asked for */
    MESSAGE_CHECKPOINT, /* the file's bytes */
    MESSAGE_MODEL,      /* likewise, of a training that has finished */
    MESSAGE_END         /* MessageEnd */
} MessageWord;

/* Before each message. Orders for another errand than the one at hand came too late, and are ignored. */
typedef struct MessageHead {
    uint64_t word, errand;
} MessageHead;

typedef struct MessageTask {
    uint64_t to;                            /* epochs; 0: only prepare */
    uint64_t recipe, checksum, checkpoint;  /* bytes */
    uint64_t wants_model, wants_parameters; /* 1: yes */
} MessageTask;

typedef struct MessageEnd {
    int64_t status;   /* of the training … */
    int64_t prepared; /* … which began; 0: data or memory were missing */
    int64_t over;     /* nothing is left to do */
    percept_result result;
    char message[sizeof((percept_error *)0)->message];
} MessageEnd;

/* Appends bytes to a message. */
percept_status message_add(Buffer *message, const void *bytes, size_t size, percept_error *error);

/* The next message of a lane, waited for; between looks the thread sleeps longer and longer, up to a millisecond. `idle` is called
 * meanwhile, unless it is NULL. */
percept_status message_wait(const SearchCrew *crew, size_t lane, Buffer *message, void (*idle)(void *user), void *user,
                            percept_error *error);

/* A message without content. */
void message_say(const SearchCrew *crew, size_t lane, MessageWord word, uint64_t errand);

MessageHead message_head(const Buffer *message);

/* What is behind the head, and how much. */
const uint8_t *message_body(const Buffer *message, size_t *size);

#endif
