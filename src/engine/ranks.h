/* Ranks: processes that train one network together, each with a copy of its parameters. What connects them is not known
 * here: src/dist/ does it with MPI, a test within one process. */
#ifndef ENGINE_RANKS_H
#define ENGINE_RANKS_H

#include <stddef.h>

/* Bytes that go to a rank, or come from it. */
typedef struct RankMemory {
    void *bytes;
    size_t size;
} RankMemory;

typedef struct Ranks {
    size_t count, rank; /* rank: this process, 0 … count-1 */
    /* Sends out[r] to each rank r and fills in[r] with what r sends; `count` rows each. All ranks call it at the same
     * point, and both sides of a transfer agree on its size; of size 0 there is none. A rank's own row is ignored. The
     * memory may be used again when the call returns. It cannot fail: a process that loses a rank ends. */
    void (*exchange)(void *state, const RankMemory *out, const RankMemory *in);
    void *state;
} Ranks;

#endif
