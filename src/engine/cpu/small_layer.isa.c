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

/* Z of layer l by example. */
static void multiply_forward(const Pass *pass, size_t l, real *Z, size_t stride)
{
    const Cpu *cpu = pass->cpu;
    const Layer *layer = layer_of(cpu, l);
    const real *W = pass->parameters + layer->weights, *b = pass->parameters + layer->biases;
    const size_t n = pass->batch->count, a_row = row_stride(layer->inputs), turned_row = row_stride(layer->outputs);
    if (!ISA(small_turns_weights)(cpu, l)) {
        ISA(multiply_dots)
        (&(DotProduct){layer->outputs, n, layer->inputs, W, cpu->sides[l].A, a_row, b, Z, stride, false});
        return;
    }
    ISA(transpose_any)(layer->outputs, layer->inputs, W, layer->inputs, cpu->scratch, turned_row);
    ISA(multiply_rows)
    (&(RowProduct){.rows = n,
                   .depth = layer->inputs,
                   .width = layer->outputs,
                   .A = cpu->sides[l].A,
                   .a_row = a_row,
                   .a_step = 1,
                   .B = cpu->scratch,
                   .b_row = turned_row,
                   .C = Z,
                   .c_row = stride,
                   .start = b});
}

void ISA(small_forward)(const Pass *pass, size_t l)
{
    const Side *side = &pass->cpu->sides[l];
    multiply_forward(pass, l - 1, side->rows.input, row_stride(side->raw_width));
    if (side->staged)
        ISA(chain_forward)(pass, &(Worker){.team = NULL}, l);
    else
        ISA(rows_forward)(pass, l, 0, pass->batch->count);
}

/* ---- The output --------------------------------------------------------------------------------------------------- */

/* Z by unit. */
static void multiply_output(const Pass *pass, real *Z)
{
    Cpu *cpu = pass->cpu;
    const size_t l = cpu->depth - 1, width = cpu->sides[cpu->depth].width, n = pass->batch->count;
    const Layer *layer = layer_of(cpu, l);
    if (ISA(small_turns_weights)(cpu, l)) {
        multiply_forward(pass, l, cpu->output_Z, width);
        ISA(transpose_any)(n, width, cpu->output_Z, width, Z, cpu->rows);
        return;
    }
    ISA(multiply_dots)
    (&(DotProduct){width, n, layer->inputs, pass->parameters + layer->weights, cpu->sides[l].A,
                   row_stride(layer->inputs), pass->parameters + layer->biases, Z, cpu->rows, true});
}

