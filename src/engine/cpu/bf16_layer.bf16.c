/* A layer's three products of pairs of bfloat16, cut as those of reals are (layer.isa.c). A pair holds two neighbours in k:
 *
 *   forward          two inputs: of W along its rows, rounded as each unit meets them; of activations by unit
 *   input gradient   two outputs: of W across its rows, rounded as a strip is packed; of dZ along an example
 *   weight gradient  two examples: across the rows of A and dZ by example
 *
 * What lies in sides stays real, for derivatives, biases and updates; its pairs are made beside it, once for all units of
 * the next product. W is rounded anew in every call, so nobody has to say that it changed. An odd last one has a partner
 * of 0. */
#include "base/dot.h"
#include "engine/cpu/create.h"
#include "engine/cpu/layer.h"

#define UNBROKEN SIZE_MAX /* A in one segment */

static const Layer *layer_at(const Pass *pass, size_t l)
{
    return &pass->cpu->engine.config.network->layers[l];
}

static size_t pairs_in(size_t count)
{
    return (count + 1) / 2;
}

/* ---- Operands, made of what stands in a side ---------------------------------------------------------------------- */

/* Pairs of units `unit` and +1 for one strip of examples, by unit. */
static Pair *at_unit_pair(const Cpu *cpu, size_t l, size_t strip, size_t unit)
{
    return cpu->unit_pairs + (strip * (cpu->sides[l].padded / 2) + unit / 2) * cpu->strip;
}

/* Pairs of examples `example` and +1 in a matrix of them, from a unit to the end of its strip. */
static Pair *at_example_pair(const Cpu *cpu, Pair *M, size_t example, size_t unit)
{
    return M + (unit / STRIP * (cpu->rows / 2) + example / 2) * STRIP + unit % STRIP;
}

/* Pairs of units, by example: from `unit` to the end of its strip. */
static Pair *at_delta_pair(const Cpu *cpu, size_t example, size_t unit)
{
    return cpu->delta_pairs + ((unit / STRIP * cpu->rows + example) * STRIP + unit % STRIP) / 2;
}

/* to (width) = pairs of the elements of two rows; a second row that is missing is 0. */
static void pair_rows(const real *first, const real *second, size_t width, Pair *to)
{
    for (size_t j = 0; j < width; j += LANES)
        pairs_store(to + j,
                    pairs_across(vector_load(first + j), second != NULL ? vector_load(second + j) : (Vector){0}));
}

/* Pairs of examples of a strip of matrix M by example. */
static void pair_examples(const Pass *pass, real *M, size_t width, size_t strip, Pair *pairs)
{
    const Cpu *cpu = pass->cpu;
    const size_t n = pass->batch->count, end = smaller((strip + 1) * cpu->strip, n);
    for (size_t unit = 0; unit < width; unit += STRIP)
        for (size_t i = strip * cpu->strip; i < end; i += 2) {
            const real *row = at_example(cpu, M, i, unit);
            pair_rows(row, i + 1 < n ? row + STRIP : NULL, STRIP, at_example_pair(cpu, pairs, i, unit));
        }
}

static void take_activations(const Pass *pass, const Worker *worker, size_t l, size_t strip)
{
    const Cpu *cpu = pass->cpu;
    const Side *side = &cpu->sides[l];
    (void)worker;
    for (size_t unit = 0; unit < side->width; unit += 2) {
        const real *row = at_unit(cpu, l, strip, unit);
        pair_rows(row, unit + 1 < side->width ? row + cpu->strip : NULL, cpu->strip, at_unit_pair(cpu, l, strip, unit));
    }
    if (pass->backward)
        pair_examples(pass, side->A, side->width, strip, side->A_pairs);
}

static void take_deltas(const Pass *pass, const Worker *worker, size_t l, size_t strip)
{
    const Cpu *cpu = pass->cpu;
    const Side *side = &cpu->sides[l];
    const size_t end = smaller((strip + 1) * cpu->strip, pass->batch->count);
    (void)worker;
    pair_examples(pass, side->dZ, side->width, strip, side->dZ_pairs);
    for (size_t unit = 0; unit < side->width && (l > 1 || pass->input_gradient != NULL); unit += STRIP)
        for (size_t i = strip * cpu->strip; i < end; i++)
            pairs_along(at_example(cpu, side->dZ, i, unit), smaller(STRIP, side->width - unit),
                        at_delta_pair(cpu, i, unit));
}

/* ---- Products ----------------------------------------------------------------------------------------------------- */

