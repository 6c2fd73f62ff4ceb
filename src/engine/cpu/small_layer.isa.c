/* A layer of a small network, forward and backward, n examples at once:
 *
 *   Z (n × out) = A (n × in) · Wᵀ + b
 *   dA (n × in) = dZ (n × out) · W,   dW (out × in) = dZᵀ · A,   db (out) = Σ dZ
 *
 * Between them are the chain of a side, or its activation and dropout alone (side_rows.h). */
#include <string.h>

#include "engine/cpu/last_side.h"
#include "engine/cpu/side_rows.h"
#include "engine/cpu/small.h"
#include "engine/cpu/small_product.h"
#include "engine/cpu/stages.h"

/* Inputs of a layer up to which dWᵀ is made: rows of A would not fill half a vector. */
#define NARROW (LANES / 2)

/* ---- Forward ----------------------------------------------------------------------------------------------------- */

/* Whether W is transposed first, by the shape alone. Costs are in multiply-adds of vectors, from measurements. Adding
 * lanes costs as much as four vectors along k. Transposing a block of LANES × LANES costs as much as six examples with
 * it; the rest beside such blocks is transposed element by element. */
bool ISA(small_turns_weights)(const Cpu *cpu, size_t l)
{
    const size_t inputs = cpu->sides[l].width, outputs = cpu->sides[l + 1].raw_width;
    const size_t n = cpu->engine.config.batch_capacity;
    const size_t whole = (inputs - inputs % LANES) * (outputs - outputs % LANES), single = inputs * outputs - whole;
    const size_t by_dots = n * outputs * ((inputs + LANES - 1) / LANES + 4);
    const size_t by_rows = n * inputs * ((outputs + LANES - 1) / LANES) + whole * 6 / LANES + 3 * single;
    return by_rows < by_dots;
}

static const real *activations(const Pass *pass, const Share *share, size_t l)
{
    return l == 0 ? share->batch : pass->cpu->sides[l].A;
}

/* Z of units first … end-1 of layer l by example, from the first example of the share on. */
static void multiply_forward(const Pass *pass, const Share *share, size_t l, size_t first, size_t end, real *Z,
                             size_t stride)
{
    const Layer *layer = layer_of(pass->cpu, l);
    const size_t n = share->end - share->begin, units = end - first, a_row = row_stride(layer->inputs);
    const real *W = pass->parameters + layer->weights + first * layer->inputs,
               *b = pass->parameters + layer->biases + first;
    const real *A = activations(pass, share, l) + share->begin * a_row;
    if (!ISA(small_turns_weights)(pass->cpu, l)) {
        ISA(multiply_dots)(&(DotProduct){units, n, layer->inputs, W, A, a_row, b, Z, stride, false});
        return;
    }
    ISA(transpose_any)(units, layer->inputs, W, layer->inputs, share->scratch, row_stride(units));
    ISA(multiply_rows)
    (&(RowProduct){.rows = n,
                   .depth = layer->inputs,
                   .width = units,
                   .A = A,
                   .a_row = a_row,
                   .a_step = 1,
                   .B = share->scratch,
                   .b_row = row_stride(units),
                   .C = Z,
                   .c_row = stride,
                   .start = b});
}

void ISA(small_forward)(const Pass *pass, const Share *share, size_t l)
{
    const Side *side = &pass->cpu->sides[l];
    const size_t stride = row_stride(side->raw_width);
    multiply_forward(pass, share, l - 1, 0, side->raw_width, side->rows.input + share->begin * stride, stride);
    if (side->staged)
        ISA(chain_forward)(pass, &(Worker){.team = NULL}, l);
    else
        ISA(rows_forward)(pass, l, share->begin, share->end);
}

void ISA(small_forward_units)(const Pass *pass, const Share *share, size_t first, size_t end)
{
    const Side *side = &pass->cpu->sides[1];
    const SideRows *rows = &side->rows;
    const size_t stride = row_stride(side->width), count = round_up(end - first, LANES);
    multiply_forward(pass, share, 0, first, end, rows->Z + first, stride);
    for (size_t i = first; i < pass->batch->count * stride; i += stride)
        ISA(activate)(&side->f, count, rows->Z + i, rows->A + i, rows->D != NULL ? rows->D + i : NULL);
}

/* ---- The output --------------------------------------------------------------------------------------------------- */

