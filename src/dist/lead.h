/* Rank 0: it runs the program as one process does, and leads the others, which follow (follow.h). */
#ifndef DIST_LEAD_H
#define DIST_LEAD_H

#include "dist/world.h"
#include "run/crew.h"

typedef struct Lead {
    const World *world;
    RunCrew crew; /* for the runs, one after the other */
    enum { LEAD_IDLE, LEAD_LOADED, LEAD_TRAINING, LEAD_BROKEN } phase;
    bool stopped; /* the last order was to stop */
} Lead;

/* The lead must not move until lead_end. */
void lead_begin(Lead *lead, const World *world);

/* Ends the others' work. After a failure in the middle of a training that only this rank knows, it ends all processes. */
void lead_end(const Lead *lead);

#endif
