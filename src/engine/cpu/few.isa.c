/* Activations lie in U by example, in plain rows of side->padded. */
#include "engine/cpu/few.h"
#include "data/batch_gather.h"

#include "engine/cpu/last_side.h"
#include "engine/cpu/layer.h"
#include "engine/cpu/small_product.h"

/* FEW_ROWS rows of W times `count` examples, a constant where it is used: sums in each lane over the vectors of a row,
 * then over the lanes, then over the rest of the row. */
static inline __attribute__((always_inline)) void multiply_rows(const real *W, const real *b, size_t inputs,
                                                                const real *A, size_t a_row, size_t count, real *Z,
                                                                size_t z_row)
{
    Vector sum[FEW_ROWS][FEW] = {0};
    size_t k = 0;
    for (; k + LANES <= inputs; k += LANES) {
        UNROLL(4)
        for (size_t i = 0; i < FEW_ROWS; i++) {
            UNROLL(4)
            for (size_t e = 0; e < count; e++)
                sum[i][e] += vector_load(W + i * inputs + k) * vector_load(A + e * a_row + k);
        }
    }
    for (size_t i = 0; i < FEW_ROWS; i++)
        for (size_t e = 0; e < count; e++) {
            real total = b[i];
            for (size_t lane = 0; lane < LANES; lane++)
                total += sum[i][e][lane];
            for (size_t rest = k; rest < inputs; rest++)
                total += W[i * inputs + rest] * A[e * a_row + rest];
            Z[e * z_row + i] = total;
        }
}

/* The same for a last row alone. */
static void multiply_row(const real *W, const real *b, size_t inputs, const real *A, size_t a_row, size_t count,
                         real *Z, size_t z_row)
{
    for (size_t e = 0; e < count; e++) {
        Vector sum = {0};
        real total = *b;
        size_t k = 0;
        for (; k + LANES <= inputs; k += LANES)
            sum += vector_load(W + k) * vector_load(A + e * a_row + k);
        for (size_t lane = 0; lane < LANES; lane++)
            total += sum[lane];
        for (; k < inputs; k++)
            total += W[k] * A[e * a_row + k];
        Z[e * z_row] = total;
    }
}

/* Z of rows first … of layer l, activated where that is elementwise. */
static void few_unit(const Pass *pass, size_t l, size_t first, size_t rows)
{
    const Cpu *cpu = pass->cpu;
    const Layer *layer = &cpu->engine.config.network->layers[l];
    const Side *from = &cpu->sides[l], *to = &cpu->sides[l + 1];
    const bool last = l + 1 == cpu->depth;
    const size_t inputs = layer->inputs, count = pass->batch->count, z_row = last ? to->width : to->padded;
    const real *W = pass->parameters + layer->weights + first * inputs;
    const real *b = pass->parameters + layer->biases + first;
    real *Z = (last ? cpu->output_Z : to->U) + first;
    size_t i = 0;
#define ROWS(n) multiply_rows(W + i * inputs, b + i, inputs, from->U, from->padded, n, Z + i, z_row)
    for (; i + FEW_ROWS <= rows; i += FEW_ROWS)
        count == 1 ? ROWS(1) : count == 2 ? ROWS(2) : count == 3 ? ROWS(3) : ROWS(4);
#undef ROWS
    for (; i < rows; i++)
        multiply_row(W + i * inputs, b + i, inputs, from->U, from->padded, count, Z + i, z_row);
    for (size_t e = 0; e < count && !last && to->f.activation != NULL; e++)
        ISA(activate)(&to->f, rows, Z + e * z_row, Z + e * z_row, NULL);
}

static void gather_few(const Pass *pass, Worker *worker)
{
    const Side *side = &pass->cpu->sides[0];
    size_t list = 0, example = 0;
    Phase phase = phase_begin(worker, &pass->batch->count, 1);
    while (phase_next(&phase, &list, &example))
        ISA(batch_gather)(pass->batch, example, example + 1, side->U + example * side->padded, side->padded);
    phase_end(&phase);
}

static void forward_few(const Pass *pass, Worker *worker, size_t l)
{
    const size_t outputs = pass->cpu->sides[l + 1].width, units = (outputs + UNIT - 1) / UNIT;
    size_t list = 0, unit = 0;
    Phase phase = phase_begin(worker, &units, 1);
    while (phase_next(&phase, &list, &unit))
        few_unit(pass, l, unit * UNIT, smaller(UNIT, outputs - unit * UNIT));
    phase_end(&phase);
}

/* Side l's activation where it needs all units of an example. */
static void activate_few(const Pass *pass, Worker *worker, size_t l)
{
    const Side *side = &pass->cpu->sides[l];
    size_t list = 0, example = 0;
    Phase phase = phase_begin(worker, &pass->batch->count, 1);
    while (phase_next(&phase, &list, &example)) {
        real *row = side->U + example * side->padded;
        activation_of(pass->cpu, l - 1)->forward(1, side->width, row, row);
    }
    phase_end(&phase);
}

/* The outputs by unit, through the same functions as those of longer runs. */
static void finish_few(const Pass *pass)
{
    const Cpu *cpu = pass->cpu;
    const Side *last = &cpu->sides[cpu->depth];
    const size_t count = pass->batch->count;
    ISA(transpose_any)(count, last->width, cpu->output_Z, last->width, last->U, cpu->strip);
    ISA(finish_last_side)(pass, 0, 0, count, cpu->strip, last->U, NULL);
}

void ISA(run_few)(const Pass *pass, Worker *worker)
{
    const size_t depth = pass->cpu->depth, one = 1;
    size_t list = 0, whole = 0;
    gather_few(pass, worker);
    for (size_t l = 0; l < depth; l++) {
        forward_few(pass, worker, l);
        if (l + 1 < depth && pass->cpu->sides[l + 1].f.activation == NULL)
            activate_few(pass, worker, l + 1);
    }
    Phase phase = phase_begin(worker, &one, 1);
    while (phase_next(&phase, &list, &whole))
        finish_few(pass);
    phase_end(&phase);
}
