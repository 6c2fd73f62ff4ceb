#include "engine/cpu/side_rows.h"

#include "nn/dropout.h"

/* A = T ∘ mask */
static void drop(const Pass *pass, size_t l, size_t begin, size_t end)
{
    const EngineConfig *config = &pass->cpu->engine.config;
    const SideRows *rows = &pass->cpu->sides[l].rows;
    const size_t row = row_stride(rows->units);
    REAL(dropout_mask)
    (config->network, l - 1, config->dropout, engine_dropout_factor(config), begin, end - begin, 0, rows->units,
     rows->mask + begin * row, row);
    for (size_t i = begin * row; i < end * row; i++)
        rows->A[i] = rows->T[i] * rows->mask[i];
}

void ISA(rows_forward)(const Pass *pass, size_t l, size_t begin, size_t end)
{
    const Side *side = &pass->cpu->sides[l];
    const SideRows *rows = &side->rows;
    const size_t row = row_stride(rows->units), at = begin * row, count = (end - begin) * row;
    const real *Z = rows->Z + at;
    real *f = (drops(pass, l) ? rows->T : rows->A) + at;
    if (side->f.activation != NULL)
        ISA(activate)(&side->f, count, Z, f, pass->backward && rows->D != NULL ? rows->D + at : NULL);
    for (size_t i = 0; i < count && side->f.activation == NULL; i += row)
        activation_of(pass->cpu, l - 1)->forward(1, rows->units, Z + i, f + i);
    if (drops(pass, l))
        drop(pass, l, begin, end);
}

void ISA(rows_backward)(const Pass *pass, size_t l, size_t begin, size_t end, real *flow)
{
    const Side *side = &pass->cpu->sides[l];
    const SideRows *rows = &side->rows;
    const size_t row = row_stride(rows->units), at = begin * row, count = (end - begin) * row;
    const real *f = (drops(pass, l) ? rows->T : rows->A) + at, *mask = drops(pass, l) ? rows->mask + at : NULL;
    if (side->f.activation != NULL)
        ISA(differentiate)(&side->f, count, f, rows->D != NULL ? rows->D + at : NULL, mask, flow + at);
    for (size_t i = 0; i < count && side->f.activation == NULL; i += row)
        ISA(differentiate_row)
    (activation_of(pass->cpu, l - 1), rows->units, rows->Z + at + i, f + i, mask != NULL ? mask + i : NULL,
     flow + at + i);
}
