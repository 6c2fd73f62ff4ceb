/* The way forward on a small network: the batch, Z (n × out) = A (n × in) · Wᵀ + b layer by layer, output and losses. */
#include <string.h>

#include "data/scale_bytes.h"
#include "engine/cpu/last_side.h"
#include "engine/cpu/side_rows.h"
#include "engine/cpu/small.h"
#include "engine/cpu/small_product.h"
#include "engine/cpu/stages.h"

#define CACHE_LINE 64
#define FETCHED 16 /* examples ahead */

/* ---- The batch --------------------------------------------------------------------------------------------------- */

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
    void (*gather)(const Batch *, size_t, size_t, real *, size_t) =
        scales_bytes(batch) ? scale_examples : REAL(batch_gather);
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
        gather(batch, i, end, side->A + i * stride, stride);
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
