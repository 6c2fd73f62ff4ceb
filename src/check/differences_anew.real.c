#include "base/real.h"
#include "check/differences.h"

#if PERCEPT_REAL != F32

#include "base/memory.h"
#include "engine/reference/reference.h"

/* The change of a number, and how the result follows from the changed loss. */
#if PERCEPT_REAL == C128
#define STEP(epsilon) ((epsilon) * (complex_double)I)
#define PART(loss) cimag(loss)
#else
#define STEP(epsilon) (epsilon)
#define PART(loss) (loss)
#endif

/* One thread's room. */
typedef struct Rank {
    Engine *engine;
    real *parameters; /* one of them at a time is changed */
} Rank;

typedef struct Work {
    const Differences *task;
    size_t *numbers, count; /* those that are chosen */
    real kept;              /* the unchanged loss */
    Rank *ranks;
} Work;

/* The loss where a number is moved. */
static real moved_loss(const Differences *task, Rank *rank, size_t number, real move)
{
    const size_t parameters = task->network->parameter_count;
    if (number >= parameters)
        return REAL(reference_loss_moved)(rank->engine, rank->parameters, task->batch, number - parameters, move);
    const real value = rank->parameters[number];
    rank->parameters[number] = value + move;
    const real loss = REAL(reference_loss)(rank->engine, rank->parameters, task->batch);
    rank->parameters[number] = value;
    return loss;
}

static void run_rank(void *context, Team *team, size_t number)
{
    const Work *work = context;
    const Differences *task = work->task;
    Rank *rank = &work->ranks[number];
    const real step = STEP(task->step);
    size_t end = 0;
    for (size_t i = team_share(team, number, work->count, &end); i < end; i++) {
        const size_t p = work->numbers[i];
        if (task->up != NULL)
            task->up[p] = PART(moved_loss(task, rank, p, step) - work->kept) / task->step;
        if (task->down != NULL)
            task->down[p] = PART(work->kept - moved_loss(task, rank, p, -step)) / task->step;
    }
}

static percept_status prepare_rank(const Differences *task, Rank *rank, percept_error *error)
{
    const Network *network = task->network;
    const EngineConfig config = {.network = network,
                                 .precision = PERCEPT_FLOAT64,
                                 .batch_capacity = task->batch->count,
                                 .training = true,
                                 .team = task->team};
    const size_t count = differences_span(network);
    percept_status status = REAL(reference_create)(&config, &rank->engine, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, sizeof(real), "the parameters", &rank->parameters, error);
    for (size_t p = 0; p < count && status == PERCEPT_OK; p++)
        rank->parameters[p] = task->parameters[p];
    return status;
}

static percept_status prepare(Work *work, percept_error *error)
{
    const Differences *task = work->task;
    const size_t all = differences_count(task->network, task->batch->count, task->inputs);
    percept_status status =
        memory_allocate(all, sizeof *work->numbers, "the list of what to check", &work->numbers, error);
    for (size_t p = 0; p < all && status == PERCEPT_OK; p++)
        if (task->chosen[p])
            work->numbers[work->count++] = p;
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(team_size(task->team), sizeof *work->ranks, "the threads' room", &work->ranks,
                                        error);
    for (size_t r = 0; status == PERCEPT_OK && r < team_size(task->team); r++)
        status = prepare_rank(task, &work->ranks[r], error);
    return status;
}

static void work_clear(Work *work)
{
    for (size_t r = 0; work->ranks != NULL && r < team_size(work->task->team); r++) {
        engine_free(work->ranks[r].engine);
        memory_free(work->ranks[r].parameters);
    }
    memory_free(work->ranks);
    memory_free(work->numbers);
}

percept_status REAL(differences_anew)(const Differences *differences, double *loss, percept_error *error)
{
    Work work = {.task = differences};
    const percept_status status = prepare(&work, error);
    if (status == PERCEPT_OK) {
        work.kept = REAL(reference_loss)(work.ranks[0].engine, work.ranks[0].parameters, differences->batch);
        team_run(differences->team, run_rank, &work);
        if (loss != NULL)
            *loss = real_part(work.kept);
    }
    work_clear(&work);
    return status;
}

#endif
