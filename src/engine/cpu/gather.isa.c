/* A batch comes in: gathered, scaled, and laid out by example and by unit in one pass over strips of features. */
#include <string.h>

#include "data/scale_bytes.h"
#include "engine/cpu/layer.h"
#include "engine/cpu/transpose.h"

/* What scales the features of one strip. */
typedef struct StripScale {
    Quotient by;
    bool standardized;
    real mean[STRIP], factor[STRIP];
} StripScale;

static void set_strip(StripScale *scale, const Scaler *scaler, size_t first, size_t count)
{
    for (size_t j = 0; j < count && scale->standardized; j++) {
        scale->mean[j] = (real)scaler->mean[first + j];
        scale->factor[j] = factor_of(scaler->deviation[first + j]);
    }
}

static inline void scale_strip(const StripScale *restrict scale, const uint8_t *restrict x, size_t count,
                               real *restrict out)
{
    const Quotient by = scale->by;
    if (scale->standardized)
        for (size_t j = 0; j < count; j++)
            out[j] = standardize((real)x[j] * by.high + (real)x[j] * by.low, scale->mean[j], scale->factor[j]);
    else
        for (size_t j = 0; j < count; j++)
            out[j] = (real)x[j] * by.high + (real)x[j] * by.low;
}

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
    StripScale scale = {.by = divide_by(scaler != NULL ? scaler->divisor : 1),
                        .standardized = scaler != NULL && scaler->mean != NULL};
    for (size_t i = 0; i < count; i++)
        rows[i] = dataset_row(pass->batch->data, batch_row(pass->batch, first + i));
    for (size_t unit = 0; unit < side->width; unit += STRIP) {
        const size_t width = smaller(STRIP, side->width - unit);
        real *X = side->A != NULL ? at_example(cpu, side->A, first, unit) : aside;
        set_strip(&scale, scaler, unit, width);
        for (size_t i = 0; i < count; i++)
            if (width == STRIP) /* a constant, for the compiler */
                scale_strip(&scale, rows[i] + unit, STRIP, X + i * STRIP);
            else
                scale_strip(&scale, rows[i] + unit, width, X + i * STRIP);
        turn_strip(cpu, first, unit, X, STRIP);
    }
}

static void gather_any(const Pass *pass, size_t first, size_t count, real *aside)
{
    const Cpu *cpu = pass->cpu;
    const Side *side = &cpu->sides[0];
    const size_t stride = round_up(side->width, STRIP);
    REAL(batch_gather)(pass->batch, first, first + count, aside, stride);
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