/* Rows first_row … of W, columns k …, for all strips. The rows' pairs fit the first-level cache. */
static void forward_rows(const Pass *pass, size_t l, const real *W, size_t first_row, size_t rows, size_t k,
                         size_t depth, size_t first, size_t end)
{
    const Cpu *cpu = pass->cpu;
    const Layer *layer = layer_at(pass, l);
    const size_t row_pairs = pairs_in(depth);
    Pair pairs[UNIT * DEPTH_BLOCK / 2];
    for (size_t i = 0; i < rows; i++)
        pairs_along(W + (first_row + i) * layer->inputs + k, depth, pairs + i * row_pairs);
    Product p = {.depth = row_pairs, .a_row = row_pairs, .a_step = 1, .segment = UNBROKEN, .add = k > 0};
    p.b_step = p.c_row = cpu->strip;
    for (size_t i = 0; i < rows; i += TILE_ROWS) {
        p.A = pairs + i * row_pairs;
        p.bias = k == 0 ? pass->parameters + layer->biases + first_row + i : NULL;
        for (size_t strip = first; strip < end; strip++) {
            const size_t examples = pass->batch->count - strip * cpu->strip;
            p.B = at_unit_pair(cpu, l, strip, k);
            p.C = at_unit(cpu, l + 1, strip, first_row + i);
            BF16(multiply)(&p, smaller(TILE_ROWS, rows - i), smaller(cpu->strip, round_up(examples, LANES)));
        }
    }
}

static void forward_product(const Pass *pass, size_t l, size_t first_row, size_t rows, size_t first, size_t end)
{
    const Layer *layer = layer_at(pass, l);
    const real *W = pass->parameters + layer->weights;
    const size_t block = depth_block(layer->inputs), end_row = first_row + rows;
    for (size_t k = 0; k < layer->inputs; k += block)
        for (size_t row = first_row; row < end_row; row += UNIT)
            forward_rows(pass, l, W, row, smaller(UNIT, end_row - row), k, smaller(block, layer->inputs - k), first,
                         end);
}

/* packed (pairs_in(count) × STRIP) = pairs of rows k … of W, columns first …; missing ones are 0. */
static void pack_strip(const Layer *layer, const real *W, size_t k, size_t count, size_t first, Pair *packed)
{
    const size_t width = smaller(STRIP, layer->inputs - first);
    for (size_t i = 0; i < count; i += 2, packed += STRIP) {
        const real *row = W + (k + i) * layer->inputs + first, *next = i + 1 < count ? row + layer->inputs : NULL;
        real narrow[2][STRIP] = {{0}};
        if (width < STRIP) {
            memcpy(narrow[0], row, width * sizeof(real));
            if (next != NULL)
                memcpy(narrow[1], next, width * sizeof(real));
            row = narrow[0];
            next = narrow[1];
        }
        pair_rows(row, next, STRIP, packed);
    }
}

static void input_gradient_product(const Pass *pass, const Worker *worker, size_t l, size_t strip, real *C,
                                   size_t c_row)
{
    const Cpu *cpu = pass->cpu;
    const Layer *layer = layer_at(pass, l);
    const size_t first = strip * STRIP, block = depth_block(layer->outputs);
    const size_t width = smaller(STRIP, layer->inputs - first);
    void *scratch = scratch_of(cpu, worker);
    Pair *packed = scratch;
    Product p = {.a_row = STRIP / 2, .a_step = 1, .segment = STRIP / 2, .jump = (cpu->rows - 1) * STRIP / 2};
    p.B = packed;
    p.b_step = STRIP;
    p.C = C;
    p.c_row = c_row;
    for (size_t k = 0; k < layer->outputs; k += block) {
        const size_t depth = smaller(block, layer->outputs - k);
        pack_strip(layer, pass->parameters + layer->weights, k, depth, first, packed);
        p.depth = pairs_in(depth);
        p.A = at_delta_pair(cpu, 0, k);
        p.add = k > 0;
        BF16(multiply)(&p, pass->batch->count, l == 0 ? width : round_up(width, LANES));
    }
}

static void weight_gradient_product(const Pass *pass, size_t l, const WeightUnit *u, real gamma)
{
    const Cpu *cpu = pass->cpu;
    const size_t n = pass->batch->count, block = depth_block(n);
    Product p = {.a_row = 1, .a_step = STRIP, .segment = UNBROKEN, .b_step = STRIP, .c_row = u->layer->inputs};
    for (size_t k = 0; k < n; k += block) {
        p.depth = pairs_in(smaller(block, n - k));
        p.A = at_example_pair(cpu, cpu->sides[l + 1].dZ_pairs, k, u->first_row);
        p.add = u->plain || k > 0;
        p.gamma = k == 0 ? gamma : 0;
        for (size_t j = u->first; j < u->first + u->width; j += STRIP) {
            p.B = at_example_pair(cpu, cpu->sides[l].A_pairs, k, j);
            p.C = u->target + u->first_row * u->layer->inputs + j;
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
