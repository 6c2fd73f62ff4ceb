/* The other end of a lane: a process that trains for a search which another process leads. It writes no file that stays, and
 * prints nothing. */
#ifndef SEARCH_SERVE_H
#define SEARCH_SERVE_H

#include "search/crew.h"
#include "search/shared_data.h"

/* Trains what comes along the lane until the leader has no more work; one thread a lane. The data are shared by all lanes of the
 * process. It fails if an answer cannot be given: the leader would wait for it. */
percept_status serve_lane(const SearchCrew *crew, size_t lane, SharedData *shared, percept_error *error);

#endif
