/* One network used by many threads, each with a predictor of its own; then eight trainings at once over one dataset. */
#include <math.h>
#include <percept/percept.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { THREADS = 8, REQUESTS = 200, COUNT = 400 };

typedef struct Shared {
    const percept_model *model; /* read by all */
    const percept_data *data;   /* read by all */
    const percept_recipe *recipe;
} Shared;

typedef struct Worker {
    pthread_t thread;
    const Shared *shared;
    int number;
    percept_status status;
    percept_error error;
    size_t right;    /* predictions that are the label */
    double accuracy; /* of the network that this thread trains */
} Worker;

/* Answers requests of one example each. */
static void *serve(void *user)
{
    Worker *worker = user;
    const percept_dataset *examples = worker->shared->data->train;
    percept_predictor *predictor = NULL;
    double features[2];
    int32_t class_of = 0;
    worker->status = percept_predictor_create(worker->shared->model, 1, &predictor, &worker->error);
    for (size_t r = 0; worker->status == PERCEPT_OK && r < REQUESTS; r++) {
        const size_t i = ((size_t)worker->number * 37 + r) % COUNT;
        percept_dataset_features(examples, i, features);
        percept_predictor_classes(predictor, features, 1, &class_of);
        worker->right += class_of == percept_dataset_label(examples, i);
    }
    percept_predictor_free(predictor);
    return NULL;
}

/* Trains a network of its own, with another seed. */
static void *train(void *user)
{
    Worker *worker = user;
    const Shared *shared = worker->shared;
    percept_recipe *recipe = NULL;
    percept_model *model = NULL;
    percept_metrics metrics = {.struct_size = sizeof metrics};
    char seed[16], yaml[4096];
    snprintf(seed, sizeof seed, "%d", worker->number);
    worker->status = percept_recipe_text(shared->recipe, yaml, sizeof yaml, NULL, &worker->error);
    if (worker->status == PERCEPT_OK)
        worker->status = percept_recipe_parse(yaml, &recipe, &worker->error);
    if (worker->status == PERCEPT_OK)
        worker->status = percept_recipe_set(recipe, "seed", seed, &worker->error);
    if (worker->status == PERCEPT_OK)
        worker->status = percept_model_create(recipe, shared->data, &model, &worker->error);
    if (worker->status == PERCEPT_OK)
        worker->status = percept_model_train(model, recipe, shared->data, NULL, NULL, NULL, &worker->error);
    if (worker->status == PERCEPT_OK)
        worker->status = percept_model_evaluate(model, shared->data->train, 1, &metrics, &worker->error);
    worker->accuracy = metrics.accuracy;
    percept_metrics_clear(&metrics);
    percept_model_free(model);
    percept_recipe_free(recipe);
    return NULL;
}

/* Runs a task in all threads; 0 if all went well. */
static int run(const Shared *shared, void *(*task)(void *), Worker workers[THREADS])
{
    int failed = 0, started = 0;
    memset(workers, 0, THREADS * sizeof *workers);
    for (; started < THREADS; started++) {
        workers[started].shared = shared;
        workers[started].number = started;
        if (pthread_create(&workers[started].thread, NULL, task, &workers[started]) != 0)
            break;
    }
    for (int w = 0; w < started; w++) {
        pthread_join(workers[w].thread, NULL);
        if (workers[w].status != PERCEPT_OK)
            fprintf(stderr, "thread %d: %s\n", w, workers[w].error.message);
        failed |= workers[w].status != PERCEPT_OK;
    }
    return failed || started < THREADS;
}

int main(void)
{
    static double points[COUNT][2];
    static int32_t labels[COUNT];
    static Worker workers[THREADS];
    percept_error error;
    percept_recipe *recipe = NULL;
    percept_data data = {0};
    percept_model *model = NULL;
    size_t right = 0;
    double least = 1;

    for (int i = 0; i < COUNT; i++) {
        points[i][0] = fmod(0.7548776662 * i, 1); /* even over the square */
        points[i][1] = fmod(0.5698402910 * i, 1);
        labels[i] = points[i][0] > points[i][1];
    }
    /* threads: 1, since each of our threads brings one network of its own */
    if (percept_recipe_parse("{threads: 1, model.layers: [2, 8, 2], train.epochs: 40, train.learning_rate: 0.02}",
                             &recipe, &error) ||
        percept_dataset_create(PERCEPT_FLOAT64, COUNT, 2, points, labels, 2, NULL, &data.train, &error) ||
        percept_model_create(recipe, &data, &model, &error) ||
        percept_model_train(model, recipe, &data, NULL, NULL, NULL, &error)) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    const Shared shared = {model, &data, recipe};
    int failed = run(&shared, serve, workers);
    for (int w = 0; w < THREADS; w++)
        right += workers[w].right;
    printf("%d threads: %zu of %d predictions right\n", THREADS, right, THREADS * REQUESTS);
    failed |= run(&shared, train, workers);
    for (int w = 0; w < THREADS; w++)
        least = workers[w].accuracy < least ? workers[w].accuracy : least;
    printf("%d trainings at once: the worst reaches accuracy %.3f\n", THREADS, least);
    percept_model_free(model);
    percept_data_free(&data);
    percept_recipe_free(recipe);
    return failed || right < THREADS * REQUESTS * 9 / 10 || least < 0.9;
}
