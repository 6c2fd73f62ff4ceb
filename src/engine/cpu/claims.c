#include "engine/cpu/claims.h"

#include <stdatomic.h>

#include "base/memory.h"

/* Most ranks whose shares one rank looks at, its own included. */
#define MOST_HELPED 8

/* Three sets of counters in turn: while one is in use, each rank clears its own counters of the next. No rank can still
 * use that one: it was last used two barriers ago. */
#define SETS 3

typedef struct Counter {
    _Alignas(MEMORY_ALIGNMENT) atomic_size_t taken; /* units of a rank's share that are done or in work */
} Counter;

struct Claims {
    size_t ranks;
    Counter *counters; /* SETS × ranks */
};

percept_status claims_create(size_t ranks, Claims **out, percept_error *error)
{
    Claims *claims = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *claims, "the engine", &claims, error);
    if (status != PERCEPT_OK)
        return status;
    claims->ranks = ranks;
    status = memory_allocate_zeroed(SETS * ranks, sizeof *claims->counters, "the engine", &claims->counters, error);
    if (status == PERCEPT_OK)
        *out = claims;
    else
        memory_free(claims);
    return status;
}

void claims_free(Claims *claims)
{
    if (claims == NULL)
        return;
    memory_free(claims->counters);
    memory_free(claims);
}

static Counter *counter_at(const Worker *worker, size_t phase, size_t rank)
{
    return &worker->claims->counters[phase % SETS * worker->claims->ranks + rank];
}

/* Units of the owner's share, all lists together. */
static size_t share_of(const Phase *phase)
{
    size_t share = 0;
    for (size_t list = 0; list < phase->lists; list++) {
        size_t end = 0;
        const size_t first = team_share(phase->worker->team, phase->owner, phase->units[list], &end);
        share += end - first;
    }
    return share;
}

/* Finds unit `index` of that share. */
static void locate(const Phase *phase, size_t index, size_t *list, size_t *unit)
{
    for (*list = 0; *list < phase->lists; ++*list) {
        size_t end = 0;
        const size_t first = team_share(phase->worker->team, phase->owner, phase->units[*list], &end);
        *unit = first + index;
        if (*unit < end)
            return;
        index -= end - first;
    }
}

Phase phase_begin(Worker *worker, const size_t *units, size_t lists)
{
    Phase phase = {.worker = worker, .units = units, .lists = lists, .owner = worker->rank};
    if (worker->team != NULL) {
        atomic_store_explicit(&counter_at(worker, worker->phase + 1, worker->rank)->taken, 0, memory_order_relaxed);
        phase.share = share_of(&phase);
    }
    return phase;
}

/* Continues with the next rank's share; false if enough have been helped. */
static bool help_next(Phase *phase)
{
    const size_t ranks = phase->worker->claims->ranks;
    if (++phase->helped >= (ranks < MOST_HELPED ? ranks : MOST_HELPED))
        return false;
    phase->owner = (phase->owner + 1) % ranks;
    phase->share = share_of(phase);
    return true;
}

static bool next_alone(Phase *phase, size_t *list, size_t *unit)
{
    size_t index = phase->alone++;
    for (*list = 0; *list < phase->lists; ++*list) {
        *unit = index;
        if (index < phase->units[*list])
            return true;
        index -= phase->units[*list];
    }
    return false;
}

bool phase_next(Phase *phase, size_t *list, size_t *unit)
{
    const Worker *worker = phase->worker;
    if (worker->team == NULL)
        return next_alone(phase, list, unit);
    do {
        atomic_size_t *taken = &counter_at(worker, worker->phase, phase->owner)->taken;
        if (atomic_load_explicit(taken, memory_order_relaxed) >= phase->share)
            continue; /* to the condition */
        const size_t index = atomic_fetch_add_explicit(taken, 1, memory_order_relaxed);
        if (index < phase->share) {
            locate(phase, index, list, unit);
            return true;
        }
    } while (help_next(phase));
    return false;
}

void phase_end(Phase *phase)
{
    Worker *worker = phase->worker;
    worker->phase++;
    if (worker->team != NULL)
        team_barrier(worker->team, worker->rank);
}
