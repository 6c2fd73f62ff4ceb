/* Pictures that were predicted rightly and wrongly, with label and prediction. */
#include <stdio.h>

#include "base/memory.h"
#include "base/random.h"
#include "plot/mosaic.h"
#include "show/from_run.h"
#include "show/kinds.h"

/* Of each group. */
#define EACH 5

/* Classes that get a row; further ones have none. */
#define MOST_ROWS 20

#define WORDS_SIZE 72

/* The positions of the examples. */
typedef struct Gallery {
    const ShowRun *run;
    const percept_dataset *data;
    int32_t *predicted;
    uint32_t *order; /* in which examples are looked at */
    size_t rows, columns, each, height, width;
    MosaicTile *tiles;
    double *pixels;
    char (*words)[WORDS_SIZE];
} Gallery;

static bool is_binary(const Gallery *gallery)
{
    return gallery->run->model->class_count == 2;
}

static void fill_tile(Gallery *gallery, size_t place, size_t example)
{
    const size_t size = gallery->height * gallery->width;
    const int32_t label = percept_dataset_label(gallery->data, example), predicted = gallery->predicted[example];
    double *pixels = gallery->pixels + place * size;
    percept_dataset_features(gallery->data, example, pixels);
    snprintf(gallery->words[place], WORDS_SIZE, "→ %.64s",
             percept_model_class_name(gallery->run->model, (size_t)predicted));
    gallery->tiles[place] = (MosaicTile){.pixels = pixels,
                                         .first = percept_model_class_name(gallery->run->model, (size_t)label),
                                         .second = gallery->words[place],
                                         .wrong = label != predicted};
}

/* True if the example belongs into this group: of two classes true positives, true negatives, false positives, false
 * negatives; of more the right and the wrong ones of each class. */
static bool belongs(const Gallery *gallery, size_t example, size_t row, size_t group)
{
    const int32_t label = percept_dataset_label(gallery->data, example), predicted = gallery->predicted[example];
    const bool right = label == predicted;
    if (is_binary(gallery))
        return (row < 2) == right && predicted == (row % 2 == 0);
    return label == (int32_t)row && right == (group == 0);
}

static void fill_group(Gallery *gallery, size_t row, size_t group)
{
    const size_t first = row * gallery->columns + group * gallery->each;
    size_t found = 0;
    for (size_t i = 0; i < gallery->data->count && found < gallery->each; i++)
        if (belongs(gallery, gallery->order[i], row, group))
            fill_tile(gallery, first + found++, gallery->order[i]);
    if (found == 0)
        gallery->tiles[first].first = "none";
}

static void fill(Gallery *gallery)
{
    const size_t groups = is_binary(gallery) ? 1 : 2;
    for (size_t row = 0; row < gallery->rows; row++)
        for (size_t group = 0; group < groups; group++)
            fill_group(gallery, row, group);
}

static percept_status make_room(Gallery *gallery, const ShowOptions *options, percept_error *error)
{
    const size_t count = gallery->data->count, places = gallery->rows * gallery->columns;
    percept_status status =
        memory_allocate(count, sizeof *gallery->predicted, "the predictions", &gallery->predicted, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, sizeof *gallery->order, "the order", &gallery->order, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(places, sizeof *gallery->tiles, "the pictures", &gallery->tiles, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(places, sizeof *gallery->words, "the words", &gallery->words, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(places, gallery->height * gallery->width * sizeof *gallery->pixels, "the pictures",
                                 &gallery->pixels, error);
    for (size_t i = 0; i < count && status == PERCEPT_OK; i++)
        gallery->order[i] = (uint32_t)i;
    if (status == PERCEPT_OK && options->seed > 0) {
        RandomStream stream;
        random_default_rng(&stream, options->seed);
        random_permutation(&stream, gallery->order, count);
    }
    return status;
}

static percept_status draw(const Gallery *gallery, const char *part, const ShowOptions *options, const char *folder,
                           const char *name, percept_error *error)
{
    static const char *const outcomes[] = {"true positives", "true negatives", "false positives", "false negatives"};
    static const char *const sides[] = {"predicted rightly", "predicted wrongly"};
    const percept_model *model = gallery->run->model;
    char title[160], note[200];
    snprintf(title, sizeof title, "Examples of the %s part", part);
    if (is_binary(gallery))
        snprintf(note, sizeof note, "label → prediction; positive is %.60s, negative %.60s",
                 percept_model_class_name(model, 1), percept_model_class_name(model, 0));
    else
        snprintf(note, sizeof note, "label → prediction");
    MosaicPicture picture = {.title = options->title != NULL ? options->title : title,
                             .note = note,
                             .tiles = gallery->tiles,
                             .rows = gallery->rows,
                             .columns = gallery->columns,
                             .height = gallery->height,
                             .width = gallery->width,
                             .row_names = is_binary(gallery) ? outcomes : (const char *const *)model->class_names,
                             .column_names = is_binary(gallery) ? NULL : sides,
                             .group = is_binary(gallery) ? 0 : gallery->each,
                             .scale = MOSAIC_GREY};
    mosaic_set_range(&picture);
    return plot_mosaic(folder, name, &picture, error);
}

percept_status show_gallery(const ShowRun *runs, size_t count, const ShowOptions *options, const char *folder,
                            const char *name, percept_error *error)
{
    Gallery gallery = {.run = &runs[0], .each = options->count > 0 ? options->count : EACH};
    percept_dataset *data = NULL;
    const char *part = NULL;
    (void)count;
    percept_status status = show_check_classes(gallery.run, error);
    if (status == PERCEPT_OK)
        status = show_image_size(gallery.run, &gallery.height, &gallery.width, error);
    if (status == PERCEPT_OK)
        status = show_part(gallery.run, options, &data, &part, error);
    if (status == PERCEPT_OK) {
        const size_t classes = gallery.run->model->class_count;
        gallery.data = data;
        gallery.rows = is_binary(&gallery) ? 4 : classes < MOST_ROWS ? classes : MOST_ROWS;
        gallery.columns = is_binary(&gallery) ? gallery.each : 2 * gallery.each;
        status = make_room(&gallery, options, error);
    }
    if (status == PERCEPT_OK)
        status = show_predict(gallery.run->model, data, data->count, gallery.predicted, error);
    if (status == PERCEPT_OK) {
        fill(&gallery);
        status = draw(&gallery, part, options, folder, name, error);
    }
    memory_free(gallery.predicted);
    memory_free(gallery.order);
    memory_free(gallery.tiles);
    memory_free(gallery.words);
    memory_free(gallery.pixels);
    return status;
}
