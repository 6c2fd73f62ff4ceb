/* How far apart the cores of a team are: what one core wrote last, another one must fetch. Cores that share a
 * last-level cache hand a cache line over and back in some 50 ns; those of different sockets, or of different parts of a
 * processor, take several times as long. Where virtual machines move between cores it changes within minutes, and with
 * it the speed of everything that several threads do together. */
#ifndef BENCH_ROUND_TRIP_H
#define BENCH_ROUND_TRIP_H

#include "base/team.h"

/* Below this many nanoseconds cores count as near; above the other, two threads took turns on one core, because other
 * programs took the rest. */
#define ROUND_TRIP_NEAR 120.0
#define ROUND_TRIP_FAR 2000.0

/* Nanoseconds that a cache line takes from rank 0 to another rank and back: the best of short bursts, of the rank for
 * which it is largest. Takes about a millisecond for each rank. 0 for a team of one; INFINITY if no burst ended in a tenth
 * of a second, as may be where other programs leave the team one core. */
double round_trip_measure(Team *team);

/* How far apart the cores were while something was measured. */
typedef enum Distance {
    DISTANCE_ONE, /* a team of one */
    DISTANCE_NEAR,
    DISTANCE_FAR,
    DISTANCE_SHARED, /* threads took turns on a core, before or after */
    DISTANCE_MOVED,  /* near before and far after, or the other way round */
    DISTANCES
} Distance;

/* "one core", "near", "far", "shared", "moved" */
extern const char *const distance_names[DISTANCES];

/* Judges two round trips, measured before and after; for a single one give it twice. */
Distance distance_between(double before, double after);

#endif
