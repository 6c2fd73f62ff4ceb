/* How a layer's three products are cut, and why. n examples; W (out × in) is row-major and never copied as a whole.
 *
 * Assumptions: each core has a first-level cache of at least 32 KiB and a second-level cache of at least 1 MiB. Memory
 * behind them (or a cache shared by cores) is too slow to compute from. A tile of C stays in registers. The strip of B
 * for this tile streams from the second-level cache. Weights come from memory once in each product, and most of the
 * loss of speed occurs there. So a rank works on the same rows of W in every product and step, as far as the products
 * allow, and prefetches what it needs next (Fetch).
 *
 *   forward          Z (out × n) = W (out × in) · A (in × n)
 *     A unit is UNIT rows of W for up to UNIT_STRIPS strips of examples: its rows of W come once and meet all these
 *     strips, which stay in the second-level cache. Activations are by unit, so both the strip and the tile of Z are
 *     contiguous. What the weight gradient wants is transposed in registers while the tile is warm: the batch is smaller
 *     than the weights, so it is activations that are turned, not W.
 *
 *   input gradient   dAᵀ (in × n) = Wᵀ (in × out) · dZᵀ (out × n)
 *     The same with columns for rows: a unit is UNIT columns of W, about a cache line wide. They are packed first, in
 *     pieces of COLUMN_DEPTH: their lines lie `in` elements apart, which for powers of two would all fall into a few sets
 *     of the cache.
 *
 *   weight gradient  dW (out × in) = dZᵀ (out × n) · A (n × in)
 *     A unit is UNIT × WEIGHT_COLUMNS of W, as many rows as in forward. With plain descent dZ is scaled by -η/n from the
 *     start and the product adds into the weights themselves. For any other update the unit's gradient is made aside, in
 *     16 × 384 elements that stay in the cache, and used up at once: there is no vector of gradients.
 *
 * Products of bfloat16 are cut in the same way (bf16_layer.bf16.c). Calls of small networks and predictions of a few examples
 * go other ways (small.h, few.h). */
#include "engine/cpu/layer.h"

#include <stdint.h>
#include <string.h>

#include "engine/cpu/side_rows.h"
#include "engine/cpu/transpose.h"

#define CACHE_LINE 64

/* ---- Forward ----------------------------------------------------------------------------------------------------- */

/* Copies activations of side l, units first_row … of one strip of examples, from U to A. */
static void keep_by_example(const Pass *pass, size_t l, size_t first_row, size_t rows, size_t strip)
{
    const Cpu *cpu = pass->cpu;
    ISA(transpose)
    (round_up(rows, LANES), strip_width(pass, strip), at_unit(cpu, l, cpu->sides[l].U, strip, first_row), cpu->strip,
     at_example(cpu, cpu->sides[l].A, strip * cpu->strip, first_row), STRIP);
}

void ISA(finish_forward)(const Pass *pass, size_t layer, size_t first_row, size_t rows, size_t strip)
{
    const Cpu *cpu = pass->cpu;
    const size_t l = layer + 1;
    const Side *side = &cpu->sides[l];
    if (l == cpu->depth || side->staged)
        return;
    real *U = at_unit(cpu, l, side->U, strip, first_row);
    real *D = pass->backward && side->D != NULL ? at_unit(cpu, l, side->D, strip, first_row) : NULL;
    if (side->f.activation == NULL) {
        if (D != NULL)
            memcpy(D, U, rows * cpu->strip * sizeof(real));
        return;
    }
    ISA(activate)(&side->f, rows * cpu->strip, U, U, D);
    if (drops(pass, l))
        ISA(drop_unit)(pass, l, first_row, rows, strip);
    if (side->A != NULL)
        keep_by_example(pass, l, first_row, rows, strip);
}

Fetch ISA(next_rows)(const Layer *layer, const real *W, size_t row)
{
    const size_t bytes = smaller(UNIT, layer->outputs - row) * layer->inputs * sizeof(real);
    return (Fetch){(const char *)(W + row * layer->inputs), CACHE_LINE, bytes / CACHE_LINE};
}

