#include "base/team.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "base/memory.h"

#define LARGEST_TEAM 1024

/* How long a rank spins before it sleeps, in pauses of the processor: about 30 µs at most, longer than the pause
 * between two steps of training. The limit adapts (see wait_for_change). */
#define LONGEST_SPIN 2048
#define SHORTEST_SPIN 16

/* One in this many waits spins for the longest time allowed. A thread that wakes from sleep is late, so the others wait
 * long for it and fall asleep, too. Without such a trial none would detect that spinning is worthwhile again. */
#define TRIAL_INTERVAL 16

/* What one rank alone writes, on its own cache line. */
typedef struct Rank {
    _Alignas(MEMORY_ALIGNMENT) Team *team;
    size_t rank;
    unsigned spin; /* the present limit, in pauses */
    unsigned waits;
    pthread_t thread;
} Rank;

/* A number on a cache line of its own. */
typedef struct Counter {
    _Alignas(MEMORY_ALIGNMENT) atomic_uint changes;
} Counter;

/* Two counters only ever grow, and waiting means waiting for one of them to change: `task_number` as a task is handed
 * out, `meetings` as the last rank comes to a barrier. */
struct Team {
    Counter task_number, meetings;
    atomic_size_t arrived; /* ranks that are at the next meeting */
    atomic_uint sleepers;
    size_t size;
    unsigned longest_spin;
    bool ending;
    TeamTask *task;
    void *context;
    Rank *ranks;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
};

static inline void pause_processor(void)
{
#if defined __x86_64__ || defined __i386__
    __builtin_ia32_pause();
#elif defined __aarch64__
    __asm__ volatile("isb");
#endif
}

static void sleep_until_change(Team *team, Counter *counter, unsigned old)
{
    pthread_mutex_lock(&team->mutex);
    atomic_fetch_add(&team->sleepers, 1);
    while (atomic_load(&counter->changes) == old)
        pthread_cond_wait(&team->changed, &team->mutex);
    atomic_fetch_sub(&team->sleepers, 1);
    pthread_mutex_unlock(&team->mutex);
}

/* Returns once *counter differs from old. A rank that had to sleep spins half as long next time, one whose spinning
 * paid twice as long: where cores are shared with others, spinning soon stops. */
static void wait_for_change(Rank *self, Counter *counter, unsigned old)
{
    Team *team = self->team;
    const unsigned limit = ++self->waits % TRIAL_INTERVAL == 0 ? team->longest_spin : self->spin;
    for (unsigned i = 0; i < limit; i++) {
        if (atomic_load_explicit(&counter->changes, memory_order_acquire) != old) {
            self->spin = limit * 2 < team->longest_spin ? limit * 2 : team->longest_spin;
            return;
        }
        pause_processor();
    }
    self->spin = self->spin / 2 > SHORTEST_SPIN ? self->spin / 2 : SHORTEST_SPIN;
    sleep_until_change(team, counter, old);
}

/* Moves a counter on. A sleeper first announces itself, then looks at the counter; here the counter moves first, then
 * the sleepers are looked at: in the one order of sequentially consistent operations one of the two sees the other. */
static void change(Team *team, Counter *counter)
{
    atomic_fetch_add(&counter->changes, 1);
    if (atomic_load(&team->sleepers) == 0)
        return;
    pthread_mutex_lock(&team->mutex);
    pthread_cond_broadcast(&team->changed);
    pthread_mutex_unlock(&team->mutex);
}

void team_barrier(Team *team, size_t rank)
{
    if (team->size == 1)
        return;
    /* No meeting can pass without this rank, so the number read here is that of the meeting it is coming to. */
    const unsigned meeting = atomic_load_explicit(&team->meetings.changes, memory_order_relaxed);
    if (atomic_fetch_add_explicit(&team->arrived, 1, memory_order_acq_rel) + 1 == team->size) {
        atomic_store_explicit(&team->arrived, 0, memory_order_relaxed);
        change(team, &team->meetings);
    } else {
        wait_for_change(&team->ranks[rank], &team->meetings, meeting);
    }
}

