#include "check/probe.h"
#include "base/real.h"

#if PERCEPT_REAL != F32

#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "engine/reference/reference.h"
#include "nn/activation.h"

/* Columns of doubles that a lane takes in a product with a real matrix. */
#if PERCEPT_REAL == C128
enum { PARTS = 2 };
#else
enum { PARTS = 1 };
#endif

static const REAL(Activation) * activation_of(const REAL(Probe) * probe, size_t l)
{
    return REAL(activation_at)(probe->network->layers[l].activation);
}

/* ---- The pass that is kept ---------------------------------------------------------------------------------------- */

/* The reference engine's pass, which stays in the engine. */
static percept_status pass(REAL(Probe) * probe, const Batch *batch, percept_error *error)
{
    const Network *network = probe->network;
    real *parameters = NULL; /* in this precision */
    percept_status status =
        memory_allocate(network->value_count, sizeof *parameters, "the parameters", &parameters, error);
    for (size_t p = 0; p < network->value_count && status == PERCEPT_OK; p++)
        parameters[p] = probe->parameters[p];
    if (status == PERCEPT_OK)
        status = REAL(reference_pass)(network, parameters, batch, &probe->engine, error);
    memory_free(parameters);
    for (size_t l = 0; l < network->depth && status == PERCEPT_OK; l++) {
        const REAL(ReferenceLayer) layer = REAL(reference_layer)(probe->engine, l);
        probe->A[l] = layer.X;
        probe->Z[l + 1] = layer.Z;
        probe->A[l + 1] = layer.A;
    }
    return status;
}

