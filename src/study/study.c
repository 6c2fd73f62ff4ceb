#include "study/study.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"

void study_free(Study *study)
{
    if (study == NULL)
        return;
    for (size_t r = 0; r < study->run_count; r++) {
        memory_free(study->runs[r].name);
        memory_free(study->runs[r].group);
        memory_free(study->runs[r].entry);
        percept_recipe_free(study->runs[r].recipe);
    }
    memory_free(study->runs);
    percept_recipe_free(study->common);
    memory_free(study->name);
    memory_free(study->text);
    memory_free(study->path);
    yaml_document_delete(&study->document);
    memory_free(study);
}

bool study_run_is(const StudyRun *run, const char *name)
{
    return strcmp(run->name, name) == 0 || strcmp(run->group, name) == 0 || strcmp(run->entry, name) == 0;
}

percept_status study_choose(Study *study, const char *name, percept_error *error)
{
    const char **names = NULL;
    bool found = false;
    for (size_t r = 0; r < study->run_count; r++) {
        StudyRun *run = &study->runs[r];
        run->wanted = name[0] != '\0' && study_run_is(run, name);
        found = found || run->wanted;
    }
    study->only = name;
    if (found)
        return PERCEPT_OK;
    percept_status status = memory_allocate(study->run_count, sizeof *names, "the names of the runs", &names, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t r = 0; r < study->run_count; r++)
        names[r] = study->runs[r].name;
    const char *nearest = nearest_word(name, names, study->run_count);
    if (study->run_count == 0 || names[0][0] == '\0')
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "%s has no runs to choose from", study->name);
    else
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "%s has no run '%s'; %s '%s'%s", study->name, name,
                           nearest != NULL ? "did you mean" : "it has", nearest != NULL ? nearest : names[0],
                           nearest != NULL        ? "?"
                           : study->run_count > 1 ? " and others"
                                                  : "");
    memory_free(names);
    return status;
}
