/* A model over a whole dataset, in blocks whose size depends on the network alone. */
#ifndef TRAIN_EVALUATE_H
#define TRAIN_EVALUATE_H

#include "engine/engine.h"
#include "model/model.h"

/* Examples per call of the engine. */
size_t evaluate_block(const Network *network);

/* Adds up an engine's sums over all examples of data; the engine must take evaluate_block examples. confusion
 * (classes × classes, row = label, column = prediction) is added to, or NULL. */
percept_status evaluate_dataset(const percept_model *model, Engine *engine, const percept_dataset *data,
                                uint64_t *confusion, EngineSums *sums, percept_error *error);

#endif
