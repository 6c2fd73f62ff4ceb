/* Hidden units that are dead: 0 for every example of a part of the data, so that no gradient reaches their weights.
 *
 *   - units: {runs: [NAME, …], part: train, caption: TEXT}
 *
 * Results of each run: "dead units 1" for its first hidden layer, and so on. Only layers whose activation may stay at 0
 * (relu) can have any. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "show/from_run.h"
#include "study/cells.h"
#include "study/part_runs.h"
#include "train/evaluate.h"
#include "train/predictor.h"

typedef struct UnitsPart {
    FieldTexts runs;
    const char *caption, *part;
} UnitsPart;

/* Marks the units whose output is not 0 for one of `count` examples. */
static void mark_alive(const percept_model *front, const void *outputs, size_t count, uint8_t *alive)
{
    const size_t width = network_outputs(&front->network);
    for (size_t i = 0; i < count * width; i++) {
        const double output =
            front->precision == PERCEPT_FLOAT32 ? (double)((const float *)outputs)[i] : ((const double *)outputs)[i];
        alive[i % width] |= output != 0;
    }
}

/* Counts the units of the last layer of `front` that are 0 for all examples. */
static percept_status count_dead(const percept_model *front, const percept_dataset *data, size_t *dead,
                                 percept_error *error)
{
    const size_t width = network_outputs(&front->network), block = evaluate_block(&front->network);
    percept_predictor *predictor = NULL;
    uint8_t *alive = NULL;
    percept_status status = memory_allocate_zeroed(width, 1, "the units", &alive, error);
    if (status == PERCEPT_OK)
        status = predictor_create(front, block, 0, &predictor, error);
    for (size_t first = 0; status == PERCEPT_OK && first < data->count; first += block) {
        const size_t left = data->count - first;
        const Batch batch = {
            .data = data, .scaler = &front->scaler, .first = first, .count = left < block ? left : block};
        engine_predict(predictor->whole.engine, predictor_model(predictor).parameters, &batch,
                       predictor->whole.outputs);
        mark_alive(front, predictor->whole.outputs, batch.count, alive);
    }
    *dead = width;
    for (size_t u = 0; status == PERCEPT_OK && u < width; u++)
        *dead -= alive[u];
    percept_predictor_free(predictor);
    memory_free(alive);
    return status;
}

/* A row for each hidden layer of a run. */
static percept_status add_run(StudyWork *work, const StudyRun *run, const ShowRun *shown, const percept_dataset *data,
                              percept_error *error)
{
    percept_status status = PERCEPT_OK;
    percept_model front = *shown->model; /* its first layers; it owns nothing */
    const size_t depth = front.network.depth;
    for (size_t layer = 1; status == PERCEPT_OK && layer < depth; layer++) {
        Cells cells = {0};
        size_t dead = 0;
        char figure[64];
        front.network.depth = layer;
        front.network.parameter_count = front.network.layers[layer].weights;
        status = count_dead(&front, data, &dead, error);
        snprintf(figure, sizeof figure, "dead units %zu", layer);
        if (status == PERCEPT_OK)
            status = part_figure(work, run, figure, (double)dead, error);
        cells_add(&cells, "%s", run->name[0] != '\0' ? run->name : work->study->name);
        cells_add(&cells, "%zu", layer);
        cells_add(&cells, "%zu", network_outputs(&front.network));
        cells_add(&cells, "%zu", dead);
        cells_row(&cells, work->page, PAGE_PLAIN);
    }
    return status;
}

static percept_status do_run(StudyWork *work, const UnitsPart *options, const StudyRun *run, percept_error *error)
{
    char *folder = NULL;
    ShowRun shown = {0};
    percept_status status = study_run_folder(work, run, &folder, error);
    if (status == PERCEPT_OK)
        status = show_run_open(folder, SHOW_RECIPE | SHOW_MODEL | SHOW_DATA, &shown, error);
    memory_free(folder);
    if (status != PERCEPT_OK)
        return status;
    const ShowOptions chosen = {.part = options->part};
    percept_dataset *data = NULL;
    const char *title = NULL;
    if (shown.model->network.stage_count > 0 || shown.model->network.members > 1)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT,
                           "units: dead units are counted in networks of dense layers alone; this one has %s",
                           shown.model->network.stage_count > 0 ? shown.model->network.stages[0].kind->name
                                                                : "several members");
    if (status == PERCEPT_OK)
        status = show_part(&shown, &chosen, &data, &title, error);
    if (status == PERCEPT_OK)
        status = add_run(work, run, &shown, data, error);
    show_run_close(&shown);
    return status;
}

percept_status part_units(StudyWork *work, const Part *part, percept_error *error)
{
    static const char *const columns[] = {"run", "hidden layer", "units", "dead"};
    static const UnitsPart defaults = {.part = "train"};
    UnitsPart options = defaults;
    size_t *indices = NULL, count = 0;
    const Field fields[] = {
        {"runs", &options.runs, FIELD_TEXTS, false},
        {"part", &options.part, FIELD_TEXT, false},
        {"caption", &options.caption, FIELD_TEXT, false},
    };
    percept_status status = part_read(work, part, fields, sizeof fields / sizeof fields[0], error);
    if (status == PERCEPT_OK)
        status = part_runs(work, part, &options.runs, &indices, &count, error);
    if (status != PERCEPT_OK)
        return status;
    cells_table(work->page, options.caption, columns, sizeof columns / sizeof columns[0], 1);
    for (size_t i = 0; status == PERCEPT_OK && i < count; i++)
        status = do_run(work, &options, &work->study->runs[indices[i]], error);
    page_table_end(work->page);
    memory_free(indices);
    return status;
}
