#include "data/batch.h"

void batch_labels(const Batch *batch, size_t begin, size_t end, int32_t *labels)
{
    const int32_t *source = batch->data->labels;
    for (size_t i = begin; i < end; i++)
        labels[i - begin] = source != NULL ? source[batch_row(batch, i)] : 0;
}
