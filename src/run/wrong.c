#include "run/wrong.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "data/dataset.h"
#include "train/outputs.h"

#define MOST_EXAMPLES 1000
#define BLOCK 50
#define LEAST_SECONDS 2
#define MOST_SHARE 0.02 /* of the time for searches */

static double seconds_since(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + 1e-9 * (double)(now.tv_nsec - start->tv_nsec);
}

/* A search is due; and a last one where there was one before. */
static bool is_due(const WrongSearch *search, const Training *training)
{
    const percept_progress *progress = training_progress(training);
    const double passed = progress->seconds - search->done;
    if (search->none || !progress->epoch_done)
        return false;
    return (search->done > 0 && training_is_over(training)) ||
           (passed >= LEAST_SECONDS && passed * MOST_SHARE >= search->cost);
}

static bool can_be_shown(const percept_model *model, const percept_dataset *valid)
{
    return valid != NULL && valid->labels != NULL && model->class_count > 0 && valid->storage->image_height > 0 &&
           valid->storage->image_height == valid->storage->image_width &&
           valid->storage->image_height * valid->storage->image_width == valid->storage->width;
}

static percept_status make_ready(WrongSearch *search, const percept_dataset *valid, percept_error *error)
{
    const size_t width = valid->storage->width, outputs = percept_model_outputs(&search->model);
    if (search->predictor != NULL)
        return PERCEPT_OK;
    percept_status status =
        memory_allocate(BLOCK, width * sizeof *search->features, "the features", &search->features, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(BLOCK, outputs * sizeof *search->outputs, "the outputs", &search->outputs, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(WRONG_MOST, width, "pictures", &search->pixels, error);
    return status == PERCEPT_OK ? predictor_create(&search->model, BLOCK, 1, &search->predictor, error) : status;
}

/* Keeps an example: its features as grey bytes. */
static void keep(WrongSearch *search, const percept_dataset *valid, const double *features, int32_t label,
                 int32_t predicted, double confidence)
{
    const Storage *storage = valid->storage;
    const double scale = 255 / (storage->divisor > 1 ? storage->divisor : 1);
    uint8_t *pixels = search->pixels + search->count * storage->width;
    for (size_t i = 0; i < storage->width; i++) {
        const double grey = features[i] * scale;
        pixels[i] = grey > 0 ? (uint8_t)(grey < 255 ? grey + 0.5 : 255) : 0;
    }
    search->pictures[search->count++] = (WrongPicture){
        .label = label,
        .predicted = predicted,
        .label_name = percept_model_class_name(&search->model, (size_t)label),
        .predicted_name = percept_model_class_name(&search->model, (size_t)predicted),
        .confidence = confidence,
        .width = storage->image_width,
        .height = storage->image_height,
        .pixels = pixels,
    };
}

static void look_through_block(WrongSearch *search, const percept_dataset *valid, size_t first, size_t count)
{
    const size_t width = valid->storage->width, outputs = percept_model_outputs(&search->model);
    for (size_t i = 0; i < count; i++)
        percept_dataset_features(valid, first + i, search->features + i * width);
    percept_predictor_run(search->predictor, search->features, count, search->outputs);
    for (size_t i = 0; i < count && search->count < WRONG_MOST; i++) {
        const double *output = search->outputs + i * outputs;
        const int32_t label = percept_dataset_label(valid, first + i), class = outputs_class(0, outputs, output);
        const int32_t predicted = class > 0 ? class : 0;
        const double confidence = outputs > 1 ? output[predicted] : predicted == 1 ? output[0] : 1 - output[0];
        if (predicted != label)
            keep(search, valid, search->features + i * width, label, predicted, confidence);
    }
}

percept_status wrong_search(WrongSearch *search, const Training *training, const percept_dataset *valid, bool *found,
                            percept_error *error)
{
    struct timespec start;
    *found = false;
    if (!is_due(search, training))
        return PERCEPT_OK;
    search->model = training_model(training);
    search->none = !can_be_shown(&search->model, valid);
    if (search->none)
        return PERCEPT_OK;
    clock_gettime(CLOCK_MONOTONIC, &start);
    percept_status status = make_ready(search, valid, error);
    if (status != PERCEPT_OK)
        return status;
    const size_t most = valid->count < MOST_EXAMPLES ? valid->count : MOST_EXAMPLES;
    search->count = 0;
    for (size_t first = 0; first < most && search->count < WRONG_MOST; first += BLOCK)
        look_through_block(search, valid, first, most - first < BLOCK ? most - first : BLOCK);
    search->done = training_progress(training)->seconds;
    search->cost = seconds_since(&start);
    *found = true;
    return PERCEPT_OK;
}

void wrong_clear(WrongSearch *search)
{
    percept_predictor_free(search->predictor);
    memory_free(search->features);
    memory_free(search->outputs);
    memory_free(search->pixels);
    *search = (WrongSearch){0};
}
