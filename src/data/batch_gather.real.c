#include "data/batch.h"

#include <string.h>

#include "data/scale_bytes.h"

#define TILE 16      /* a tile of bytes is TILE examples × TILE features */
#define SPAN 1024    /* features whose constants are converted at once */
#define TILE_SPAN 64 /* features of the tile that other types are transposed through */

/* ---- Bytes --------------------------------------------------------------------------------------------------- */

/* One example's features x[0 … count-1]; mean and factor are NULL or have as many values. */
static void scale_row_bytes(const uint8_t *restrict x, size_t count, Quotient by, const real_scalar *restrict mean,
                            const real_scalar *restrict factor, real *restrict out)
{
    if (mean == NULL)
        for (size_t j = 0; j < count; j++)
            out[j] = (real_scalar)x[j] * by.high + (real_scalar)x[j] * by.low;
    else
        for (size_t j = 0; j < count; j++)
            out[j] = standardize((real_scalar)x[j] * by.high + (real_scalar)x[j] * by.low, mean[j], factor[j]);
}

static void gather_bytes(const Batch *batch, size_t begin, size_t end, real *X, size_t stride)
{
    real_scalar mean[SPAN], factor[SPAN];
    const Scaler *scaler = batch->scaler;
    bool standardized = scaler != NULL && scaler->mean != NULL;
    size_t width = batch->data->storage->width;
    const Quotient by = divide_by(scaler != NULL ? scaler->divisor : 1);
    for (size_t first = 0; first < width; first += SPAN) {
        size_t count = width - first < SPAN ? width - first : SPAN;
        for (size_t j = 0; standardized && j < count; j++) {
            mean[j] = (real_scalar)scaler->mean[first + j];
            factor[j] = factor_of(scaler->deviation[first + j]);
        }
        for (size_t i = begin; i < end; i++) {
            const uint8_t *row = dataset_row(batch->data, batch_row(batch, i));
            scale_row_bytes(row + first, count, by, standardized ? mean : NULL, factor,
                            X + (i - begin) * stride + first);
        }
    }
}

/* ---- Bytes, feature-major ------------------------------------------------------------------------------------ */

typedef uint8_t ByteVector __attribute__((vector_size(TILE)));

/* The lower (upper) halves of a and b, byte by byte in turn: a₀ b₀ a₁ b₁ … */
#define ZIP_LOW(a, b) __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define ZIP_HIGH(a, b) __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)

static inline void zip_rows(const ByteVector from[TILE], ByteVector to[TILE])
{
    for (size_t r = 0; r < TILE / 2; r++) {
        to[2 * r] = ZIP_LOW(from[r], from[r + TILE / 2]);
        to[2 * r + 1] = ZIP_HIGH(from[r], from[r + TILE / 2]);
    }
}

/* Rows become columns. Zipping row r with row r + 8 rotates the 8-bit address (row, column) of every byte by one bit;
 * after four rounds row and column have changed places. */
static inline void transpose_tile(ByteVector tile[TILE])
{
    ByteVector other[TILE];
    zip_rows(tile, other);
    zip_rows(other, tile);
    zip_rows(tile, other);
    zip_rows(other, tile);
}

/* `count` (1 … TILE) features from x[i][first] on, of each of `examples` (1 … TILE) rows, as tile[feature][example]. */
static inline void load_tile(const uint8_t *const x[TILE], size_t first, size_t count, size_t examples,
                             ByteVector tile[TILE])
{
    if (count == TILE && examples == TILE) {
        for (size_t i = 0; i < TILE; i++)
            memcpy(&tile[i], x[i] + first, TILE);
    } else {
        memset(tile, 0, TILE * sizeof *tile);
        for (size_t i = 0; i < examples; i++)
            memcpy(&tile[i], x[i] + first, count);
    }
    transpose_tile(tile);
}

/* One feature of `examples` examples, divided already. */
static inline void scale_column(const real_scalar *restrict q, size_t examples, bool standardized, real_scalar mean,
                                real_scalar factor, real *restrict out)
{
    if (standardized)
        for (size_t i = 0; i < examples; i++)
            out[i] = standardize(q[i], mean, factor);
    else
        for (size_t i = 0; i < examples; i++)
            out[i] = q[i];
}

/* Features first … first+count-1 of a tile's examples. The whole tile is divided in one loop: compilers make better
 * code of that than of many loops over 16 bytes. */
