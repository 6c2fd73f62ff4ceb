/* Checkpoints: the state of a training between two steps. The training continues from it, to the same bits as without
 * the interruption.
 *
 * A checkpoint is a model file (model/model_file.h) with the current parameters and additional content:
 *
 *   tensors    state.NAME         U64 or F64 (), the fields of TrainingState
 *              stream.shuffle     U64, base/random.h: the stream before the running epoch's order was drawn
 *              optimizer.0, …     F32 or F64, the optimizer's slots, most of them (parameters)
 *              best               the parameters of the best epoch, and the statistics among them
 *              average            the running average of the parameters
 *   metadata   checkpoint             version of all this
 *              checkpoint_run         TrainingOptions.identity
 *              checkpoint_data        TrainingOptions.data, unless it is not known
 *              checkpoint_arithmetic  engine and instruction set: another one may round otherwise
 *              checkpoint_sum         CRC-32 of state, streams, parameters and vectors */
#ifndef TRAIN_CHECKPOINT_H
#define TRAIN_CHECKPOINT_H

#include <stddef.h>

#include "base/error.h"
#include "engine/ranks.h"

/* Its name in a run's folder. */
#define CHECKPOINT_FILE "checkpoint.safetensors"

typedef struct Training Training;     /* a running training */
typedef struct Checkpoint Checkpoint; /* a checkpoint that was read */

/* Writes the whole file or nothing. */
percept_status checkpoint_write(const Training *training, const char *path, percept_error *error);

/* Reads and checks a file. Whether it fits a training is checked when the training starts. Released with
 * checkpoint_free, which takes NULL. */
percept_status checkpoint_read(const char *path, Checkpoint **out, percept_error *error);
void checkpoint_free(Checkpoint *checkpoint);

/* Finished epochs, and steps done in the running one. */
size_t checkpoint_epochs(const Checkpoint *checkpoint);
size_t checkpoint_step(const Checkpoint *checkpoint);

/* data_checksum of the data of the training; NULL in checkpoints of older releases, which do not have it. */
const char *checkpoint_data(const Checkpoint *checkpoint);

/* Sets a prepared training (training_prepare.h) to the state in the checkpoint. */
percept_status checkpoint_restore(const Checkpoint *checkpoint, Training *training, percept_error *error);

/* With ranks: the state of all prepared trainings becomes that of rank 0's, parameters included. */
percept_status checkpoint_align(Training *training, const Ranks *ranks, percept_error *error);

/* The engine and instruction set of the checkpoint ("cpu avx512"), and those of a training with that engine here. */
const char *checkpoint_arithmetic(const Checkpoint *checkpoint);
#define ARITHMETIC_SIZE 64
percept_status arithmetic_name(const char *engine, char name[ARITHMETIC_SIZE], percept_error *error);

#endif
