/* How large the weights of each layer are. */
#include "plot/histogram.h"

#include <stdio.h>

#include "base/memory.h"
#include "show/from_run.h"
#include "show/kinds.h"

#define MOST_LAYERS 6
#define TITLE_SIZE 64

/* What the panels point to. */
typedef struct Room {
    double **parameters; /* of each run */
    HistogramSeries *series;
    HistogramPanel panels[MOST_LAYERS];
    char titles[MOST_LAYERS][TITLE_SIZE];
} Room;

/* The layer that is asked for, or all that every run has. */
static percept_status choose_layers(const ShowRun *runs, size_t count, const ShowOptions *options, size_t *first,
                                    size_t *layers, percept_error *error)
{
    size_t depth = runs[0].model->network.depth;
    for (size_t r = 1; r < count; r++)
        depth = runs[r].model->network.depth < depth ? runs[r].model->network.depth : depth;
    if (options->layer > depth)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "there is no layer %zu; the network has %zu", options->layer,
                         depth);
    *first = options->layer > 0 ? options->layer - 1 : 0;
    *layers = options->layer > 0 ? 1 : depth < MOST_LAYERS ? depth : MOST_LAYERS;
    return PERCEPT_OK;
}

static void fill_panel(const ShowRun *runs, size_t count, size_t l, HistogramSeries *series, Room *room, size_t p)
{
    const Layer *layer = &runs[0].model->network.layers[l];
    bool alike = true;
    for (size_t r = 0; r < count; r++) {
        const Layer *own = &runs[r].model->network.layers[l];
        series[r] = (HistogramSeries){runs[r].name, room->parameters[r] + own->weights, own->inputs * own->outputs};
        alike = alike && own->inputs == layer->inputs && own->outputs == layer->outputs;
    }
    if (alike)
        snprintf(room->titles[p], TITLE_SIZE, "layer %zu: %zu × %zu weights", l + 1, layer->outputs, layer->inputs);
    else
        snprintf(room->titles[p], TITLE_SIZE, "layer %zu", l + 1);
    room->panels[p] = (HistogramPanel){room->titles[p], series, count};
}

percept_status show_histogram(const ShowRun *runs, size_t count, const ShowOptions *options, const char *folder,
                              const char *name, percept_error *error)
{
    Room room = {0};
    size_t first = 0, layers = 0;
    percept_status status = choose_layers(runs, count, options, &first, &layers, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(count, sizeof *room.parameters, "the runs", &room.parameters, error);
    for (size_t r = 0; r < count && status == PERCEPT_OK; r++)
        status = show_parameters(runs[r].model, &room.parameters[r], error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, layers * sizeof *room.series, "the layers", &room.series, error);
    if (status == PERCEPT_OK) {
        for (size_t p = 0; p < layers; p++)
            fill_panel(runs, count, first + p, room.series + p * count, &room, p);
        const HistogramPicture picture = {options->title, "weight", "how many", options->log, room.panels, layers};
        status = plot_histogram(folder, name, &picture, error);
    }
    for (size_t r = 0; room.parameters != NULL && r < count; r++)
        memory_free(room.parameters[r]);
    memory_free(room.parameters);
    memory_free(room.series);
    return status;
}
