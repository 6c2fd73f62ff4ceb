#include "base/pipeline.h"

#include <pthread.h>

/* Slots for each thread, beside the one that is drained: one is worked on, another waits. */
#define SLOTS_EACH 2

/* More threads would wait for those that fill and drain. */
#define MOST_THREADS ((size_t)15)

/* Pieces are numbered from 0; piece n is in slot n % slots. drained <= begun <= filled <= drained + slots. */
typedef struct Pipeline {
    const PipelineSteps *steps;
    void *context;
    size_t slots;
    size_t filled, begun, drained; /* pieces that have passed a step, and those whose work has begun */
    bool worked[PIPELINE_MOST_SLOTS];
    bool filling, draining, exhausted, stopped;
    pthread_mutex_t mutex; /* of all above; free while a step runs */
    pthread_cond_t changed;
} Pipeline;

size_t pipeline_threads(size_t threads)
{
    const size_t wanted = threads > 0 ? threads : team_cores();
    return wanted < MOST_THREADS ? wanted : MOST_THREADS;
}

size_t pipeline_slots(const Team *team)
{
    const size_t size = team_size(team);
    const size_t slots = size > 1 ? SLOTS_EACH * size + 1 : 1;
    return slots < PIPELINE_MOST_SLOTS ? slots : PIPELINE_MOST_SLOTS;
}

static void fill(Pipeline *line)
{
    const size_t slot = line->filled % line->slots;
    line->filling = true;
    pthread_mutex_unlock(&line->mutex);
    const bool more = line->steps->fill(line->context, slot);
    pthread_mutex_lock(&line->mutex);
    line->filling = false;
    line->exhausted = !more;
    line->filled += more;
}

static void work(Pipeline *line, size_t rank)
{
    const size_t slot = line->begun++ % line->slots;
    line->worked[slot] = false;
    pthread_mutex_unlock(&line->mutex);
    line->steps->work(line->context, slot, rank);
    pthread_mutex_lock(&line->mutex);
    line->worked[slot] = true;
}

static void drain(Pipeline *line)
{
    line->draining = true;
    pthread_mutex_unlock(&line->mutex);
    const bool more = line->steps->drain(line->context, line->drained % line->slots);
    pthread_mutex_lock(&line->mutex);
    line->draining = false;
    line->drained++;
    line->stopped = !more;
}

/* Does one step, the latest one that can be done; false if there is none now. */
static bool advance(Pipeline *line, size_t rank)
{
    if (!line->draining && line->drained < line->begun && line->worked[line->drained % line->slots])
        drain(line);
    else if (line->begun < line->filled)
        work(line, rank);
    else if (!line->filling && !line->exhausted && line->filled - line->drained < line->slots)
        fill(line);
    else
        return false;
    return true;
}

static bool is_over(const Pipeline *line)
{
    return line->stopped || (line->exhausted && line->drained == line->filled);
}

/* A step makes two others possible at most. This thread does one of them next, so it is enough to wake one more: where there
 * are many cores, most threads sleep. */
static void run_rank(void *context, Team *team, size_t rank)
{
    Pipeline *line = context;
    (void)team;
    pthread_mutex_lock(&line->mutex);
    while (!is_over(line)) {
        if (advance(line, rank))
            pthread_cond_signal(&line->changed);
        else
            pthread_cond_wait(&line->changed, &line->mutex);
    }
    pthread_cond_broadcast(&line->changed);
    pthread_mutex_unlock(&line->mutex);
}

void pipeline_run(Team *team, size_t slots, const PipelineSteps *steps, void *context)
{
    Pipeline line = {.steps = steps,
                     .context = context,
                     .slots = slots,
                     .mutex = PTHREAD_MUTEX_INITIALIZER,
                     .changed = PTHREAD_COND_INITIALIZER};
    team_run(team, run_rank, &line);
    pthread_cond_destroy(&line.changed);
    pthread_mutex_destroy(&line.mutex);
}
