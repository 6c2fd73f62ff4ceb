/* Updates are compiled for each instruction set; their bits are those of the build for every processor. */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "base/isa.h"
#include "base/random.h"
#include "train/optimizer.h"

/* More than three vectors of every instruction set, and a rest. */
#define COUNT 211
#define STEPS 5

/* Everything that an update reads and changes. */
typedef struct Vectors {
    double parameters[COUNT], gradient[COUNT], slots[OPTIMIZER_SLOTS][COUNT];
} Vectors;

/* Of many magnitudes, with zeros of both signs. */
static void fill(size_t size, RandomStream *stream, void *out)
{
    for (size_t i = 0; i < COUNT; i++) {
        const double x = i % 50 == 7 ? -0.0 : i % 50 == 8 ? 0 : ldexp(random_normal(stream, 0, 1), (int)(i % 40) - 30);
        if (size == sizeof(float))
            ((float *)out)[i] = (float)x;
        else
            ((double *)out)[i] = x;
    }
}

static OptimizerOptions options_of(const Optimizer_f64 *row, size_t variant)
{
    OptimizerOptions options = row->defaults;
    options.momentum = variant > 0 ? 0.9 : 0;
    options.nesterov = variant > 1;
    options.weight_decay = variant > 0 ? 0.1 : 0;
    return options;
}

/* Some steps, each in two ranges that cut vectors. */
static void train(OptimizerApply *apply, const OptimizerOptions *options, size_t slots, size_t size, Vectors *out)
{
    const ParameterGroup group = {.begin = 3, .end = COUNT - 5, .rate = 1, .decay = 1};
    OptimizerState state = {.options = *options, .groups = &group, .group_count = 1, .apply = apply};
    RandomStream stream;
    random_default_rng(&stream, 1);
    memset(out, 0, sizeof *out);
    for (size_t s = 0; s < slots; s++)
        state.slots[s] = out->slots[s];
    fill(size, &stream, out->parameters);
    for (uint64_t step = 1; step <= STEPS; step++) {
        fill(size, &stream, out->gradient);
        optimizer_begin_step(&state, step, 0.01);
        apply(&state, 0, 77, out->parameters, out->gradient);
        apply(&state, 77, COUNT, out->parameters, out->gradient);
    }
}

static void every_build_of_an_update_has_the_same_bits(void **state)
{
    (void)state;
    for (size_t index = 0; optimizer_at_f64(index) != NULL; index++)
        for (size_t variant = 0; variant < 3; variant++)
            for (size_t isa = 0; isa < ISA_COUNT; isa++) {
                const Optimizer_f64 *row = optimizer_at_f64(index);
                const OptimizerOptions options = options_of(row, variant);
                const size_t slots = row->slots(&options);
                Vectors reference, own;
                if (!isa_supported(isa) || row->apply == NULL)
                    continue;
                train(row->apply, &options, slots, sizeof(double), &reference);
                train(optimizer_apply_at(index, isa, false), &options, slots, sizeof(double), &own);
                assert_memory_equal(&reference, &own, sizeof own);
                train(optimizer_at_f32(index)->apply, &options, slots, sizeof(float), &reference);
                train(optimizer_apply_at(index, isa, true), &options, slots, sizeof(float), &own);
                assert_memory_equal(&reference, &own, sizeof own);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_build_of_an_update_has_the_same_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
