/* Learns from a stream: examples arrive in chunks, and the network is trained on each as it comes. In the middle the
 * training is saved, and goes on from the file as another process would. */
#include <math.h>
#include <percept/percept.h>
#include <stdio.h>

enum { CHUNK = 64 };

/* The next chunk: y = 3 a - 2 b + 1, with a little noise. Multiples of irrational numbers stand for chance. All chunks but
 * the first, `like`, are made like it. */
static percept_status next_chunk(const percept_dataset *like, percept_dataset **out, percept_error *error)
{
    static double features[CHUNK][2], targets[CHUNK];
    static int seen = 0;
    percept_table *table = NULL;
    for (int i = 0; i < CHUNK; i++, seen++) {
        features[i][0] = fmod(0.7548776662 * seen, 1);
        features[i][1] = fmod(0.5698402910 * seen, 1);
        targets[i] = 3 * features[i][0] - 2 * features[i][1] + 1 + 0.01 * (fmod(0.6180339887 * seen, 1) - 0.5);
    }
    percept_status status = percept_table_create(CHUNK, &table, error);
    if (status == PERCEPT_OK)
        status = percept_table_set_features(table, PERCEPT_FLOAT64, features, 2, 0, 0, error);
    if (status == PERCEPT_OK)
        status = percept_table_set_targets(table, PERCEPT_FLOAT64, targets, 1, 0, 0, NULL, error);
    if (status == PERCEPT_OK)
        status =
            like == NULL ? percept_table_finish(table, out, error) : percept_table_finish_like(table, like, out, error);
    percept_table_free(table);
    return status;
}

/* Trains on `chunks` more chunks. */
static percept_status learn(percept_training *training, const percept_dataset *like, int chunks, double *loss,
                            percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (int c = 0; status == PERCEPT_OK && c < chunks; c++) {
        percept_dataset *chunk = NULL;
        status = next_chunk(like, &chunk, error);
        if (status == PERCEPT_OK && c == chunks / 2)
            status = percept_training_set_learning_rate(training, 0.005, error);
        if (status == PERCEPT_OK)
            status = percept_training_feed(training, chunk, loss, error);
        percept_dataset_free(chunk);
    }
    return status;
}

int main(void)
{
    percept_error error;
    percept_recipe *recipe = NULL;
    percept_data data = {0};
    percept_model *model = NULL;
    percept_training *training = NULL;
    double loss = 0, answer = 0;
    const double question[2] = {0.5, 0.25}; /* 2.0 */

    percept_status status = percept_recipe_create(&recipe, &error);
    if (status == PERCEPT_OK)
        status = percept_recipe_set(recipe, "model.layers", "2-8-1", &error);
    if (status == PERCEPT_OK)
        status = percept_recipe_set(recipe, "train.learning_rate", "0.02", &error);
    if (status == PERCEPT_OK)
        status =
            next_chunk(NULL, &data.train, &error); /* the first chunk says what data are like, and fits the scale */
    if (status == PERCEPT_OK)
        status = percept_model_create(recipe, &data, &model, &error);
    if (status == PERCEPT_OK)
        status = percept_training_begin(model, recipe, &data, &training, &error);
    if (status == PERCEPT_OK)
        status = learn(training, data.train, 200, &loss, &error);
    if (status == PERCEPT_OK)
        status = percept_training_save(training, "stream.safetensors", &error);
    percept_training_free(training);
    training = NULL;
    if (status == PERCEPT_OK)
        status = percept_training_resume(model, recipe, &data, "stream.safetensors", &training, &error);
    if (status == PERCEPT_OK)
        status = learn(training, data.train, 200, &loss, &error);
    if (status == PERCEPT_OK)
        status = percept_training_finish(training, NULL, &error);
    if (status == PERCEPT_OK)
        status = percept_model_predict(model, question, 1, 1, &answer, &error);
    if (status == PERCEPT_OK)
        printf("loss of the last chunk %.5f; 3 · 0.5 - 2 · 0.25 + 1 is about %.2f\n", loss, answer);
    else
        fprintf(stderr, "%s\n", error.message);
    percept_training_free(training);
    percept_model_free(model);
    percept_data_free(&data);
    percept_recipe_free(recipe);
    return status != PERCEPT_OK || answer < 1.9 || answer > 2.1;
}
