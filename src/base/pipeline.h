/* A stream of work in three steps: pieces are filled one after another, worked on by all threads at once, and drained one
 * after another in the order in which they were filled. So the result is the same for every number of threads, while
 * reading, computing and writing overlap. */
#ifndef BASE_PIPELINE_H
#define BASE_PIPELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/team.h"

/* Pieces are held in slots, which are used again and again. No two steps have the same slot at once. */
#define PIPELINE_MOST_SLOTS 32

typedef struct PipelineSteps {
    bool (*fill)(void *context, size_t slot);              /* false: there are no more pieces */
    void (*work)(void *context, size_t slot, size_t rank); /* for several slots at once */
    bool (*drain)(void *context, size_t slot);             /* false: stop, later pieces are dropped */
} PipelineSteps;

/* Threads of a team for a pipeline, of `threads` that may be used (0: one for each core). */
size_t pipeline_threads(size_t threads);

/* Slots that keep a team busy; 1 for a team of one. */
size_t pipeline_slots(const Team *team);

/* Runs until all pieces are drained, or `drain` has stopped it; `slots` are 1 … PIPELINE_MOST_SLOTS. A failure is kept
 * in its slot by the caller, whose `drain` then reports it: so the first failure in the stream counts. */
void pipeline_run(Team *team, size_t slots, const PipelineSteps *steps, void *context);

#endif
