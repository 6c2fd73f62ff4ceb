/* Units of work, handed out as ranks come for them. A rank first does its own share, the same contiguous one in every
 * step, so that it finds in its cache what it left there; then it helps the others, so that all wait little for one
 * that was held up. Who does a unit has no influence on what is computed.
 *
 * All ranks go through the same phases, with a barrier after each. */
#ifndef ENGINE_CPU_CLAIMS_H
#define ENGINE_CPU_CLAIMS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/team.h"

typedef struct Claims Claims;

/* For teams of `ranks`. Released with claims_free. */
percept_status claims_create(size_t ranks, Claims **out, percept_error *error);
void claims_free(Claims *claims);

/* One rank's part in a call. On one rank alone there is no team and nothing to claim. */
typedef struct Worker {
    Team *team; /* NULL: alone */
    size_t rank;
    Claims *claims;
    size_t phase; /* of all that these claims have seen */
} Worker;

/* A phase as one rank sees it: lists of units, each list shared out by itself. */
typedef struct Phase {
    Worker *worker;
    const size_t *units; /* in each list */
    size_t lists;
    size_t owner, helped; /* whose share is being done, and how many before it */
    size_t share;         /* units in it */
    size_t alone;         /* units done, where there is no team */
} Phase;

/* `units` must stay where it is until the phase ends. */
Phase phase_begin(Worker *worker, const size_t *units, size_t lists);

/* The next unit to do, number *unit of list *list; false if none is left. */
bool phase_next(Phase *phase, size_t *list, size_t *unit);

/* Returns when all ranks have finished the phase. */
void phase_end(Phase *phase);

#endif
