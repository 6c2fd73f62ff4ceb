#include "base/real.h"
#include "check/differences.h"

#if PERCEPT_REAL != F32

#include "base/memory.h"
#include "check/step.h"
#include "engine/reference/reference.h"

/* One thread's room. */
typedef struct Rank {
    Engine *engine;
    real *parameters; /* one of them at a time is changed */
} Rank;

typedef struct Work {
    const Differences *task;
    real kept; /* the unchanged loss */
    Rank *ranks;
} Work;

/* The output of a dense layer that a number belongs to; of stages SIZE_MAX. */
static size_t unit_of(const Network *network, const NetworkTensor *tensor, size_t number)
{
    const size_t at = number - tensor->offset;
    if (tensor->of_stage)
        return SIZE_MAX;
    return tensor->role == ROLE_WEIGHT ? at / network->layers[tensor->side - 1].inputs : at;
}

/* The loss where a number is moved; a tensor NULL stands for the features. */
static real moved_loss(const Differences *task, Rank *rank, const NetworkTensor *tensor, size_t number, real move)
{
    const size_t parameters = task->network->parameter_count;
    if (tensor == NULL)
        return REAL(reference_loss_moved)(rank->engine, rank->parameters, task->batch, number - parameters, move);
    const real value = rank->parameters[number];
    rank->parameters[number] = value + move;
    const real loss = REAL(reference_loss_from)(rank->engine, rank->parameters, task->batch, tensor->side,
                                                unit_of(task->network, tensor, number));
    rank->parameters[number] = value;
    return loss;
}

/* A rank's share of the numbers first … end-1 of a tensor, or of the features. */
static void run_numbers(const Work *work, Team *team, size_t number, const NetworkTensor *tensor, size_t first,
                        size_t count)
{
    const Differences *task = work->task;
    Rank *rank = &work->ranks[number];
    const real step = STEP(task->step);
    size_t end = 0;
    for (size_t p = first + team_share(team, number, count, &end); p < first + end; p++) {
        if (!task->chosen[p])
            continue;
        if (task->up != NULL)
            task->up[p] = PART(moved_loss(task, rank, tensor, p, step) - work->kept) / task->step;
        if (task->down != NULL)
            task->down[p] = PART(work->kept - moved_loss(task, rank, tensor, p, -step)) / task->step;
    }
}

/* From the last side to the first: what lies before a side is then as the first pass left it. */
static void run_rank(void *context, Team *team, size_t number)
{
    const Work *work = context;
    const Differences *task = work->task;
    const Network *network = task->network;
    for (size_t side = network->depth + 1; side-- > 0;)
        for (size_t t = 0; t < network->tensor_count; t++) {
            const NetworkTensor *tensor = &network->tensors[t];
            if (tensor->side == side && tensor->role != ROLE_STATISTIC)
                run_numbers(work, team, number, tensor, tensor->offset, tensor_size(tensor));
        }
    if (task->inputs)
        run_numbers(work, team, number, NULL, network->parameter_count, task->batch->count * network_inputs(network));
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
    percept_status status =
        memory_allocate_zeroed(team_size(task->team), sizeof *work->ranks, "the threads' room", &work->ranks, error);
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
}

percept_status REAL(differences_anew)(const Differences *differences, double *loss, percept_error *error)
{
    Work work = {.task = differences};
    const percept_status status = prepare(&work, error);
    if (status == PERCEPT_OK) {
        for (size_t r = 0; r < team_size(differences->team); r++) /* a pass for each engine */
            work.kept = REAL(reference_loss)(work.ranks[r].engine, work.ranks[r].parameters, differences->batch);
        team_run(differences->team, run_rank, &work);
        if (loss != NULL)
            *loss = real_part(work.kept);
    }
    work_clear(&work);
    return status;
}

#endif
