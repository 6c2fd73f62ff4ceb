/* The way back on a small network: dA (n × in) = dZ (n × out) · W, dW (out × in) = dZᵀ · A and db = Σ dZ. */
#include <string.h>

#include "engine/cpu/side_rows.h"
#include "engine/cpu/small.h"
#include "engine/cpu/small_product.h"
#include "engine/cpu/stages.h"

/* Inputs of a layer up to which dWᵀ is made: rows of A would not fill half a vector. */
#define NARROW (LANES / 2)

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
