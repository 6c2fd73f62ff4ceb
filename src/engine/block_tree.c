#include "engine/block_tree.h"

size_t block_tree_split(BlockNode node)
{
    const size_t count = node.end - node.begin;
    size_t left = 1;
    while (2 * left < count)
        left *= 2;
    return node.begin + left;
}

size_t block_tree_levels(BlockNode node)
{
    size_t levels = 1;
    for (size_t left = 1; left < node.end - node.begin; left *= 2)
        levels++;
    return levels;
}

BlockNode block_tree_share(size_t blocks, size_t ranks, size_t rank)
{
    return (BlockNode){blocks * rank / ranks, blocks * (rank + 1) / ranks};
}

size_t block_tree_nodes(size_t blocks, BlockNode range, BlockNode nodes[BLOCK_TREE_NODES])
{
    size_t count = 0, begin = range.begin;
    while (begin < range.end) {
        BlockNode node = {0, blocks};
        while (node.begin < begin || node.end > range.end) {
            const size_t split = block_tree_split(node);
            if (begin < split)
                node.end = split;
            else
                node.begin = split;
        }
        nodes[count++] = node;
        begin = node.end;
    }
    return count;
}
