/* A model over a whole dataset, in blocks whose size depends on the network alone. */
#ifndef TRAIN_EVALUATE_H
#define TRAIN_EVALUATE_H

#include "engine/engine.h"
#include "model/model.h"

/* Examples per call of the engine. */
size_t evaluate_block(const Network *network);

/* Told of each block: examples first … first+count-1 and their outputs (count × network outputs) in the model's
 * precision. */
typedef void EvaluateVisit(void *user, const percept_dataset *data, size_t first, size_t count, const void *outputs);

/* Adds up an engine's sums over the first `count` examples of data, in their order; the engine must take evaluate_block examples. visit may be
 * NULL. */
percept_status evaluate_dataset(const percept_model *model, Engine *engine, const percept_dataset *data, size_t count,
                                EvaluateVisit *visit, void *user, EngineSums *sums, percept_error *error);

#endif
