/* Training pictures, and what becomes of them in the first epochs. */
#include <math.h>
#include <stdio.h>

#include "base/memory.h"
#include "data/batch.h"
#include "plot/mosaic.h"
#include "recipe/augment_keys.h"
#include "recipe/initial.h"
#include "show/from_run.h"
#include "show/kinds.h"

#define ROWS 8
#define VIEWS 8 /* beside the original */
#define WORDS_SIZE 40

typedef struct Augmented {
    const ShowRun *run;
    const percept_dataset *data;
    Augment *augment;
    PictureShape shape;
    size_t rows;
    double *values; /* of one picture, all channels */
    double *pixels; /* tiles × height·width */
    MosaicTile *tiles;
    char (*words)[WORDS_SIZE]; /* the share of mixup */
} Augmented;

static size_t size_of(const Augmented *augmented)
{
    return augmented->shape.height * augmented->shape.width;
}

/* An example as the network sees it in an epoch, before scaling; several channels become their mean. */
static void fill_tile(Augmented *augmented, size_t example, size_t view, size_t tile)
{
    const size_t channels = augmented->shape.channels;
    const Batch batch = {.data = augmented->data,
                         .first = example,
                         .count = 1,
                         .augment = view > 0 ? augmented->augment : NULL,
                         .epoch = view > 0 ? view - 1 : 0};
    double *pixels = augmented->pixels + tile * size_of(augmented);
    batch_gather_f64(&batch, 0, 1, augmented->values, size_of(augmented) * channels);
    for (size_t p = 0; p < size_of(augmented); p++) {
        pixels[p] = 0;
        for (size_t k = 0; k < channels; k++)
            pixels[p] += augmented->values[p * channels + k] / (double)channels;
    }
    augmented->tiles[tile] = (MosaicTile){.pixels = pixels};
    if (view == 0 && augmented->data->labels != NULL)
        augmented->tiles[tile].first = augmented->data->class_names[augmented->data->labels[example]];
    if (!batch_is_mixed(&batch))
        return;
    size_t partner = 0;
    double share = 1;
    augment_draw_partner(augmented->augment, batch.epoch, example, &partner, &share);
    snprintf(augmented->words[tile], WORDS_SIZE, "%.0f %% + %.0f %%", 100 * share, 100 - 100 * share);
    augmented->tiles[tile].first = augmented->words[tile];
}

/* One example of each class in turn; without classes the first ones. */
static size_t choose(const Augmented *augmented, size_t row)
{
    const percept_dataset *data = augmented->data;
    const size_t classes = data->labels != NULL ? data->class_count : 1, round = row / classes;
    size_t seen = 0;
    for (size_t i = 0; i < data->count; i++)
        if (data->labels == NULL || (size_t)data->labels[i] == row % classes)
            if (seen++ == round)
                return i;
    return row;
}

static percept_status make_room(Augmented *augmented, percept_error *error)
{
    const size_t tiles = augmented->rows * (VIEWS + 1), size = size_of(augmented);
    percept_status status =
        memory_allocate(size * augmented->shape.channels, sizeof(double), "a picture", &augmented->values, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(tiles, size * sizeof(double), "the pictures", &augmented->pixels, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(tiles, sizeof *augmented->tiles, "the pictures", &augmented->tiles, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(tiles, sizeof *augmented->words, "the words", &augmented->words, error);
    return status;
}

/* As the training draws them. */
static percept_status open_augment(Augmented *augmented, percept_error *error)
{
    const percept_recipe *recipe = augmented->run->recipe;
    const RandomStream stream = initial_child(recipe, STREAM_AUGMENT);
    AugmentOptions options;
    percept_status status = augment_keys_options(recipe, augmented->data->storage, &options, &augmented->shape, error);
    if (status == PERCEPT_OK && !augment_is_asked(&options))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the training of '%s' saw its pictures as they are: no data.augment key is set in its recipe",
                         augmented->run->name);
    if (status == PERCEPT_OK)
        status =
            augment_create(&options, &augmented->shape, augmented->data->count, &stream, 1, &augmented->augment, error);
    return status;
}

static percept_status draw(Augmented *augmented, const ShowOptions *options, const char *folder, const char *name,
                           percept_error *error)
{
    double low = 0, high = 0;
    for (size_t row = 0; row < augmented->rows; row++)
        for (size_t view = 0; view <= VIEWS; view++)
            fill_tile(augmented, choose(augmented, row), view, row * (VIEWS + 1) + view);
    for (size_t row = 0; row < augmented->rows; row++) /* the scale is that of the originals */
        for (size_t p = 0; p < size_of(augmented); p++) {
            const double value = augmented->pixels[row * (VIEWS + 1) * size_of(augmented) + p];
            low = fmin(low, value);
            high = fmax(high, value);
        }
    const MosaicPicture picture = {
        .title = options->title != NULL ? options->title : "Training pictures, and what the network sees of them",
        .note = "left: as they are; then as they are in epochs 0, 1, …",
        .tiles = augmented->tiles,
        .rows = augmented->rows,
        .columns = VIEWS + 1,
        .height = augmented->shape.height,
        .width = augmented->shape.width,
        .scale = MOSAIC_GREY,
        .low = low,
        .high = high > low ? high : low + 1};
    return plot_mosaic(folder, name, &picture, error);
}

percept_status show_augmented(const ShowRun *runs, size_t count, const ShowOptions *options, const char *folder,
                              const char *name, percept_error *error)
{
    Augmented augmented = {.run = &runs[0], .data = runs[0].data->train};
    const size_t most = augmented.data->count;
    (void)count;
    augmented.rows = options->count > 0 ? options->count : ROWS;
    augmented.rows = augmented.rows < most ? augmented.rows : most;
    percept_status status = open_augment(&augmented, error);
    if (status == PERCEPT_OK)
        status = make_room(&augmented, error);
    if (status == PERCEPT_OK)
        status = draw(&augmented, options, folder, name, error);
    augment_free(augmented.augment);
    memory_free(augmented.values);
    memory_free(augmented.pixels);
    memory_free(augmented.tiles);
    memory_free(augmented.words);
    return status;
}
