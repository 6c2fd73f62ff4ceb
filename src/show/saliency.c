/* Which pixels the loss depends on: |∂L/∂x| beside the picture. */
#include <math.h>
#include <stdio.h>

#include "base/memory.h"
#include "base/random.h"
#include "plot/mosaic.h"
#include "show/from_run.h"
#include "show/kinds.h"

#define EXAMPLES 12
#define PAIRS 4 /* in a row */
#define WORDS_SIZE 72

typedef struct Saliency {
    const ShowRun *run;
    const percept_dataset *data;
    uint32_t *rows; /* of the examples shown */
    size_t count, height, width;
    double *pixels, *gradient; /* count × height·width */
    int32_t *labels;           /* count */
    int32_t *predicted;        /* of all examples */
    MosaicTile *tiles;
    char (*words)[WORDS_SIZE];
} Saliency;

/* Takes one example of each class in turn, then the next of each; in order, or at random. */
static percept_status choose(Saliency *saliency, const ShowOptions *options, percept_error *error)
{
    const size_t count = saliency->data->count, classes = saliency->run->model->class_count;
    uint32_t *order = NULL;
    percept_status status = memory_allocate(count, sizeof *order, "the order", &order, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        order[i] = (uint32_t)i;
    if (options->seed > 0) {
        RandomStream stream;
        random_default_rng(&stream, options->seed);
        random_permutation(&stream, order, count);
    }
    size_t found = 0;
    for (size_t round = 0; found < saliency->count && round < saliency->count; round++)
        for (size_t k = 0; k < classes && found < saliency->count; k++)
            for (size_t i = 0, seen = 0; i < count; i++)
                if (percept_dataset_label(saliency->data, order[i]) == (int32_t)k && seen++ == round) {
                    saliency->rows[found++] = order[i];
                    break;
                }
    saliency->count = found;
    memory_free(order);
    for (size_t i = 0; i < found; i++) {
        saliency->labels[i] = percept_dataset_label(saliency->data, saliency->rows[i]);
        percept_dataset_features(saliency->data, saliency->rows[i],
                                 saliency->pixels + i * saliency->height * saliency->width);
    }
    return found > 0 ? PERCEPT_OK : error_set(error, PERCEPT_ERROR_ARGUMENT, "no example has a class of the model");
}

/* dL/dx of each example by the scaled pixels, L being the loss of the prediction; in float64, so that the loss of an example
 * that is predicted with certainty has a derivative, too. */
static percept_status differentiate(Saliency *saliency, percept_error *error)
{
    const size_t size = saliency->height * saliency->width;
    const Scaler *scaler = &saliency->run->model->scaler;
    percept_model wide = *saliency->run->model;
    percept_gradient *gradient = NULL;
    double *parameters = NULL;
    percept_status status = model_parameters_f64(saliency->run->model, &parameters, error);
    wide.precision = PERCEPT_FLOAT64;
    wide.parameters = parameters;
    if (status == PERCEPT_OK)
        status = percept_gradient_create(&wide, 0, &gradient, error);
    if (status == PERCEPT_OK)
        status = percept_gradient_of_loss(gradient, saliency->pixels, saliency->count, saliency->labels, NULL,
                                          saliency->gradient, error);
    for (size_t k = 0; status == PERCEPT_OK && k < saliency->count * size; k++)
        saliency->gradient[k] *= scaler->divisor * (scaler->deviation != NULL ? scaler->deviation[k % size] : 1);
    percept_gradient_free(gradient);
    memory_free(parameters);
    return status;
}

static void fill(Saliency *saliency)
{
    const percept_model *model = saliency->run->model;
    const size_t size = saliency->height * saliency->width;
    for (size_t i = 0; i < saliency->count; i++) {
        const int32_t label = saliency->labels[i], predicted = saliency->predicted[saliency->rows[i]];
        double *pixels = saliency->pixels + i * size, *gradient = saliency->gradient + i * size;
        for (size_t p = 0; p < size; p++)
            gradient[p] = isfinite(gradient[p]) ? fabs(gradient[p]) : 0;
        snprintf(saliency->words[i], WORDS_SIZE, "→ %.64s", percept_model_class_name(model, (size_t)predicted));
        saliency->tiles[2 * i] = (MosaicTile){.pixels = pixels,
                                              .first = percept_model_class_name(model, (size_t)label),
                                              .second = saliency->words[i],
                                              .wrong = label != predicted};
        saliency->tiles[2 * i + 1] = (MosaicTile){.pixels = gradient, .heat = true};
    }
}

static percept_status draw(const Saliency *saliency, const char *part, const ShowOptions *options, const char *folder,
                           const char *name, percept_error *error)
{
    const size_t pairs = saliency->count < PAIRS ? saliency->count : PAIRS;
    char title[160];
    snprintf(title, sizeof title, "Examples of the %s part, and |∂L/∂x|: the darker, the more the loss depends on it",
             part);
    double high = 0;
    for (size_t i = 0; i < saliency->count * saliency->height * saliency->width; i++)
        high = fmax(high, saliency->pixels[i]);
    const MosaicPicture picture = {.title = options->title != NULL ? options->title : title,
                                   .note = "label → prediction; each |∂L/∂x| has a scale of its own",
                                   .tiles = saliency->tiles,
                                   .rows = (saliency->count + pairs - 1) / pairs,
                                   .columns = 2 * pairs,
                                   .height = saliency->height,
                                   .width = saliency->width,
                                   .group = 2,
                                   .scale = MOSAIC_HEAT,
                                   .low = 0,
                                   .high = high > 0 ? high : 1};
    return plot_mosaic(folder, name, &picture, error);
}

static percept_status make_room(Saliency *saliency, percept_error *error)
{
    const size_t count = saliency->count, size = saliency->height * saliency->width;
    percept_status status = memory_allocate(count, sizeof *saliency->rows, "the examples", &saliency->rows, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, size * sizeof *saliency->pixels, "the pictures", &saliency->pixels, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, size * sizeof *saliency->gradient, "the gradients", &saliency->gradient, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, sizeof *saliency->labels, "the labels", &saliency->labels, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(saliency->data->count, sizeof *saliency->predicted, "the predictions",
                                 &saliency->predicted, error);
    if (status == PERCEPT_OK) /* whole rows of pairs */
        status = memory_allocate_zeroed(2 * (count + PAIRS), sizeof *saliency->tiles, "the pictures", &saliency->tiles,
                                        error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, sizeof *saliency->words, "the words", &saliency->words, error);
    return status;
}

percept_status show_saliency(const ShowRun *runs, size_t count, const ShowOptions *options, const char *folder,
                             const char *name, percept_error *error)
{
    Saliency saliency = {.run = &runs[0], .count = options->count > 0 ? options->count : EXAMPLES};
    percept_dataset *data = NULL;
    const char *part = NULL;
    (void)count;
    percept_status status = show_check_classes(saliency.run, error);
    if (status == PERCEPT_OK)
        status = show_image_size(saliency.run, &saliency.height, &saliency.width, error);
    if (status == PERCEPT_OK)
        status = show_part(saliency.run, options, &data, &part, error);
    saliency.data = data;
    if (status == PERCEPT_OK)
        status = make_room(&saliency, error);
    if (status == PERCEPT_OK)
        status = choose(&saliency, options, error);
    if (status == PERCEPT_OK)
        status = show_predict(saliency.run->model, data, data->count, saliency.predicted, error);
    if (status == PERCEPT_OK)
        status = differentiate(&saliency, error);
    if (status == PERCEPT_OK) {
        fill(&saliency);
        status = draw(&saliency, part, options, folder, name, error);
    }
    memory_free(saliency.rows);
    memory_free(saliency.pixels);
    memory_free(saliency.gradient);
    memory_free(saliency.labels);
    memory_free(saliency.predicted);
    memory_free(saliency.tiles);
    memory_free(saliency.words);
    return status;
}
