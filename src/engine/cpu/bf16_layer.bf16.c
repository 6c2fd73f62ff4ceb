/* A layer's three products of pairs of bfloat16, cut as those of reals are (layer.isa.c). A pair holds two neighbours in k:
 *
 *   forward          two inputs: of W along its rows, rounded as each unit meets them; of activations by unit
 *   input gradient   two outputs: of W across its rows, rounded as columns are packed; of dZ by unit
 *   weight gradient  two examples: of A by example, across its rows; of dZ by unit, along them
 *
 * The values of sides stay real, for derivatives, biases and updates; their pairs are made beside them, once for all
 * units of the next product. W is rounded again in every call, so changes need not be announced. An odd last element is
 * paired with 0. */
#include "base/dot.h"
#include "engine/cpu/create.h"
#include "engine/cpu/layer.h"

static size_t pairs_in(size_t count)
{
    return (count + 1) / 2;
}

/* ---- Operands from the values of a side ---------------------------------------------------------------------- */

/* Pairs of units `unit` and +1 of a side with so many units (padded) for one strip of examples. */
static Pair *at_unit_pair(const Cpu *cpu, size_t padded, size_t strip, size_t unit)
{
    return cpu->unit_pairs + (strip * (padded / 2) + unit / 2) * cpu->strip;
}

/* Pairs of examples of a unit's dL/dZ on side l, one strip of them. */
static Pair *at_delta_pair(const Cpu *cpu, size_t l, size_t strip, size_t unit)
{
    return cpu->sides[l].dZ_pairs + (strip * cpu->sides[l].raw_padded + unit) * (cpu->strip / 2);
}

/* Pairs of examples `example` and +1 of activations of side l, from a unit to the end of its strip. */
static Pair *at_example_pair(const Cpu *cpu, size_t l, size_t example, size_t unit)
{
    return cpu->sides[l].A_pairs + (unit / STRIP * (cpu->rows / 2) + example / 2) * STRIP + unit % STRIP;
}

/* to (width) = pairs of the elements of two rows; a second row that is missing is 0. */
static void pair_rows(const real *first, const real *second, size_t width, Pair *to)
{
    for (size_t j = 0; j < width; j += LANES)
        pairs_store(to + j,
                    pairs_across(vector_load(first + j), second != NULL ? vector_load(second + j) : (Vector){0}));
}

/* Pairs of units of a strip of matrix M by unit. */
static void pair_units(const Cpu *cpu, size_t width, size_t padded, const real *M, size_t strip)
{
    for (size_t unit = 0; unit < width; unit += 2) {
        const real *row = M + (strip * padded + unit) * cpu->strip;
        pair_rows(row, unit + 1 < width ? row + cpu->strip : NULL, cpu->strip, at_unit_pair(cpu, padded, strip, unit));
    }
}

static void take_activations(const Pass *pass, const Worker *worker, size_t l, size_t strip)
{
    const Cpu *cpu = pass->cpu;
    const Side *side = &cpu->sides[l];
    const size_t n = pass->batch->count, end = smaller((strip + 1) * cpu->strip, n);
    (void)worker;
    pair_units(cpu, side->width, side->padded, side->U, strip);
    for (size_t unit = 0; unit < side->width && pass->backward; unit += STRIP)
        for (size_t i = strip * cpu->strip; i < end; i += 2) {
            const real *row = at_example(cpu, side->A, i, unit);
            pair_rows(row, i + 1 < n ? row + STRIP : NULL, STRIP, at_example_pair(cpu, l, i, unit));
        }
}

static void take_deltas(const Pass *pass, const Worker *worker, size_t l, size_t strip)
{
    const Cpu *cpu = pass->cpu;
    const Side *side = &cpu->sides[l];
    const size_t count = smaller(cpu->strip, pass->batch->count - strip * cpu->strip);
    (void)worker;
    for (size_t unit = 0; unit < side->raw_width; unit++)
        pairs_along(at_raw_unit(cpu, l, side->dZ, strip, unit), count, at_delta_pair(cpu, l, strip, unit));
    if (l > 1 || cpu->sides[0].staged || pass->input_gradient != NULL)
        pair_units(cpu, side->raw_width, side->raw_padded, side->dZ, strip);
}

/* ---- Products ----------------------------------------------------------------------------------------------------- */

/* UNIT rows of W at most. */
static void forward_rows(const Pass *pass, size_t l, size_t first_row, size_t rows, size_t first, size_t end)
{
    const Cpu *cpu = pass->cpu;
    const Layer *layer = layer_at(pass, l);
    const real *W = pass->parameters + layer->weights, *b = pass->parameters + layer->biases;
    const size_t block = depth_block(layer->inputs, DEPTH_BLOCK);
    Pair pairs[UNIT * DEPTH_BLOCK / 2];
    Product p = {.A = pairs, .a_step = 1, .segment = UNBROKEN, .b_step = cpu->strip, .c_row = cpu->strip};
    Fetch next = ISA(next_rows)(layer, W, first_row + rows);
    p.fetch = &next;
    for (size_t k = 0; k < layer->inputs; k += block) {
        const size_t depth = smaller(block, layer->inputs - k);
        p.depth = p.a_row = pairs_in(depth);
        p.add = k > 0;
        p.bias = k == 0 ? b + first_row : NULL;
        for (size_t i = 0; i < rows; i++)
            pairs_along(W + (first_row + i) * layer->inputs + k, depth, pairs + i * p.a_row);
        for (size_t strip = first; strip < end; strip++) {
            p.B = at_unit_pair(cpu, cpu->sides[l].padded, strip, k);
            p.C = at_raw_unit(cpu, l + 1, cpu->sides[l + 1].P, strip, first_row);
            BF16(multiply)(&p, rows, strip_width(pass, strip));
            if (k + depth == layer->inputs)
                ISA(finish_forward)(pass, l, first_row, rows, strip);
        }
    }
}

