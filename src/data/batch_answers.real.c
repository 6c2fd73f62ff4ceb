#include "base/real.h"
#include "data/batch.h"

void REAL(batch_targets_of)(const Batch *batch, size_t width, size_t begin, size_t end, real *targets)
{
    const Storage *storage = batch->data->storage;
    const Scaler *scaler = batch->target_scaler;
    const bool scaled = scaler != NULL && scaler->mean != NULL;
    const bool transformed = scaler != NULL && scaler->transform.kind != TARGET_AS_IT_IS;
    const size_t each = width / storage->target_width;
    for (size_t i = begin; i < end; i++) {
        const double *source = storage->targets + batch->data->rows[batch_row(batch, i)] * storage->target_width;
        for (size_t j = 0; j < width; source++) {
            const double t = transformed ? target_transform(&scaler->transform, j, *source) : *source;
            for (const size_t last = j + each; j < last; j++)
                *targets++ = (real)(scaled ? (t - scaler->mean[j]) / scaler->deviation[j] : t);
        }
    }
}

void REAL(batch_targets)(const Batch *batch, size_t begin, size_t end, real *targets)
{
    REAL(batch_targets_of)(batch, batch->data->storage->target_width, begin, end, targets);
}