/* Z by unit. */
static void multiply_output(const Pass *pass, const Share *share, real *Z)
{
    Cpu *cpu = pass->cpu;
    const size_t l = cpu->depth - 1, width = cpu->sides[cpu->depth].width, n = share->end - share->begin;
    const Layer *layer = layer_of(cpu, l);
    const size_t a_row = row_stride(layer->inputs);
    real *by_example = cpu->output_Z + share->begin * width;
    if (ISA(small_turns_weights)(cpu, l)) {
        multiply_forward(pass, share, l, 0, width, by_example, width);
        ISA(transpose_any)(n, width, by_example, width, Z, cpu->rows);
        return;
    }
    ISA(multiply_dots)
    (&(DotProduct){width, n, layer->inputs, pass->parameters + layer->weights,
                   activations(pass, share, l) + share->begin * a_row, a_row, pass->parameters + layer->biases, Z,
                   cpu->rows, true});
}

void ISA(small_output)(const Pass *pass, const Share *share)
{
    const Cpu *cpu = pass->cpu;
    const Side *last = &cpu->sides[cpu->depth];
    real *Z = last->U + share->begin, *dZ = pass->backward ? last->dZ + share->begin : NULL;
    multiply_output(pass, share, Z);
    ISA(finish_last_side)(pass, share->rank, share->begin, share->end - share->begin, cpu->rows, Z, dZ);
}

/* ---- Backward ---------------------------------------------------------------------------------------------------- */

/* A delta as a matrix by example, whose columns may lie anywhere. */
typedef struct Delta {
    const real *dZ; /* that of unit j of example i is dZ[i · example + j · unit] */
    size_t example, unit;
} Delta;

static Delta delta_of(const Cpu *cpu, size_t l)
{
    const Side *side = &cpu->sides[l];
    return l == cpu->depth ? (Delta){side->dZ, 1, cpu->rows} : (Delta){side->dZ, row_stride(side->raw_width), 1};
}

/* W of layer l; a copy where reading it in whole vectors would go beyond the flat vector. */
static const real *weights_to_read(const Pass *pass, const Layer *layer, real *scratch)
{
    const real *W = pass->parameters + layer->weights;
    const size_t beyond = layer->outputs * layer->inputs + LANES;
    if (layer->inputs % LANES == 0 || layer->weights + beyond <= pass->cpu->engine.config.network->parameter_count)
        return W;
    return memcpy(scratch, W, layer->outputs * layer->inputs * sizeof(real));
}

/* dA of the inputs of layer l, into the rows of the share. */
static void multiply_input_gradient(const Pass *pass, const Share *share, size_t l, real *dA, size_t stride)
{
    const Layer *layer = layer_of(pass->cpu, l);
    const Delta delta = delta_of(pass->cpu, l + 1);
    ISA(multiply_rows)
    (&(RowProduct){.rows = share->end - share->begin,
                   .depth = layer->outputs,
                   .width = layer->inputs,
                   .A = delta.dZ + share->begin * delta.example,
                   .a_row = delta.example,
                   .a_step = delta.unit,
                   .B = weights_to_read(pass, layer, share->scratch),
                   .b_row = layer->inputs,
                   .C = dA + share->begin * stride,
                   .c_row = stride});
}

void ISA(small_delta)(const Pass *pass, const Share *share, size_t l)
{
    const Side *side = &pass->cpu->sides[l];
    const size_t stride = row_stride(side->width);
    if (side->staged) {
        multiply_input_gradient(pass, share, l, pass->cpu->flow[0], stride);
        const real *rows = ISA(chain_backward)(pass, &(Worker){.team = NULL}, l);
        memcpy(side->dZ, rows, pass->batch->count * row_stride(side->raw_width) * sizeof(real));
        return;
    }
    multiply_input_gradient(pass, share, l, side->dZ, stride);
    ISA(rows_backward)(pass, l, share->begin, share->end, side->dZ);
}

void ISA(small_input_gradient)(const Pass *pass, const Share *share)
{
    const Side *side = &pass->cpu->sides[0];
    if (!side->staged) {
        multiply_input_gradient(pass, share, 0, pass->input_gradient, side->width);
        return;
    }
    multiply_input_gradient(pass, share, 0, pass->cpu->flow[0], row_stride(side->width));
    const real *rows = ISA(chain_backward)(pass, &(Worker){.team = NULL}, 0);
    if (pass->input_gradient != NULL)
        ISA(leave_rows_gradient)(pass, rows);
}

/* ---- Weights ------------------------------------------------------------------------------------------------------ */

/* The delta of the output, by unit, has no rows that could be read in vectors. */
bool ISA(small_turns_gradient)(const Cpu *cpu, size_t l)
{
    return cpu->sides[l].width <= NARROW && l + 1 < cpu->depth;
}

#define UNITS_AT_ONCE 4

