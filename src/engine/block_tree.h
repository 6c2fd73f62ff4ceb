/* The order in which the gradients of a batch's blocks are summed: a binary tree that follows from the number of blocks
 * alone. A node is a range of blocks. It is the sum of two nodes; the left one has the largest power of two of blocks that is
 * below its own number. A node of one block is the gradient of that block.
 *
 * Any range of blocks consists of a few whole nodes. So ranks that own ranges sum their nodes by themselves, and the rest of
 * the tree is summed from these: with any ranges, the same sums of the same numbers. */
#ifndef ENGINE_BLOCK_TREE_H
#define ENGINE_BLOCK_TREE_H

#include <stddef.h>

/* Most blocks of a batch, and most nodes that a range of them can consist of. */
#define BLOCK_TREE_MOST 4096
#define BLOCK_TREE_NODES 24

/* Blocks begin … end-1. */
typedef struct BlockNode {
    size_t begin, end;
} BlockNode;

/* The block where the right part of a node of at least two blocks begins. */
size_t block_tree_split(BlockNode node);

/* Largest number of sums that are held at once where a node is summed depth first: 1 for one block. */
size_t block_tree_levels(BlockNode node);

/* The range of `rank` where `ranks` share `blocks`: contiguous, in their order, as equal as possible; maybe empty. */
BlockNode block_tree_share(size_t blocks, size_t ranks, size_t rank);

/* The largest nodes of the tree over `blocks` that lie in a range, from left to right. Returns how many. */
size_t block_tree_nodes(size_t blocks, BlockNode range, BlockNode nodes[BLOCK_TREE_NODES]);

#endif
