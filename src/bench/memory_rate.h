/* How fast memory can be read: the second limit of speed, besides arithmetic. */
#ifndef BENCH_MEMORY_RATE_H
#define BENCH_MEMORY_RATE_H

#include "base/team.h"

/* Bytes a second that all ranks together read from a block larger than caches: the best of several passes that take
 * about `seconds` in all. */
percept_status memory_rate_measure(Team *team, double seconds, double *out, percept_error *error);

#endif
