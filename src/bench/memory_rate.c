#include "bench/memory_rate.h"

#include <stdbool.h>
#include <stdint.h>

#include "base/memory.h"
#include "bench/timing.h"

#define BLOCK ((size_t)128 << 20) /* bytes */
#define LINE 64                   /* bytes that come at once: one word of each is enough */

typedef struct Reading {
    const uint64_t *words;
    volatile uint64_t sum; /* so that no reading can be left out */
    double best, deadline;
    bool done;
} Reading;

/* All ranks read their share at once, between barriers; rank 0 holds the watch. */
static void read_all(void *context, Team *team, size_t rank)
{
    Reading *r = context;
    const size_t lines = BLOCK / LINE, words = LINE / sizeof *r->words;
    size_t end = 0;
    const size_t first = team_share(team, rank, lines, &end);
    while (!r->done) {
        uint64_t sum = 0;
        team_barrier(team, rank);
        const double begin = timing_now();
        for (size_t i = first; i < end; i++)
            sum += r->words[i * words];
        team_barrier(team, rank);
        const double now = timing_now(), rate = (double)BLOCK / (now - begin);
        if (rank == 0) {
            r->sum = sum;
            r->best = rate > r->best ? rate : r->best;
            r->done = now >= r->deadline;
        }
        team_barrier(team, rank);
    }
}

percept_status memory_rate_measure(Team *team, double seconds, double *out, percept_error *error)
{
    uint64_t *words = NULL;
    percept_status status = memory_allocate(BLOCK, 1, "a block to read", &words, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t i = 0; i < BLOCK / sizeof *words; i++) /* a page that was never written would not be memory yet */
        words[i] = i;
    Reading reading = {.words = words, .deadline = timing_now() + seconds};
    team_run(team, read_all, &reading);
    *out = reading.best;
    memory_free(words);
    return PERCEPT_OK;
}