static void forward_product(const Pass *pass, size_t l, size_t first_row, size_t rows, size_t first, size_t end)
{
    const Cpu *cpu = pass->cpu;
    const Layer *layer = layer_at(pass, l);
    const real *W = pass->parameters + layer->weights, *b = pass->parameters + layer->biases;
    const size_t block = depth_block(layer->inputs, DEPTH_BLOCK);
    Product p = {.a_row = layer->inputs, .a_step = 1, .segment = UNBROKEN, .b_step = cpu->strip, .c_row = cpu->strip};
    Fetch next = ISA(next_rows)(layer, W, first_row + rows);
    p.fetch = &next;
    for (size_t k = 0; k < layer->inputs; k += block) {
        p.depth = smaller(block, layer->inputs - k);
        p.add = k > 0;
        p.A = W + first_row * layer->inputs + k;
        p.bias = k == 0 ? b + first_row : NULL;
        for (size_t strip = first; strip < end; strip++) {
            p.B = at_unit(cpu, l, cpu->sides[l].U, strip, k);
            p.C = at_raw_unit(cpu, l + 1, cpu->sides[l + 1].P, strip, first_row);
            ISA(multiply)(&p, rows, strip_width(pass, strip));
            if (k + p.depth == layer->inputs)
                ISA(finish_forward)(pass, l, first_row, rows, strip);
        }
    }
}

/* ---- Input gradient ---------------------------------------------------------------------------------------------- */

/* packed (count × UNIT) = columns first … of rows k … of W. */
static void pack_columns(const Layer *layer, const real *W, size_t k, size_t count, size_t first, real *packed)
{
    const size_t width = smaller(UNIT, layer->inputs - first);
    const real *from = W + k * layer->inputs + first;
    for (size_t i = 0; i < count; i++, from += layer->inputs, packed += UNIT) {
        if (width == UNIT)
            for (size_t j = 0; j < UNIT; j += LANES)
                vector_store(packed + j, vector_load(from + j));
        else
            memcpy(packed, from, width * sizeof(real));
    }
}

Fetch ISA(next_columns)(const Layer *layer, const real *W, size_t k, size_t block, size_t first)
{
    const size_t step = layer->inputs * sizeof(real);
    if (k < layer->outputs)
        return (Fetch){(const char *)(W + k * layer->inputs + first), step, smaller(block, layer->outputs - k)};
    if (first + UNIT < layer->inputs)
        return (Fetch){(const char *)(W + first + UNIT), step, smaller(block, layer->outputs)};
    return (Fetch){0};
}

/* dA to dZ on side l, units first_row … of a strip, in place. */
static void differentiate_unit(const Pass *pass, size_t l, size_t first_row, size_t rows, size_t strip)
{
    const Cpu *cpu = pass->cpu;
    const Side *side = &cpu->sides[l];
    real *dZ = at_unit(cpu, l, side->dZ, strip, first_row);
    const real *A = at_unit(cpu, l, drops(pass, l) ? side->T : side->U, strip, first_row);
    const real *D = side->D != NULL ? at_unit(cpu, l, side->D, strip, first_row) : NULL;
    const real *mask = drops(pass, l) ? at_unit(cpu, l, side->mask, strip, first_row) : NULL;
    if (side->f.activation != NULL)
        ISA(differentiate)(&side->f, rows * cpu->strip, A, D, mask, dZ);
}

/* A strip of the gradient with respect to the features, by unit aside, goes to its rows. */
static void leave_input_gradient(const Pass *pass, size_t first_row, size_t rows, size_t strip, const real *aside)
{
    const size_t inputs = layer_at(pass, 0)->inputs, first = strip * pass->cpu->strip;
    real *to = pass->input_gradient + first * inputs + first_row;
    for (size_t i = 0; i < smaller(pass->cpu->strip, pass->batch->count - first); i++, to += inputs)
        for (size_t j = 0; j < rows; j++)
            to[j] = aside[j * pass->cpu->strip + i];
}

void ISA(finish_input_gradient)(const Pass *pass, size_t l, size_t first_row, size_t rows, size_t strip, const real *C)
{
    if (pass->cpu->sides[l].staged)
        return;
    if (l == 0)
        leave_input_gradient(pass, first_row, rows, strip, C);
    else
        differentiate_unit(pass, l, first_row, rows, strip);
}

