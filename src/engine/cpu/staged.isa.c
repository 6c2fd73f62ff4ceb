/* Staged sides beside others: rows for their chain from matrices by unit or from the batch, and back. */
#include "engine/cpu/stages.h"

#include <string.h>

#include "data/batch_gather.h"
#include "engine/cpu/pieces.h"
#include "engine/cpu/small_product.h"

void ISA(staged_gather)(const Pass *pass, Worker *worker)
{
    const size_t row = row_stride(pass->cpu->sides[0].raw_width);
    real *X = pass->cpu->sides[0].rows.input;
    size_t begin = 0, end = 0;
    Pieces pieces;
    pieces_begin(&pieces, worker, pass->batch->count, EXAMPLES_PIECE);
    while (pieces_next(&pieces, &begin, &end))
        ISA(batch_gather)(pass->batch, begin, end, X + begin * row, row);
    pieces_end(&pieces);
}

void ISA(leave_rows_gradient)(const Pass *pass, const real *rows)
{
    const size_t width = pass->cpu->sides[0].raw_width, row = row_stride(width);
    for (size_t i = 0; i < pass->batch->count; i++)
        memcpy(pass->input_gradient + i * width, rows + i * row, width * sizeof(real));
}

static void leave_by_example(const Cpu *cpu, const Side *side, size_t example, const real *row)
{
    for (size_t unit = 0; unit < side->width; unit += STRIP)
        memcpy(at_example(cpu, side->A, example, unit), row + unit, smaller(STRIP, side->width - unit) * sizeof(real));
}

void ISA(staged_forward)(const Pass *pass, Worker *worker, size_t l)
{
    const Cpu *cpu = pass->cpu;
    const Side *side = &cpu->sides[l];
    const size_t row = row_stride(side->width), raw_row = row_stride(side->raw_width);
    size_t begin = 0, end = 0;
    Pieces pieces;
    if (l == 0) {
        ISA(staged_gather)(pass, worker);
    } else {
        pieces_begin(&pieces, worker, pass->batch->count, cpu->strip);
        while (pieces_next(&pieces, &begin, &end))
            ISA(transpose_any)
        (side->raw_width, end - begin, at_raw_unit(cpu, l, side->P, begin / cpu->strip, 0), cpu->strip,
         side->rows.input + begin * raw_row, raw_row);
        pieces_end(&pieces);
    }
    ISA(chain_forward)(pass, worker, l);
    pieces_begin(&pieces, worker, pass->batch->count, cpu->strip);
    while (pieces_next(&pieces, &begin, &end)) {
        const real *output = side->rows.output + begin * row;
        ISA(transpose_any)
        (end - begin, side->width, output, row, at_unit(cpu, l, side->U, begin / cpu->strip, 0), cpu->strip);
        for (size_t i = begin; i < end && side->A != NULL; i++)
            leave_by_example(cpu, side, i, side->rows.output + i * row);
    }
    pieces_end(&pieces);
}

/* What pads the last strip gets a delta of 0. */
static void leave_delta(const Pass *pass, Worker *worker, size_t l, const real *rows)
{
    const Cpu *cpu = pass->cpu;
    const Side *side = &cpu->sides[l];
    const size_t row = row_stride(side->raw_width);
    size_t begin = 0, end = 0;
    Pieces pieces;
    pieces_begin(&pieces, worker, pass->batch->count, cpu->strip);
    while (pieces_next(&pieces, &begin, &end)) {
        real *dZ = at_raw_unit(cpu, l, side->dZ, begin / cpu->strip, 0);
        ISA(transpose_any)(end - begin, side->raw_width, rows + begin * row, row, dZ, cpu->strip);
        for (size_t j = 0; j < side->raw_width && end - begin < cpu->strip; j++)
            memset(dZ + j * cpu->strip + (end - begin), 0, (cpu->strip - (end - begin)) * sizeof(real));
    }
    pieces_end(&pieces);
}

void ISA(staged_backward)(const Pass *pass, Worker *worker, size_t l)
{
    const Cpu *cpu = pass->cpu;
    const Side *side = &cpu->sides[l];
    const size_t row = row_stride(side->width);
    size_t begin = 0, end = 0;
    Pieces pieces;
    pieces_begin(&pieces, worker, pass->batch->count, cpu->strip);
    while (pieces_next(&pieces, &begin, &end))
        ISA(transpose_any)
    (side->width, end - begin, at_unit(cpu, l, side->dA, begin / cpu->strip, 0), cpu->strip, cpu->flow[0] + begin * row,
     row);
    pieces_end(&pieces);
    const real *rows = ISA(chain_backward)(pass, worker, l);
    if (l > 0)
        leave_delta(pass, worker, l, rows);
    else if (pass->input_gradient != NULL && worker->rank == 0)
        ISA(leave_rows_gradient)(pass, rows);
}
