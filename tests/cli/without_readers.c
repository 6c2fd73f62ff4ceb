/* For cli/test_library.sh: a program over the library without readers. It trains from memory, saves, loads and predicts,
 * draws from a generator, and prints what calls that need a reader answer. */
#include <percept/percept.h>
#include <stdio.h>

/* Exclusive or, learnt by heart. */
static const double features[] = {0, 0, 0, 1, 1, 0, 1, 1};
static const int32_t labels[] = {0, 1, 1, 0};

static percept_status set_keys(percept_recipe *recipe, percept_error *error)
{
    static const char *const keys[][2] = {{"model.layers", "2-16-2"},  {"model.activation", "tanh"},
                                          {"train.optimizer", "adam"}, {"train.learning_rate", "0.05"},
                                          {"train.batch_size", "4"},   {"train.epochs", "300"},
                                          {"data.name", "circles"}};
    percept_status status = PERCEPT_OK;
    for (size_t k = 0; status == PERCEPT_OK && k < sizeof keys / sizeof keys[0]; k++)
        status = percept_recipe_set(recipe, keys[k][0], keys[k][1], error);
    return status;
}

static percept_status train(percept_recipe *recipe, percept_error *error)
{
    percept_data data = {0};
    percept_model *model = NULL, *loaded = NULL;
    double probabilities[8];
    percept_status status =
        percept_dataset_create(PERCEPT_FLOAT64, 4, 2, features, labels, 2, NULL, &data.train, error);
    if (status == PERCEPT_OK)
        status = percept_model_create(recipe, &data, &model, error);
    if (status == PERCEPT_OK)
        status = percept_model_train(model, recipe, &data, NULL, NULL, NULL, error);
    if (status == PERCEPT_OK)
        status = percept_model_save(model, "model.safetensors", error);
    if (status == PERCEPT_OK)
        status = percept_model_load("model.safetensors", &loaded, error);
    if (status == PERCEPT_OK)
        status = percept_model_predict(loaded, features, 4, 1, probabilities, error);
    for (size_t i = 0; status == PERCEPT_OK && i < 4; i++)
        printf("%d%s", probabilities[2 * i + 1] > 0.5, i < 3 ? " " : "\n");
    percept_model_free(loaded);
    percept_model_free(model);
    percept_data_free(&data);
    return status;
}

static percept_status draw(percept_recipe *recipe, percept_error *error)
{
    percept_data data = {0};
    percept_status status = percept_data_load(recipe, &data, error);
    if (status == PERCEPT_OK)
        printf("%zu features\n", percept_dataset_width(data.train));
    percept_data_free(&data);
    return status;
}

static void refuse(percept_recipe *recipe, const char *data_name)
{
    percept_data data = {0};
    percept_error error = {0};
    percept_status status = percept_recipe_set(recipe, "data.name", data_name, &error);
    if (status == PERCEPT_OK)
        status = percept_data_load(recipe, &data, &error);
    printf("%d %s\n", (int)status, error.message);
    percept_data_free(&data);
}

int main(void)
{
    percept_error error = {0};
    percept_recipe *recipe = NULL, *other = NULL;
    percept_status status = percept_recipe_create(&recipe, &error);
    if (status == PERCEPT_OK)
        status = set_keys(recipe, &error);
    if (status == PERCEPT_OK)
        status = train(recipe, &error);
    if (status == PERCEPT_OK)
        status = draw(recipe, &error);
    if (status == PERCEPT_OK) {
        refuse(recipe, "model.safetensors"); /* a file that is there */
        refuse(recipe, "mnist");
        percept_error refused = {0};
        printf("%d ", (int)percept_recipe_load("recipe.yaml", &other, &refused));
        printf("%s\n", refused.message);
        printf("%d ", (int)percept_recipe_save(recipe, "recipe.yaml", &refused));
        printf("%s\n", refused.message);
    } else {
        fprintf(stderr, "%s\n", error.message);
    }
    percept_recipe_free(recipe);
    return status != PERCEPT_OK;
}