static void input_gradient_product(const Pass *pass, const Worker *worker, size_t l, size_t first_row, size_t rows,
                                   size_t first, size_t end)
{
    const Cpu *cpu = pass->cpu;
    const Layer *layer = layer_at(pass, l);
    const size_t block = depth_block(layer->outputs, COLUMN_DEPTH);
    const real *W = pass->parameters + layer->weights;
    real *packed = scratch_of(cpu, worker), *aside = packed + smaller(block, layer->outputs) * UNIT;
    Product p = {
        .A = packed, .a_row = 1, .a_step = UNIT, .segment = UNBROKEN, .b_step = cpu->strip, .c_row = cpu->strip};
    for (size_t k = 0; k < layer->outputs; k += block) {
        Fetch next = ISA(next_columns)(layer, W, k + block, block, first_row);
        p.depth = smaller(block, layer->outputs - k);
        p.add = k > 0;
        pack_columns(layer, W, k, p.depth, first_row, packed);
        p.fetch = &next;
        for (size_t strip = first; strip < end; strip++) {
            p.B = at_raw_unit(cpu, l + 1, cpu->sides[l + 1].dZ, strip, k);
            p.C = cpu->sides[l].dA == NULL ? aside + (strip - first) * UNIT * cpu->strip
                                           : at_unit(cpu, l, cpu->sides[l].dA, strip, first_row);
            ISA(multiply)(&p, rows, strip_width(pass, strip));
            if (k + p.depth == layer->outputs)
                ISA(finish_input_gradient)(pass, l, first_row, rows, strip, p.C);
        }
    }
}

/* ---- Weight gradient --------------------------------------------------------------------------------------------- */

static size_t weight_column_groups(const Layer *layer)
{
    return (layer->inputs + WEIGHT_COLUMNS - 1) / WEIGHT_COLUMNS;
}

size_t ISA(weight_units)(const Layer *layer)
{
    return (layer->outputs + UNIT - 1) / UNIT * weight_column_groups(layer);
}

static WeightUnit weight_unit(const Pass *pass, size_t l, size_t unit)
{
    const Layer *layer = &pass->cpu->engine.config.network->layers[l];
    WeightUnit u = {.layer = layer};
    u.first_row = unit / weight_column_groups(layer) * UNIT;
    u.first = unit % weight_column_groups(layer) * WEIGHT_COLUMNS;
    u.rows = smaller(UNIT, layer->outputs - u.first_row);
    u.width = smaller(WEIGHT_COLUMNS, layer->inputs - u.first);
    u.plain = is_plain(pass);
    u.penalty = weight_factors(pass, layer);
    return u;
}

/* db = Σ_i dZ_i: sums in each lane over the vectors of examples in turn, then over the lanes. */
static void bias_gradient(const Pass *pass, size_t l, const WeightUnit *u)
{
    const Cpu *cpu = pass->cpu;
    for (size_t j = 0; j < u->rows; j++) {
        Vector sum = {0};
        real total = 0;
        for (size_t strip = 0; strip < pass->strips; strip++) {
            const real *dZ = at_raw_unit(cpu, l + 1, cpu->sides[l + 1].dZ, strip, u->first_row + j);
            for (size_t i = 0; i < strip_width(pass, strip); i += LANES)
                sum += vector_load(dZ + i);
        }
        for (size_t lane = 0; lane < LANES; lane++)
            total += sum[lane];
        u->biases[j] = u->plain ? u->biases[j] + total : total;
    }
}

/* dW += sign W · l1 + W · l2; in plain descent the weights are changed themselves. */
static void add_penalty(const Pass *pass, const WeightUnit *u)
{
    const real *W = pass->parameters + u->layer->weights + u->first_row * u->layer->inputs + u->first;
    ISA(penalty_add)(W, u->layer->inputs, u->rows, u->width, u->penalty.l1, u->penalty.l2, u->target, u->stride);
}

/* Most inputs of a layer whose rows of dW would not fill half a register: each of their sums goes over the examples in
 * lanes. */
#define NARROW (LANES < 16 ? LANES / 2 : 8)

static void multiply_narrow_unit(const Pass *pass, size_t l, const WeightUnit *u, real gamma)
{
    const Cpu *cpu = pass->cpu;
    const size_t inputs = u->layer->inputs;
    real *C = u->target;
    for (size_t i = 0; i < u->rows; i++) {
        Vector sum[NARROW] = {0};
        for (size_t strip = 0; strip < pass->strips; strip++) {
            const real *dZ = at_raw_unit(cpu, l + 1, cpu->sides[l + 1].dZ, strip, u->first_row + i);
            const real *A = at_unit(cpu, l, cpu->sides[l].U, strip, 0);
            for (size_t k = 0; k < strip_width(pass, strip); k += LANES)
                for (size_t j = 0; j < inputs; j++)
                    sum[j] += vector_load(dZ + k) * vector_load(A + j * cpu->strip + k);
        }
        for (size_t j = 0; j < inputs; j++, C++) {
            real total = 0;
            for (size_t lane = 0; lane < LANES; lane++)
                total += sum[j][lane];
            *C = u->plain ? *C + (gamma * *C + total) : total;
        }
    }
}

