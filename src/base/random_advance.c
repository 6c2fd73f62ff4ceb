/* Any place of a PCG64 stream, without the draws before it. */
#include "base/random_words.h"

/* Many steps at once: state ← state · multiplier + increment. */
typedef struct Jump {
    RandomWide multiplier, increment;
} Jump;

/* `steps` steps of the stream, from powers of two of a step (F. B. Brown, 1994, "Random number generation with arbitrary
 * strides"): a jump done twice has the multiplier m² and the increment (m + 1) c. */
static Jump jump_of(const RandomStream *stream, uint64_t steps)
{
    Jump jump = {1, 0}, power = {random_pcg_multiplier(), random_join(stream->pcg_increment)};
    for (; steps > 0; steps >>= 1) {
        if (steps & 1) {
            jump.multiplier *= power.multiplier;
            jump.increment = jump.increment * power.multiplier + power.increment;
        }
        power.increment *= power.multiplier + 1;
        power.multiplier *= power.multiplier;
    }
    return jump;
}

static RandomWide jump_from(RandomWide state, Jump jump)
{
    return state * jump.multiplier + jump.increment;
}

void random_advance(RandomStream *stream, uint64_t draws)
{
    random_split(jump_from(random_join(stream->pcg_state), jump_of(stream, draws)), stream->pcg_state);
    stream->has_half = false;
    stream->half = 0;
}

void random_unit_table(const RandomStream *stream, uint64_t first, uint64_t step, size_t rows, size_t columns,
                       double *values, size_t stride)
{
    const RandomWide multiplier = random_pcg_multiplier(), increment = random_join(stream->pcg_increment);
    const Jump down = jump_of(stream, step);
    RandomWide start = jump_from(random_join(stream->pcg_state), jump_of(stream, first));
    for (size_t i = 0; i < rows; i++, values += stride, start = jump_from(start, down)) {
        RandomWide state = start;
        for (size_t j = 0; j < columns; j++) {
            state = state * multiplier + increment;
            values[j] = random_unit_of(random_pcg_output(state));
        }
    }
}
