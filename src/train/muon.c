#include "train/muon.h"

#include <math.h>

#include "base/memory.h"
#include "train/matrix.h"

#define STEPS 5
#define NORM_EPSILON 1e-7

/* Multiply-adds of a product that is not worth waking the team. */
#define SOLO_WORK ((size_t)1 << 16)

typedef struct Muon {
    MatrixKernels kernels;
    void *X, *Y;     /* rows × columns of the largest tensor, rows ≤ columns */
    void *A, *B;     /* rows × rows: XXᵀ, and b A + c AA */
    double *squares; /* of the rows of X */
} Muon;

/* The weights of dense layers that are neither first nor last. */
static bool takes(const Network *network, const NetworkTensor *tensor)
{
    return tensor->role == ROLE_WEIGHT && !tensor->of_stage && tensor->side > 1 && tensor->side < network->depth;
}

static percept_status check(const TrainingOptions *options, const Network *network, size_t examples,
                            percept_error *error)
{
    (void)options, (void)examples;
    if (network->depth > 2)
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_ARGUMENT,
                     "train.optimizer muon is for the weights between hidden layers, of which this network has none; "
                     "add a hidden layer, or choose adamw");
}

static size_t least(const NetworkTensor *tensor)
{
    return tensor->rows < tensor->columns ? tensor->rows : tensor->columns;
}

static size_t most(const NetworkTensor *tensor)
{
    return tensor->rows > tensor->columns ? tensor->rows : tensor->columns;
}

