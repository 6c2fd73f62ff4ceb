/* The way forward on a small network: the batch, Z (n × out) = A (n × in) · Wᵀ + b layer by layer, output and losses. */
#include <string.h>

#include "data/scale_bytes.h"
#include "engine/cpu/last_side.h"
#include "engine/cpu/small.h"
#include "engine/cpu/small_product.h"
#include "engine/cpu/stages.h"
#include "nn/dropout.h"

#define CACHE_LINE 64
#define FETCHED 16 /* examples ahead */

/* ---- The batch --------------------------------------------------------------------------------------------------- */

/* By example, with the arithmetic of gather.isa.c. */
static void gather_bytes(const Batch *batch, size_t first, size_t count, real *X, size_t stride)
{
    const Scaler *scaler = batch->scaler;
    const size_t width = batch->data->storage->width;
    const Quotient by = divide_by(scaler != NULL ? scaler->divisor : 1);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *restrict x = dataset_row(batch->data, batch_row(batch, first + i));
        real *restrict out = X + i * stride;
        for (size_t j = 0; j < width; j++)
            out[j] = (real)x[j] * by.high + (real)x[j] * by.low;
    }
    for (size_t j = 0; j < width && scaler != NULL && scaler->mean != NULL; j++) {
        const real mean = (real)scaler->mean[j], factor = factor_of(scaler->deviation[j]);
        for (size_t i = 0; i < count; i++)
            X[i * stride + j] = standardize(X[i * stride + j], mean, factor);
    }
}

/* Asks for rows begin … end-1 of a batch: they lie anywhere in memory, and each would be waited for. */
static void fetch_rows(const Batch *batch, size_t begin, size_t end)
{
    const size_t bytes = batch->data->storage->width * storage_item_size(batch->data->storage->type);
    for (size_t i = begin; i < end; i++) {
        const char *row = dataset_row(batch->data, batch_row(batch, i));
        for (size_t at = 0; at < bytes; at += CACHE_LINE)
            __builtin_prefetch(row + at);
    }
}

void ISA(small_gather)(const Pass *pass)
{
    const Side *side = &pass->cpu->sides[0];
    const Batch *batch = pass->batch;
    const size_t stride = row_stride(side->width), n = batch->count;
    const bool bytes = scales_bytes(batch);
    if (side->staged) {
        Worker alone = {.team = NULL};
        ISA(staged_gather)(pass, &alone);
        ISA(chain_forward)(pass, &alone, 0);
        return;
    }
    fetch_rows(batch, 0, smaller(FETCHED, n));
    for (size_t i = 0; i < n; i += FETCHED) {
        const size_t end = smaller(i + FETCHED, n);
        fetch_rows(batch, end, smaller(end + FETCHED, n));
        if (bytes)
            gather_bytes(batch, i, end - i, side->A + i * stride, stride);
        else
            REAL(batch_gather)(batch, i, end, side->A + i * stride, stride);
    }
}

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

/* A = T ∘ mask */
static void drop(const Pass *pass, size_t l, size_t stride)
{
    const Side *side = &pass->cpu->sides[l];
    const size_t n = pass->batch->count;
    REAL(dropout_mask)
    (pass->cpu->engine.config.network, l - 1, pass->cpu->engine.config.dropout,
     engine_dropout_factor(&pass->cpu->engine.config), 0, n, 0, side->width, side->mask, stride);
    memcpy(side->T, side->A, n * stride * sizeof(real));
    for (size_t i = 0; i < n * stride; i++)
        side->A[i] = side->T[i] * side->mask[i];
}

void ISA(small_forward)(const Pass *pass, size_t l)
{
    const Side *side = &pass->cpu->sides[l];
    const size_t n = pass->batch->count, stride = row_stride(side->width);
    if (side->staged) {
        multiply_forward(pass, l - 1, side->rows.input, row_stride(side->raw_width));
        ISA(chain_forward)(pass, &(Worker){.team = NULL}, l);
        return;
    }
    const bool elementwise = side->f.activation != NULL;
    real *Z = side->D != NULL && !elementwise ? side->D : side->A;
    multiply_forward(pass, l - 1, Z, stride);
    if (elementwise)
        ISA(activate)(&side->f, n * stride, Z, Z, pass->backward ? side->D : NULL);
    for (size_t i = 0; i < n && !elementwise; i++)
        activation_of(pass->cpu, l - 1)->forward(1, side->width, Z + i * stride, side->A + i * stride);
    if (drops(pass, l))
        drop(pass, l, stride);
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
