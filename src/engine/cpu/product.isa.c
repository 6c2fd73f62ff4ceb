#include "engine/cpu/product.h"

#if defined PERCEPT_CBLAS

#include <cblas.h>

#include "engine/cpu/cblas_gate.h"

#if PERCEPT_REAL == F32
#define gemm cblas_sgemm
#else
#define gemm cblas_dgemm
#endif

/* One call for each segment of A, added to what C starts from. */
void ISA(multiply)(const Product *product, size_t rows, size_t width)
{
    const Product p = *product;
    const bool rows_contiguous = p.a_step == 1;
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < width; j++) {
            real *c = &p.C[i * p.c_row + j];
            *c = (p.add ? *c + p.gamma * *c : 0) + (p.bias != NULL ? p.bias[i] : 0);
        }
    const real *A = p.A;
    for (size_t k = 0; k < p.depth; k += p.segment) {
        const size_t depth = p.depth - k < p.segment ? p.depth - k : p.segment;
        cblas_gate_enter();
        gemm(CblasRowMajor, rows_contiguous ? CblasNoTrans : CblasTrans, CblasNoTrans, (int)rows, (int)width,
             (int)depth, 1, A, (int)(rows_contiguous ? p.a_row : p.a_step), p.B + k * p.b_step, (int)p.b_step, 1, p.C,
             (int)p.c_row);
        cblas_gate_leave();
        A += depth * p.a_step + p.jump;
    }
}

#else

/* sum = C + (gamma · C + sum) */
static inline __attribute__((always_inline)) void add_tile(const Product *p, size_t height, size_t vectors,
                                                           Vector sum[TILE_ROWS][TILE_VECTORS])
{
    const Vector gamma = vector_fill(p->gamma);
    if (p->gamma != 0) {
        UNROLL(8)
        for (size_t i = 0; i < height; i++) {
            UNROLL(4)
            for (size_t v = 0; v < vectors; v++)
                sum[i][v] += gamma * vector_load(p->C + i * p->c_row + v * LANES);
        }
    }
    UNROLL(8)
    for (size_t i = 0; i < height; i++) {
        UNROLL(4)
        for (size_t v = 0; v < vectors; v++)
            sum[i][v] += vector_load(p->C + i * p->c_row + v * LANES);
    }
}

/* sum += column of A · row of B */
static inline __attribute__((always_inline)) void add_step(size_t height, size_t vectors, const Operand *A,
                                                           size_t a_row, const Operand *B,
                                                           Vector sum[TILE_ROWS][TILE_VECTORS])
{
    OperandVector b[TILE_VECTORS];
    UNROLL(4)
    for (size_t v = 0; v < vectors; v++)
        b[v] = operand_load(B + v * LANES);
    UNROLL(8)
    for (size_t i = 0; i < height; i++) {
        const OperandVector a = operand_fill(A[i * a_row]);
        UNROLL(4)
        for (size_t v = 0; v < vectors; v++)
            sum[i][v] = multiply_add(sum[i][v], a, b[v]);
    }
}

/* Steps of k between two lines that are fetched. */
#define FETCH_STEPS 4

/* How many of them the compiler sees in one piece. Where the sums need nearly all registers, gcc orders the instructions of
 * several steps so that some sums have to be stored. A constant, since macros are not expanded in this pragma. */
enum { STEPS_TOGETHER = VECTOR_BYTES == 32 ? 1 : FETCH_STEPS };

