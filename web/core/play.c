#include "core/play.h"

#include <stdlib.h>
#include <string.h>

#include "core/look.h"
#include "data/dataset.h"

/* ---- The playground ------------------------------------------------------------------------------------------------ */

static int result(percept_status status)
{
    return status == PERCEPT_OK ? 0 : -1;
}

void play_forget(Play *play)
{
    look_free(play->look);
    percept_training_free(play->training);
    percept_model_free(play->model);
    play->look = NULL;
    play->training = NULL;
    play->model = NULL;
}

Play *PLAY_EXPORT(play_create)(void)
{
    Play *play = calloc(1, sizeof *play);
    if (play != NULL && percept_recipe_create(&play->recipe, &play->error) != PERCEPT_OK) {
        free(play);
        return NULL;
    }
    return play;
}

void PLAY_EXPORT(play_free)(Play *play)
{
    if (play == NULL)
        return;
    play_forget(play);
    percept_data_free(&play->data);
    percept_recipe_free(play->recipe);
    free(play->examples);
    free(play->parameters);
    free(play->directions);
    free(play->losses);
    free(play->moved);
    free(play->predicted);
    free(play);
}

const char *PLAY_EXPORT(play_problem)(const Play *play)
{
    return play->error.message;
}

void *PLAY_EXPORT(play_allocate)(uint32_t size)
{
    return malloc(size);
}

void PLAY_EXPORT(play_release)(void *room)
{
    free(room);
}

/* ---- Recipe and data ----------------------------------------------------------------------------------------------- */

int PLAY_EXPORT(play_set)(Play *play, const char *key, const char *value)
{
    return result(percept_recipe_set(play->recipe, key, value, &play->error));
}

const char *PLAY_EXPORT(play_get)(Play *play, const char *key)
{
    const percept_status status =
        percept_recipe_get(play->recipe, key, play->text, sizeof play->text, NULL, &play->error);
    return status == PERCEPT_OK ? play->text : NULL;
}

int PLAY_EXPORT(play_load)(Play *play)
{
    percept_data data = {0};
    if (percept_data_load(play->recipe, &data, &play->error) != PERCEPT_OK)
        return -1;
    play_forget(play);
    percept_data_free(&play->data);
    play->data = data;
    return 0;
}

static const percept_dataset *part_of(const Play *play, int part)
{
    const percept_dataset *const parts[] = {play->data.train, play->data.valid, play->data.test};
    return part >= 0 && part < 3 ? parts[part] : NULL;
}

int PLAY_EXPORT(play_example_count)(const Play *play, int part)
{
    const percept_dataset *data = part_of(play, part);
    return data != NULL ? (int)percept_dataset_count(data) : 0;
}

int PLAY_EXPORT(play_example_width)(const Play *play)
{
    return (int)percept_dataset_width(play->data.train);
}

const double *PLAY_EXPORT(play_examples)(Play *play, int part)
{
    const percept_dataset *data = part_of(play, part);
    if (data == NULL)
        return NULL;
    const Storage *storage = data->storage;
    const size_t width = percept_dataset_width(data), count = percept_dataset_count(data);
    free(play->examples);
    play->examples = malloc(count * (width + 1) * sizeof *play->examples);
    if (play->examples == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        double *example = play->examples + i * (width + 1);
        percept_dataset_features(data, i, example);
        example[width] = storage->targets != NULL ? storage->targets[data->rows[i] * storage->target_width]
                                                  : percept_dataset_label(data, i);
    }
    return play->examples;
}

int PLAY_EXPORT(play_class_count)(const Play *play)
{
    return (int)percept_dataset_classes(play->data.train);
}

const char *PLAY_EXPORT(play_class_name)(const Play *play, int k)
{
    return percept_dataset_class_name(play->data.train, (size_t)k);
}

const char *PLAY_EXPORT(play_feature_name)(const Play *play, int j)
{
    const Schema *schema = &play->data.train->storage->schema;
    return schema->names != NULL && (size_t)j < schema->width ? schema->names[j] : NULL;
}

