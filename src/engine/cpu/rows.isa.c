/* Hidden activations that need all units of an example at once (softmax): done through the tables of room nn on plain rows;
 * none of it is long beside the products. */
#include "engine/cpu/layer.h"
#include "engine/cpu/side_rows.h"

/* Rows (count × width, row-major) of examples that lie by unit in matrix M of side l, from example `first` on; all in one
 * strip. */
static void rows_from_units(const Cpu *cpu, size_t l, real *M, size_t first, size_t count, real *rows)
{
    const size_t width = cpu->sides[l].width;
    const real *from = at_unit(cpu, l, M, first / cpu->strip, 0) + first % cpu->strip;
    for (size_t j = 0; j < width; j++)
        for (size_t i = 0; i < count; i++)
            rows[i * width + j] = from[j * cpu->strip + i];
}

static void units_from_rows(const Cpu *cpu, size_t l, const real *rows, size_t first, size_t count, real *M)
{
    const size_t width = cpu->sides[l].width;
    real *to = at_unit(cpu, l, M, first / cpu->strip, 0) + first % cpu->strip;
    for (size_t j = 0; j < width; j++)
        for (size_t i = 0; i < count; i++)
            to[j * cpu->strip + i] = rows[i * width + j];
}

static void example_from_row(const Cpu *cpu, const real *row, size_t example, size_t width, real *M)
{
    for (size_t j = 0; j < width; j++)
        *at_example(cpu, M, example, j) = row[j];
}

static size_t examples_of(const Pass *pass, size_t strip)
{
    return smaller(pass->cpu->strip, pass->batch->count - strip * pass->cpu->strip);
}

void ISA(activate_rows)(const Pass *pass, const Worker *worker, size_t l, size_t strip)
{
    const Cpu *cpu = pass->cpu;
    const Side *side = &cpu->sides[l];
    const size_t count = examples_of(pass, strip), first = strip * cpu->strip;
    real *rows = scratch_of(cpu, worker);
    rows_from_units(cpu, l, side->U, first, count, rows);
    activation_of(cpu, l - 1)->forward(count, side->width, rows, rows);
    for (size_t i = 0; i < count && drops(pass, l); i++)
        ISA(drop_row)(pass, l, first + i, rows + i * side->width, rows + count * side->width);
    units_from_rows(cpu, l, rows, first, count, side->U);
    for (size_t i = 0; i < count && side->A != NULL; i++)
        example_from_row(cpu, rows + i * side->width, first + i, side->width, side->A);
}

void ISA(differentiate_rows)(const Pass *pass, const Worker *worker, size_t l, size_t strip)
{
    const Cpu *cpu = pass->cpu;
    const Side *side = &cpu->sides[l];
    const size_t first = strip * cpu->strip, width = side->width;
    real *A = scratch_of(cpu, worker), *Z = A + width, *dA = Z + width, *mask = dA + width;
    real *outputs = drops(pass, l) ? side->T : side->U;
    for (size_t i = first; i < first + examples_of(pass, strip); i++) {
        rows_from_units(cpu, l, outputs, i, 1, A);
        rows_from_units(cpu, l, side->D != NULL ? side->D : outputs, i, 1, Z);
        rows_from_units(cpu, l, side->dZ, i, 1, dA);
        if (drops(pass, l))
            rows_from_units(cpu, l, side->mask, i, 1, mask);
        ISA(differentiate_row)(activation_of(cpu, l - 1), width, Z, A, drops(pass, l) ? mask : NULL, dA);
        units_from_rows(cpu, l, dA, i, 1, side->dZ);
    }
}
