/* How a layer's three products are cut, and why. n examples; W (out × in) is row-major and never copied as a whole.
 *
 *   forward          Z (out × n) = W (out × in) · A (in × n)
 *     A unit is UNIT rows of W for up to FORWARD_STRIPS strips of examples: its rows of W come once from memory (or a
 *     cache shared by cores) and meet all these strips, which stay in the second-level cache. Activations are by unit,
 *     so both the strip and the tile of Z are contiguous. What is wanted for the way back is transposed in registers
 *     while the tile is warm: the batch is smaller than the weights, so it is activations that are turned, not W.
 *
 *   input gradient   dA (n × in) = dZ (n × out) · W (out × in)
 *     A unit is one strip of columns of W, for all examples. The strip is packed first: its rows lie `in` elements
 *     apart, which for powers of two would all fall into a few sets of the cache.
 *
 *   weight gradient  dW (out × in) = dZᵀ (out × n) · A (n × in)
 *     A unit is UNIT × WEIGHT_COLUMNS of W, about as many rows as in forward, so a rank meets the rows it had there.
 *     With plain descent dZ is scaled by -η/n from the start and the product adds into the weights themselves. */
#include "engine/cpu/layer.h"

#include <stdint.h>

#include "engine/cpu/transpose.h"

/* Steps of k after which a product turns to what is to be fetched, where A lies in one piece. */
#define SEGMENT 64

/* A fetch of rows × width elements of W, spread over so many segments. */
static Fetch fetch_block(const real *at, size_t rows, size_t width, size_t stride, size_t segments)
{
    const size_t lines = rows * (width * sizeof(real) / CACHE_LINE + 1);
    return (Fetch){(const char *)at, rows, width * sizeof(real), stride * sizeof(real), 0, lines / segments + 1};
}

static const Layer *layer_at(const Pass *pass, size_t l)
{
    return &pass->cpu->engine.config.network->layers[l];
}

/* Examples of a strip, rounded up to whole vectors. */
static size_t strip_width(const Pass *pass, size_t strip)
{
    return smaller(pass->cpu->strip, round_up(pass->batch->count - strip * pass->cpu->strip, LANES));
}

/* ---- Forward ----------------------------------------------------------------------------------------------------- */

/* Copies what lies by unit in rows first_row … of side l, one strip of examples, to M by example. */
static void keep_by_example(const Pass *pass, size_t l, size_t first_row, size_t rows, size_t strip, real *M)
{
    const Cpu *cpu = pass->cpu;
    ISA(transpose)
    (round_up(rows, LANES), strip_width(pass, strip), at_unit(cpu, l, strip, first_row), cpu->strip,
     at_example(cpu, M, strip * cpu->strip, first_row), STRIP);
}

/* The activation of side l, by unit in place, and what the way back wants of it. */
static void activate(const Pass *pass, size_t l, size_t first_row, size_t rows, size_t strip)
{
    const Cpu *cpu = pass->cpu;
    const Side *side = &cpu->sides[l];
    real *Z = at_unit(cpu, l, strip, first_row);
    if (side->Z != NULL)
        keep_by_example(pass, l, first_row, rows, strip, side->Z);
    if (side->f.forward == NULL)
        return;
    side->f.forward(rows, cpu->strip, Z, Z);
    if (drops(pass, l))
        ISA(drop_unit)(pass, l, first_row, rows, strip);
    else if (side->A != NULL)
        keep_by_example(pass, l, first_row, rows, strip, side->A);
}

