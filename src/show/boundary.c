/* Decision regions of models over two features. */
#include <math.h>

#include "base/memory.h"
#include "plot/regions.h"
#include "show/from_run.h"
#include "show/kinds.h"
#include "train/outputs.h"

#define CELLS ((size_t)REGIONS_GRID * REGIONS_GRID)

/* More points would hide the regions. */
#define MOST_POINTS 1500

#define MARGIN 0.06

/* The examples of a run that are drawn: those of the training part, unless another is asked for. */
static percept_status find_points(const ShowRun *run, const ShowOptions *options, percept_dataset **data,
                                  percept_error *error)
{
    ShowOptions own = *options;
    const char *part = NULL;
    if (own.part == NULL)
        own.part = "train";
    if (percept_model_inputs(run->model) != 2)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "decision regions are drawn for 2 features; the model of '%s' takes %zu", run->name,
                         percept_model_inputs(run->model));
    if (run->model->class_count == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "decision regions are drawn for classes; the model of '%s' predicts numbers", run->name);
    return show_part(run, &own, data, &part, error);
}

/* How far the outputs are from undecided, 0 … 1. */
static double confidence_of(const double *outputs, size_t count)
{
    double largest = outputs[0];
    if (count == 1)
        return fmin(2 * fabs(outputs[0] - 0.5), 1);
    for (size_t k = 1; k < count; k++)
        largest = fmax(largest, outputs[k]);
    const double least = 1 / (double)count;
    return fmin(fmax((largest - least) / (1 - least), 0), 1);
}

/* What the model says at every place of the grid. */
static percept_status ask(const percept_model *model, RegionsPanel *panel, int32_t *classes, double *confidence,
                          percept_error *error)
{
    const size_t outputs = percept_model_outputs(model);
    double *places = NULL, *answers = NULL;
    percept_status status = memory_allocate(CELLS, 2 * sizeof *places, "the grid", &places, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(CELLS, outputs * sizeof *answers, "the outputs", &answers, error);
    for (size_t i = 0; i < CELLS && status == PERCEPT_OK; i++) {
        places[2 * i] = regions_place(panel->x, i % REGIONS_GRID);
        places[2 * i + 1] = regions_place(panel->y, i / REGIONS_GRID);
    }
    if (status == PERCEPT_OK)
        status = percept_model_predict(model, places, CELLS, 0, answers, error);
    for (size_t i = 0; i < CELLS && status == PERCEPT_OK; i++) {
        const int32_t class = outputs_class(model->threshold, outputs, answers + i * outputs);
        classes[i] = class > 0 ? class : 0;
        confidence[i] = confidence_of(answers + i * outputs, outputs);
    }
    panel->classes = classes;
    panel->confidence = confidence;
    memory_free(answers);
    memory_free(places);
    return status;
}

static void widen(Range *range)
{
    const double span = range->high > range->low ? range->high - range->low : 1;
    range->low -= MARGIN * span;
    range->high += MARGIN * span;
}

/* The examples of a panel, and how far they reach. */
static void fill_points(const percept_dataset *data, RegionsPanel *panel, double *points, int32_t *labels, Range *x,
                        Range *y)
{
    panel->count = data->count < MOST_POINTS ? data->count : MOST_POINTS;
    for (size_t i = 0; i < panel->count; i++) {
        percept_dataset_features(data, i, points + 2 * i);
        labels[i] = percept_dataset_label(data, i);
        range_add(x, points[2 * i], false);
        range_add(y, points[2 * i + 1], false);
    }
    panel->points = points;
    panel->labels = labels;
}

static percept_status check_columns(const ShowRun *run, percept_error *error)
{
    const Schema *schema = &run->model->schema;
    char name[SCHEMA_NAME_SIZE];
    for (size_t j = 0; j < schema->width; j++)
        if (schema_is_category(schema, j))
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "'%.64s': %.48s is a category, which has no axis; boundary draws two columns of numbers",
                             run->name, schema_feature_name(schema, j, name));
    return PERCEPT_OK;
}

/* What the panels point to: of each run its points, labels, grid. */
typedef struct Room {
    RegionsPanel *panels;
    double *points, *confidence;
    int32_t *labels, *classes;
} Room;

static percept_status make_room(size_t count, Room *room, percept_error *error)
{
    percept_status status = memory_allocate_zeroed(count, sizeof *room->panels, "the panels", &room->panels, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, 2 * MOST_POINTS * sizeof *room->points, "the points", &room->points, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, MOST_POINTS * sizeof *room->labels, "the points", &room->labels, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, CELLS * sizeof *room->classes, "the grid", &room->classes, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, CELLS * sizeof *room->confidence, "the grid", &room->confidence, error);
    return status;
}

static percept_status fill_panels(const ShowRun *runs, size_t count, const ShowOptions *options, Room *room,
                                  percept_error *error)
{
    Range x = RANGE_EMPTY, y = RANGE_EMPTY;
    percept_status status = PERCEPT_OK;
    for (size_t r = 0; r < count && status == PERCEPT_OK; r++) {
        percept_dataset *data = NULL;
        room->panels[r].title = count > 1 ? runs[r].name : NULL;
        status = check_columns(&runs[r], error);
        if (status == PERCEPT_OK)
            status = find_points(&runs[r], options, &data, error);
        if (status == PERCEPT_OK)
            fill_points(data, &room->panels[r], room->points + 2 * r * MOST_POINTS, room->labels + r * MOST_POINTS, &x,
                        &y);
    }
    widen(&x);
    widen(&y);
    for (size_t r = 0; r < count && status == PERCEPT_OK; r++) {
        room->panels[r].x = x;
        room->panels[r].y = y;
        status = ask(runs[r].model, &room->panels[r], room->classes + r * CELLS, room->confidence + r * CELLS, error);
    }
    return status;
}

percept_status show_boundary(const ShowRun *runs, size_t count, const ShowOptions *options, const char *folder,
                             const char *name, percept_error *error)
{
    Room room = {0};
    percept_status status = make_room(count, &room, error);
    if (status == PERCEPT_OK)
        status = fill_panels(runs, count, options, &room, error);
    for (size_t r = 1; r < count && status == PERCEPT_OK; r++)
        if (runs[r].model->class_count != runs[0].model->class_count)
            status =
                error_set(error, PERCEPT_ERROR_ARGUMENT, "'%s' has %zu classes, '%s' has %zu; draw them separately",
                          runs[0].name, runs[0].model->class_count, runs[r].name, runs[r].model->class_count);
    if (status == PERCEPT_OK) {
        char x_name[SCHEMA_NAME_SIZE], y_name[SCHEMA_NAME_SIZE];
        const RegionsPicture picture = {.title = options->title,
                                        .x_label = schema_feature_name(&runs[0].model->schema, 0, x_name),
                                        .y_label = schema_feature_name(&runs[0].model->schema, 1, y_name),
                                        .class_names = (const char *const *)runs[0].model->class_names,
                                        .class_count = runs[0].model->class_count,
                                        .panels = room.panels,
                                        .panel_count = count};
        status = plot_regions(folder, name, &picture, error);
    }
    memory_free(room.panels);
    memory_free(room.points);
    memory_free(room.labels);
    memory_free(room.classes);
    memory_free(room.confidence);
    return status;
}
