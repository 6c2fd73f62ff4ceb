/* Pictures that one run, or all of several runs, classified wrongly, with label and the prediction that most of them made. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "plot/mosaic.h"
#include "show/from_run.h"
#include "show/kinds.h"

/* Pictures in a row, and at most if the options do not say. */
#define COLUMNS 10
#define MOST 50

#define WORDS_SIZE 96

typedef struct Mistakes {
    const ShowRun *runs;
    size_t run_count;
    const percept_dataset *data; /* of the first run */
    int32_t *predicted;          /* a row a run */
    size_t *votes;               /* for each class, of one example */
    uint32_t *wrong;             /* examples that all runs get wrong */
    size_t wrong_count, shown, height, width;
    MosaicTile *tiles;
    double *pixels;
    char (*words)[WORDS_SIZE];
} Mistakes;

/* Refuses a run whose examples or classes are not those of the first one. */
static percept_status check_alike(const Mistakes *mistakes, const ShowRun *run, const percept_dataset *data,
                                  percept_error *error)
{
    const percept_model *first = mistakes->runs[0].model;
    bool alike = data->count == mistakes->data->count && run->model->class_count == first->class_count;
    for (size_t c = 0; alike && c < first->class_count; c++)
        alike = strcmp(percept_model_class_name(first, c), percept_model_class_name(run->model, c)) == 0;
    for (size_t i = 0; alike && i < data->count; i++)
        alike = percept_dataset_label(data, i) == percept_dataset_label(mistakes->data, i);
    return alike ? PERCEPT_OK
                 : error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "'%s' and '%s' have other examples or classes; mistakes compares runs on the same data",
                             mistakes->runs[0].name, run->name);
}

static percept_status predict_all(Mistakes *mistakes, const ShowOptions *options, percept_error *error)
{
    const size_t count = mistakes->data->count;
    percept_status status = memory_allocate(mistakes->run_count, count * sizeof *mistakes->predicted, "the predictions",
                                            &mistakes->predicted, error);
    for (size_t r = 0; status == PERCEPT_OK && r < mistakes->run_count; r++) {
        const ShowRun *run = &mistakes->runs[r];
        percept_dataset *data = NULL;
        const char *part = NULL;
        status = show_check_classes(run, error);
        if (status == PERCEPT_OK)
            status = show_part(run, options, &data, &part, error);
        if (status == PERCEPT_OK)
            status = check_alike(mistakes, run, data, error);
        if (status == PERCEPT_OK)
            status = show_predict(run->model, data, count, mistakes->predicted + r * count, error);
    }
    return status;
}

static percept_status find_wrong(Mistakes *mistakes, percept_error *error)
{
    const size_t count = mistakes->data->count;
    percept_status status = memory_allocate(count, sizeof *mistakes->wrong, "the mistakes", &mistakes->wrong, error);
    for (size_t i = 0; status == PERCEPT_OK && i < count; i++) {
        bool wrong = true;
        for (size_t r = 0; wrong && r < mistakes->run_count; r++)
            wrong = mistakes->predicted[r * count + i] != percept_dataset_label(mistakes->data, i);
        if (wrong)
            mistakes->wrong[mistakes->wrong_count++] = (uint32_t)i;
    }
    return status;
}

/* The class that most runs predict, the first of several; *votes is how many. */
static size_t most_predicted(const Mistakes *mistakes, size_t example, size_t *votes)
{
    const size_t classes = mistakes->runs[0].model->class_count;
    size_t best = 0;
    memset(mistakes->votes, 0, classes * sizeof *mistakes->votes);
    for (size_t r = 0; r < mistakes->run_count; r++)
        mistakes->votes[mistakes->predicted[r * mistakes->data->count + example]]++;
    for (size_t c = 1; c < classes; c++)
        best = mistakes->votes[c] > mistakes->votes[best] ? c : best;
    *votes = mistakes->votes[best];
    return best;
}