static percept_status allocate(REAL(Probe) * probe, percept_error *error)
{
    const Network *network = probe->network;
    const size_t n = probe->count, depth = network->depth, outputs = network_outputs(network);
    percept_status status = /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
        memory_allocate_zeroed(depth + 1, sizeof *probe->Z, "the layers", &probe->Z, error);
    if (status == PERCEPT_OK) /* NOLINTNEXTLINE(bugprone-sizeof-expression) */
        status = memory_allocate_zeroed(depth + 1, sizeof *probe->A, "the layers", &probe->A, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(n, sizeof(real), "losses", &probe->losses, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(n, sizeof *probe->weights, "weights", &probe->weights, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(n, sizeof *probe->answers.labels, "labels", &probe->answers.labels, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(n, outputs * sizeof(real), "targets", &probe->answers.targets, error);
    return status;
}

/* Exactly one kind of answer stays. */
static void gather_answers(REAL(Probe) * probe, const Batch *batch)
{
    real *targets = (real *)probe->answers.targets;
    int32_t *labels = (int32_t *)probe->answers.labels;
    probe->answers.smoothing = probe->network->label_smoothing;
    probe->weight = batch_total_weight(batch, NULL);
    for (size_t e = 0; e < probe->count; e++)
        probe->weights[e] = batch_weight(batch, NULL, e);
    if (batch_has_targets(batch)) {
        probe->answers.levels = network_levels(probe->network, 0);
        REAL(batch_targets_of)(batch, network_outputs(probe->network), 0, probe->count, targets);
        memory_free(labels);
        probe->answers.labels = NULL;
    } else {
        batch_labels(batch, 0, probe->count, labels);
        memory_free(targets);
        probe->answers.targets = NULL;
    }
}

percept_status REAL(probe_create)(const Network *network, const double *parameters, const Batch *batch,
                                  REAL(Probe) * out, percept_error *error)
{
    REAL(Probe) probe = {.network = network, .parameters = parameters, .count = batch->count};
    percept_status status = allocate(&probe, error);
    if (status == PERCEPT_OK)
        status = pass(&probe, batch, error);
    if (status != PERCEPT_OK) {
        REAL(probe_clear)(&probe);
        return status;
    }
    gather_answers(&probe, batch);
    REAL(loss_at)
    (network->loss)
        ->forward(probe.count, network_outputs(network), probe.Z[network->depth], probe.A[network->depth],
                  probe.answers, probe.losses);
    *out = probe;
    return PERCEPT_OK;
}

void REAL(probe_clear)(REAL(Probe) * probe)
{
    engine_free(probe->engine);
    memory_free(probe->Z);
    memory_free(probe->A);
    memory_free(probe->losses);
    memory_free(probe->weights);
    memory_free((void *)probe->answers.labels);
    memory_free((void *)probe->answers.targets);
    memset(probe, 0, sizeof *probe);
}

/* ---- Following changes -------------------------------------------------------------------------------------------- */

percept_status REAL(probe_space_create)(const REAL(Probe) * probe, REAL(ProbeSpace) * out, percept_error *error)
{
    const size_t widest = network_widest(probe->network), size = PROBE_LANES * sizeof(real);
    REAL(ProbeSpace) space = {.Z = NULL};
    percept_status status = memory_allocate_zeroed(widest, size, "room to follow changes", &space.Z, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(widest, size, "room to follow changes", &space.A, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(widest, size, "room to follow changes", &space.rows_Z, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(widest, size, "room to follow changes", &space.rows_A, error);
    if (status == PERCEPT_OK && probe->answers.targets != NULL)
        status =
            memory_allocate(network_outputs(probe->network), size, "room to follow changes", &space.targets, error);
    if (status == PERCEPT_OK)
        *out = space;
    else
        REAL(probe_space_clear)(&space);
    return status;
}

void REAL(probe_space_clear)(REAL(ProbeSpace) * space)
{
    memory_free(space->Z);
    memory_free(space->A);
    memory_free(space->rows_Z);
    memory_free(space->rows_A);
    memory_free(space->targets);
    memset(space, 0, sizeof *space);
}

/* One example's answer for each lane. */
static REAL(Answers) repeat_answer(const REAL(Probe) * probe, REAL(ProbeSpace) * space, size_t example)
{
    const size_t outputs = network_outputs(probe->network);
    REAL(Answers) answers = probe->answers;
    for (size_t b = 0; b < PROBE_LANES && answers.labels != NULL; b++)
        space->labels[b] = answers.labels[example];
    for (size_t b = 0; b < PROBE_LANES && answers.targets != NULL; b++)
        memcpy(space->targets + b * outputs, answers.targets + example * outputs, outputs * sizeof(real));
    answers.labels = answers.labels != NULL ? space->labels : NULL;
    answers.targets = space->targets;
    return answers;
}

/* The losses of logits rows_Z (count × outputs). */
static void finish(const REAL(Probe) * probe, REAL(ProbeSpace) * space, size_t example, size_t count, real *losses)
{
    const size_t last = probe->network->depth - 1, outputs = network_outputs(probe->network);
    activation_of(probe, last)->forward(count, outputs, space->rows_Z, space->rows_A);
    REAL(loss_at)
    (probe->network->loss)
        ->forward(count, outputs, space->rows_Z, space->rows_A, repeat_answer(probe, space, example), losses);
}

/* rows (PROBE_LANES × units) from a block (units × PROBE_LANES), and back */
static void to_rows(size_t units, const real *block, real *rows)
{
    for (size_t k = 0; k < units; k++)
        for (size_t b = 0; b < PROBE_LANES; b++)
            rows[b * units + k] = block[k * PROBE_LANES + b];
}

static void from_rows(size_t units, const real *rows, real *block)
{
    for (size_t b = 0; b < PROBE_LANES; b++)
        for (size_t k = 0; k < units; k++)
            block[k * PROBE_LANES + b] = rows[b * units + k];
}

/* space->A = f(space->Z) for layer l */
static void activate(const REAL(Probe) * probe, REAL(ProbeSpace) * space, size_t l)
{
    const REAL(Activation) *f = activation_of(probe, l);
    const size_t units = probe->network->layers[l].outputs;
    if (f->elementwise) {
        f->forward(1, units * PROBE_LANES, space->Z, space->A);
        return;
    }
    to_rows(units, space->Z, space->rows_Z);
    f->forward(PROBE_LANES, units, space->rows_Z, space->rows_A);
    from_rows(units, space->rows_A, space->A);
}

/* Z (out × PROBE_LANES) = W (out × in) · A (in × PROBE_LANES) + b. W is real, so that a complex number is two columns of the
 * product. */
static void product(const Layer *layer, const double *parameters, const real *A, real *Z)
{
    enum { COLUMNS = PROBE_LANES * PARTS };
    const double *W = parameters + layer->weights, *biases = parameters + layer->biases;
    for (size_t o = 0; o < layer->outputs; o++, W += layer->inputs) {
        const double *column = (const double *)A;
        double sums[COLUMNS] = {0};
        for (size_t k = 0; k < layer->inputs; k++, column += COLUMNS) {
            const double w = W[k];
            for (size_t c = 0; c < COLUMNS; c++)
                sums[c] += w * column[c];
        }
        memcpy(Z + o * PROBE_LANES, sums, sizeof sums);
        for (size_t b = 0; b < PROBE_LANES; b++)
            Z[o * PROBE_LANES + b] += biases[o];
    }
}

/* From the weighted sums of layer l in space->Z to the losses. */
static void follow(const REAL(Probe) * probe, REAL(ProbeSpace) * space, size_t example, size_t l, size_t count,
                   real *losses)
{
    for (; l + 1 < probe->network->depth; l++) {
        activate(probe, space, l);
        product(&probe->network->layers[l + 1], probe->parameters, space->A, space->Z);
    }
    to_rows(network_outputs(probe->network), space->Z, space->rows_Z);
    finish(probe, space, example, count, losses);
}

/* Where the inputs of layer l change by changes[b] in one place, first (+ b with `along`): the rank-one change
 * Z = Z of the kept pass + W[:,first] · changes, and on from there. */
static void spread(const REAL(Probe) * probe, REAL(ProbeSpace) * space, size_t example, size_t l, size_t first,
                   bool along, const real *changes, size_t count, real *losses)
{
    const Layer *layer = &probe->network->layers[l];
    const double *W = probe->parameters + layer->weights + first;
    const real *kept = probe->Z[l + 1] + example * layer->outputs;
    for (size_t k = 0; k < layer->outputs; k++, W += layer->inputs)
        for (size_t b = 0; b < PROBE_LANES; b++)
            space->Z[k * PROBE_LANES + b] = b < count ? kept[k] + W[along ? b : 0] * changes[b] : kept[k];
    follow(probe, space, example, l, count, losses);
}

/* Rows of weighted sums of layer l in which one unit's is moved: rows_Z (count × units). */
static void move_in_rows(const REAL(Probe) * probe, REAL(ProbeSpace) * space, size_t example, size_t l, size_t o,
                         const real *moves, size_t count)
{
    const size_t units = probe->network->layers[l].outputs;
    const real *kept = probe->Z[l + 1] + example * units;
    for (size_t b = 0; b < count; b++) {
        memcpy(space->rows_Z + b * units, kept, units * sizeof(real));
        space->rows_Z[b * units + o] = kept[o] + moves[b];
    }
}

static bool all_zero(const real *values, size_t count)
{
    for (size_t b = 0; b < count; b++)
        if (values[b] != 0)
            return false;
    return true;
}

void REAL(probe_unit)(const REAL(Probe) * probe, REAL(ProbeSpace) * space, size_t example, size_t l, size_t o,
                      const real *moves, size_t count, real *losses)
{
    const REAL(Activation) *f = activation_of(probe, l);
    const size_t units = probe->network->layers[l].outputs, at = example * units + o;
    real changes[PROBE_LANES];
    if (l + 1 == probe->network->depth) {
        move_in_rows(probe, space, example, l, o, moves, count);
        finish(probe, space, example, count, losses);
    } else if (f->elementwise) {
        for (size_t b = 0; b < count; b++)
            changes[b] = probe->Z[l + 1][at] + moves[b];
        f->forward(1, count, changes, changes);
        for (size_t b = 0; b < count; b++)
            changes[b] -= probe->A[l + 1][at];
        if (!all_zero(changes, count))
            spread(probe, space, example, l + 1, o, false, changes, count, losses);
        else
            for (size_t b = 0; b < count; b++)
                losses[b] = probe->losses[example];
    } else {
        move_in_rows(probe, space, example, l, o, moves, count);
        f->forward(count, units, space->rows_Z, space->rows_A);
        from_rows(units, space->rows_A, space->A);
        product(&probe->network->layers[l + 1], probe->parameters, space->A, space->Z);
        follow(probe, space, example, l + 1, count, losses);
    }
}

void REAL(probe_inputs)(const REAL(Probe) * probe, REAL(ProbeSpace) * space, size_t example, size_t first, real move,
                        size_t count, real *losses)
{
    real changes[PROBE_LANES];
    for (size_t b = 0; b < count; b++)
        changes[b] = move;
    spread(probe, space, example, 0, first, true, changes, count, losses);
}

#endif
