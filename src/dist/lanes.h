/* A search with several ranks: rank 0 leads it, the others train for it. Each does so many trainings at once, each along a lane
 * (search/crew.h). */
#ifndef DIST_LANES_H
#define DIST_LANES_H

#include "dist/world.h"
#include "search/crew.h"

typedef struct Lanes {
    const World *world;
    SearchCrew crew;
    struct LaneEnd *ends; /* where each leads to; NULL in the ranks that train, whose lanes lead to rank 0 */
} Lanes;

/* Rank 0: all lanes to the others, which train from now on. jobs: lanes of each rank, 0 for one per core. The lanes must not
 * move until lanes_close, which ends the others' work. */
percept_status lanes_open(Lanes *lanes, const World *world, size_t jobs, percept_error *error);
void lanes_close(Lanes *lanes);

/* Rank 0, in place of lanes_open: there will be no work. */
void lanes_refuse(const World *world);

/* The other ranks: trains until rank 0 has no more work. If a lane fails and cannot report it, rank 0 would wait forever: then
 * give_up is called, from the lane's thread. It must not return. */
percept_status lanes_serve(const World *world, void (*give_up)(const World *world, const percept_error *error),
                           percept_error *error);

#endif
