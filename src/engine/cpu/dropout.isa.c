/* Dropout on its way into the layouts: masks come by example, as the stream has them (nn/dropout.h). */
#include "nn/dropout.h"

#include "engine/cpu/layer.h"
#include "engine/cpu/transpose.h"

/* All rows of examples that may be read later are written, so what pads a strip stays a number. */
void ISA(drop_unit)(const Pass *pass, size_t l, size_t first_row, size_t rows, size_t strip)
{
    const Cpu *cpu = pass->cpu;
    const Side *side = &cpu->sides[l];
    const size_t first = strip * cpu->strip, count = smaller(cpu->strip, pass->batch->count - first);
    real *by_unit = at_unit(cpu, l, strip, first_row), *T = at_example(cpu, side->T, first, first_row);
    real *mask = at_example(cpu, side->mask, first, first_row), *A = at_example(cpu, side->A, first, first_row);
    ISA(transpose)(round_up(rows, LANES), round_up(count, LANES), by_unit, cpu->strip, T, STRIP);
    REAL(dropout_mask)
    (cpu->engine.config.network, l - 1, cpu->engine.config.dropout, first, count, first_row, rows, mask, STRIP);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < rows; j++)
            A[i * STRIP + j] = T[i * STRIP + j] * mask[i * STRIP + j];
    ISA(transpose)(round_up(count, LANES), round_up(rows, LANES), A, STRIP, by_unit, cpu->strip);
}

void ISA(drop_row)(const Pass *pass, size_t l, size_t example, real *row, real *mask)
{
    const Cpu *cpu = pass->cpu;
    const Side *side = &cpu->sides[l];
    REAL(dropout_mask)
    (cpu->engine.config.network, l - 1, cpu->engine.config.dropout, example, 1, 0, side->width, mask, side->width);
    for (size_t j = 0; j < side->width; j++) {
        *at_example(cpu, side->T, example, j) = row[j];
        *at_example(cpu, side->mask, example, j) = mask[j];
        row[j] *= mask[j];
    }
}