static inline void scale_tile(const Scaler *scaler, Quotient by, const ByteVector tile[TILE], size_t first,
                              size_t count, size_t examples, real *X, size_t stride)
{
    real_scalar q[TILE * TILE];
    const uint8_t *x = (const uint8_t *)tile;
    bool standardized = scaler != NULL && scaler->mean != NULL;
    for (size_t t = 0; t < (size_t)TILE * TILE; t++)
        q[t] = (real_scalar)x[t] * by.high + (real_scalar)x[t] * by.low;
    for (size_t j = 0; j < count; j++) {
        real_scalar mean = standardized ? (real_scalar)scaler->mean[first + j] : 0;
        real_scalar factor = standardized ? factor_of(scaler->deviation[first + j]) : 1;
        real *out = X + (first + j) * stride;
        if (examples == TILE) /* a constant, for the compiler */
            scale_column(q + j * TILE, TILE, standardized, mean, factor, out);
        else
            scale_column(q + j * TILE, examples, standardized, mean, factor, out);
    }
}

static void gather_bytes_transposed(const Batch *batch, size_t begin, size_t end, real *X, size_t stride)
{
    ByteVector tile[TILE];
    const uint8_t *rows[TILE];
    size_t width = batch->data->storage->width;
    const Quotient by = divide_by(batch->scaler != NULL ? batch->scaler->divisor : 1);
    for (size_t i = begin; i < end; i += TILE) {
        size_t examples = end - i < TILE ? end - i : TILE;
        for (size_t e = 0; e < examples; e++)
            rows[e] = dataset_row(batch->data, batch_row(batch, i + e));
        for (size_t first = 0; first < width; first += TILE) {
            size_t count = width - first < TILE ? width - first : TILE;
            load_tile(rows, first, count, examples, tile);
            scale_tile(batch->scaler, by, tile, first, count, examples, X + (i - begin), stride);
        }
    }
}

/* ---- Any type ------------------------------------------------------------------------------------------------ */

/* Features first … first+count-1 of one example, in float64 as they are stored. */
static void load_row(const Batch *batch, size_t i, size_t first, size_t count, double *x)
{
    const void *row = dataset_row(batch->data, batch_row(batch, i));
    percept_type type = batch->data->storage->type;
    if (type == PERCEPT_FLOAT64)
        memcpy(x, (const double *)row + first, count * sizeof *x);
    else if (type == PERCEPT_FLOAT32)
        for (size_t j = 0; j < count; j++)
            x[j] = (double)((const float *)row)[first + j];
    else
        for (size_t j = 0; j < count; j++)
            x[j] = ((const uint8_t *)row)[first + j];
}

/* The same, scaled. count ≤ SPAN. */
static void scale_row(const Batch *batch, size_t i, size_t first, size_t count, real *out)
{
    double x[SPAN];
    const Scaler *scaler = batch->scaler;
    load_row(batch, i, first, count, x);
    if (scaler != NULL && scaler->divisor != 1)
        for (size_t j = 0; j < count; j++)
            x[j] /= scaler->divisor;
    if (scaler != NULL && scaler->mean != NULL)
        for (size_t j = 0; j < count; j++)
            x[j] = (x[j] - scaler->mean[first + j]) / scaler->deviation[first + j];
    for (size_t j = 0; j < count; j++)
        out[j] = (real)x[j];
}

static void gather_any(const Batch *batch, size_t begin, size_t end, real *X, size_t stride)
{
    size_t width = batch->data->storage->width;
    for (size_t i = begin; i < end; i++)
        for (size_t first = 0; first < width; first += SPAN)
            scale_row(batch, i, first, width - first < SPAN ? width - first : SPAN, X + (i - begin) * stride + first);
}

static void gather_any_transposed(const Batch *batch, size_t begin, size_t end, real *X, size_t stride)
{
    real tile[TILE][TILE_SPAN];
    size_t width = batch->data->storage->width;
    for (size_t i = begin; i < end; i += TILE) {
        size_t examples = end - i < TILE ? end - i : TILE;
        for (size_t first = 0; first < width; first += TILE_SPAN) {
            size_t count = width - first < TILE_SPAN ? width - first : TILE_SPAN;
            for (size_t e = 0; e < examples; e++)
                scale_row(batch, i + e, first, count, tile[e]);
            for (size_t j = 0; j < count; j++)
                for (size_t e = 0; e < examples; e++)
                    X[(first + j) * stride + (i - begin) + e] = tile[e][j];
        }
    }
}

/* -------------------------------------------------------------------------------------------------------------- */

void REAL(batch_gather)(const Batch *batch, size_t begin, size_t end, real *X, size_t stride)
{
    (scales_bytes(batch) ? gather_bytes : gather_any)(batch, begin, end, X, stride);
}

void REAL(batch_gather_transposed)(const Batch *batch, size_t begin, size_t end, real *X, size_t stride)
{
    (scales_bytes(batch) ? gather_bytes_transposed : gather_any_transposed)(batch, begin, end, X, stride);
}
