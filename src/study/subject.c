#include "study/subject.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "engine/kinds.h"
#include "recipe/experiment.h"
#include "store/run_folder.h"

/* The run of this name; NULL where the study has none. */
static percept_status find_run(const StudyWork *work, const Part *part, const char *name, const StudyRun **out,
                               percept_error *error)
{
    const Study *study = work->study;
    *out = study->run_count > 0 ? &study->runs[0] : NULL;
    if (name == NULL)
        return PERCEPT_OK;
    for (size_t r = 0; r < study->run_count; r++)
        if (strcmp(study->runs[r].name, name) == 0) {
            *out = &study->runs[r];
            return PERCEPT_OK;
        }
    return part_refuse(work, part, error, "run: there is no run '%.64s'", name);
}

static percept_status load_trained(const StudyWork *work, const StudyRun *run, Subject *out, percept_error *error)
{
    char *folder = NULL, *path = NULL;
    percept_status status = study_run_folder(work, run, &folder, error);
    if (status == PERCEPT_OK)
        status = run_folder_model(folder, &path, error);
    if (status == PERCEPT_OK)
        status = percept_model_load(path, &out->model, error);
    memory_free(path);
    memory_free(folder);
    return status;
}

percept_status subject_open(const StudyWork *work, const Part *part, const char *run, bool trained, Subject *out,
                            percept_error *error)
{
    const StudyRun *found = NULL;
    percept_status status = find_run(work, part, run, &found, error);
    if (status == PERCEPT_OK && trained && (found == NULL || !found->wanted))
        status = part_refuse(work, part, error, "trained: this run was not trained");
    if (status == PERCEPT_OK)
        status = recipe_copy(found != NULL ? found->recipe : work->study->common, &out->recipe, error);
    if (status == PERCEPT_OK)
        status = recipe_set(out->recipe, "precision", "float64", NULL, error);
    if (status == PERCEPT_OK)
        status = percept_data_load(out->recipe, &out->data, error);
    if (status == PERCEPT_OK)
        status = trained ? load_trained(work, found, out, error)
                         : percept_model_create(out->recipe, &out->data, &out->model, error);
    if (status == PERCEPT_OK)
        status = model_check_data(out->model, out->data.train, error);
    if (status == PERCEPT_OK)
        status = team_create((size_t)recipe_integer(out->recipe, "threads"), &out->team, error);
    return status == PERCEPT_OK ? model_parameters_f64(out->model, &out->parameters, error) : status;
}

void subject_close(Subject *subject)
{
    memory_free(subject->parameters);
    team_free(subject->team);
    percept_model_free(subject->model);
    percept_data_free(&subject->data);
    percept_recipe_free(subject->recipe);
    *subject = (Subject){0};
}

percept_status subject_engine(const Subject *subject, const char *name, size_t capacity, Engine **out,
                              percept_error *error)
{
    const EngineKind *kind = engine_kind_find(name != NULL ? name : recipe_text(subject->recipe, "engine"));
    const EngineConfig config = {.network = &subject->model->network,
                                 .precision = PERCEPT_FLOAT64,
                                 .batch_capacity = capacity,
                                 .training = true,
                                 .team = subject->team};
    return engine_create(kind, &config, out, error);
}

void subject_layers(const Subject *subject, char text[SUBJECT_TEXT_SIZE])
{
    const Network *network = &subject->model->network;
    size_t used = (size_t)snprintf(text, SUBJECT_TEXT_SIZE, "%zu", network_inputs(network));
    for (size_t l = 0; l < network->depth && used < SUBJECT_TEXT_SIZE; l++)
        used += (size_t)snprintf(text + used, SUBJECT_TEXT_SIZE - used, "-%zu", network_side_output(network, l + 1));
}
