/* An engine for trainings whose batches are cut into blocks of examples. The gradient of each block is computed by itself, by
 * an engine of any kind, and the gradients are summed in a tree that follows from the number of blocks (block_tree.h). So
 * ranks can share the blocks, and the bits are the same for any number of them, one included.
 *
 * Every rank then updates its share of the parameters, with the parts of the optimizer's state that belong to them, and
 * gives the result to all others (S. Rajbhandari et al., 2020, ZeRO, stage 1).
 *
 * Dropout is drawn by example: it is that of the whole batch. What looks at a batch as a whole is not possible: batch
 * norm.
 *
 * It has gradients and steps alone: no predictions, no evaluation, no gradients of inputs. */
#ifndef ENGINE_BLOCKS_H
#define ENGINE_BLOCKS_H

#include "engine/engine.h"
#include "engine/ranks.h"

typedef struct BlocksOptions {
    size_t blocks;      /* of a batch, at most as many as it has examples; 0: one for each 128 of them, 2 to 64 */
    const Ranks *ranks; /* that share the blocks, or NULL; must outlive the engine */
} BlocksOptions;

/* Blocks of a batch. */
size_t blocks_of_batch(const BlocksOptions *options, size_t examples);

/* PERCEPT_OK if a network can be trained in blocks. */
percept_status blocks_check(const Network *network, percept_error *error);

percept_status blocks_create(const EngineKind *kind, const EngineConfig *config, const BlocksOptions *options,
                             Engine **out, percept_error *error);

/* For an engine that blocks_create has made and a vector of the parameters' layout, such as the optimizer's state, of which
 * each rank has only what belongs to its share of the parameters: gives every rank all of it. */
void blocks_spread(Engine *engine, void *vector);

#endif
