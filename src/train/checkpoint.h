/* Checkpoints: a training as it stands between two steps, from which it goes on as if it had never stopped, to the bit.
 *
 * A checkpoint is a model file (model/model_file.h), of the parameters as they were, with more in it:
 *
 *   tensors    state.NAME         U64 or F64 (), the fields of TrainingState
 *              stream.shuffle     U64, base/random.h: the stream before the running epoch's order was drawn
 *              optimizer.0, …     F32 or F64 (parameters), the optimizer's slots
 *              best               the parameters of the best epoch
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

/* Its name in a run's folder. */
#define CHECKPOINT_FILE "checkpoint.safetensors"

typedef struct Training Training;     /* one that runs */
typedef struct Checkpoint Checkpoint; /* one that was read */

/* Writes the file whole or not at all. */
percept_status checkpoint_write(const Training *training, const char *path, percept_error *error);

/* Reads and checks a file; that it fits a training is seen when the training starts. Released with checkpoint_free,
 * which takes NULL. */
percept_status checkpoint_read(const char *path, Checkpoint **out, percept_error *error);
void checkpoint_free(Checkpoint *checkpoint);

/* Epochs finished, and steps done in the one that was running. */
size_t checkpoint_epochs(const Checkpoint *checkpoint);
size_t checkpoint_step(const Checkpoint *checkpoint);

/* data_checksum of the data that the training saw; NULL where the checkpoint does not tell, being of an older Percept. */
const char *checkpoint_data(const Checkpoint *checkpoint);

/* Puts a training that has been prepared (training_prepare.h) where the checkpoint was taken. */
percept_status checkpoint_restore(const Checkpoint *checkpoint, Training *training, percept_error *error);

/* What the checkpoint was computed with ("cpu avx512"), and what a training with that engine computes with here. */
const char *checkpoint_arithmetic(const Checkpoint *checkpoint);
#define ARITHMETIC_SIZE 64
percept_status arithmetic_name(const char *engine, char name[ARITHMETIC_SIZE], percept_error *error);

#endif
