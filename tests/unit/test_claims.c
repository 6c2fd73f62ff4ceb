/* Units of work handed out to a team: in every phase each unit is done exactly once, whoever does it, and none is left
 * over for the next phase. */
#include "unit.h"

#include <string.h>

#include "engine/cpu/claims.h"

enum { LISTS = 3, MOST = 50, PHASES = 400, CALLS = 3 };

typedef struct Work {
    Claims *claims;
    size_t phase; /* that the next call begins with */
    size_t units[PHASES][LISTS];
    size_t done[PHASES][LISTS][MOST]; /* counted by whoever does the unit */
} Work;

static void do_phases(Work *work, Worker *worker)
{
    for (size_t p = 0; p < PHASES; p++) {
        size_t list = 0, unit = 0;
        Phase phase = phase_begin(worker, work->units[p], LISTS);
        while (phase_next(&phase, &list, &unit))
            work->done[p][list][unit]++;
        phase_end(&phase);
    }
}

static void work_task(void *context, Team *team, size_t rank)
{
    Work *work = context;
    Worker worker = {team, rank, work->claims, work->phase};
    do_phases(work, &worker);
    if (rank == 0)
        work->phase = worker.phase;
}

static void every_unit_is_done_once(void **state)
{
    (void)state;
    static Work work;
    for (size_t threads = 0; threads <= 4; threads++) { /* 0: alone, without a team */
        Team *team = NULL;
        memset(&work, 0, sizeof work);
        for (size_t p = 0; p < PHASES; p++)
            for (size_t list = 0; list < LISTS; list++)
                work.units[p][list] = (p * 7 + list * 3) % MOST;
        if (threads > 0) {
            assert_ok(team_create(threads, &team, error));
            assert_ok(claims_create(threads, &work.claims, error));
        }
        for (size_t call = 0; call < CALLS; call++)
            if (team != NULL)
                team_run(team, work_task, &work);
            else
                do_phases(&work, &(Worker){.team = NULL});
        for (size_t p = 0; p < PHASES; p++)
            for (size_t list = 0; list < LISTS; list++)
                for (size_t unit = 0; unit < MOST; unit++)
                    assert_int_equal(work.done[p][list][unit], unit < work.units[p][list] ? CALLS : 0);
        claims_free(work.claims);
        team_free(team);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_unit_is_done_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
