#include "base/random_fill.h"

#include "base/random_words.h"

void random_fill(RandomStream *stream, uint64_t *words, size_t count)
{
    const RandomWide multiplier = random_pcg_multiplier(), increment = random_join(stream->pcg_increment);
    RandomWide state = random_join(stream->pcg_state);
    for (size_t i = 0; i < count; i++) {
        state = state * multiplier + increment;
        words[i] = random_pcg_output(state);
    }
    random_split(state, stream->pcg_state);
}
