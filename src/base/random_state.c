/* A stream as words: kind, PCG64's state and increment, its half word, the Mersenne Twister's position, the second normal
 * value, the Mersenne Twister's key. */
#include <string.h>

#include "base/random_words.h"

void random_state_write(const RandomStream *stream, uint64_t words[RANDOM_STATE_WORDS])
{
    uint64_t gauss = 0;
    memset(words, 0, RANDOM_STATE_WORDS * sizeof *words);
    words[0] = (uint64_t)stream->kind;
    if (stream->kind == RANDOM_PCG64) {
        memcpy(words + 1, stream->pcg_state, sizeof stream->pcg_state);
        memcpy(words + 3, stream->pcg_increment, sizeof stream->pcg_increment);
        words[5] = stream->has_half;
        words[6] = stream->has_half ? stream->half : 0;
        return;
    }
    memcpy(&gauss, &stream->gauss, sizeof gauss);
    words[7] = (uint64_t)stream->mt_position;
    words[8] = stream->has_gauss;
    words[9] = stream->has_gauss ? gauss : 0;
    for (size_t i = 0; i < RANDOM_MT_WORDS; i++)
        words[10 + i] = stream->mt_key[i];
}

percept_status random_state_read(const uint64_t words[RANDOM_STATE_WORDS], RandomStream *stream, percept_error *error)
{
    RandomStream read = {.kind = words[0] == RANDOM_PCG64 ? RANDOM_PCG64 : RANDOM_MT19937};
    memcpy(read.pcg_state, words + 1, sizeof read.pcg_state);
    memcpy(read.pcg_increment, words + 3, sizeof read.pcg_increment);
    read.has_half = words[5] != 0;
    read.half = (uint32_t)words[6];
    read.mt_position = (int32_t)words[7];
    read.has_gauss = words[8] != 0;
    memcpy(&read.gauss, words + 9, sizeof read.gauss);
    for (size_t i = 0; i < RANDOM_MT_WORDS; i++)
        read.mt_key[i] = (uint32_t)words[10 + i];
    const bool known = words[0] == RANDOM_PCG64 || words[0] == RANDOM_MT19937;
    const bool even = words[0] == RANDOM_PCG64 && words[3] % 2 == 0; /* PCG64's increment is odd */
    if (!known || even || words[7] > RANDOM_MT_WORDS)
        return error_set(error, PERCEPT_ERROR_FORMAT, "its random stream has a state that cannot be");
    *stream = read;
    return PERCEPT_OK;
}
