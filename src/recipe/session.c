/* A training that a program runs piece by piece: the public percept_training_ functions, and the call that trains as a
 * whole, which is made of them. */
#include <math.h>

#include "base/memory.h"
#include "base/sized.h"
#include "base/team.h"
#include "data/checksum.h"
#include "recipe/experiment.h"

/* Opaque in the public header. */
struct percept_training {
    percept_recipe *recipe; /* a copy: options point into it */
    percept_data data;      /* the caller's */
    TrainingOptions options;
    char *checksum; /* data_checksum, once it is needed */
    Team *team;
    Training *training;
    int finished;
};

void percept_training_free(percept_training *training)
{
    if (training == NULL)
        return;
    train_free(training->training);
    team_free(training->team);
    memory_free(training->checksum);
    percept_recipe_free(training->recipe);
    memory_free(training);
}

/* A recipe that made a model has decided everything; one that did not, as for a model from a file, does it here. */
static percept_status resolve(percept_training *training, percept_error *error)
{
    if (recipe_is_set(training->recipe, "train.keep") && recipe_is_set(training->recipe, "train.learning_rate") &&
        recipe_is_set(training->recipe, "train.decay"))
        return PERCEPT_OK;
    return experiment_resolve(training->recipe, &training->data, error);
}

/* Reads the data once, for checkpoints. */
static percept_status know_data(percept_training *training, percept_error *error)
{
    if (training->checksum != NULL)
        return PERCEPT_OK;
    percept_status status = data_checksum(&training->data, &training->checksum, error);
    training->options.data = training->checksum;
    return status;
}

/* `path`: a checkpoint to go on from, or NULL. */
static percept_status begin(percept_training *training, percept_model *model, const percept_recipe *recipe,
                            const char *path, percept_error *error)
{
    Checkpoint *checkpoint = NULL;
    percept_status status = recipe_copy(recipe, &training->recipe, error);
    if (status == PERCEPT_OK)
        status = resolve(training, error);
    if (status == PERCEPT_OK)
        status = experiment_training(training->recipe, &training->data, &training->options, error);
    if (status == PERCEPT_OK)
        status = team_create((size_t)recipe_integer(training->recipe, "threads"), &training->team, error);
    if (status == PERCEPT_OK && path != NULL)
        status = know_data(training, error);
    if (status == PERCEPT_OK && path != NULL)
        status = checkpoint_read(path, &checkpoint, error);
    training->options.resume = checkpoint;
    if (status == PERCEPT_OK)
        status = train_begin(model, training->data.train, training->data.valid, &training->options, training->team,
                             &training->training, error);
    training->options.resume = NULL;
    checkpoint_free(checkpoint);
    return status;
}

static percept_status create(percept_model *model, const percept_recipe *recipe, const percept_data *data,
                             const char *path, percept_training **out, percept_error *error)
{
    percept_training *training = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *training, "a training", &training, error);
    if (status != PERCEPT_OK)
        return status;
    training->data = *data;
    status = begin(training, model, recipe, path, error);
    if (status == PERCEPT_OK)
        *out = training;
    else
        percept_training_free(training);
    return status;
}

percept_status percept_training_begin(percept_model *model, const percept_recipe *recipe, const percept_data *data,
                                      percept_training **out, percept_error *error)
{
    if (model == NULL || recipe == NULL || data == NULL || data->train == NULL || out == NULL)
        return error_null(error, "percept_training_begin", "model, recipe, data, data->train and out");
    return create(model, recipe, data, NULL, out, error);
}

percept_status percept_training_resume(percept_model *model, const percept_recipe *recipe, const percept_data *data,
                                       const char *path, percept_training **out, percept_error *error)
{
    if (model == NULL || recipe == NULL || data == NULL || data->train == NULL || path == NULL || out == NULL)
        return error_null(error, "percept_training_resume", "model, recipe, data, data->train, path and out");
    return create(model, recipe, data, path, out, error);
}

/* ---- Pieces -------------------------------------------------------------------------------------------------------- */

static percept_status check_open(const percept_training *training, percept_error *error)
{
    return training->finished ? error_set(error, PERCEPT_ERROR_ARGUMENT,
                                          "the training is finished; begin another one to train the model further")
                              : PERCEPT_OK;
}

