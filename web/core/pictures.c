#include "core/pictures.h"

#include <stdlib.h>
#include <string.h>

#include "core/look.h"

enum { CLASSES = 10 };

int PLAY_EXPORT(pictures_load)(Play *play, const uint8_t *pixels, const uint8_t *labels, int count, int side)
{
    int32_t *classes = malloc((size_t)count * sizeof *classes);
    percept_dataset *all = NULL;
    percept_data parts = {0};
    percept_status status = classes != NULL ? PERCEPT_OK : PERCEPT_ERROR_MEMORY;
    for (int i = 0; i < count && status == PERCEPT_OK; i++)
        classes[i] = labels[i];
    if (status == PERCEPT_OK)
        status = percept_dataset_create(PERCEPT_UINT8, (size_t)count, (size_t)side * (size_t)side, pixels, classes,
                                        CLASSES, NULL, &all, &play->error);
    else
        strcpy(play->error.message, "not enough memory for the pictures");
    if (status == PERCEPT_OK)
        status = percept_data_split(play->recipe, all, &parts, &play->error);
    free(classes);
    percept_dataset_free(all);
    if (status != PERCEPT_OK)
        return -1;
    play_forget(play);
    percept_data_free(&play->data);
    play->data = parts;
    return 0;
}

/* Room for `count` numbers, which replaces what was there. */
static double *room(Play *play, size_t count)
{
    free(play->examples);
    play->examples = malloc(count * sizeof *play->examples);
    return play->examples;
}

const double *PLAY_EXPORT(pictures_predict)(Play *play, const double *picture)
{
    double *out = room(play, percept_model_outputs(play->model));
    if (out == NULL || percept_model_predict(play->model, picture, 1, 1, out, &play->error) != PERCEPT_OK)
        return NULL;
    return out;
}

const double *PLAY_EXPORT(pictures_saliency)(Play *play, const double *picture, int k)
{
    percept_gradient *gradient = NULL;
    double *out = room(play, percept_model_inputs(play->model));
    percept_status status =
        out != NULL ? percept_gradient_create(play->model, 1, &gradient, &play->error) : PERCEPT_ERROR_MEMORY;
    if (status == PERCEPT_OK)
        status = percept_gradient_of_output(gradient, picture, 1, (size_t)k, out, &play->error);
    percept_gradient_free(gradient);
    return status == PERCEPT_OK ? out : NULL;
}

const int32_t *PLAY_EXPORT(pictures_predicted)(Play *play)
{
    percept_predictor *predictor = NULL;
    if (play->data.valid == NULL)
        return NULL;
    free(play->predicted);
    play->predicted = malloc(percept_dataset_count(play->data.valid) * sizeof *play->predicted);
    if (play->predicted == NULL || percept_predictor_create(play->model, 1, &predictor, &play->error) != PERCEPT_OK)
        return NULL;
    const percept_status status =
        percept_predictor_dataset_classes(predictor, play->data.valid, play->predicted, &play->error);
    percept_predictor_free(predictor);
    return status == PERCEPT_OK ? play->predicted : NULL;
}