/* A tile of height × (vectors · LANES) of C; both are constants where it is used, so that `sum` lives in registers. */
static inline __attribute__((always_inline)) void tile(const Product *p, const Fetch *lines, size_t height,
                                                       size_t vectors)
{
    Vector sum[TILE_ROWS][TILE_VECTORS];
    const Operand *A = p->A, *B = p->B;
    const size_t a_row = p->a_row, a_step = p->a_step, b_step = p->b_step;
    UNROLL(8)
    for (size_t i = 0; i < height; i++) {
        UNROLL(4)
        for (size_t v = 0; v < vectors; v++)
            sum[i][v] = p->bias != NULL ? vector_fill(p->bias[i]) : (Vector){0};
    }
    /* The sums are in memory that the last phase has not touched: prefetch them now, use them at the end. */
    if (p->add) {
        UNROLL(8)
        for (size_t i = 0; i < height; i++) {
            UNROLL(4)
            for (size_t v = 0; v < vectors; v++)
                __builtin_prefetch(p->C + i * p->c_row + v * LANES, 1);
        }
    }
    const char *fetch = lines->next;
    size_t segment = p->segment - p->lead;
    for (size_t left = p->depth; left > 0; A += p->jump, segment = p->segment) {
        const size_t run = left < segment ? left : segment;
        size_t k = 0;
        left -= run;
        for (; k + FETCH_STEPS <= run; k += FETCH_STEPS, fetch += lines->step) {
            __builtin_prefetch(fetch, 0, 2); /* into the second-level cache: data in use fill the first one */
            UNROLL(STEPS_TOGETHER)
            for (size_t step = 0; step < FETCH_STEPS; step++, A += a_step, B += b_step)
                add_step(height, vectors, A, a_row, B, sum);
        }
        for (; k < run; k++, A += a_step, B += b_step)
            add_step(height, vectors, A, a_row, B, sum);
    }
    if (p->add)
        add_tile(p, height, vectors, sum);
    UNROLL(8)
    for (size_t i = 0; i < height; i++) {
        UNROLL(4)
        for (size_t v = 0; v < vectors; v++)
            vector_store(p->C + i * p->c_row + v * LANES, sum[i][v]);
    }
}

#define TILE(height, vectors)                                                                                          \
    static void tile_##height##_##vectors(const Product *p, const Fetch *lines)                                        \
    {                                                                                                                  \
        tile(p, lines, height, vectors);                                                                               \
    }
#if TILE_VECTORS == 4
#define EACH_VECTORS(DO, height) DO(height, 1) DO(height, 2) DO(height, 3) DO(height, 4)
#elif TILE_VECTORS == 3
#define EACH_VECTORS(DO, height) DO(height, 1) DO(height, 2) DO(height, 3)
#else
#define EACH_VECTORS(DO, height) DO(height, 1) DO(height, 2)
#endif
#define TILES(height) EACH_VECTORS(TILE, height)
#define ENTRY(height, vectors) tile_##height##_##vectors,
#define ENTRIES(height) {EACH_VECTORS(ENTRY, height)},
#if TILE_ROWS == 4
#define EACH_HEIGHT(DO) DO(1) DO(2) DO(3) DO(4)
#elif TILE_ROWS == 8
#define EACH_HEIGHT(DO) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8)
#else
#define EACH_HEIGHT(DO) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6)
#endif

EACH_HEIGHT(TILES)

static void (*const tiles[TILE_ROWS][TILE_VECTORS])(const Product *, const Fetch *) = {EACH_HEIGHT(ENTRIES)};

/* A tile whose last vector would reach beyond C: computed aside, then added to what may be touched. */
static void narrow_tile(const Product *p, const Fetch *lines, size_t height, size_t width)
{
    real aside[TILE_ROWS * STRIP];
    Product product = *p;
    product.C = aside;
    product.c_row = STRIP;
    product.add = false;
    tiles[height - 1][(width - 1) / LANES](&product, lines);
    for (size_t i = 0; i < height; i++)
        for (size_t j = 0; j < width; j++) {
            real *c = &p->C[i * p->c_row + j];
            const real sum = aside[i * STRIP + j];
            *c = p->add ? *c + (p->gamma * *c + sum) : sum;
        }
}

/* What a tile fetches; where nothing is wanted, a line that is there. */
static Fetch lines_for(const Product *p)
{
    const size_t count = p->depth / FETCH_STEPS;
    Fetch lines = {(const char *)p->B, 0, 0};
    if (p->fetch != NULL && p->fetch->left > 0) {
        lines = *p->fetch;
        p->fetch->next += count * lines.step;
        p->fetch->left -= count < lines.left ? count : lines.left;
    }
    return lines;
}

void PRODUCT(multiply)(const Product *product, size_t rows, size_t width)
{
    Product p = *product;
    size_t count = (rows + TILE_ROWS - 1) / TILE_ROWS; /* tiles of nearly equal height */
    for (size_t left = rows; left > 0; count--) {
        const size_t height = (left + count - 1) / count;
        const Fetch lines = lines_for(&p);
        if (width % LANES == 0)
            tiles[height - 1][width / LANES - 1](&p, &lines);
        else
            narrow_tile(&p, &lines, height, width);
        left -= height;
        p.A += height * p.a_row;
        p.C += height * p.c_row;
        if (p.bias != NULL)
            p.bias += height;
    }
}

#endif
