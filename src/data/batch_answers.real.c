#include "base/real.h"
#include "data/batch.h"

/* The targets of one row of the view times `share`, as `width` outputs are compared with them; added to what is there,
 * or in its place. */
static void take_targets(const Batch *batch, size_t row, size_t width, real_scalar share, bool add, real *targets)
{
    const Storage *storage = batch->data->storage;
    const Scaler *scaler = batch->target_scaler;
    const bool scaled = scaler != NULL && scaler->mean != NULL;
    const bool transformed = scaler != NULL && scaler->transform.kind != TARGET_AS_IT_IS;
    const size_t each = width / storage->target_width;
    const double *source = storage->targets + batch->data->rows[row] * storage->target_width;
    for (size_t j = 0; j < width; source++) {
        const double t = transformed ? target_transform(&scaler->transform, j, *source) : *source;
        for (const size_t last = j + each; j < last; j++, targets++) {
            const real value = share * (real)(scaled ? (t - scaler->mean[j]) / scaler->deviation[j] : t);
            *targets = add ? *targets + value : value;
        }
    }
}

void REAL(batch_targets_of)(const Batch *batch, size_t width, size_t begin, size_t end, real *targets)
{
    for (size_t i = begin; i < end; i++, targets += width) {
        const size_t row = batch_row(batch, i);
        size_t partner = row;
        double share = 1;
        if (batch_is_mixed(batch))
            augment_draw_partner(batch->augment, batch->epoch, row, &partner, &share);
        take_targets(batch, row, width, (real_scalar)share, false, targets);
        if (batch_is_mixed(batch))
            take_targets(batch, partner, width, (real_scalar)(1 - share), true, targets);
    }
}

/* What output j of `width` is compared with. */
static double target_of_label(int32_t label, size_t width, size_t j, double smoothing)
{
    const double target = label == (width == 1 ? 1 : (int32_t)j) ? 1 : 0;
    return (1 - smoothing) * target + smoothing / (double)(width > 1 ? width : 2);
}

void REAL(batch_soft_labels)(const Batch *batch, size_t width, double smoothing, size_t begin, size_t end,
                             real *targets)
{
    const int32_t *labels = batch->data->labels;
    for (size_t i = begin; i < end; i++) {
        const size_t row = batch_row(batch, i);
        size_t partner = 0;
        double share = 1;
        augment_draw_partner(batch->augment, batch->epoch, row, &partner, &share);
        for (size_t j = 0; j < width; j++)
            *targets++ = (real)(share * target_of_label(labels[row], width, j, smoothing) +
                                (1 - share) * target_of_label(labels[partner], width, j, smoothing));
    }
}

void REAL(batch_targets)(const Batch *batch, size_t begin, size_t end, real *targets)
{
    REAL(batch_targets_of)(batch, batch->data->storage->target_width, begin, end, targets);
}
