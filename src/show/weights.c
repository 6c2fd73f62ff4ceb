/* Weights as pictures: of the first layer one for each unit, where the examples are pictures; else one of all. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "plot/mosaic.h"
#include "show/from_run.h"
#include "show/kinds.h"

#define UNITS 72
#define COLUMNS 12
#define WORDS_SIZE 24
#define SIDE 460 /* of a layer as a whole */

/* Lengths of weight vectors, to find the longest. */
typedef struct Length {
    double length;
    size_t unit;
} Length;

static int longest_first(const void *a, const void *b)
{
    const Length *x = a, *y = b;
    return x->length != y->length ? (x->length < y->length) - (x->length > y->length)
                                  : (x->unit > y->unit) - (x->unit < y->unit);
}

static int by_unit(const void *a, const void *b)
{
    const Length *x = a, *y = b;
    return (x->unit > y->unit) - (x->unit < y->unit);
}

/* The units whose weight vectors are longest, in the layer's order. */
static void choose_units(const double *W, const Layer *layer, Length *units, size_t shown)
{
    for (size_t u = 0; u < layer->outputs; u++) {
        units[u] = (Length){0, u};
        for (size_t i = 0; i < layer->inputs; i++)
            units[u].length += W[u * layer->inputs + i] * W[u * layer->inputs + i];
    }
    qsort(units, layer->outputs, sizeof *units, longest_first);
    qsort(units, shown, sizeof *units, by_unit);
}

/* The end of the scale: all but a few of the largest weights fit, so that these do not pale the rest. */
static double scale_end(const double *W, size_t count)
{
    double sum = 0, most = 0;
    for (size_t i = 0; i < count; i++) {
        sum += W[i] * W[i];
        most = fmax(most, fabs(W[i]));
    }
    const double end = fmin(most, 3.5 * sqrt(sum / (double)count));
    return end > 0 && isfinite(end) ? end : 1;
}

static percept_status draw_units(const double *W, const Layer *layer, size_t height, size_t width,
                                 const ShowOptions *options, const char *folder, const char *name, percept_error *error)
{
    const size_t most = options->count > 0 ? options->count : UNITS;
    const size_t shown = layer->outputs < most ? layer->outputs : most;
    const size_t columns = shown < COLUMNS ? shown : COLUMNS, rows = (shown + columns - 1) / columns;
    Length *units = NULL;
    MosaicTile *tiles = NULL;
    char(*words)[WORDS_SIZE] = NULL, title[120];
    percept_status status = memory_allocate(layer->outputs, sizeof *units, "the units", &units, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(rows, columns * sizeof *tiles, "the pictures", &tiles, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(shown, sizeof *words, "the words", &words, error);
    if (status == PERCEPT_OK) {
        choose_units(W, layer, units, shown);
        for (size_t i = 0; i < shown; i++) {
            snprintf(words[i], WORDS_SIZE, "unit %zu", units[i].unit);
            tiles[i] = (MosaicTile){.pixels = W + units[i].unit * layer->inputs, .first = words[i]};
        }
        if (shown < layer->outputs)
            snprintf(title, sizeof title, "Weights of layer 1: the %zu of %zu units with the largest weights", shown,
                     layer->outputs);
        else
            snprintf(title, sizeof title, "Weights of layer 1, %zu units", shown);
        const MosaicPicture picture = {.title = options->title != NULL ? options->title : title,
                                       .scale_label = "weight",
                                       .tiles = tiles,
                                       .rows = rows,
                                       .columns = columns,
                                       .height = height,
                                       .width = width,
                                       .scale = MOSAIC_DIVERGING,
                                       .high = scale_end(W, layer->inputs * layer->outputs)};
        status = plot_mosaic(folder, name, &picture, error);
    }
    memory_free(words);
    memory_free(tiles);
    memory_free(units);
    return status;
}

static percept_status draw_layer(const double *W, const Layer *layer, size_t number, const ShowOptions *options,
                                 const char *folder, const char *name, percept_error *error)
{
    char title[120];
    const MosaicTile tile = {.pixels = W, .first = "inputs"};
    const char *const units[] = {"units"};
    snprintf(title, sizeof title, "Weights of layer %zu: %zu units, %zu inputs", number, layer->outputs, layer->inputs);
    const MosaicPicture picture = {.title = options->title != NULL ? options->title : title,
                                   .scale_label = "weight",
                                   .tiles = &tile,
                                   .rows = 1,
                                   .columns = 1,
                                   .height = layer->outputs,
                                   .width = layer->inputs,
                                   .row_names = units,
                                   .side = SIDE,
                                   .scale = MOSAIC_DIVERGING,
                                   .high = scale_end(W, layer->inputs * layer->outputs)};
    return plot_mosaic(folder, name, &picture, error);
}

percept_status show_weights(const ShowRun *runs, size_t count, const ShowOptions *options, const char *folder,
                            const char *name, percept_error *error)
{
    const Network *network = &runs[0].model->network;
    const size_t number = options->layer > 0 ? options->layer : 1;
    size_t height = 0, width = 0;
    double *parameters = NULL;
    (void)count;
    if (number > network->depth)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "there is no layer %zu; the network has %zu", number,
                         network->depth);
    const Layer *layer = &network->layers[number - 1];
    const bool pictures = number == 1 && show_image_size(&runs[0], &height, &width, NULL) == PERCEPT_OK &&
                          layer->inputs == height * width;
    ShowOptions own = *options;
    char title[120];
    if (network->members > 1 && own.title == NULL) {
        snprintf(title, sizeof title, "Weights of layer %zu of the first of %zu members", number, network->members);
        own.title = title;
    }
    percept_status status = model_parameters_f64(runs[0].model, &parameters, error);
    if (status == PERCEPT_OK)
        status = pictures ? draw_units(parameters + layer->weights, layer, height, width, &own, folder, name, error)
                          : draw_layer(parameters + layer->weights, layer, number, &own, folder, name, error);
    memory_free(parameters);
    return status;
}
