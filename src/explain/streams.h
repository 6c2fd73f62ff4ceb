/* The random streams of explanations. Each use has its own, so that no draw depends on what else is explained. */
#ifndef EXPLAIN_STREAMS_H
#define EXPLAIN_STREAMS_H

#include "base/random.h"

typedef enum ExplainUse {
    EXPLAIN_SAMPLE,  /* the rows of a dataset that are used */
    EXPLAIN_SHUFFLE, /* of a column, for its importance: one stream a column */
    EXPLAIN_WALK,    /* the orders of columns in sampled Shapley values: one stream a round */
} ExplainUse;

/* Stream number `index` of a use: a child of a seed that is drawn by a child of `seed`. */
static inline void explain_stream(uint64_t seed, ExplainUse use, size_t index, RandomStream *out)
{
    RandomStream stream;
    random_spawn(&stream, seed, (uint32_t)use);
    random_spawn(out, random_below(&stream, (uint64_t)1 << 63), (uint32_t)index);
}

#endif
