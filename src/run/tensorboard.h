/* TensorBoard's view of a training: an event file to which each finished epoch is added.
 *
 * step                    the epoch, counted from 0 as in metrics.csv
 * loss/PART, accuracy/PART, loss_sum/PART, loss_naive/PART
 *                         the columns of metrics.csv; PART is train, valid or test
 * learning_rate           of the epoch's last step
 * weights/layer_L, biases/layer_L, weight_gradients/layer_L, bias_gradients/layer_L
 *                         histograms of each layer, counted from 1, after the epoch's last step. The gradient is that of a
 *                         batch of its own that is always the same, the training part's first examples, without dropout
 *                         and class weights: epochs can be compared, and the training's own steps stay as they are
 * kept/valid_loss, kept/valid_accuracy, kept/test_loss, kept/test_accuracy
 *                         of the model that is kept, at the end
 * and the recipe's keys, for the tab HParams.
 *
 * A call with NULL for the log does nothing. */
#ifndef RUN_TENSORBOARD_H
#define RUN_TENSORBOARD_H

#include "base/team.h"
#include "recipe/recipe.h"
#include "train/train.h"

typedef struct TensorBoard TensorBoard;

/* The training that a log describes. Everything must outlive the log, except the team, which is used until
 * tensorboard_trained. */
typedef struct TensorBoardSource {
    const percept_recipe *recipe; /* resolved */
    const percept_data *data;
    const percept_model *model; /* the trained model: its parameters are read after each epoch */
    const TrainingOptions *options;
    Team *team; /* idle between two steps */
} TensorBoardSource;

/* Starts a file in the subfolder `name` of the folder in the recipe's key `tensorboard`; without the key *out stays
 * NULL. epochs: number of epochs finished before by the resumed training; later epochs in earlier files are replaced.
 * Released with tensorboard_free. */
percept_status tensorboard_begin(const char *name, const TensorBoardSource *source, size_t epochs, TensorBoard **out,
                                 percept_error *error);

/* From now on the event files of the recipe go to a subfolder with the name of `folder`, for runs that belong together.
 * Without the key nothing happens. */
percept_status tensorboard_move(percept_recipe *recipe, const char *folder, percept_error *error);

/* Adds a finished epoch. */
percept_status tensorboard_add(TensorBoard *log, const percept_progress *progress, percept_error *error);

/* The last step is over, with this status; a training that failed has ended here. */
percept_status tensorboard_trained(TensorBoard *log, percept_status trained, percept_error *error);

/* To be called at the end of the run. test may be NULL. */
percept_status tensorboard_finish(TensorBoard *log, const percept_result *result, const percept_metrics *test,
                                  percept_error *error);

void tensorboard_free(TensorBoard *log);

#endif
