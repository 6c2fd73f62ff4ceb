#include "show/from_run.h"

#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "engine/kinds.h"
#include "store/run_folder.h"
#include "train/evaluate.h"
#include "train/outputs.h"

static const struct {
    const char *name, *title;
} parts[] = {{"test", "test"}, {"valid", "validation"}, {"train", "training"}};

enum { PARTS = sizeof parts / sizeof parts[0] };

static percept_dataset *part_at(const percept_data *data, size_t part)
{
    percept_dataset *const all[PARTS] = {data->test, data->valid, data->train};
    return all[part];
}

/* The part named, or the first that is there. */
static percept_status choose_part(const percept_data *data, const char *name, size_t *chosen, percept_error *error)
{
    for (size_t p = 0; p < PARTS; p++)
        if (name == NULL ? part_at(data, p) != NULL : strcmp(name, parts[p].name) == 0) {
            *chosen = p;
            if (part_at(data, p) != NULL)
                return PERCEPT_OK;
            return error_set(error, PERCEPT_ERROR_ARGUMENT, "these data have no %s part; choose another",
                             parts[p].title);
        }
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "there is no part '%s'; give train, valid or test", name);
}

percept_status show_part(const ShowRun *run, const ShowOptions *options, percept_dataset **data, const char **part,
                         percept_error *error)
{
    size_t chosen = 0;
    percept_status status = choose_part(run->data, options->part, &chosen, error);
    if (status != PERCEPT_OK)
        return status;
    *data = part_at(run->data, chosen);
    *part = parts[chosen].title;
    status = model_check_data(run->model, *data, error);
    if (status == PERCEPT_OK && run->model->class_count > 0)
        status =
            dataset_match_classes(*data, (const char *const *)run->model->class_names, run->model->class_count, error);
    return status;
}

percept_status show_predict(const percept_model *model, const percept_dataset *data, size_t count, int32_t *predicted,
                            percept_error *error)
{
    const size_t inputs = percept_model_inputs(model), outputs = percept_model_outputs(model);
    percept_predictor *predictor = NULL;
    double *features = NULL, *answers = NULL;
    percept_status status = percept_predictor_create(model, 0, &predictor, error);
    const size_t block = status == PERCEPT_OK ? percept_predictor_block(predictor) : 1;
    if (status == PERCEPT_OK)
        status = memory_allocate(block, inputs * sizeof *features, "the features", &features, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(block, outputs * sizeof *answers, "the outputs", &answers, error);
    for (size_t first = 0; first < count && status == PERCEPT_OK; first += block) {
        const size_t some = count - first < block ? count - first : block;
        for (size_t i = 0; i < some; i++)
            percept_dataset_features(data, first + i, features + i * inputs);
        percept_predictor_run(predictor, features, some, answers);
        for (size_t i = 0; i < some; i++) {
            const int32_t class = outputs_class(model->threshold, outputs, answers + i * outputs);
            predicted[first + i] = class > 0 ? class : 0;
        }
    }
    memory_free(answers);
    memory_free(features);
    percept_predictor_free(predictor);
    return status;
}

long show_best_epoch(const ShowRun *run)
{
    FoldFigures figures = {-1, 0, 0};
    return run_folder_read_fold(run->folder, &figures, NULL) == PERCEPT_OK ? figures.best_epoch : -1;
}

percept_status show_image_size(const ShowRun *run, size_t *height, size_t *width, percept_error *error)
{
    const Storage *storage = run->data->train->storage;
    *height = storage->image_height;
    *width = storage->image_width;
    if (*height * *width == storage->width && storage->width > 0)
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_ARGUMENT,
                     "the examples of '%s' are no pictures but %zu features; draw importance instead", run->name,
                     storage->width);
}

percept_status show_check_classes(const ShowRun *run, percept_error *error)
{
    return run->model->class_count > 0
               ? PERCEPT_OK
               : error_set(error, PERCEPT_ERROR_ARGUMENT,
                           "the model of '%s' predicts numbers; this kind is about classes", run->name);
}

percept_status show_engine_create(const ShowRun *run, size_t examples, ShowEngine *out, percept_error *error)
{
    *out = (ShowEngine){0};
    percept_status status = team_create(0, &out->team, error);
    if (status != PERCEPT_OK)
        return status;
    const EngineConfig config = {.network = &run->model->network,
                                 .precision = PERCEPT_FLOAT64,
                                 .batch_capacity = examples,
                                 .training = true,
                                 .team = out->team};
    status = engine_create(engine_kind_find("cpu"), &config, &out->engine, error);
    if (status == PERCEPT_OK)
        status = model_parameters_f64(run->model, &out->parameters, error);
    if (status != PERCEPT_OK)
        show_engine_clear(out);
    return status;
}

void show_engine_clear(ShowEngine *engine)
{
    memory_free(engine->parameters);
    engine_free(engine->engine);
    team_free(engine->team);
    *engine = (ShowEngine){0};
}
