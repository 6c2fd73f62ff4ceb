/* A phase over elements 0 … total-1 that is cut into pieces of one size. */
#ifndef ENGINE_CPU_PIECES_H
#define ENGINE_CPU_PIECES_H

#include "engine/cpu/claims.h"

/* Examples of a piece, where a phase is cut by examples. */
#define EXAMPLES_PIECE 32

typedef struct Pieces {
    Phase phase;
    size_t units, size, total;
} Pieces;

/* Must stay where it is until pieces_end. */
static inline void pieces_begin(Pieces *pieces, Worker *worker, size_t total, size_t size)
{
    pieces->total = total;
    pieces->size = size;
    pieces->units = (total + size - 1) / size;
    pieces->phase = phase_begin(worker, &pieces->units, 1);
}

/* The next piece, begin … end-1; false if none is left. */
static inline bool pieces_next(Pieces *pieces, size_t *begin, size_t *end)
{
    size_t list = 0, unit = 0;
    if (!phase_next(&pieces->phase, &list, &unit))
        return false;
    *begin = unit * pieces->size;
    *end = *begin + pieces->size < pieces->total ? *begin + pieces->size : pieces->total;
    return true;
}

static inline void pieces_end(Pieces *pieces)
{
    phase_end(&pieces->phase);
}

#endif
