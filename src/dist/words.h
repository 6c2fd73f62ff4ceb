/* What rank 0 tells the others, and what they answer. */
#ifndef DIST_WORDS_H
#define DIST_WORDS_H

#include <stdint.h>

#include "dist/world.h"

typedef enum Word {
    WORD_END,   /* no more work */
    WORD_LOAD,  /* a recipe follows: read data and make the model; then all answer with a Readiness */
    WORD_LEAVE, /* what was loaded is not trained */
    WORD_TRAIN, /* it is */
    WORD_GO,    /* after a step: to the next one */
    WORD_SAVE,  /* after a step: give rank 0 the optimizer's state; another word follows */
    WORD_STOP   /* after a step: it was the last one */
} Word;

#define HOST_SIZE 64
#define CHECKSUM_SIZE 256

/* The answer of a rank. */
typedef struct Readiness {
    int64_t status; /* percept_status; the message is its error's */
    char message[sizeof((percept_error *)0)->message];
    char checksum[CHECKSUM_SIZE]; /* of the data (data/checksum.h) */
    char host[HOST_SIZE];
} Readiness;

static inline void word_say(const World *world, Word word)
{
    int64_t said = word;
    world_broadcast(world, &said, sizeof said);
}

static inline Word word_hear(const World *world)
{
    int64_t said = WORD_END;
    world_broadcast(world, &said, sizeof said);
    return (Word)said;
}

#endif