static void weight_gradient_product(const Pass *pass, size_t l, const WeightUnit *u, real gamma)
{
    const Cpu *cpu = pass->cpu;
    const size_t n = pass->batch->count, block = depth_block(n, DEPTH_BLOCK);
    /* dZ lies by unit: after a strip of a unit's examples come those of the next unit. */
    Product p = {.a_row = cpu->strip, .a_step = 1, .segment = cpu->strip, .b_step = STRIP, .c_row = u->stride};
    p.jump = (cpu->sides[l + 1].raw_padded - 1) * cpu->strip;
    for (size_t k = 0; k < n; k += block) {
        p.depth = smaller(block, n - k);
        p.lead = k % cpu->strip;
        p.A = at_raw_unit(cpu, l + 1, cpu->sides[l + 1].dZ, k / cpu->strip, u->first_row) + p.lead;
        p.add = u->plain || k > 0;
        p.gamma = k == 0 ? gamma : 0;
        for (size_t j = u->first; j < u->first + u->width; j += STRIP) {
            p.B = at_example(cpu, cpu->sides[l].A, k, j);
            p.C = u->target + (j - u->first);
            ISA(multiply)(&p, u->rows, smaller(STRIP, u->first + u->width - j));
        }
    }
}

/* The address of element 0 of a gradient whose element `begin` is the first of a piece. It is never read and need not
 * lie in the same memory, so it cannot be computed by pointer arithmetic. */
static const void *beginning(const real *piece, size_t begin)
{
    /* NOLINTNEXTLINE(performance-no-int-to-ptr): as said */
    return (const void *)((uintptr_t)piece - begin * sizeof(real));
}

/* Hands the unit's finished ranges to the update, while they are in the cache. */
static void apply(const Pass *pass, const WeightUnit *u)
{
    const EngineUpdate *update = pass->update;
    const size_t inputs = u->layer->inputs, first = u->layer->weights + u->first_row * inputs + u->first;
    const bool whole_rows = u->width == inputs;
    for (size_t i = 0; i < (whole_rows ? 1 : u->rows); i++) {
        const size_t begin = first + i * inputs, count = (whole_rows ? u->rows : 1) * u->width;
        update->apply(update->state, begin, begin + count, pass->updated, beginning(u->target + i * u->stride, begin));
    }
    if (u->first == 0) {
        const size_t begin = u->layer->biases + u->first_row;
        update->apply(update->state, begin, begin + u->rows, pass->updated, beginning(u->biases, begin));
    }
}

double ISA(penalty_unit)(const Pass *pass, size_t l, size_t unit)
{
    const WeightUnit u = weight_unit(pass, l, unit);
    return ISA(penalty_value)(pass->parameters + u.layer->weights + u.first_row * u.layer->inputs + u.first, u.rows,
                              u.width, u.layer->inputs, u.layer->l1, u.layer->l2);
}

/* Where the unit's gradient goes. */
static void find_target(const Pass *pass, const Worker *worker, WeightUnit *u)
{
    if (pass->update != NULL && !u->plain) {
        u->target = scratch_of(pass->cpu, worker);
        u->stride = u->width;
        u->biases = u->target + UNIT * WEIGHT_COLUMNS;
        return;
    }
    real *all = u->plain ? pass->updated : pass->gradient;
    u->target = all + u->layer->weights + u->first_row * u->layer->inputs + u->first;
    u->stride = u->layer->inputs;
    u->biases = all + u->layer->biases + u->first_row;
}

void ISA(weight_gradient_unit)(const Pass *pass, const Worker *worker, size_t l, size_t unit)
{
    WeightUnit u = weight_unit(pass, l, unit);
    find_target(pass, worker, &u);
    const bool in_product = u.plain && u.penalty.l1 == 0;
    if (u.plain && !in_product)
        add_penalty(pass, &u);
    (u.layer->inputs <= NARROW ? multiply_narrow_unit
                               : pass->cpu->products->weight_gradient)(pass, l, &u, in_product ? u.penalty.l2 : 0);
    if (!u.plain && (u.penalty.l1 != 0 || u.penalty.l2 != 0))
        add_penalty(pass, &u);
    if (u.first == 0)
        bias_gradient(pass, l, &u);
    if (pass->update != NULL && !u.plain)
        apply(pass, &u);
}

#define TEXT_OF(name) #name
#define NAME_OF(name) TEXT_OF(name)

const Products ISA(products) = {
    .kernel = NAME_OF(PERCEPT_ISA),
    .forward = forward_product,
    .input_gradient = input_gradient_product,
    .weight_gradient = weight_gradient_product,
};