int PLAY_EXPORT(play_feature_is_category)(const Play *play, int j)
{
    const Schema *schema = &play->data.train->storage->schema;
    return schema->kinds != NULL && (size_t)j < schema->width && schema->kinds[j] == FEATURE_CATEGORY;
}

const char *PLAY_EXPORT(play_answer_name)(const Play *play)
{
    const Schema *schema = &play->data.train->storage->schema;
    return schema->targets != NULL ? schema->targets[0] : schema->label;
}

const char *PLAY_EXPORT(play_note)(const Play *play, int i)
{
    return i < 0 ? NULL : percept_dataset_note(play->data.train, (size_t)i);
}

/* ---- Training ------------------------------------------------------------------------------------------------------ */

int PLAY_EXPORT(play_begin)(Play *play)
{
    play_forget(play);
    percept_status status = percept_model_create(play->recipe, &play->data, &play->model, &play->error);
    if (status == PERCEPT_OK)
        status = percept_training_begin(play->model, play->recipe, &play->data, &play->training, &play->error);
    if (status == PERCEPT_OK)
        status = look_create(play->model, &play->data, &play->look, &play->error);
    if (status != PERCEPT_OK)
        play_forget(play);
    return result(status);
}

int PLAY_EXPORT(play_steps)(Play *play, int most)
{
    int done = 0;
    while (done < most && !percept_training_is_over(play->training)) {
        if (percept_training_step(play->training, &play->error) != PERCEPT_OK)
            return -1;
        done++;
        if (percept_training_progress(play->training)->epoch_done)
            break;
    }
    return done;
}

const double *PLAY_EXPORT(play_progress)(Play *play)
{
    const percept_progress *now = percept_training_progress(play->training);
    const double numbers[] = {(double)now->epoch + now->epoch_done,
                              now->epoch_done ? 0 : (double)now->step,
                              (double)now->steps,
                              (double)now->examples,
                              now->epoch_done,
                              percept_training_is_over(play->training),
                              now->train_loss,
                              now->train_accuracy,
                              now->valid_loss,
                              now->valid_accuracy,
                              now->valid_rmse,
                              now->valid_r2,
                              now->learning_rate};
    memcpy(play->progress, numbers, sizeof numbers);
    return play->progress;
}

/* ---- Parameters ---------------------------------------------------------------------------------------------------- */

int PLAY_EXPORT(play_tensor_count)(const Play *play)
{
    return (int)percept_model_tensors(play->model);
}

const char *PLAY_EXPORT(play_tensor_name)(const Play *play, int i)
{
    return percept_model_tensor_name(play->model, (size_t)i);
}

int PLAY_EXPORT(play_tensor_rows)(const Play *play, int i)
{
    size_t rows = 0;
    percept_model_tensor_shape(play->model, (size_t)i, &rows, NULL);
    return (int)rows;
}

int PLAY_EXPORT(play_tensor_columns)(const Play *play, int i)
{
    size_t columns = 0;
    percept_model_tensor_shape(play->model, (size_t)i, NULL, &columns);
    return (int)columns;
}

const double *PLAY_EXPORT(play_tensor)(Play *play, int i)
{
    size_t rows = 0, columns = 0;
    percept_model_tensor_shape(play->model, (size_t)i, &rows, &columns);
    free(play->parameters);
    play->parameters = malloc(rows * columns * sizeof *play->parameters);
    if (play->parameters == NULL ||
        percept_model_get_tensor(play->model, percept_model_tensor_name(play->model, (size_t)i), PERCEPT_FLOAT64,
                                 play->parameters, rows * columns, &play->error) != PERCEPT_OK)
        return NULL;
    return play->parameters;
}

/* ---- The check of gradients ---------------------------------------------------------------------------------------- */

const double *PLAY_EXPORT(play_gradcheck)(Play *play)
{
    percept_gradient_check check = {.struct_size = sizeof check};
    if (percept_model_gradcheck(play->model, play->data.train, 0, 0, 0, &check, &play->error) != PERCEPT_OK)
        return NULL;
    const double numbers[] = {(double)check.checked, (double)check.equal, (double)check.kinks,
                              (double)check.small,   (double)check.wrong, check.largest_error};
    memcpy(play->progress, numbers, sizeof numbers);
    return play->progress;
}
