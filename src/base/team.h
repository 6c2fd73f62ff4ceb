/* A team of threads that work on one task together. The caller is rank 0. Between tasks the others wait: they spin for
 * a moment and then sleep. A team of one creates no thread and uses no atomic operation.
 *
 * Order is part of the result: a task must cut its work into blocks by the shape alone and use the rank only to
 * choose which of them to do (team_share), so that every result is the same for every number of threads. */
#ifndef BASE_TEAM_H
#define BASE_TEAM_H

#include <stddef.h>

#include "base/error.h"

typedef struct Team Team;

/* A task, run by all ranks at once. */
typedef void TeamTask(void *context, Team *team, size_t rank);

/* Starts a team of `threads` (1 … 1024); 0 means one for each core this process may use. Released with
 * team_free, which ends the threads. */
percept_status team_create(size_t threads, Team **out, percept_error *error);
void team_free(Team *team);

size_t team_size(const Team *team);

/* Cores that this process may use, at least 1. */
size_t team_cores(void);

/* Runs the task on every rank and returns when all have finished. Not reentrant; one caller at a time. */
void team_run(Team *team, TeamTask *task, void *context);

/* Inside a task: no rank continues before all have reached this call. All ranks see the writes made before it. */
void team_barrier(Team *team, size_t rank);

/* The blocks first … *end-1 of `blocks` that belong to this rank: contiguous shares, differing by at most one. */
size_t team_share(const Team *team, size_t rank, size_t blocks, size_t *end);

#endif
