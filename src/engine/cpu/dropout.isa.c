/* Dropout on its way into the layout: masks come by example, as the stream has them (nn/dropout.h). */
#include <string.h>

#include "nn/dropout.h"

#include "engine/cpu/layer.h"
#include "engine/cpu/transpose.h"

void ISA(drop_unit)(const Pass *pass, size_t l, size_t first_row, size_t rows, size_t strip)
{
    const Cpu *cpu = pass->cpu;
    const Side *side = &cpu->sides[l];
    const size_t first = strip * cpu->strip, count = smaller(cpu->strip, pass->batch->count - first);
    real *U = at_unit(cpu, l, side->U, strip, first_row), *T = at_unit(cpu, l, side->T, strip, first_row);
    real *mask = at_unit(cpu, l, side->mask, strip, first_row), drawn[STRIP * LANES] = {0};
    for (size_t i = 0; i < rows; i += LANES) {
        REAL(dropout_mask)
        (cpu->engine.config.network, l - 1, cpu->engine.config.dropout, engine_dropout_factor(&cpu->engine.config),
         first, count, first_row + i, smaller(LANES, rows - i), drawn, LANES);
        ISA(transpose)(round_up(count, LANES), LANES, drawn, LANES, mask + i * cpu->strip, cpu->strip);
    }
    memcpy(T, U, rows * cpu->strip * sizeof(real));
    for (size_t i = 0; i < rows * cpu->strip; i++)
        U[i] *= mask[i];
}

void ISA(drop_row)(const Pass *pass, size_t l, size_t example, real *row, real *mask)
{
    const Cpu *cpu = pass->cpu;
    const Side *side = &cpu->sides[l];
    const size_t strip = example / cpu->strip, lane = example % cpu->strip;
    real *T = at_unit(cpu, l, side->T, strip, 0) + lane, *kept = at_unit(cpu, l, side->mask, strip, 0) + lane;
    REAL(dropout_mask)
    (cpu->engine.config.network, l - 1, cpu->engine.config.dropout, engine_dropout_factor(&cpu->engine.config), example,
     1, 0, side->width, mask, side->width);
    for (size_t j = 0; j < side->width; j++) {
        T[j * cpu->strip] = row[j];
        kept[j * cpu->strip] = mask[j];
        row[j] *= mask[j];
    }
}
