/* Trains, tests, saves and loads a network, and looks at one test image: ./train [DATASET] */
#include <percept/percept.h>
#include <stdio.h>

static int show(const percept_progress *progress, void *user)
{
    (void)user;
    if (progress->epoch_done)
        printf("epoch %zu: loss %.4f, validation accuracy %.2f %%\n", progress->epoch, progress->train_loss,
               100 * progress->valid_accuracy);
    return 0; /* anything else would stop the training */
}

int main(int argc, char **argv)
{
    percept_error error;
    percept_recipe *recipe = NULL;
    percept_data data = {0};
    percept_model *model = NULL, *again = NULL;
    percept_metrics metrics = {.struct_size = sizeof metrics};
    double pixels[784], probabilities[10];

    percept_status status = percept_recipe_create(&recipe, &error); /* Fashion-MNIST, every key at its default */
    if (status == PERCEPT_OK && argc > 1)
        status = percept_recipe_set(recipe, "data.name", argv[1], &error);
    if (status == PERCEPT_OK)
        status = percept_recipe_set(recipe, "model.layers", "784-64-10", &error);
    if (status == PERCEPT_OK)
        status = percept_recipe_set(recipe, "train.epochs", "3", &error);
    if (status == PERCEPT_OK)
        status = percept_data_load(recipe, &data, &error);
    if (status == PERCEPT_OK)
        status = percept_model_create(recipe, &data, &model, &error);
    if (status == PERCEPT_OK)
        status = percept_model_train(model, recipe, &data, show, NULL, NULL, &error);
    if (status == PERCEPT_OK)
        status = percept_model_evaluate(model, data.test, 0, &metrics, &error);
    if (status == PERCEPT_OK)
        status = percept_model_save(model, "model.safetensors", &error);
    if (status == PERCEPT_OK)
        status = percept_model_load("model.safetensors", &again, &error);
    if (status == PERCEPT_OK) {
        percept_dataset_features(data.test, 0, pixels);
        status = percept_model_predict(again, pixels, 1, 1, probabilities, &error);
    }
    if (status == PERCEPT_OK) {
        const int32_t label = percept_dataset_label(data.test, 0);
        printf("test accuracy %.2f %%\nthe first test image shows: %s (the network says so to %.1f %%)\n",
               100 * metrics.accuracy, percept_model_class_name(again, (size_t)label), 100 * probabilities[label]);
    } else {
        fprintf(stderr, "%s\n", error.message);
    }
    percept_metrics_clear(&metrics);
    percept_model_free(again);
    percept_model_free(model);
    percept_data_free(&data);
    percept_recipe_free(recipe);
    return status != PERCEPT_OK;
}
