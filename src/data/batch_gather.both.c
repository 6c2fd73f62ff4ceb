#include "data/batch_gather.h"

#include <string.h>

#include "base/both.h"
#include "data/packed_row.h"
#include "data/scale_bytes.h"

#define SPAN 1024 /* features that are converted at once */

/* Features first … first+count-1 of a row of the view, in float64, unscaled: in place, or in x. */
static const double *load_row(const Batch *batch, size_t example, size_t first, size_t count, double *x)
{
    const void *row = dataset_row(batch->data, example);
    const percept_type type = batch->data->storage->type;
    if (storage_is_packed(batch->data->storage))
        packed_read_row(&batch->data->storage->packing, row, first, count, x);
    else if (type == PERCEPT_FLOAT64)
        return (const double *)row + first;
    else if (type == PERCEPT_FLOAT32)
        for (size_t j = 0; j < count; j++)
            x[j] = (double)((const float *)row)[first + j];
    else
        for (size_t j = 0; j < count; j++)
            x[j] = ((const uint8_t *)row)[first + j];
    return x;
}

static void divide(size_t count, double divisor, const double *from, double *x)
{
    for (size_t j = 0; j < count; j++)
        x[j] = from[j] / divisor;
}

static void standardize_row(size_t count, const double *restrict x, const double *restrict mean,
                            const double *restrict deviation, real *restrict out)
{
    for (size_t j = 0; j < count; j++)
        out[j] = (real_scalar)((x[j] - mean[j]) / deviation[j]);
}

/* Features first … first+count-1, scaled; in room there is place for them. */
static void scale_values(const Scaler *scaler, const double *x, size_t first, size_t count, double *room, real *out)
{
    if (scaler != NULL && scaler->divisor != 1) {
        divide(count, scaler->divisor, x, room);
        x = room;
    }
    if (scaler != NULL && scaler->mean != NULL)
        standardize_row(count, x, scaler->mean + first, scaler->deviation + first, out);
    else
        for (size_t j = 0; j < count; j++)
            out[j] = (real_scalar)x[j];
}

/* The same of one example. count ≤ SPAN. */
static void scale_row(const Batch *batch, size_t i, size_t first, size_t count, real *out)
{
    double room[SPAN];
    scale_values(batch->scaler, load_row(batch, batch_row(batch, i), first, count, room), first, count, room, out);
}

/* Rows that are scaled already, or NULL. */
static const real *scaled_rows(const Batch *batch)
{
    const size_t size = sizeof(real); /* a complex number has another one than both types */
    const bool usable = batch->scaled != NULL && size == storage_item_size(batch->scaled->type);
    return usable ? batch->scaled->rows : NULL;
}

static void copy_scaled(const Batch *batch, const real *rows, size_t begin, size_t end, real *X, size_t stride)
{
    const size_t width = batch->data->storage->width;
    for (size_t i = begin; i < end; i++, X += stride)
        memcpy(X, rows + (batch->scaled->of_batch ? i : batch_row(batch, i)) * width, width * sizeof(real));
}

static void gather_any(const Batch *batch, size_t begin, size_t end, real *X, size_t stride)
{
    const size_t width = batch->data->storage->width;
    const real *rows = scaled_rows(batch);
    if (rows != NULL) {
        copy_scaled(batch, rows, begin, end, X, stride);
        return;
    }
    for (size_t i = begin; i < end; i++) {
        if (i + DATASET_AHEAD < batch->count)
            dataset_fetch(batch->data, batch_row(batch, i + DATASET_AHEAD));
        for (size_t first = 0; first < width; first += SPAN)
            scale_row(batch, i, first, width - first < SPAN ? width - first : SPAN, X + (i - begin) * stride + first);
    }
}

/* ---- Augmented pictures ------------------------------------------------------------------------------------------- */

/* A row of the view as it is in this epoch, but for mixup. */
static void load_picture(const Batch *batch, size_t row, AugmentRoom *room, real_scalar *picture)
{
    double space[SPAN];
    const size_t width = batch->data->storage->width;
    for (size_t first = 0; first < width; first += SPAN) {
        const size_t count = width - first < SPAN ? width - first : SPAN;
        const double *x = load_row(batch, row, first, count, space);
        for (size_t j = 0; j < count; j++)
            picture[first + j] = (real_scalar)x[j];
    }
    augment_picture(batch->augment, batch->epoch, row, room, sizeof *picture, picture);
}

static void mix_picture(const Batch *batch, size_t row, AugmentRoom *room)
{
    real_scalar *own = room->pictures[0], *other = room->pictures[1];
    size_t partner = 0;
    double share = 1;
    augment_draw_partner(batch->augment, batch->epoch, row, &partner, &share);
    load_picture(batch, partner, room, other);
    for (size_t j = 0; j < batch->data->storage->width; j++)
        own[j] = (real_scalar)share * own[j] + (real_scalar)(1 - share) * other[j];
}

static void gather_augmented(const Batch *batch, size_t begin, size_t end, real *X, size_t stride)
{
    double x[SPAN];
    const size_t width = batch->data->storage->width;
    AugmentRoom *room = augment_enter(batch->augment);
    const real_scalar *picture = room->pictures[0];
    for (size_t i = begin; i < end; i++, X += stride) {
        load_picture(batch, batch_row(batch, i), room, room->pictures[0]);
        if (batch_is_mixed(batch))
            mix_picture(batch, batch_row(batch, i), room);
        for (size_t first = 0; first < width; first += SPAN) {
            const size_t count = width - first < SPAN ? width - first : SPAN;
            for (size_t j = 0; j < count; j++)
                x[j] = (double)picture[first + j];
            scale_values(batch->scaler, x, first, count, x, X + first);
        }
    }
    augment_leave(room);
}

/* ------------------------------------------------------------------------------------------------------------------ */

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

void BOTH(batch_gather)(const Batch *batch, size_t begin, size_t end, real *X, size_t stride)
{
    const bool done = batch->scaled != NULL && batch->scaled->of_batch;
    (batch->augment != NULL && !done ? gather_augmented
     : scales_bytes(batch)           ? scale_examples
                                     : gather_any)(batch, begin, end, X, stride);
    if (batch->category_dropout != NULL)
        drop_categories(batch, begin, end, X, stride);
}
