#include "search/observe.h"

#include <time.h>

/* Steps between two checks for requests; a check usually costs a tenth of a microsecond. */
#define STEPS_PER_LOOK 64

static const struct timespec nap = {.tv_nsec = 20000000};

static void fail_bench(Bench *bench, percept_status status)
{
    if (status == PERCEPT_OK || bench->failure != PERCEPT_OK)
        return;
    bench->failure = status;
    bench->reason = REASON_FAILURE;
    bench->saver.refuse = true;
}

/* Waits while the search or this run is to pause. */
static void wait_while_paused(Bench *bench)
{
    Workshop *workshop = bench->workshop;
    bool told = false;
    while (!atomic_load_explicit(&workshop->stop, memory_order_relaxed)) {
        const RunRequest request = database_request(workshop->database, bench->run);
        if (request == REQUEST_STOP && bench->reason == REASON_NONE)
            bench->reason = REASON_REQUEST;
        if (request == REQUEST_STOP ||
            (request != REQUEST_PAUSE && !atomic_load_explicit(&workshop->pause, memory_order_relaxed)))
            break;
        if (!told)
            fail_bench(bench, database_set_state(workshop->database, bench->run, RUN_PAUSED, bench->error));
        if (!told && bench->errand != NULL)
            errand_pause(bench->errand);
        told = true;
        nanosleep(&nap, NULL);
    }
    if (told)
        fail_bench(bench, database_set_state(workshop->database, bench->run, RUN_RUNNING, bench->error));
    if (told && bench->errand != NULL)
        errand_go_on(bench->errand);
}

/* Requests of the search, and if `all` those in the database. */
static void look(Bench *bench, bool all)
{
    if (bench->reason == REASON_NONE && all)
        wait_while_paused(bench);
    if (bench->reason == REASON_NONE && atomic_load_explicit(&bench->workshop->stop, memory_order_relaxed))
        bench->reason = REASON_STOP;
}

static void show_progress(const Work *work, const percept_progress *progress)
{
    WorkProgress *shown = work->progress;
    atomic_store_explicit(&shown->steps, progress->steps, memory_order_relaxed);
    atomic_store_explicit(&shown->step, progress->epoch_done ? 0 : progress->step, memory_order_relaxed);
    if (!progress->epoch_done)
        return;
    if (progress->best)
        atomic_store_explicit(&shown->figure, work->by_accuracy ? progress->valid_accuracy : progress->valid_loss,
                              memory_order_relaxed);
    atomic_store_explicit(&shown->epoch, progress->epoch + 1, memory_order_relaxed);
}

int bench_observe(const percept_progress *progress, void *user)
{
    Bench *bench = user;
    const Work *work = bench->work;
    Workshop *workshop = bench->workshop;
    show_progress(work, progress);
    if (progress->epoch_done) {
        fail_bench(bench, database_add_epoch(workshop->database, bench->run, progress, bench->error));
        fail_bench(bench, tensorboard_add(bench->tensorboard, progress, bench->error));
        if (bench->reason == REASON_NONE && progress->epoch + 1 == work->to && work->to < progress->epochs)
            bench->reason = REASON_RUNG;
        if (work->epoch != NULL)
            work->epoch(work->user);
    }
    look(bench, progress->epoch_done || ++bench->looks % STEPS_PER_LOOK == 0);
    return bench->reason != REASON_NONE;
}

bool bench_is_stopped(void *user)
{
    Bench *bench = user;
    look(bench, true);
    return bench->reason != REASON_NONE;
}

percept_status bench_sync_epochs(void *user, percept_error *error)
{
    const Bench *bench = user;
    return database_set_state(bench->workshop->database, bench->run, RUN_RUNNING, error);
}

percept_status bench_save(const Training *training, bool stopping, void *user, percept_error *error)
{
    Bench *bench = user;
    bench->over = training_is_over(training);
    if (bench->over || bench->reason == REASON_REQUEST)
        return PERCEPT_OK;
    const percept_status status = saver_pause(training, stopping, &bench->saver, error);
    if (status != PERCEPT_OK)
        bench->failure = status;
    return status;
}
