/* Units of work, claimed by the ranks of a team. A rank first does its own share, the same contiguous one in every
 * step, so its data are still in its cache. Then it helps the others, so that all wait little for a rank that was
 * delayed. Results do not depend on which rank does a unit.
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

/* The state of one rank in a call. With a single rank there is no team and nothing to claim. */
typedef struct Worker {
    Team *team; /* NULL: alone */
    size_t rank;
    Claims *claims;
    size_t phase; /* counted since the creation of these claims */
} Worker;

/* The state of a phase in one rank: lists of units, each shared out separately. */
typedef struct Phase {
    Worker *worker;
    const size_t *units; /* in each list */
    size_t lists;
    size_t owner, helped; /* whose share is being done, and how many before it */
    size_t share;         /* units in it */
    size_t alone;         /* finished units, if there is no team */
} Phase;

/* `units` must stay where it is until the phase ends. */
Phase phase_begin(Worker *worker, const size_t *units, size_t lists);

/* The next unit to do, number *unit of list *list; false if none is left. */
bool phase_next(Phase *phase, size_t *list, size_t *unit);

/* Returns when all ranks have finished the phase. */
void phase_end(Phase *phase);

#endif
