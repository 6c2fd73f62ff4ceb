#include "base/real.h"
#include "data/batch.h"

void REAL(batch_targets)(const Batch *batch, size_t begin, size_t end, real *targets)
{
    const Storage *storage = batch->data->storage;
    const Scaler *scaler = batch->target_scaler;
    const bool scaled = scaler != NULL && scaler->mean != NULL;
    for (size_t i = begin; i < end; i++) {
        const double *source = storage->targets + batch->data->rows[batch_row(batch, i)] * storage->target_width;
        for (size_t j = 0; j < storage->target_width; j++)
            *targets++ = (real)(scaled ? (source[j] - scaler->mean[j]) / scaler->deviation[j] : source[j]);
    }
}
