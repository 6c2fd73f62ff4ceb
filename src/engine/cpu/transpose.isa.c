#include "engine/cpu/transpose.h"

/* The lower (upper) halves of two vectors a, b in turn: a0 b0 a1 b1 … */
#if LANES == 2
#define LOWER(a, b) __builtin_shufflevector(a, b, 0, 2)
#define UPPER(a, b) __builtin_shufflevector(a, b, 1, 3)
#elif LANES == 4
#define LOWER(a, b) __builtin_shufflevector(a, b, 0, 4, 1, 5)
#define UPPER(a, b) __builtin_shufflevector(a, b, 2, 6, 3, 7)
#elif LANES == 8
#define LOWER(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define UPPER(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#elif LANES == 16
#define LOWER(a, b) __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define UPPER(a, b) __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#endif

/* Shuffling rows i and i + LANES/2 into rows 2i and 2i + 1 turns the bits of the address (row, lane) by one place; after
 * log2 LANES rounds row and lane have changed places. */
static inline __attribute__((always_inline)) void shuffle_round(const Vector *from, Vector *to)
{
    UNROLL(8)
    for (size_t i = 0; i < LANES / 2; i++) {
        to[2 * i] = LOWER(from[i], from[i + LANES / 2]);
        to[2 * i + 1] = UPPER(from[i], from[i + LANES / 2]);
    }
}

static inline void transpose_block(const real *from, size_t from_row, real *to, size_t to_row)
{
    Vector a[LANES], b[LANES];
    UNROLL(16)
    for (size_t i = 0; i < LANES; i++)
        a[i] = vector_load(from + i * from_row);
    UNROLL(4)
    for (size_t lanes = LANES; lanes > 1; lanes /= 4) {
        shuffle_round(a, b);
        if (lanes > 2)
            shuffle_round(b, a);
        else {
            UNROLL(16)
            for (size_t i = 0; i < LANES; i++)
                a[i] = b[i];
        }
    }
    UNROLL(16)
    for (size_t i = 0; i < LANES; i++)
        vector_store(to + i * to_row, a[i]);
}

void ISA(transpose)(size_t rows, size_t columns, const real *from, size_t from_row, real *to, size_t to_row)
{
    for (size_t i = 0; i < rows; i += LANES)
        for (size_t j = 0; j < columns; j += LANES)
            transpose_block(from + i * from_row + j, from_row, to + j * to_row + i, to_row);
}
