#include "data/batch.h"

#include <string.h>

#include "data/scale_bytes.h"

#define SPAN 1024 /* features that are converted at once */

/* Features first … first+count-1 of one example, in float64, unscaled. */
static void load_row(const Batch *batch, size_t i, size_t first, size_t count, double *x)
{
    const void *row = dataset_row(batch->data, batch_row(batch, i));
    percept_type type = batch->data->storage->type;
    if (storage_is_packed(batch->data->storage))
        packed_read_row(&batch->data->storage->packing, row, first, count, x);
    else if (type == PERCEPT_FLOAT64)
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
        out[j] = (real)x[j]; /* NOLINT(clang-analyzer-core.uninitialized.Assign): load_row has set them */
}

static void gather_any(const Batch *batch, size_t begin, size_t end, real *X, size_t stride)
{
    size_t width = batch->data->storage->width;
    for (size_t i = begin; i < end; i++) {
        if (i + DATASET_AHEAD < batch->count)
            dataset_fetch(batch->data, batch_row(batch, i + DATASET_AHEAD));
        for (size_t first = 0; first < width; first += SPAN)
            scale_row(batch, i, first, width - first < SPAN ? width - first : SPAN, X + (i - begin) * stride + first);
    }
}

/* NaN is no code: an unknown value. */
static void drop_categories(const Batch *batch, size_t begin, size_t end, real *X, size_t stride)
{
    const Schema *schema = &batch->data->storage->schema;
    RandomStream stream = batch->category_dropout->stream;
    const size_t categories = schema_categories(schema);
    if (categories == 0)
        return;
    random_advance(&stream, (uint64_t)begin * categories);
    for (size_t i = begin; i < end; i++, X += stride)
        for (size_t j = 0; j < schema->width; j++)
            if (schema_is_category(schema, j) && random_unit(&stream) < batch->category_dropout->probability)
                X[j] = NAN;
}

void REAL(batch_gather)(const Batch *batch, size_t begin, size_t end, real *X, size_t stride)
{
    (scales_bytes(batch) ? scale_examples : gather_any)(batch, begin, end, X, stride);
    if (batch->category_dropout != NULL)
        drop_categories(batch, begin, end, X, stride);
}