static percept_status check_left(const percept_training *training, percept_error *error)
{
    if (check_open(training, error) != PERCEPT_OK)
        return PERCEPT_ERROR_ARGUMENT;
    return training_is_over(training->training)
               ? error_set(error, PERCEPT_ERROR_ARGUMENT,
                           "all epochs are done (percept_training_is_over); finish the training, or raise train.epochs")
               : PERCEPT_OK;
}

percept_status percept_training_step(percept_training *training, percept_error *error)
{
    if (training == NULL)
        return error_null(error, "percept_training_step", "training");
    percept_status status = check_left(training, error);
    return status == PERCEPT_OK ? train_step(training->training, error) : status;
}

percept_status percept_training_epoch(percept_training *training, percept_callback *callback, void *user,
                                      percept_error *error)
{
    if (training == NULL)
        return error_null(error, "percept_training_epoch", "training");
    percept_status status = check_left(training, error);
    return status == PERCEPT_OK ? train_epoch(training->training, callback, user, error) : status;
}

percept_status percept_training_feed(percept_training *training, const percept_dataset *examples, double *loss,
                                     percept_error *error)
{
    if (training == NULL || examples == NULL)
        return error_null(error, "percept_training_feed", "training and examples");
    percept_status status = check_open(training, error);
    return status == PERCEPT_OK ? train_feed(training->training, examples, loss, error) : status;
}

percept_status percept_training_set_learning_rate(percept_training *training, double rate, percept_error *error)
{
    if (training == NULL)
        return error_null(error, "percept_training_set_learning_rate", "training");
    if (!(rate > 0) || !isfinite(rate))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "a learning rate of %g; give a number above 0", rate);
    train_set_rate(training->training, rate);
    return PERCEPT_OK;
}

const percept_progress *percept_training_progress(const percept_training *training)
{
    return training != NULL ? training_progress(training->training) : NULL;
}

int percept_training_is_over(const percept_training *training)
{
    return training == NULL || training->finished || training_is_over(training->training);
}

percept_status percept_training_save(percept_training *training, const char *path, percept_error *error)
{
    if (training == NULL || path == NULL)
        return error_null(error, "percept_training_save", "training and path");
    percept_status status = check_open(training, error);
    if (status == PERCEPT_OK)
        status = know_data(training, error);
    return status == PERCEPT_OK ? checkpoint_write(training->training, path, error) : status;
}

/* ---- The end ------------------------------------------------------------------------------------------------------- */

static percept_status check_result(const percept_result *result, const char *function, percept_error *error)
{
    return result == NULL ? PERCEPT_OK
                          : sized_check(function, "result", "percept_result", result->struct_size,
                                        sizeof result->struct_size, error);
}

percept_status percept_training_finish(percept_training *training, percept_result *result, percept_error *error)
{
    percept_result all = {0};
    if (training == NULL)
        return error_null(error, "percept_training_finish", "training");
    percept_status status = check_open(training, error);
    if (status == PERCEPT_OK)
        status = check_result(result, "percept_training_finish", error);
    if (status != PERCEPT_OK)
        return status;
    training->finished = 1;
    status = train_finish(training->training, &all, error);
    if (result != NULL)
        sized_give(&all, sizeof all, result);
    return status;
}

percept_status percept_model_train(percept_model *model, const percept_recipe *recipe, const percept_data *data,
                                   percept_callback *callback, void *user, percept_result *result, percept_error *error)
{
    if (model == NULL || recipe == NULL || data == NULL || data->train == NULL)
        return error_null(error, "percept_model_train", "model, recipe, data and data->train");
    percept_training *training = NULL;
    percept_status status = check_result(result, "percept_model_train", error);
    if (status == PERCEPT_OK)
        status = create(model, recipe, data, NULL, &training, error);
    if (status != PERCEPT_OK)
        return status;
    while (status == PERCEPT_OK && !percept_training_is_over(training))
        status = percept_training_epoch(training, callback, user, error);
    const percept_status finished = percept_training_finish(training, result, status == PERCEPT_OK ? error : NULL);
    percept_training_free(training);
    return status == PERCEPT_OK ? finished : status;
}
