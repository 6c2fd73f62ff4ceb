#include "bench/peak.h"

#include <stdbool.h>

#include "bench/peak_burst.h"
#include "bench/timing.h"

#define ROUNDS 100000 /* in a burst: below a millisecond, so that some burst runs undisturbed */

#define ROW(isa) {peak_burst_##isa##_f32, peak_burst_##isa##_f64},
static PeakBurst *const bursts[ISA_COUNT][2] = {ISA_EACH(ROW)};
#undef ROW

#define ROW(isa, kind) peak_burst_##isa##_##kind,
static PeakBurst *const bf16_bursts[BF16_COUNT] = {BF16_EACH(ROW)};
#undef ROW

static size_t best_isa(void)
{
    size_t isa = 0;
    while (isa + 1 < ISA_COUNT && !isa_supported(isa))
        isa++;
    return isa;
}

const char *peak_isa(void)
{
    return isa_name(best_isa());
}

typedef struct Measurement {
    PeakBurst *burst;
    double best, deadline;    /* operations per second of all ranks; when to stop */
    double operations, spent; /* in all, and their seconds */
    bool done;
} Measurement;

/* All ranks burst at once, between barriers; rank 0 holds the watch. */
static void measure(void *context, Team *team, size_t rank)
{
    Measurement *m = context;
    const double ranks = team != NULL ? (double)team_size(team) : 1;
    double result = 0;
    while (!m->done) {
        if (team != NULL)
            team_barrier(team, rank);
        const double start = timing_now();
        const double operations = m->burst(ROUNDS, &result);
        if (team != NULL)
            team_barrier(team, rank);
        const double end = timing_now();
        if (rank == 0) {
            const double rate = result > 0 ? ranks * operations / (end - start) : 0;
            m->best = rate > m->best ? rate : m->best;
            m->operations += ranks * operations;
            m->spent += end - start;
            m->done = end >= m->deadline;
        }
        if (team != NULL)
            team_barrier(team, rank);
    }
}

static Measurement measure_bursts(PeakBurst *burst, Team *team, double seconds)
{
    Measurement m = {.burst = burst, .deadline = timing_now() + seconds};
    if (team != NULL)
        team_run(team, measure, &m);
    else
        measure(&m, NULL, 0);
    return m;
}

double peak_measure(percept_type precision, Team *team, double seconds)
{
    return measure_bursts(bursts[best_isa()][precision == PERCEPT_FLOAT64], team, seconds).best;
}

double peak_measure_steady(percept_type precision, Team *team, double seconds, double *steady)
{
    const Measurement m = measure_bursts(bursts[best_isa()][precision == PERCEPT_FLOAT64], team, seconds);
    *steady = m.operations / m.spent;
    return m.best;
}

double peak_measure_isa(size_t isa, Team *team, double seconds)
{
    return measure_bursts(bursts[isa][0], team, seconds).best;
}

double peak_measure_bfloat16(Team *team, double seconds)
{
    size_t row = 0;
    percept_error error;
    return bf16_select(&row, &error) == PERCEPT_OK ? measure_bursts(bf16_bursts[row], team, seconds).best : 0;
}
