#include "train/update.h"

#include <math.h>
#include <string.h>

#include "train/average.h"
#include "train/blocks.h"
#include "train/gradient.h"
#include "train/vector.h"
#include "train/whole.h"

/* A batch is the engine's step, or, where the update needs the whole gradient first, gradient and update one after the
 * other; then the running average of the parameters. */

/* Added to the norm, as in PyTorch's clip_grad_norm_. */
#define NORM_EPSILON 1e-6

static bool is_float(const Training *training)
{
    return training->model->precision == PERCEPT_FLOAT32;
}

/* ---- Clipping ---------------------------------------------------------------------------------------------------- */

/* A stretch of the gradient. */
typedef struct Stretch {
    Training *training;
    size_t offset;
    double factor; /* what it is multiplied with */
} Stretch;

static void square_block(void *context, size_t block, size_t begin, size_t end)
{
    const Stretch *stretch = context;
    stretch->training->squares[block] = (is_float(stretch->training) ? vector_square_sum_f32 : vector_square_sum_f64)(
        stretch->offset + begin, stretch->offset + end, stretch->training->gradient);
}

static void scale_block(void *context, size_t block, size_t begin, size_t end)
{
    const Stretch *stretch = context;
    (void)block;
    (is_float(stretch->training) ? vector_scale_f32 : vector_scale_f64)(stretch->offset + begin, stretch->offset + end,
                                                                        stretch->training->gradient, stretch->factor);
}

/* ‖g‖² of elements of the gradient */
static double square_of(Training *training, size_t offset, size_t count)
{
    Stretch stretch = {training, offset, 1};
    double square = 0;
    blocks_run(training->team, count, square_block, &stretch);
    for (size_t b = 0; b < block_count(count); b++)
        square += training->squares[b];
    return square;
}

/* g ← g · min(1, clip_norm / (‖g‖ + ε)), where `square` is ‖g‖² of the part that is clipped as one */
static void scale(Training *training, size_t offset, size_t count, double square)
{
    Stretch stretch = {training, offset, training->options->clip_norm / (sqrt(square) + NORM_EPSILON)};
    if (stretch.factor < 1)
        blocks_run(training->team, count, scale_block, &stretch);
}

/* The squares of each tensor become those of all tensors of its role. */
static void sum_by_role(const Network *network, double *squares)
{
    double sums[TENSOR_ROLES] = {0};
    for (size_t t = 0; t < network->tensor_count; t++)
        sums[network->tensors[t].role] += squares[t];
    for (size_t t = 0; t < network->tensor_count; t++)
        squares[t] = sums[network->tensors[t].role];
}

/* R. Pascanu et al., 2013, algorithm 1 */
static void clip(Training *training)
{
    const Network *network = &training->model->network;
    double *squares = training->tensor_squares;
    if (squares == NULL) {
        scale(training, 0, network->parameter_count, square_of(training, 0, network->parameter_count));
        return;
    }
    for (size_t t = 0; t < network->tensor_count; t++)
        if (network->tensors[t].role != ROLE_STATISTIC)
            squares[t] = square_of(training, network->tensors[t].offset, tensor_size(&network->tensors[t]));
    if (training->options->clip_scope == CLIP_ROLE)
        sum_by_role(network, squares);
    for (size_t t = 0; t < network->tensor_count; t++)
        if (network->tensors[t].role != ROLE_STATISTIC)
            scale(training, network->tensors[t].offset, tensor_size(&network->tensors[t]), squares[t]);
}

/* ---- Gradient, then update --------------------------------------------------------------------------------------- */

/* Adds weight decay where it goes through the gradient, and updates. */
static void update_block(void *context, size_t block, size_t begin, size_t end)
{
    Training *training = context;
    const OptimizerState *optimizer = &training->optimizer;
    const double decay = training->update.weight_decay;
    void *parameters = training->model->parameters;
    size_t from = 0, to = 0;
    (void)block;
    for (size_t g = 0; g < optimizer->group_count && decay != 0; g++) {
        const ParameterGroup *group = &optimizer->groups[g];
        if (group->decay != 0 && group_within(group, begin, end, &from, &to))
            (is_float(training) ? vector_add_f32 : vector_add_f64)(from, to, training->gradient, parameters,
                                                                   decay * group->decay);
    }
    const bool alike = training->update.apply != optimizer_apply_groups;
    (alike ? optimizer->apply : optimizer_apply_groups)(&training->optimizer, begin, end, parameters,
                                                        training->gradient);
}

static void gradient_step(Training *training, const Batch *batch, EngineSums *sums)
{
    find_gradient(training, batch, sums);
    if (training->options->clip_norm > 0)
        clip(training);
    blocks_run(training->team, training->model->network.parameter_count, update_block, training);
    if (training->whole != NULL)
        training->whole->update(training);
}

/* ------------------------------------------------------------------------------------------------------------------ */

void update_parameters(Training *training, const Batch *batch, EngineSums *sums)
{
    if (training->whole != NULL && training->whole->step != NULL)
        training->whole->step(training, batch, sums);
    else if (training->gradient != NULL)
        gradient_step(training, batch, sums);
    else
        engine_step(training->engine, training->model->parameters, batch, &training->update, sums);
    average_after_step(training);
}