void ISA(forward_unit)(const Pass *pass, size_t l, size_t first_row, size_t rows, size_t first, size_t end)
{
    const Cpu *cpu = pass->cpu;
    const Layer *layer = layer_at(pass, l);
    const real *W = pass->parameters + layer->weights, *b = pass->parameters + layer->biases;
    const size_t block = depth_block(layer->inputs), end_row = first_row + rows;
    Product p = {.a_row = layer->inputs, .a_step = 1, .segment = SEGMENT, .b_step = cpu->strip, .c_row = cpu->strip};
    Fetch next = {0};
    if (end == pass->strips && end_row < layer->outputs) {
        next = fetch_block(W + end_row * layer->inputs, smaller(UNIT, layer->outputs - end_row), layer->inputs,
                           layer->inputs,
                           (end - first) * ((rows + TILE_ROWS - 1) / TILE_ROWS) * (layer->inputs / SEGMENT + 1));
        p.fetch = &next;
    }
    for (size_t k = 0; k < layer->inputs; k += block) {
        p.depth = smaller(block, layer->inputs - k);
        p.add = k > 0;
        for (size_t row = first_row; row < end_row; row += TILE_ROWS) {
            p.A = W + row * layer->inputs + k;
            p.bias = k == 0 ? b + row : NULL;
            for (size_t strip = first; strip < end; strip++) {
                p.B = at_unit(cpu, l, strip, k);
                p.C = at_unit(cpu, l + 1, strip, row);
                ISA(multiply)(&p, smaller(TILE_ROWS, end_row - row), strip_width(pass, strip));
            }
        }
    }
    for (size_t strip = first; strip < end && l + 1 < cpu->depth; strip++)
        activate(pass, l + 1, first_row, rows, strip);
}

/* ---- Input gradient ---------------------------------------------------------------------------------------------- */

/* packed (count × STRIP) = columns first … of rows k … of W; missing columns are 0. */
static void pack_strip(const Layer *layer, const real *W, size_t k, size_t count, size_t first, real *packed)
{
    const size_t width = smaller(STRIP, layer->inputs - first);
    const real *from = W + k * layer->inputs + first;
    for (size_t i = 0; i < count; i++, from += layer->inputs, packed += STRIP) {
        if (width == STRIP) {
            for (size_t j = 0; j < STRIP; j += LANES)
                vector_store(packed + j, vector_load(from + j));
            continue;
        }
        for (size_t j = 0; j < STRIP; j++)
            packed[j] = j < width ? from[j] : 0;
    }
}

void ISA(input_gradient_unit)(const Pass *pass, const Worker *worker, size_t l, size_t strip)
{
    const Cpu *cpu = pass->cpu;
    const Layer *layer = layer_at(pass, l);
    const Side *side = &cpu->sides[l];
    const size_t first = strip * STRIP, n = pass->batch->count, block = depth_block(layer->outputs);
    const size_t width = smaller(STRIP, layer->inputs - first);
    const real *W = pass->parameters + layer->weights;
    real *packed = scratch_of(cpu, worker);
    /* dZ lies by example: after STRIP units of an example come those of the next. */
    Product p = {.a_row = STRIP, .a_step = 1, .segment = STRIP, .jump = (cpu->rows - 1) * STRIP};
    p.C = l == 0 ? pass->input_gradient + first : at_example(cpu, side->dZ, 0, first);
    p.c_row = l == 0 ? layer->inputs : STRIP;
    for (size_t k = 0; k < layer->outputs; k += block) {
        p.depth = smaller(block, layer->outputs - k);
        p.A = at_example(cpu, cpu->sides[l + 1].dZ, 0, k);
        p.add = k > 0;
        pack_strip(layer, W, k, p.depth, first, packed);
        p.B = packed;
        p.b_step = STRIP;
        Fetch next = {0};
        if (first + STRIP < layer->inputs) {
            next = fetch_block(W + k * layer->inputs + first + STRIP, p.depth,
                               smaller(STRIP, layer->inputs - first - STRIP), layer->inputs,
                               ((n + TILE_ROWS - 1) / TILE_ROWS) * (p.depth / STRIP + 1));
            p.fetch = &next;
        }
        ISA(multiply)(&p, n, l == 0 ? width : round_up(width, LANES));
    }
    if (l == 0 || side->f.backward == NULL)
        return;
    const real *A = at_example(cpu, drops(pass, l) ? side->T : side->A, 0, first);
    const real *Z = side->Z != NULL ? at_example(cpu, side->Z, 0, first) : A;
    const real *mask = drops(pass, l) ? at_example(cpu, side->mask, 0, first) : NULL;
    for (size_t i = 0; i < n * STRIP && mask != NULL; i++)
        p.C[i] *= mask[i];
    side->f.backward(n, STRIP, Z, A, p.C, p.C);
}