void ISA(small_output)(const Pass *pass)
{
    const Cpu *cpu = pass->cpu;
    const Side *last = &cpu->sides[cpu->depth];
    multiply_output(pass, last->U);
    ISA(finish_last_side)(pass, 0, 0, pass->batch->count, cpu->rows, last->U, last->dZ);
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
static const real *weights_to_read(const Pass *pass, const Layer *layer)
{
    const real *W = pass->parameters + layer->weights;
    const size_t beyond = layer->outputs * layer->inputs + LANES;
    if (layer->inputs % LANES == 0 || layer->weights + beyond <= pass->cpu->engine.config.network->parameter_count)
        return W;
    return memcpy(pass->cpu->scratch, W, layer->outputs * layer->inputs * sizeof(real));
}

/* dA of the inputs of layer l. */
static void multiply_input_gradient(const Pass *pass, size_t l, real *dA, size_t stride)
{
    const Layer *layer = layer_of(pass->cpu, l);
    const Delta delta = delta_of(pass->cpu, l + 1);
    ISA(multiply_rows)
    (&(RowProduct){.rows = pass->batch->count,
                   .depth = layer->outputs,
                   .width = layer->inputs,
                   .A = delta.dZ,
                   .a_row = delta.example,
                   .a_step = delta.unit,
                   .B = weights_to_read(pass, layer),
                   .b_row = layer->inputs,
                   .C = dA,
                   .c_row = stride});
}

void ISA(small_delta)(const Pass *pass, size_t l)
{
    const Side *side = &pass->cpu->sides[l];
    const size_t stride = row_stride(side->width);
    if (side->staged) {
        multiply_input_gradient(pass, l, pass->cpu->flow[0], stride);
        const real *rows = ISA(chain_backward)(pass, &(Worker){.team = NULL}, l);
        memcpy(side->dZ, rows, pass->batch->count * row_stride(side->raw_width) * sizeof(real));
        return;
    }
    multiply_input_gradient(pass, l, side->dZ, stride);
    ISA(rows_backward)(pass, l, 0, pass->batch->count, side->dZ);
}

void ISA(small_input_gradient)(const Pass *pass)
{
    const Side *side = &pass->cpu->sides[0];
    if (!side->staged) {
        multiply_input_gradient(pass, 0, pass->input_gradient, side->width);
        return;
    }
    multiply_input_gradient(pass, 0, pass->cpu->flow[0], row_stride(side->width));
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

/* db_j = Σ_i dZ_ij, added to the existing values or replacing them. */
static void bias_gradient(const Pass *pass, size_t l, bool add, real *biases)
{
    const Cpu *cpu = pass->cpu;
    const Delta delta = delta_of(cpu, l + 1);
    const size_t n = pass->batch->count, width = cpu->sides[l + 1].raw_width;
    if (delta.unit == 1) {
        for (size_t j = 0; j < width; j += LANES) {
            const size_t count = smaller(LANES, width - j);
            Vector sum = add ? vector_load_first(biases + j, count) : (Vector){0};
            for (size_t i = 0; i < n; i++)
                sum += vector_load(delta.dZ + i * delta.example + j);
            vector_store_first(biases + j, sum, count);
        }
        return;
    }
    for (size_t j = 0; j < width; j++) {
        real sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += delta.dZ[j * delta.unit + i];
        biases[j] = add ? biases[j] + sum : sum;
    }
}

/* dW into C (out × in), or added to it. */
static void multiply_weight_gradient(const Pass *pass, size_t l, bool add, real *C)
{
    const Cpu *cpu = pass->cpu;
    const Layer *layer = layer_of(cpu, l);
    const Delta delta = delta_of(cpu, l + 1);
    ISA(multiply_rows)
    (&(RowProduct){.rows = layer->outputs,
                   .depth = pass->batch->count,
                   .width = layer->inputs,
                   .A = delta.dZ,
                   .a_row = delta.unit,
                   .a_step = delta.example,
                   .B = cpu->sides[l].A,
                   .b_row = row_stride(layer->inputs),
                   .C = C,
                   .c_row = layer->inputs,
                   .add = add});
}

/* The same by dWᵀ (in × out) = Aᵀ (in × n) · dZ (n × out). */
static void multiply_turned_gradient(const Pass *pass, size_t l, bool add, real *C)
{
    const Cpu *cpu = pass->cpu;
    const Layer *layer = layer_of(cpu, l);
    const Delta delta = delta_of(cpu, l + 1);
    const size_t inputs = layer->inputs, stride = row_stride(layer->outputs);
    real *turned = cpu->scratch;
    ISA(multiply_rows)
    (&(RowProduct){.rows = inputs,
                   .depth = pass->batch->count,
                   .width = layer->outputs,
                   .A = cpu->sides[l].A,
                   .a_row = 1,
                   .a_step = row_stride(inputs),
                   .B = delta.dZ,
                   .b_row = delta.example,
                   .C = turned,
                   .c_row = stride});
    for (size_t k = 0; k < inputs; k++)
        for (size_t j = 0; j < layer->outputs; j++)
            C[j * inputs + k] = (add ? C[j * inputs + k] : 0) + turned[k * stride + j];
}

void ISA(small_weight_gradient)(const Pass *pass, size_t l)
{
    const Layer *layer = layer_of(pass->cpu, l);
    const bool plain = is_plain(pass);
    const WeightFactors factors = weight_factors(pass, layer);
    const real *W = pass->parameters + layer->weights;
    real *target = plain ? pass->updated : pass->gradient;
    const size_t weights = layer->outputs * layer->inputs;
    const bool penalty = factors.l1 != 0 || factors.l2 != 0;
    if (plain && penalty)
        ISA(penalty_add)(W, weights, 1, weights, factors.l1, factors.l2, target + layer->weights, weights);
    (ISA(small_turns_gradient)(pass->cpu, l) ? multiply_turned_gradient
                                             : multiply_weight_gradient)(pass, l, plain, target + layer->weights);
    if (!plain && penalty)
        ISA(penalty_add)(W, weights, 1, weights, factors.l1, factors.l2, target + layer->weights, weights);
    bias_gradient(pass, l, plain, target + layer->biases);
}
