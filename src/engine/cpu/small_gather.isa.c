/* The batch of a small network: its examples lie anywhere in memory, and are asked for before they are scaled. */
#include "data/batch_gather.h"
#include "data/scale_bytes.h"
#include "engine/cpu/small.h"
#include "engine/cpu/stages.h"

#define FETCHED 16 /* examples ahead */

/* Asks for rows begin … end-1 of a batch: they lie anywhere in memory, and each would be waited for. */
static void fetch_rows(const Batch *batch, size_t begin, size_t end)
{
    if (batch->scaled != NULL)
        return;
    for (size_t i = begin; i < end; i++)
        dataset_fetch(batch->data, batch_row(batch, i));
}

void ISA(small_gather)(const Pass *pass, const Share *share)
{
    const Side *side = &pass->cpu->sides[0];
    const Batch *batch = pass->batch;
    const size_t stride = row_stride(side->width), n = share->end;
    const bool bytes = scales_bytes(batch);
    if (side->staged) {
        Worker alone = {.team = NULL};
        ISA(staged_gather)(pass, &alone);
        ISA(chain_forward)(pass, &alone, 0);
        return;
    }
    fetch_rows(batch, share->begin, smaller(share->begin + FETCHED, n));
    for (size_t i = share->begin; i < n; i += FETCHED) {
        const size_t end = smaller(i + FETCHED, n);
        fetch_rows(batch, end, smaller(end + FETCHED, n));
        if (bytes) /* a direct call, which is inlined */
            scale_examples(batch, i, end, share->batch + i * stride, stride);
        else
            ISA(batch_gather)(batch, i, end, share->batch + i * stride, stride);
    }
}
