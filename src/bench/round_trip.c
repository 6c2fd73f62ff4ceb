#include "bench/round_trip.h"

#include <math.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/memory.h"
#include "bench/timing.h"

#define BURSTS 50
#define TRIPS 100       /* of a burst: so few that some burst runs undisturbed also on a busy machine */
#define PATIENCE 0.1    /* seconds for each rank */
#define SPINS 20000     /* before a thread that waits lets another one have its core */
#define LAST UINT64_MAX /* ends the exchange */

/* Rank 0 writes odd numbers, its partner answers each with the next even one. */
typedef struct Exchange {
    _Alignas(2 * MEMORY_ALIGNMENT) _Atomic uint64_t line;
    _Alignas(2 * MEMORY_ALIGNMENT) double worst; /* seconds a trip; of rank 0 alone */
} Exchange;

/* Waits until the line changes from `old`; false after the deadline. */
static bool wait_for_change(_Atomic uint64_t *line, uint64_t old, double deadline, uint64_t *out)
{
    for (size_t spins = 1; (*out = atomic_load_explicit(line, memory_order_acquire)) == old; spins++)
        if (spins % SPINS == 0) {
            if (timing_now() > deadline)
                return false;
            sched_yield();
        }
    return true;
}

static void answer(_Atomic uint64_t *line)
{
    uint64_t now = 0;
    while (wait_for_change(line, now, INFINITY, &now) && now != LAST)
        atomic_store_explicit(line, ++now, memory_order_release);
}

/* Seconds of a trip in the best burst; INFINITY if none ended in time. */
static double ask(Exchange *exchange)
{
    const double deadline = timing_now() + PATIENCE;
    uint64_t now = 0;
    double best = INFINITY;
    bool answered = true;
    for (size_t b = 0; b < BURSTS && answered; b++) {
        const double begin = timing_now();
        for (size_t trip = 0; trip < TRIPS && answered; trip++) {
            atomic_store_explicit(&exchange->line, ++now, memory_order_release);
            answered = wait_for_change(&exchange->line, now, deadline, &now);
        }
        best = answered ? fmin(best, (timing_now() - begin) / TRIPS) : best;
    }
    atomic_store_explicit(&exchange->line, LAST, memory_order_release);
    return best;
}

/* Rank 0 with each other rank in turn; the others wait. */
static void exchange_all(void *context, Team *team, size_t rank)
{
    Exchange *exchange = context;
    for (size_t partner = 1; partner < team_size(team); partner++) {
        team_barrier(team, rank);
        if (rank == 0)
            exchange->worst = fmax(exchange->worst, ask(exchange));
        else if (rank == partner)
            answer(&exchange->line);
        team_barrier(team, rank);
        if (rank == 0)
            atomic_store_explicit(&exchange->line, 0, memory_order_relaxed);
    }
}

double round_trip_measure(Team *team)
{
    Exchange exchange = {.worst = 0};
    atomic_init(&exchange.line, 0);
    team_run(team, exchange_all, &exchange);
    return 1e9 * exchange.worst;
}

const char *const distance_names[DISTANCES] = {"one core", "near", "far", "shared", "moved"};

static Distance distance_of(double nanoseconds)
{
    if (nanoseconds < ROUND_TRIP_NEAR)
        return nanoseconds <= 0 ? DISTANCE_ONE : DISTANCE_NEAR;
    return nanoseconds < ROUND_TRIP_FAR ? DISTANCE_FAR : DISTANCE_SHARED;
}

Distance distance_between(double before, double after)
{
    const Distance first = distance_of(before), last = distance_of(after);
    if (first == DISTANCE_SHARED || last == DISTANCE_SHARED)
        return DISTANCE_SHARED;
    return first == last ? first : DISTANCE_MOVED;
}
