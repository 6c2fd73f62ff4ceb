#include "train/matrix.h"

#include "base/vector.h"

/* Tiles hold BAND × WIDTH sums in registers for the whole depth: vectors along k in `gram`, along columns in `multiply`. */
#define BAND MATRIX_BAND
#if VECTOR_BYTES == 64 || defined __aarch64__
#define WIDTH 4
#else
#define WIDTH 2
#endif

#define INLINE static inline __attribute__((always_inline))

static real sum_of(Vector v)
{
    real lanes[LANES];
    vector_store(lanes, v);
    for (size_t half = LANES / 2; half > 0; half /= 2)
        for (size_t lane = 0; lane < half; lane++)
            lanes[lane] += lanes[lane + half];
    return lanes[0];
}

/* ---- A · Aᵀ -------------------------------------------------------------------------------------------------------- */

INLINE void gram_steps(const MatrixProduct *p, size_t i, size_t j, size_t height, size_t width, size_t k, size_t count,
                       Vector sum[BAND][WIDTH])
{
    const real *A = p->A;
    Vector column[WIDTH];
    UNROLL(4)
    for (size_t w = 0; w < width; w++)
        column[w] = vector_load_first(A + (j + w) * p->depth + k, count);
    UNROLL(4)
    for (size_t h = 0; h < height; h++) {
        const Vector row = vector_load_first(A + (i + h) * p->depth + k, count);
        UNROLL(4)
        for (size_t w = 0; w < width; w++)
            sum[h][w] += row * column[w];
    }
}

/* Elements (i … , j …) and those that mirror them. */
INLINE void gram_tile(const MatrixProduct *p, size_t i, size_t j, size_t height, size_t width)
{
    Vector sum[BAND][WIDTH] = {{{0}}};
    const real *D = p->D;
    real *C = p->C;
    size_t k = 0;
    for (; k + LANES <= p->depth; k += LANES)
        gram_steps(p, i, j, height, width, k, LANES, sum);
    if (k < p->depth)
        gram_steps(p, i, j, height, width, k, p->depth - k, sum);
    for (size_t h = 0; h < height; h++)
        for (size_t w = 0; w < width; w++) {
            const size_t at = (i + h) * p->rows + j + w;
            const real old = D != NULL ? (real)p->alpha * D[at] : 0;
            C[at] = C[(j + w) * p->rows + i + h] = old + (real)p->beta * sum_of(sum[h][w]);
        }
}

void ISA(matrix_gram)(const MatrixProduct *product, size_t band)
{
    const size_t first = band * BAND, height = product->rows - first < BAND ? product->rows - first : BAND;
    size_t j = first;
    for (; height == BAND && j + WIDTH <= product->rows; j += WIDTH)
        gram_tile(product, first, j, BAND, WIDTH);
    for (; j < product->rows; j++)
        for (size_t h = 0; h < height; h++)
            gram_tile(product, first + h, j, 1, 1);
}

/* ---- A · B --------------------------------------------------------------------------------------------------------- */

/* Columns j … of `height` rows: `width` vectors, of the last one `count` lanes. */
INLINE void multiply_tile(const MatrixProduct *p, size_t i, size_t j, size_t height, size_t width, size_t count)
{
    Vector sum[BAND][WIDTH] = {{{0}}};
    const real *A = (const real *)p->A + i * p->depth, *B = (const real *)p->B + j, *D = p->D;
    const Vector alpha = vector_fill((real)p->alpha), beta = vector_fill((real)p->beta);
    for (size_t k = 0; k < p->depth; k++) {
        Vector row[WIDTH];
        UNROLL(4)
        for (size_t w = 0; w < width; w++)
            row[w] = vector_load_first(B + k * p->columns + w * LANES, w + 1 < width ? LANES : count);
        UNROLL(4)
        for (size_t h = 0; h < height; h++) {
            const Vector a = vector_fill(A[h * p->depth + k]);
            UNROLL(4)
            for (size_t w = 0; w < width; w++)
                sum[h][w] += a * row[w];
        }
    }
    for (size_t h = 0; h < height; h++)
        for (size_t w = 0; w < width; w++) {
            const size_t at = (i + h) * p->columns + j + w * LANES, lanes = w + 1 < width ? LANES : count;
            Vector value = beta * sum[h][w];
            if (D != NULL)
                value += alpha * vector_load_first(D + at, lanes);
            vector_store_first((real *)p->C + at, value, lanes);
        }
}

void ISA(matrix_multiply)(const MatrixProduct *product, size_t band)
{
    const size_t first = band * BAND, height = product->rows - first < BAND ? product->rows - first : BAND;
    size_t j = 0;
    for (; height == BAND && j + WIDTH * LANES <= product->columns; j += WIDTH * LANES)
        multiply_tile(product, first, j, BAND, WIDTH, LANES);
    for (; j < product->columns; j += LANES)
        for (size_t h = 0; h < height; h++)
            multiply_tile(product, first + h, j, 1, 1, product->columns - j < LANES ? product->columns - j : LANES);
}
