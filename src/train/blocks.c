#include "train/blocks.h"

#define BLOCK ((size_t)4096)
#define SOLO_BLOCKS 8

typedef struct BlockWork {
    BlockTask *task;
    void *context;
    size_t elements, blocks;
} BlockWork;

size_t block_count(size_t elements)
{
    return (elements + BLOCK - 1) / BLOCK;
}

static void run_blocks(const BlockWork *work, size_t first, size_t last)
{
    for (size_t b = first; b < last; b++)
        work->task(work->context, b, b * BLOCK, (b + 1) * BLOCK < work->elements ? (b + 1) * BLOCK : work->elements);
}

static void run_share(void *context, Team *team, size_t rank)
{
    const BlockWork *work = context;
    size_t end = 0;
    const size_t first = team_share(team, rank, work->blocks, &end);
    run_blocks(work, first, end);
}

void blocks_run(Team *team, size_t elements, BlockTask *task, void *context)
{
    BlockWork work = {task, context, elements, block_count(elements)};
    if (work.blocks <= SOLO_BLOCKS)
        run_blocks(&work, 0, work.blocks);
    else
        team_run(team, run_share, &work);
}
