#include "engine/cpu/small_product.h"

#include <string.h>

#include "engine/cpu/transpose.h"

static inline size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* ---- Vectors along rows ------------------------------------------------------------------------------------------ */

#if ROW_TILE_ROWS == 8
#define EACH_HEIGHT(DO) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8)
#elif ROW_TILE_ROWS == 5
#define EACH_HEIGHT(DO) DO(1) DO(2) DO(3) DO(4) DO(5)
#else
#define EACH_HEIGHT(DO) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6)
#endif

/* height × vectors of C from (row, column) on, both constants where it is used; the last vector of a row has `last`
 * columns. */
static inline __attribute__((always_inline)) void row_tile(const RowProduct *p, size_t row, size_t column, size_t last,
                                                           size_t height, size_t vectors)
{
    Vector sum[ROW_TILE_ROWS][ROW_TILE_VECTORS];
    const real *A = p->A + row * p->a_row, *B = p->B + column;
    real *C = p->C + row * p->c_row + column;
    const size_t depth = p->depth, a_row = p->a_row, a_step = p->a_step, b_row = p->b_row, c_row = p->c_row;
    UNROLL(2)
    for (size_t v = 0; v < vectors; v++) {
        const size_t count = v + 1 < vectors ? LANES : last;
        const Vector start = p->start != NULL ? vector_load_first(p->start + column + v * LANES, count) : (Vector){0};
        UNROLL(8)
        for (size_t i = 0; i < height; i++)
            sum[i][v] = start;
    }
    for (size_t k = 0; k < depth; k++, A += a_step, B += b_row) {
        Vector b[ROW_TILE_VECTORS];
        UNROLL(2)
        for (size_t v = 0; v < vectors; v++)
            b[v] = vector_load(B + v * LANES);
        UNROLL(8)
        for (size_t i = 0; i < height; i++) {
            const Vector a = vector_fill(A[i * a_row]);
            UNROLL(2)
            for (size_t v = 0; v < vectors; v++)
                sum[i][v] += a * b[v];
        }
    }
    UNROLL(8)
    for (size_t i = 0; i < height; i++) {
        UNROLL(2)
        for (size_t v = 0; v < vectors; v++) {
            real *c = C + i * c_row + v * LANES;
            const size_t count = v + 1 < vectors ? LANES : last;
            vector_store_first(c, p->add ? vector_load_first(c, count) + sum[i][v] : sum[i][v], count);
        }
    }
}

#define ROW_TILE(height)                                                                                               \
    static void row_tile_##height##_1(const RowProduct *p, size_t row, size_t column, size_t last)                     \
    {                                                                                                                  \
        row_tile(p, row, column, last, height, 1);                                                                     \
    }                                                                                                                  \
    static void row_tile_##height##_2(const RowProduct *p, size_t row, size_t column, size_t last)                     \
    {                                                                                                                  \
        row_tile(p, row, column, last, height, 2);                                                                     \
    }
EACH_HEIGHT(ROW_TILE)

#define ROW_TILES(height) {row_tile_##height##_1, row_tile_##height##_2},
static void (*const row_tiles[ROW_TILE_ROWS][ROW_TILE_VECTORS])(const RowProduct *, size_t, size_t,
                                                                size_t) = {EACH_HEIGHT(ROW_TILES)};

void ISA(multiply_rows)(const RowProduct *p)
{
    /* Tiles of nearly equal height: the first ones are one row higher. */
    const size_t tiles = (p->rows + ROW_TILE_ROWS - 1) / ROW_TILE_ROWS;
    const size_t height = (uint32_t)p->rows / (uint32_t)tiles, higher = p->rows - height * tiles;
    for (size_t column = 0; column < p->width; column += ROW_TILE_VECTORS * LANES) {
        const size_t width = smaller(ROW_TILE_VECTORS * LANES, p->width - column), vectors = (width - 1) / LANES;
        for (size_t t = 0, row = 0; t < tiles; t++) {
            const size_t rows = height + (t < higher);
            row_tiles[rows - 1][vectors](p, row, column, width - vectors * LANES);
            row += rows;
        }
    }
}

/* ---- Vectors along k --------------------------------------------------------------------------------------------- */

#if LANES == 2
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3)
#elif LANES == 4
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7)
#elif LANES == 8
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#elif LANES == 16
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
#endif

static inline __attribute__((always_inline)) void add_pairs(Vector sum[LANES], size_t count)
{
    UNROLL(8)
    for (size_t i = 0; i < count; i++)
        sum[i] = EVEN(sum[2 * i], sum[2 * i + 1]) + ODD(sum[2 * i], sum[2 * i + 1]);
}

/* Lane i of the result is the sum of all lanes of sum[i]. */
static inline __attribute__((always_inline)) Vector sums_of_lanes(Vector sum[LANES])
{
    if (LANES > 8)
        add_pairs(sum, 8);
    if (LANES > 4)
        add_pairs(sum, 4);
    if (LANES > 2)
        add_pairs(sum, 2);
    add_pairs(sum, 1);
    return sum[0];
}

/* `units` rows of W from `unit` on with `examples` rows of A: LANES scalar products, or PAIR · LANES. All three are constants
 * where they are used, and so in all that follows. */
typedef struct DotTile {
    size_t units, examples;
    bool by_unit;
} DotTile;

#define PAIR 2

