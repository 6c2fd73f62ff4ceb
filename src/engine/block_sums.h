/* Gradients of blocks and of nodes of the tree over them (block_tree.h), the sums of losses that belong to them, and how ranks
 * make one gradient of theirs. Each rank owns a share of the blocks, and a share of the elements of the gradient: it receives
 * from all other ranks their nodes of its elements, and sums these in the order of the tree.
 *
 * Without ranks one process owns all. */
#ifndef ENGINE_BLOCK_SUMS_H
#define ENGINE_BLOCK_SUMS_H

#include "engine/block_tree.h"
#include "engine/engine.h"
#include "engine/ranks.h"

typedef struct BlockSums {
    const Ranks *ranks; /* or NULL */
    Team *team;
    size_t elements, size; /* of a gradient; bytes of one */
    size_t vector_count;
    char **vectors;   /* gradients that are held at once … */
    EngineSums *sums; /* … and the sums of their blocks */
    /* For the exchange, by rank. */
    RankMemory *out, *in;
    EngineSums *all_sums; /* of all nodes of all ranks, in the order of the ranks … */
    char **places; /* … and where their gradients are, of this rank's elements: the own ones in the vectors, … */
    char *arrived; /* … others here */
    size_t *first_node; /* of each rank, among them; ranks + 1 */
} BlockSums;

/* For batches of 1 … `blocks` blocks. Zeroed before; released with block_sums_clear, on failure, too. */
percept_status block_sums_create(const EngineConfig *config, size_t blocks, const Ranks *ranks, BlockSums *out,
                                 percept_error *error);
void block_sums_clear(BlockSums *sums);

/* The elements begin … end-1 that this rank owns. */
size_t block_sums_own(const BlockSums *sums, size_t *end);

/* Vector `to` becomes the sum of two parts of a node, the left one in `to`, the right one in `from`. */
void block_sums_add(const BlockSums *sums, size_t to, size_t from);

/* Vectors 0 … hold the nodes of this rank's share of `blocks`. Afterwards vector 0 holds the sum over all ranks, of the
 * elements that this rank owns, and *total the sums of the batch. */
void block_sums_reduce(BlockSums *sums, size_t blocks, EngineSums *total);

/* Gives every rank all elements of a vector, of which each has its own. */
void block_sums_spread(BlockSums *sums, void *vector);

#endif