static percept_status prepare(Training *training, percept_error *error)
{
    const Network *network = &training->model->network;
    const size_t size = model_real_size(training->model);
    size_t isa = 0, rows = 0, elements = 0;
    Muon *muon = NULL;
    percept_status status = isa_select(&isa, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(1, sizeof *muon, "the optimizer's matrices", &muon, error);
    if (status != PERCEPT_OK)
        return status;
    training->whole_state = muon;
    muon->kernels = matrix_kernels(isa, size == sizeof(float));
    for (size_t t = 0; t < network->tensor_count; t++) {
        const NetworkTensor *tensor = &network->tensors[t];
        if (!takes(network, tensor))
            continue;
        rows = least(tensor) > rows ? least(tensor) : rows;
        elements = tensor_size(tensor) > elements ? tensor_size(tensor) : elements;
    }
    status = memory_allocate(elements, size, "the optimizer's matrices", &muon->X, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(elements, size, "the optimizer's matrices", &muon->Y, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(rows * rows, size, "the optimizer's matrices", &muon->A, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(rows * rows, size, "the optimizer's matrices", &muon->B, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(rows, sizeof *muon->squares, "the optimizer's matrices", &muon->squares, error);
    return status;
}

static void clear(Training *training)
{
    Muon *muon = training->whole_state;
    memory_free(muon->X);
    memory_free(muon->Y);
    memory_free(muon->A);
    memory_free(muon->B);
    memory_free(muon->squares);
    memory_free(muon);
}

/* ---- One tensor ---------------------------------------------------------------------------------------------------- */

typedef struct MuonWork {
    Muon *muon;
    MuonTensor tensor;
    bool single_precision;
} MuonWork;

/* No rank goes on before all are here; alone there is no team. */
static void wait_for_all(Team *team, size_t rank)
{
    if (team != NULL)
        team_barrier(team, rank);
}

/* Bands are dealt out in turn: those of a symmetric product grow shorter. */
static void make_product(MatrixKernel *kernel, const MatrixProduct *product, Team *team, size_t rank)
{
    const size_t ranks = team != NULL ? team_size(team) : 1;
    for (size_t band = rank; band < matrix_bands(product->rows); band += ranks)
        kernel(product, band);
    wait_for_all(team, rank);
}

/* X₀, by rows; the squares are summed in the order of the rows by every rank. */
static void begin(const MuonWork *work, Team *team, size_t rank, size_t first, size_t end)
{
    const MuonTensor *tensor = &work->tensor;
    double square = 0;
    for (size_t row = first; row < end; row++)
        work->muon->squares[row] =
            (work->single_precision ? muon_direction_f32 : muon_direction_f64)(tensor, row, work->muon->X);
    wait_for_all(team, rank);
    for (size_t row = 0; row < tensor->rows; row++)
        square += work->muon->squares[row];
    const double factor = 1 / (sqrt(square) + NORM_EPSILON);
    for (size_t row = first; row < end; row++)
        (work->single_precision ? muon_scale_f32 : muon_scale_f64)(tensor, row, work->muon->X, factor);
    wait_for_all(team, rank);
}

/* X ← a X + (b A + c AA) X, A = XXᵀ; returns where the last X is. */
static const void *orthogonalize(const MuonWork *work, Team *team, size_t rank)
{
    static const double a = 3.4445, b = -4.7750, c = 2.0315;
    const Muon *muon = work->muon;
    const size_t rows = work->tensor.rows, columns = work->tensor.columns;
    void *X = muon->X, *next = muon->Y;
    for (int step = 0; step < STEPS; step++) {
        const MatrixProduct products[] = {
            {.rows = rows, .depth = columns, .A = X, .C = muon->A, .beta = 1},
            {.rows = rows, .depth = rows, .A = muon->A, .D = muon->A, .C = muon->B, .alpha = b, .beta = c},
            {.rows = rows,
             .columns = columns,
             .depth = rows,
             .A = muon->B,
             .B = X,
             .D = X,
             .C = next,
             .alpha = a,
             .beta = 1},
        };
        make_product(muon->kernels.gram, &products[0], team, rank);
        make_product(muon->kernels.gram, &products[1], team, rank);
        make_product(muon->kernels.multiply, &products[2], team, rank);
        void *last = X;
        X = next;
        next = last;
    }
    return X;
}

static void update_share(void *context, Team *team, size_t rank)
{
    const MuonWork *work = context;
    size_t end = work->tensor.rows;
    const size_t first = team != NULL ? team_share(team, rank, work->tensor.rows, &end) : 0;
    begin(work, team, rank, first, end);
    const void *X = orthogonalize(work, team, rank);
    for (size_t row = first; row < end; row++)
        (work->single_precision ? muon_move_f32 : muon_move_f64)(&work->tensor, row, X);
}

static MuonTensor tensor_of(Training *training, const NetworkTensor *tensor, const ParameterGroup *group)
{
    const OptimizerState *optimizer = &training->optimizer;
    const size_t offset = tensor->offset * model_real_size(training->model);
    const double rate = optimizer->learning_rate * group->rate;
    const double ratio = (double)tensor->rows / (double)tensor->columns;
    return (MuonTensor){.rows = least(tensor),
                        .columns = most(tensor),
                        .transposed = tensor->rows > tensor->columns,
                        .W = (char *)training->model->parameters + offset,
                        .M = (char *)optimizer->slots[0] + offset,
                        .G = (const char *)training->gradient + offset,
                        .momentum = optimizer->options.momentum,
                        .nesterov = optimizer->options.nesterov,
                        .rate = rate * sqrt(ratio > 1 ? ratio : 1),
                        .kept = 1 - rate * optimizer->options.weight_decay * group->decay};
}

static const ParameterGroup *group_of(const OptimizerState *optimizer, const NetworkTensor *tensor)
{
    size_t g = 0;
    while (optimizer->groups[g].end <= tensor->offset)
        g++;
    return &optimizer->groups[g];
}

static void update(Training *training)
{
    const Network *network = &training->model->network;
    for (size_t t = 0; t < network->tensor_count; t++) {
        const NetworkTensor *tensor = &network->tensors[t];
        if (!takes(network, tensor))
            continue;
        MuonWork work = {training->whole_state, tensor_of(training, tensor, group_of(&training->optimizer, tensor)),
                         training->model->precision == PERCEPT_FLOAT32};
        if (least(tensor) * tensor_size(tensor) < SOLO_WORK)
            update_share(&work, NULL, 0);
        else
            team_run(training->team, update_share, &work);
    }
}

const WholeOptimizer whole_muon = {
    .name = "muon", .takes = takes, .check = check, .prepare = prepare, .clear = clear, .update = update};