/* Terms k … k+count-1. */
static inline __attribute__((always_inline)) void add_terms(DotTile tile, const real *W, size_t w_row, const real *A,
                                                            size_t a_row, size_t count, Vector sum[PAIR * LANES])
{
    Vector a[LANES];
    UNROLL(16)
    for (size_t i = 0; i < tile.examples; i++)
        a[i] = vector_load_first(A + i * a_row, count);
    UNROLL(16)
    for (size_t j = 0; j < tile.units; j++) {
        const Vector w = vector_load_first(W + j * w_row, count);
        UNROLL(16)
        for (size_t i = 0; i < tile.examples; i++)
            sum[tile.by_unit ? j * tile.examples + i : i * tile.units + j] += a[i] * w;
    }
}

static inline __attribute__((always_inline)) void dot_tile(const DotProduct *p, size_t unit, size_t example,
                                                           DotTile tile)
{
    const size_t depth = p->depth, a_row = p->a_row, c_row = p->c_row;
    const real *W = p->W + unit * depth, *A = p->A + example * a_row, *bias = p->bias + unit;
    Vector sum[PAIR * LANES], result[PAIR];
    UNROLL(16)
    for (size_t j = 0; j < tile.units; j++) {
        UNROLL(16)
        for (size_t i = 0; i < tile.examples; i++)
            sum[tile.by_unit ? j * tile.examples + i : i * tile.units + j] = (Vector){bias[j]};
    }
    size_t k = 0;
    for (; k + LANES <= depth; k += LANES)
        add_terms(tile, W + k, depth, A + k, a_row, LANES, sum);
    if (k < depth)
        add_terms(tile, W + k, depth, A + k, a_row, depth - k, sum);
    const size_t products = tile.units * tile.examples, pieces = tile.by_unit ? tile.units : tile.examples;
    UNROLL(2)
    for (size_t i = 0; i < products / LANES; i++)
        result[i] = sums_of_lanes(sum + i * LANES);
    real *C = tile.by_unit ? p->C + unit * c_row + example : p->C + example * c_row + unit;
    UNROLL(16)
    for (size_t i = 0; i < pieces; i++)
        memcpy(C + i * c_row, (const real *)result + i * (products / pieces), products / pieces * sizeof(real));
}

#if LANES == 16
#define EACH_UNITS(DO) DO(1) DO(2) DO(4) DO(8) DO(16)
#elif LANES == 8
#define EACH_UNITS(DO) DO(1) DO(2) DO(4) DO(8)
#elif LANES == 4
#define EACH_UNITS(DO) DO(1) DO(2) DO(4)
#else
#define EACH_UNITS(DO) DO(1) DO(2)
#endif

/* All examples. */
static inline __attribute__((always_inline)) void dot_tiles_of(const DotProduct *p, size_t unit, size_t units,
                                                               size_t examples)
{
    for (size_t example = 0; example < p->examples; example += examples)
        if (p->by_unit)
            dot_tile(p, unit, example, (DotTile){units, examples, true});
        else
            dot_tile(p, unit, example, (DotTile){units, examples, false});
}

#define DOT_TILE(units)                                                                                                \
    static void dot_tiles_##units(const DotProduct *p, size_t unit)                                                    \
    {                                                                                                                  \
        dot_tiles_of(p, unit, units, LANES / (units));                                                                 \
    }
EACH_UNITS(DOT_TILE)

#if LANES <= 4
/* Up to four sums would wait for each other: a sum takes its next term when the one before is added. */
static size_t pairs_of_units(const DotProduct *p, size_t unit)
{
    for (; unit + PAIR <= p->units; unit += PAIR)
        dot_tiles_of(p, unit, PAIR, LANES);
    return unit;
}
#else
static size_t pairs_of_units(const DotProduct *p, size_t unit)
{
    (void)p;
    return unit;
}
#endif

#define DOT_TILES(units) {units, dot_tiles_##units},
static const struct {
    size_t units;
    void (*tiles)(const DotProduct *p, size_t unit);
} dot_tiles[] = {EACH_UNITS(DOT_TILES)};

/* Place in dot_tiles: a tile of four examples loads least, but fewer of them leave room for more units. */
static size_t best_tile(size_t examples)
{
    size_t t = 0;
    while (dot_tiles[t].units < LANES && (LANES / dot_tiles[t].units > 4 || LANES / dot_tiles[t].units >= 2 * examples))
        t++;
    return t;
}

size_t ISA(dot_tile_units)(size_t examples)
{
    return dot_tiles[best_tile(examples)].units;
}

void ISA(multiply_dots)(const DotProduct *p)
{
    size_t t = best_tile(p->examples);
    for (size_t unit = t == 0 ? pairs_of_units(p, 0) : 0; unit < p->units; unit += dot_tiles[t].units) {
        while (dot_tiles[t].units > p->units - unit)
            t--;
        dot_tiles[t].tiles(p, unit);
    }
}

/* ------------------------------------------------------------------------------------------------------------------ */

void ISA(transpose_any)(size_t rows, size_t columns, const real *from, size_t from_row, real *to, size_t to_row)
{
    const size_t whole_rows = rows / LANES * LANES, whole_columns = columns / LANES * LANES;
    ISA(transpose)(whole_rows, whole_columns, from, from_row, to, to_row);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = i < whole_rows ? whole_columns : 0; j < columns; j++)
            to[j * to_row + i] = from[i * from_row + j];
}
