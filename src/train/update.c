#include "train/update.h"

#include <math.h>
#include <string.h>

#include "train/vector.h"
#include "train/weights.h"

/* A batch is the engine's step, or, with a limit on the gradient's norm, gradient and update one after the other; then the
 * running average of the parameters. Vectors are worked on in blocks of a fixed size, which the team shares out: no bit
 * depends on the number of threads. */

/* Elements of a block; a vector of few blocks is not worth waking the team. */
#define BLOCK ((size_t)4096)
#define SOLO_BLOCKS 8

/* Added to the norm, as in PyTorch's clip_grad_norm_. */
#define NORM_EPSILON 1e-6

size_t update_blocks(const Network *network)
{
    return (network->parameter_count + BLOCK - 1) / BLOCK;
}

/* Work on one block, begin … end-1. */
typedef void BlockTask(Training *training, size_t block, size_t begin, size_t end);

typedef struct BlockWork {
    Training *training;
    BlockTask *task;
    size_t blocks;
} BlockWork;

static void run_blocks(const BlockWork *work, size_t first, size_t last)
{
    const size_t count = work->training->model->network.parameter_count;
    for (size_t b = first; b < last; b++)
        work->task(work->training, b, b * BLOCK, (b + 1) * BLOCK < count ? (b + 1) * BLOCK : count);
}

static void run_share(void *context, Team *team, size_t rank)
{
    const BlockWork *work = context;
    size_t end = 0;
    const size_t first = team_share(team, rank, work->blocks, &end);
    run_blocks(work, first, end);
}

static void for_blocks(Training *training, BlockTask *task)
{
    BlockWork work = {training, task, update_blocks(&training->model->network)};
    if (work.blocks <= SOLO_BLOCKS)
        run_blocks(&work, 0, work.blocks);
    else
        team_run(training->team, run_share, &work);
}

static bool is_float(const Training *training)
{
    return training->model->precision == PERCEPT_FLOAT32;
}

/* ---- Clipping ---------------------------------------------------------------------------------------------------- */

static void square_block(Training *training, size_t block, size_t begin, size_t end)
{
    training->squares[block] =
        (is_float(training) ? vector_square_sum_f32 : vector_square_sum_f64)(begin, end, training->gradient);
}

/* Scales the gradient, adds weight decay where it goes through the gradient, and updates. */
static void update_block(Training *training, size_t block, size_t begin, size_t end)
{
    const EngineUpdate *update = &training->update;
    const Network *network = &training->model->network;
    void *parameters = training->model->parameters;
    size_t from = 0, to = 0;
    (void)block;
    if (training->clip < 1)
        (is_float(training) ? vector_scale_f32 : vector_scale_f64)(begin, end, training->gradient, training->clip);
    for (size_t l = 0; l < network->depth && update->weight_decay != 0; l++)
        if (weights_within(&network->layers[l], begin, end, &from, &to))
            (is_float(training) ? vector_add_f32 : vector_add_f64)(from, to, training->gradient, parameters,
                                                                   update->weight_decay);
    training->apply(&training->optimizer, begin, end, parameters, training->gradient);
}

/* g ← g · min(1, clip_norm / (‖g‖ + ε)), over all layers at once (R. Pascanu et al., 2013, algorithm 1) */
static void clipped_step(Training *training, const Batch *batch, EngineSums *sums)
{
    double square = 0;
    engine_gradient(training->engine, training->model->parameters, batch, training->gradient, NULL, sums);
    for_blocks(training, square_block);
    for (size_t b = 0; b < update_blocks(&training->model->network); b++)
        square += training->squares[b];
    training->clip = training->options->clip_norm / (sqrt(square) + NORM_EPSILON);
    for_blocks(training, update_block);
}

/* ---- Averaging --------------------------------------------------------------------------------------------------- */

static void average_block(Training *training, size_t block, size_t begin, size_t end)
{
    (void)block;
    (is_float(training) ? vector_average_f32 : vector_average_f64)(begin, end, training->average,
                                                                   training->model->parameters, training->options->ema);
}

/* The average begins with the parameters after the first step. */
static void average(Training *training)
{
    if (training->state.updates == 1)
        memcpy(training->average, training->model->parameters, training_vector_bytes(training));
    else
        for_blocks(training, average_block);
}

/* ------------------------------------------------------------------------------------------------------------------ */

void update_parameters(Training *training, const Batch *batch, EngineSums *sums)
{
    if (training->gradient != NULL)
        clipped_step(training, batch, sums);
    else
        engine_step(training->engine, training->model->parameters, batch, &training->update, sums);
    if (training->average != NULL)
        average(training);
}
