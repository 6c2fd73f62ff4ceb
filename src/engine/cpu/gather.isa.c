/* A batch comes in: gathered, scaled, and laid out by example and by unit in one pass over strips of features. */
#include <string.h>

#include "data/batch_gather.h"
#include "data/scale_bytes.h"
#include "engine/cpu/layer.h"
#include "engine/cpu/transpose.h"

/* One strip of LANES examples, by example in X, goes to its place by unit. */
static void turn_strip(const Cpu *cpu, size_t example, size_t unit, const real *X, size_t x_row)
{
    ISA(transpose)
    (LANES, smaller(STRIP, cpu->sides[0].padded - unit), X, x_row,
     at_unit(cpu, 0, cpu->sides[0].U, example / cpu->strip, unit) + example % cpu->strip, cpu->strip);
}

static void gather_bytes(const Pass *pass, size_t first, size_t count, real *aside)
{
    const Cpu *cpu = pass->cpu;
    const Side *side = &cpu->sides[0];
    const Scaler *scaler = pass->batch->scaler;
    const uint8_t *rows[LANES];
    const Quotient by = divide_by(scaler != NULL ? scaler->divisor : 1);
    const bool standardized = scaler != NULL && scaler->mean != NULL;
    real mean[STRIP], factor[STRIP];
    for (size_t i = 0; i < count; i++)
        rows[i] = dataset_row(pass->batch->data, batch_row(pass->batch, first + i));
    for (size_t unit = 0; unit < side->width; unit += STRIP) {
        const size_t width = smaller(STRIP, side->width - unit);
        real *X = side->A != NULL ? at_example(cpu, side->A, first, unit) : aside;
        if (standardized)
            take_constants(scaler, unit, width, mean, factor);
        for (size_t i = 0; i < count; i++)
            if (width == STRIP) /* a constant, for the compiler */
                scale_bytes(rows[i] + unit, STRIP, by, standardized ? mean : NULL, factor, X + i * STRIP);
            else
                scale_bytes(rows[i] + unit, width, by, standardized ? mean : NULL, factor, X + i * STRIP);
        turn_strip(cpu, first, unit, X, STRIP);
    }
}

static void gather_any(const Pass *pass, size_t first, size_t count, real *aside)
{
    const Cpu *cpu = pass->cpu;
    const Side *side = &cpu->sides[0];
    const size_t stride = round_up(side->width, STRIP);
    ISA(batch_gather)(pass->batch, first, first + count, aside, stride);
    for (size_t unit = 0; unit < side->width; unit += STRIP) {
        turn_strip(cpu, first, unit, aside + unit, stride);
        for (size_t i = 0; i < count && side->A != NULL; i++)
            memcpy(at_example(cpu, side->A, first + i, unit), aside + i * stride + unit, STRIP * sizeof(real));
    }
}

void ISA(gather_unit)(const Pass *pass, const Worker *worker, size_t first)
{
    const size_t count = smaller(LANES, pass->batch->count - first);
    real *aside = scratch_of(pass->cpu, worker);
    (scales_bytes(pass->batch) ? gather_bytes : gather_any)(pass, first, count, aside);
}