static void forward_product(const Pass *pass, size_t l, size_t first_row, size_t rows, size_t first, size_t end)
{
    for (size_t row = 0; row < rows; row += UNIT)
        forward_rows(pass, l, first_row + row, smaller(UNIT, rows - row), first, end);
}

/* packed (pairs_in(count) × UNIT) = pairs of rows k … of W, columns first …; those beyond W are 0. */
static void pack_columns(const Layer *layer, const real *W, size_t k, size_t count, size_t first, Pair *packed)
{
    const size_t width = smaller(UNIT, layer->inputs - first);
    for (size_t i = 0; i < count; i += 2, packed += UNIT) {
        const real *row = W + (k + i) * layer->inputs + first, *next = i + 1 < count ? row + layer->inputs : NULL;
        real narrow[2][UNIT] = {{0}};
        if (width < UNIT) {
            memcpy(narrow[0], row, width * sizeof(real));
            if (next != NULL)
                memcpy(narrow[1], next, width * sizeof(real));
            row = narrow[0];
            next = narrow[1];
        }
        pair_rows(row, next, UNIT, packed);
    }
}

static void input_gradient_product(const Pass *pass, const Worker *worker, size_t l, size_t first_row, size_t rows,
                                   size_t first, size_t end)
{
    const Cpu *cpu = pass->cpu;
    const Layer *layer = layer_at(pass, l);
    const size_t block = depth_block(layer->outputs, COLUMN_DEPTH);
    const real *W = pass->parameters + layer->weights;
    real *aside = scratch_of(cpu, worker);
    Pair packed[UNIT * COLUMN_DEPTH / 2];
    Product p = {
        .A = packed, .a_row = 1, .a_step = UNIT, .segment = UNBROKEN, .b_step = cpu->strip, .c_row = cpu->strip};
    for (size_t k = 0; k < layer->outputs; k += block) {
        Fetch next = ISA(next_columns)(layer, W, k + block, block, first_row);
        const size_t depth = smaller(block, layer->outputs - k);
        p.depth = pairs_in(depth);
        p.add = k > 0;
        pack_columns(layer, W, k, depth, first_row, packed);
        p.fetch = &next;
        for (size_t strip = first; strip < end; strip++) {
            p.B = at_unit_pair(cpu, cpu->sides[l + 1].raw_padded, strip, k);
            p.C = cpu->sides[l].dA == NULL ? aside + (strip - first) * UNIT * cpu->strip
                                           : at_unit(cpu, l, cpu->sides[l].dA, strip, first_row);
            BF16(multiply)(&p, rows, strip_width(pass, strip));
            if (k + depth == layer->outputs)
                ISA(finish_input_gradient)(pass, l, first_row, rows, strip, p.C);
        }
    }
}

static void weight_gradient_product(const Pass *pass, size_t l, const WeightUnit *u, real gamma)
{
    const Cpu *cpu = pass->cpu;
    const size_t n = pass->batch->count, block = depth_block(n, DEPTH_BLOCK), strip_pairs = cpu->strip / 2;
    /* dZ lies by unit: after a strip of a unit's examples come those of the next unit. */
    Product p = {.a_row = strip_pairs, .a_step = 1, .segment = strip_pairs, .b_step = STRIP, .c_row = u->stride};
    p.jump = (cpu->sides[l + 1].raw_padded - 1) * strip_pairs;
    for (size_t k = 0; k < n; k += block) {
        p.depth = pairs_in(smaller(block, n - k));
        p.lead = k % cpu->strip / 2;
        p.A = at_delta_pair(cpu, l + 1, k / cpu->strip, u->first_row) + p.lead;
        p.add = u->plain || k > 0;
        p.gamma = k == 0 ? gamma : 0;
        for (size_t j = u->first; j < u->first + u->width; j += STRIP) {
            p.B = at_example_pair(cpu, l, k, j);
            p.C = u->target + (j - u->first);
            BF16(multiply)(&p, u->rows, smaller(STRIP, u->first + u->width - j));
        }
    }
}

#define TEXT_OF(name) #name
#define NAME_OF(name) TEXT_OF(name)

const Products BF16(products) = {
    .kernel = NAME_OF(PERCEPT_ISA) " bf16",
    .forward = forward_product,
    .input_gradient = input_gradient_product,
    .weight_gradient = weight_gradient_product,
    .take_activations = take_activations,
    .take_deltas = take_deltas,
};