static void fill_tile(Mistakes *mistakes, size_t place)
{
    const size_t example = mistakes->wrong[place], size = mistakes->height * mistakes->width;
    const percept_model *model = mistakes->runs[0].model;
    const int32_t label = percept_dataset_label(mistakes->data, example);
    char *words = mistakes->words[place];
    double *pixels = mistakes->pixels + place * size;
    size_t votes = 0;
    const char *predicted = percept_model_class_name(model, most_predicted(mistakes, example, &votes));
    percept_dataset_features(mistakes->data, example, pixels);
    if (votes == mistakes->run_count)
        snprintf(words, WORDS_SIZE, "→ %.64s", predicted);
    else
        snprintf(words, WORDS_SIZE, "→ %.64s (%zu/%zu)", predicted, votes, mistakes->run_count);
    mistakes->tiles[place] = (MosaicTile){
        .pixels = pixels, .first = percept_model_class_name(model, (size_t)label), .second = words, .wrong = true};
}

static percept_status fill(Mistakes *mistakes, size_t most, percept_error *error)
{
    const size_t size = mistakes->height * mistakes->width;
    mistakes->shown = mistakes->wrong_count < most ? mistakes->wrong_count : most;
    const size_t places = mistakes->shown + COLUMNS; /* the last row may have free places; one at least */
    percept_status status =
        memory_allocate_zeroed(places, sizeof *mistakes->tiles, "the pictures", &mistakes->tiles, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(places, sizeof *mistakes->words, "the words", &mistakes->words, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(places, size * sizeof *mistakes->pixels, "the pictures", &mistakes->pixels, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(mistakes->runs[0].model->class_count, sizeof *mistakes->votes, "the votes",
                                 &mistakes->votes, error);
    for (size_t t = 0; status == PERCEPT_OK && t < mistakes->shown; t++)
        fill_tile(mistakes, t);
    if (status == PERCEPT_OK && mistakes->shown == 0)
        mistakes->tiles[0].first = "none";
    return status;
}

static percept_status draw(const Mistakes *mistakes, const char *part, const ShowOptions *options, const char *folder,
                           const char *name, percept_error *error)
{
    char title[160], note[200];
    const size_t runs = mistakes->run_count;
    if (runs > 1)
        snprintf(title, sizeof title, "Examples of the %s part that all %zu networks get wrong", part, runs);
    else
        snprintf(title, sizeof title, "Examples of the %s part that were predicted wrongly", part);
    snprintf(note, sizeof note, "%zu of %zu, %zu shown; label → prediction%s", mistakes->wrong_count,
             mistakes->data->count, mistakes->shown, runs > 1 ? " of most networks" : "");
    const size_t columns = mistakes->shown == 0 ? 1 : mistakes->shown < COLUMNS ? mistakes->shown : COLUMNS;
    MosaicPicture picture = {.title = options->title != NULL ? options->title : title,
                             .note = note,
                             .tiles = mistakes->tiles,
                             .rows = mistakes->shown == 0 ? 1 : (mistakes->shown - 1) / columns + 1,
                             .columns = columns,
                             .height = mistakes->height,
                             .width = mistakes->width,
                             .scale = MOSAIC_GREY};
    mosaic_set_range(&picture);
    return plot_mosaic(folder, name, &picture, error);
}

percept_status show_mistakes(const ShowRun *runs, size_t count, const ShowOptions *options, const char *folder,
                             const char *name, percept_error *error)
{
    Mistakes mistakes = {.runs = runs, .run_count = count};
    percept_dataset *data = NULL;
    const char *part = NULL;
    percept_status status = show_check_classes(&runs[0], error);
    if (status == PERCEPT_OK)
        status = show_image_size(&runs[0], &mistakes.height, &mistakes.width, error);
    if (status == PERCEPT_OK)
        status = show_part(&runs[0], options, &data, &part, error);
    mistakes.data = data;
    if (status == PERCEPT_OK)
        status = predict_all(&mistakes, options, error);
    if (status == PERCEPT_OK)
        status = find_wrong(&mistakes, error);
    if (status == PERCEPT_OK)
        status = fill(&mistakes, options->count > 0 ? options->count : MOST, error);
    if (status == PERCEPT_OK)
        status = draw(&mistakes, part, options, folder, name, error);
    memory_free(mistakes.predicted);
    memory_free(mistakes.votes);
    memory_free(mistakes.wrong);
    memory_free(mistakes.tiles);
    memory_free(mistakes.words);
    memory_free(mistakes.pixels);
    return status;
}
