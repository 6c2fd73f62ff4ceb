#include "data/batch.h"

void batch_labels(const Batch *batch, size_t begin, size_t end, int32_t *labels)
{
    const int32_t *source = batch->data->labels;
    for (size_t i = begin; i < end; i++)
        labels[i - begin] = source != NULL ? source[batch_row(batch, i)] : 0;
}

double batch_weight(const Batch *batch, const double *class_weights, size_t i)
{
    const size_t row = batch_row(batch, i);
    const double weight = dataset_weight(batch->data, row);
    const bool by_class = class_weights != NULL && batch->data->labels != NULL;
    return by_class ? weight * class_weights[batch->data->labels[row]] : weight;
}

double batch_total_weight(const Batch *batch, const double *class_weights)
{
    double total = 0;
    if (!batch_is_weighted(batch, class_weights))
        return (double)batch->count;
    for (size_t i = 0; i < batch->count; i++)
        total += batch_weight(batch, class_weights, i);
    return total;
}
