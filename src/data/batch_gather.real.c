#include "data/batch.h"

#include <string.h>

#include "data/scale_bytes.h"

#define SPAN 1024 /* features whose constants are converted at once */

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

/* -------------------------------------------------------------------------------------------------------------- */

void REAL(batch_gather)(const Batch *batch, size_t begin, size_t end, real *X, size_t stride)
{
    (scales_bytes(batch) ? gather_bytes : gather_any)(batch, begin, end, X, stride);
}