static void *work(void *argument)
{
    Rank *self = argument;
    Team *team = self->team;
    for (unsigned done = 0;; done++) {
        wait_for_change(self, &team->task_number, done);
        if (team->ending)
            return NULL;
        team->task(team->context, team, self->rank);
        team_barrier(team, self->rank);
    }
}

void team_run(Team *team, TeamTask *task, void *context)
{
    if (team->size == 1) {
        task(context, team, 0);
        return;
    }
    team->task = task;
    team->context = context;
    change(team, &team->task_number);
    task(context, team, 0);
    team_barrier(team, 0);
}

size_t team_size(const Team *team)
{
    return team->size;
}

size_t team_share(const Team *team, size_t rank, size_t blocks, size_t *end)
{
    const size_t share = blocks / team->size, longer = blocks % team->size;
    const size_t first = rank * share + (rank < longer ? rank : longer);
    *end = first + share + (rank < longer);
    return first;
}

#if defined __wasm__
size_t team_cores(void)
{
    return 1; /* WebAssembly's memory is one thread's, unless the page is isolated and asks for more */
}
#else
size_t team_cores(void)
{
    size_t cores = 0;
    /* The kernel refuses a set smaller than its own, and does not report the size of its own. */
    for (size_t room = 1024; cores == 0 && room <= 1024 * 1024; room *= 2) {
        cpu_set_t *set = CPU_ALLOC(room);
        if (set == NULL)
            break;
        if (sched_getaffinity(0, CPU_ALLOC_SIZE(room), set) == 0)
            cores = (size_t)CPU_COUNT_S(CPU_ALLOC_SIZE(room), set);
        CPU_FREE(set);
    }
    return cores > 0 ? cores : 1;
}
#endif

/* Ends and joins ranks 1 … started. */
static void end_threads(Team *team, size_t started)
{
    team->ending = true;
    change(team, &team->task_number);
    for (size_t r = 1; r <= started; r++)
        pthread_join(team->ranks[r].thread, NULL);
}

/* Starts ranks 1 … size-1 with all signals blocked: they are for the caller's threads. */
static percept_status start_threads(Team *team, percept_error *error)
{
    sigset_t all, before;
    int failure = 0;
    size_t started = 0;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (started + 1 < team->size && failure == 0) {
        Rank *rank = &team->ranks[started + 1];
        failure = pthread_create(&rank->thread, NULL, work, rank);
        if (failure == 0)
            started++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failure == 0)
        return PERCEPT_OK;
    end_threads(team, started);
    return error_set(error, PERCEPT_ERROR_MEMORY, "thread %zu of %zu could not be started (%s); ask for fewer threads",
                     started + 2, team->size, strerror(failure));
}

static void release(Team *team)
{
    pthread_cond_destroy(&team->changed);
    pthread_mutex_destroy(&team->mutex);
    memory_free(team->ranks);
    memory_free(team);
}

percept_status team_create(size_t threads, Team **out, percept_error *error)
{
    const size_t cores = team_cores();
    Team *team = NULL;
    if (threads > LARGEST_TEAM)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%zu threads are too many; 1 to %d, or 0 for one a core",
                         threads, LARGEST_TEAM);
    if (threads == 0)
        threads = cores < LARGEST_TEAM ? cores : LARGEST_TEAM;
    percept_status status = memory_allocate_zeroed(1, sizeof *team, "the thread team", &team, error);
    if (status != PERCEPT_OK)
        return status;
    status = memory_allocate_zeroed(threads, sizeof *team->ranks, "the thread team", &team->ranks, error);
    if (status != PERCEPT_OK) {
        memory_free(team);
        return status;
    }
    team->size = threads;
    team->longest_spin = threads <= cores ? LONGEST_SPIN : SHORTEST_SPIN;
    for (size_t r = 0; r < threads; r++)
        team->ranks[r] = (Rank){.team = team, .rank = r, .spin = team->longest_spin};
    pthread_mutex_init(&team->mutex, NULL);
    pthread_cond_init(&team->changed, NULL);
    status = start_threads(team, error);
    if (status == PERCEPT_OK)
        *out = team;
    else
        release(team);
    return status;
}

void team_free(Team *team)
{
    if (team == NULL)
        return;
    end_threads(team, team->size - 1);
    release(team);
}