/* ---- Weight gradient --------------------------------------------------------------------------------------------- */

/* A unit of weights: rows first_row …, columns first …, and what is done with them. */
typedef struct WeightUnit {
    const Layer *layer;
    size_t first_row, rows, first, width;
    bool plain;   /* the weights are changed in place */
    real l1, l2;  /* factors of sign W and W in the gradient, with weight decay and (if plain) the learning rate */
    real *target; /* the weights or the gradient, from the layer's first */
    real *biases; /* the same for biases */
} WeightUnit;

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
    const Network *network = pass->cpu->engine.config.network;
    const Layer *layer = &network->layers[l];
    const EngineUpdate *update = pass->update;
    const double examples = network->sum ? pass->weight : 1;
    WeightUnit u = {.layer = layer};
    u.first_row = unit / weight_column_groups(layer) * UNIT;
    u.first = unit % weight_column_groups(layer) * WEIGHT_COLUMNS;
    u.rows = smaller(UNIT, layer->outputs - u.first_row);
    u.width = smaller(WEIGHT_COLUMNS, layer->inputs - u.first);
    u.plain = update != NULL && update->apply == NULL;
    const double factor = u.plain ? -update->learning_rate : 1;
    u.l1 = (real)(factor * examples * layer->l1);
    u.l2 = (real)(factor * (examples * 2 * layer->l2 + (update != NULL ? update->weight_decay : 0)));
    return u;
}

/* db = Σ_i dZ_i in four sums, examples in turn, added at the end. */
static void bias_gradient(const Pass *pass, size_t l, const WeightUnit *u)
{
    const Cpu *cpu = pass->cpu;
    const size_t n = pass->batch->count;
    const real *dZ = at_example(cpu, cpu->sides[l + 1].dZ, 0, u->first_row);
    for (size_t j = 0; j < u->rows; j += LANES) {
        Vector sum[4] = {0};
        size_t i = 0;
        for (; i + 4 <= n; i += 4)
            for (size_t part = 0; part < 4; part++)
                sum[part] += vector_load(dZ + (i + part) * STRIP + j);
        for (; i < n; i++)
            sum[i % 4] += vector_load(dZ + i * STRIP + j);
        sum[0] = (sum[0] + sum[1]) + (sum[2] + sum[3]);
        for (size_t lane = 0; lane < LANES && j + lane < u->rows; lane++) {
            real *b = &u->biases[u->first_row + j + lane];
            *b = u->plain ? *b + sum[0][lane] : sum[0][lane];
        }
    }
}

/* dW += sign W · l1 + W · l2; in plain descent the weights are changed themselves. */
static void add_penalty(const Pass *pass, const WeightUnit *u)
{
    const size_t at = u->first_row * u->layer->inputs + u->first;
    ISA(penalty_add)
    (pass->parameters + u->layer->weights + at, u->rows, u->width, u->layer->inputs, u->l1, u->l2, u->target + at);
}

/* Most inputs of a layer whose gradient is computed turned round: rows of dW would not fill half a register. */
#define NARROW (LANES < 16 ? LANES / 2 : 8)