/* Each addition of a sum waits for the one before: several sums at once. */
static void add_units(const real *dZ, size_t stride, size_t n, bool add, real *biases)
{
    real sum[UNITS_AT_ONCE] = {0};
    for (size_t i = 0; i < n; i++)
        for (size_t u = 0; u < UNITS_AT_ONCE; u++)
            sum[u] += dZ[u * stride + i];
    for (size_t u = 0; u < UNITS_AT_ONCE; u++)
        biases[u] = add ? biases[u] + sum[u] : sum[u];
}

static void add_unit(const real *dZ, size_t n, bool add, real *bias)
{
    real sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += dZ[i];
    *bias = add ? *bias + sum : sum;
}

/* db_j = Σ_i dZ_ij, added to the existing values or replacing them. */
void ISA(small_bias_gradient)(const Pass *pass, size_t l, size_t first, size_t end)
{
    const bool add = is_plain(pass);
    real *biases = (add ? pass->updated : pass->gradient) + layer_of(pass->cpu, l)->biases;
    const Delta delta = delta_of(pass->cpu, l + 1);
    const size_t n = pass->batch->count;
    if (delta.unit == 1) {
        for (size_t j = first; j < end; j += LANES) {
            const size_t count = smaller(LANES, end - j);
            Vector sum = add ? vector_load_first(biases + j, count) : (Vector){0};
            for (size_t i = 0; i < n; i++)
                sum += vector_load(delta.dZ + i * delta.example + j);
            vector_store_first(biases + j, sum, count);
        }
        return;
    }
    size_t j = first;
    for (; j + UNITS_AT_ONCE <= end; j += UNITS_AT_ONCE)
        add_units(delta.dZ + j * delta.unit, delta.unit, n, add, biases + j);
    for (; j < end; j++)
        add_unit(delta.dZ + j * delta.unit, n, add, biases + j);
}

/* dW into C (out × in), or added to it; a block. */
static void multiply_weight_gradient(const Pass *pass, const Share *share, size_t l, Block block, bool add, real *C)
{
    const Layer *layer = layer_of(pass->cpu, l);
    const Delta delta = delta_of(pass->cpu, l + 1);
    ISA(multiply_rows)
    (&(RowProduct){.rows = block.rows,
                   .depth = pass->batch->count,
                   .width = block.columns,
                   .A = delta.dZ + block.row * delta.unit,
                   .a_row = delta.unit,
                   .a_step = delta.example,
                   .B = activations(pass, share, l) + block.column,
                   .b_row = row_stride(layer->inputs),
                   .C = C + block.row * layer->inputs + block.column,
                   .c_row = layer->inputs,
                   .add = add});
}

/* The same by dWᵀ (in × out) = Aᵀ (in × n) · dZ (n × out), of whole rows. */
static void multiply_turned_gradient(const Pass *pass, const Share *share, size_t l, Block block, bool add, real *C)
{
    const Layer *layer = layer_of(pass->cpu, l);
    const Delta delta = delta_of(pass->cpu, l + 1);
    const size_t inputs = layer->inputs, stride = row_stride(block.rows);
    real *turned = share->scratch;
    ISA(multiply_rows)
    (&(RowProduct){.rows = inputs,
                   .depth = pass->batch->count,
                   .width = block.rows,
                   .A = activations(pass, share, l),
                   .a_row = 1,
                   .a_step = row_stride(inputs),
                   .B = delta.dZ + block.row,
                   .b_row = delta.example,
                   .C = turned,
                   .c_row = stride});
    C += block.row * inputs;
    for (size_t k = 0; k < inputs; k++)
        for (size_t j = 0; j < block.rows; j++)
            C[j * inputs + k] = (add ? C[j * inputs + k] : 0) + turned[k * stride + j];
}

void ISA(small_weight_gradient)(const Pass *pass, const Share *share, size_t l, Block block)
{
    const Layer *layer = layer_of(pass->cpu, l);
    const bool plain = is_plain(pass);
    const WeightFactors factors = weight_factors(pass, layer);
    real *target = (plain ? pass->updated : pass->gradient) + layer->weights;
    const size_t first = block.row * layer->inputs + block.column;
    /* Whole rows are one long one. */
    const bool whole = block.columns == layer->inputs;
    const size_t rows = whole ? 1 : block.rows, width = whole ? block.rows * block.columns : block.columns;
    const real *W = pass->parameters + layer->weights + first;
    const bool penalty = factors.l1 != 0 || factors.l2 != 0;
    if (plain && penalty)
        ISA(penalty_add)(W, layer->inputs, rows, width, factors.l1, factors.l2, target + first, layer->inputs);
    (ISA(small_turns_gradient)(pass->cpu, l) ? multiply_turned_gradient
                                             : multiply_weight_gradient)(pass, share, l, block, plain, target);
    if (!plain && penalty)
        ISA(penalty_add)(W, layer->inputs, rows, width, factors.l1, factors.l2, target + first, layer->inputs);
}
