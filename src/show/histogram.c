/* How large the weights of each layer are, and the other trained numbers of its stages. */
#include "plot/histogram.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "show/from_run.h"
#include "show/kinds.h"

/* Panels, with stages and without. */
#define MOST_PANELS 12
#define MOST_LAYERS 6
#define TITLE_SIZE (TENSOR_NAME_SIZE + 48)

/* What the panels point to. */
typedef struct Room {
    double **parameters; /* of each run */
    HistogramSeries *series;
    const NetworkTensor *tensors[MOST_PANELS]; /* of the first run */
    HistogramPanel panels[MOST_PANELS];
    char titles[MOST_PANELS][TITLE_SIZE];
    size_t count;
} Room;

/* Panel by panel: what is drawn of a tensor that every run has. */
static void add_tensor(const ShowRun *runs, size_t count, const NetworkTensor *tensor, Room *room)
{
    const size_t most =
        runs[0].model->network.stage_count > 0 || runs[0].model->network.members > 1 ? MOST_PANELS : MOST_LAYERS;
    bool common =
        room->count < most && tensor->role != ROLE_STATISTIC && (tensor->of_stage || tensor->role == ROLE_WEIGHT);
    for (size_t r = 1; r < count; r++)
        common = common && network_tensor_find(&runs[r].model->network, tensor->name) != NULL;
    if (common)
        room->tensors[room->count++] = tensor;
}

/* Those of the layer that is asked for, or of all that every run has; the stages of a side follow the weights that make
 * it. */
static percept_status choose_tensors(const ShowRun *runs, size_t count, const ShowOptions *options, Room *room,
                                     percept_error *error)
{
    const Network *network = &runs[0].model->network;
    size_t depth = network->depth;
    for (size_t r = 1; r < count; r++)
        depth = runs[r].model->network.depth < depth ? runs[r].model->network.depth : depth;
    if (options->layer > depth)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "there is no layer %zu; the network has %zu", options->layer,
                         depth);
    for (size_t side = options->layer; side <= depth; side++) {
        for (size_t t = 0; t < network->tensor_count; t++)
            if (network->tensors[t].side == side)
                add_tensor(runs, count, &network->tensors[t], room);
        if (options->layer > 0)
            break;
    }
    return PERCEPT_OK;
}

static void fill_panel(const ShowRun *runs, size_t count, HistogramSeries *series, Room *room, size_t p)
{
    const NetworkTensor *tensor = room->tensors[p];
    bool alike = true;
    for (size_t r = 0; r < count; r++) {
        const NetworkTensor *own = network_tensor_find(&runs[r].model->network, tensor->name);
        series[r] = (HistogramSeries){runs[r].name, room->parameters[r] + own->offset, tensor_size(own)};
        alike = alike && own->rows == tensor->rows && own->columns == tensor->columns;
    }
    if (tensor->of_stage || runs[0].model->network.members > 1)
        snprintf(room->titles[p], TITLE_SIZE, "%s", tensor->name);
    else if (alike)
        snprintf(room->titles[p], TITLE_SIZE, "layer %zu: %zu × %zu weights", tensor->side, tensor->rows,
                 tensor->columns);
    else
        snprintf(room->titles[p], TITLE_SIZE, "layer %zu", tensor->side);
    room->panels[p] = (HistogramPanel){room->titles[p], series, count};
}

percept_status show_histogram(const ShowRun *runs, size_t count, const ShowOptions *options, const char *folder,
                              const char *name, percept_error *error)
{
    Room room = {0};
    percept_status status = choose_tensors(runs, count, options, &room, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(count, sizeof *room.parameters, "the runs", &room.parameters, error);
    for (size_t r = 0; r < count && status == PERCEPT_OK; r++)
        status = model_parameters_f64(runs[r].model, &room.parameters[r], error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, room.count * sizeof *room.series, "the layers", &room.series, error);
    if (status == PERCEPT_OK) {
        for (size_t p = 0; p < room.count; p++)
            fill_panel(runs, count, room.series + p * count, &room, p);
        const HistogramPicture picture = {options->title, runs[0].model->network.stage_count > 0 ? "value" : "weight",
                                          "how many",     options->log,
                                          room.panels,    room.count};
        status = plot_histogram(folder, name, &picture, error);
    }
    for (size_t r = 0; room.parameters != NULL && r < count; r++)
        memory_free(room.parameters[r]);
    memory_free(room.parameters);
    memory_free(room.series);
    return status;
}