/* dWᵀ (in × rows) = Aᵀ (in × n) · dZ (n × rows) aside, then into its place. */
static void multiply_narrow_unit(const Pass *pass, size_t l, const WeightUnit *u, real gamma)
{
    const Cpu *cpu = pass->cpu;
    const size_t n = pass->batch->count, block = depth_block(n), inputs = u->layer->inputs;
    real aside[NARROW * UNIT] = {0};
    Product p = {.a_row = 1, .a_step = STRIP, .segment = SEGMENT, .b_step = STRIP, .C = aside, .c_row = UNIT};
    p.add = true;
    for (size_t k = 0; k < n; k += block) {
        p.depth = smaller(block, n - k);
        p.A = at_example(cpu, cpu->sides[l].A, k, 0);
        p.B = at_example(cpu, cpu->sides[l + 1].dZ, k, u->first_row);
        ISA(multiply)(&p, inputs, round_up(u->rows, LANES));
    }
    real *C = u->target + u->first_row * inputs;
    for (size_t i = 0; i < u->rows; i++)
        for (size_t j = 0; j < inputs; j++, C++)
            *C = u->plain ? *C + (gamma * *C + aside[j * UNIT + i]) : aside[j * UNIT + i];
}

static void multiply_weight_unit(const Pass *pass, size_t l, const WeightUnit *u, real gamma)
{
    const Cpu *cpu = pass->cpu;
    const size_t n = pass->batch->count, block = depth_block(n);
    Product p = {.a_row = 1, .a_step = STRIP, .segment = SEGMENT, .b_step = STRIP, .c_row = u->layer->inputs};
    for (size_t k = 0; k < n; k += block) {
        p.depth = smaller(block, n - k);
        p.A = at_example(cpu, cpu->sides[l + 1].dZ, k, u->first_row);
        p.add = u->plain || k > 0;
        p.gamma = k == 0 ? gamma : 0;
        for (size_t j = u->first; j < u->first + u->width; j += STRIP) {
            p.B = at_example(cpu, cpu->sides[l].A, k, j);
            p.C = u->target + u->first_row * u->layer->inputs + j;
            ISA(multiply)(&p, u->rows, smaller(STRIP, u->first + u->width - j));
        }
    }
}

/* Hands the unit's finished ranges of the flat vector to the update. */
static void apply(const Pass *pass, const WeightUnit *u)
{
    const EngineUpdate *update = pass->update;
    const size_t inputs = u->layer->inputs, begin = u->layer->weights + u->first_row * inputs + u->first;
    const bool whole_rows = u->width == inputs;
    for (size_t i = 0; i < (whole_rows ? 1 : u->rows); i++)
        update->apply(update->state, begin + i * inputs, begin + i * inputs + (whole_rows ? u->rows : 1) * u->width,
                      pass->updated, pass->gradient);
    if (u->first == 0)
        update->apply(update->state, u->layer->biases + u->first_row, u->layer->biases + u->first_row + u->rows,
                      pass->updated, pass->gradient);
}

double ISA(penalty_unit)(const Pass *pass, size_t l, size_t unit)
{
    const WeightUnit u = weight_unit(pass, l, unit);
    return ISA(penalty_value)(pass->parameters + u.layer->weights + u.first_row * u.layer->inputs + u.first, u.rows,
                              u.width, u.layer->inputs, u.layer->l1, u.layer->l2);
}

void ISA(weight_gradient_unit)(const Pass *pass, size_t l, size_t unit)
{
    WeightUnit u = weight_unit(pass, l, unit);
    real *all = u.plain ? pass->updated : pass->gradient;
    u.target = all + u.layer->weights;
    u.biases = all + u.layer->biases;
    const bool in_product = u.plain && u.l1 == 0;
    if (u.plain && !in_product)
        add_penalty(pass, &u);
    (u.layer->inputs <= NARROW ? multiply_narrow_unit : multiply_weight_unit)(pass, l, &u, in_product ? u.l2 : 0);
    if (!u.plain && (u.l1 != 0 || u.l2 != 0))
        add_penalty(pass, &u);
    if (u.first == 0)
        bias_gradient(pass, l, &u);
    if (pass->update != NULL && !u.plain)
        apply(pass, &u);
}
