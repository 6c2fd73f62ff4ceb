#include "study/study.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "recipe/yaml.h"
#include "study/runs.h"

/* Names of a study that recipes do not have. */
static const char *const own_names[] = {"about", "notes", "runs", "parts", "set", "only", NULL};

/* ---- Names ------------------------------------------------------------------------------------------------------- */

/* "recipes/radboud.yaml" is the study "radboud", if it has no key that tells. */
static percept_status set_name(Study *study, percept_error *error)
{
    char name[128];
    const char *slash = strrchr(study->path, '/'), *file = slash != NULL ? slash + 1 : study->path;
    percept_status status = PERCEPT_OK;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(file, "."), file);
    if (!recipe_is_set(study->common, "name") && name[0] != '\0')
        status = recipe_set(study->common, "name", name, study->path, error);
    study->name = recipe_is_set(study->common, "name") ? recipe_text(study->common, "name") : "study";
    return status;
}

/* ---- Sections ---------------------------------------------------------------------------------------------------- */

static const yaml_node_t *find_section(const Study *study, const yaml_node_t *root, const char *name)
{
    yaml_document_t *document = study->source.document;
    const yaml_node_pair_t *end = root->data.mapping.pairs.top;
    for (const yaml_node_pair_t *pair = root->data.mapping.pairs.start; pair < end; pair++) {
        const yaml_node_t *key = yaml_document_get_node(document, pair->key);
        if (key->type == YAML_SCALAR_NODE && strcmp((const char *)key->data.scalar.value, name) == 0)
            return yaml_document_get_node(document, pair->value);
    }
    return NULL;
}

/* The own sections but `runs`. */
static percept_status read_own(Study *study, const yaml_node_t *root, percept_error *error)
{
    const Field fields[] = {
        {"about", FIELD_TEXT, &study->about, false},  {"notes", FIELD_TEXTS, &study->notes, false},
        {"set", FIELD_TEXTS, &study->changes, false}, {"only", FIELD_TEXT, &study->only, false},
        {"parts", FIELD_NODE, &study->parts, false},
    };
    percept_status status = PERCEPT_OK;
    for (size_t f = 0; status == PERCEPT_OK && f < sizeof fields / sizeof fields[0]; f++) {
        const yaml_node_t *node = find_section(study, root, fields[f].name);
        if (node != NULL)
            status = field_read_value(&study->source, &fields[f], node, error);
    }
    if (status == PERCEPT_OK && study->parts != NULL && study->parts->type != YAML_SEQUENCE_NODE)
        status = fields_refuse(&study->source, study->parts, error, "parts: expected a list, such as '- curves: {}'");
    return status;
}

/* ---- Changes ----------------------------------------------------------------------------------------------------- */

/* True if a change may change what comes out: not how it is called, or what computes it. */
static bool is_essential(const char *pair)
{
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(pair, "="), pair);
    const Key *key = recipe_key_find(name);
    return key == NULL || (!key->idle && strcmp(name, "engine") != 0);
}

static percept_status add_changes(Study *study, const char *const *changes, size_t count, percept_error *error)
{
    FieldTexts *all = &study->changes;
    if (count > FIELD_ITEMS - all->count)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s: more than %d changes", study->path, FIELD_ITEMS);
    for (size_t i = 0; i < count; i++)
        all->items[all->count++] = changes[i];
    for (size_t i = 0; i < all->count; i++)
        study->changed = study->changed || is_essential(all->items[i]);
    return PERCEPT_OK;
}

/* ---- The file's text --------------------------------------------------------------------------------------------- */

/* What study_write puts above the sections that it adds; what stands below was added by it before. */
static const char added[] = "\n# Set by the command line:\n";

static percept_status read_text(Study *study, percept_error *error)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    percept_status status = file_read(study->path, &bytes, &size, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(size + 1, 1, "a study", &study->text, error);
    if (status == PERCEPT_OK) {
        memcpy(study->text, bytes, size);
        study->text[size] = '\0';
        char *end = strstr(study->text, added);
        if (end != NULL)
            *end = '\0';
    }
    memory_free(bytes);
    return status;
}

percept_status study_write(const Study *study, const char *path, percept_error *error)
{
    FileWriter *writer = NULL;
    percept_status status = file_writer_open(path, &writer, error);
    if (status != PERCEPT_OK)
        return status;
    file_writer_print(writer, "%s", study->text);
    if (study->changes.count > 0 || study->only != NULL)
        file_writer_print(writer, "%s", added);
    if (study->changes.count > 0)
        file_writer_print(writer, "set:\n");
    for (size_t i = 0; i < study->changes.count; i++)
        file_writer_print(writer, "  - '%s'\n", study->changes.items[i]);
    if (study->only != NULL)
        file_writer_print(writer, "only: '%s'\n", study->only);
    return file_writer_commit(writer, error);
}

/* ---- Opening ----------------------------------------------------------------------------------------------------- */

static percept_status read_study(Study *study, const char *const *changes, size_t count, percept_error *error)
{
    const yaml_node_t *root = yaml_document_get_root_node(&study->document);
    if (root == NULL || root->type != YAML_MAPPING_NODE)
        return error_set(error, PERCEPT_ERROR_FORMAT, "%s: expected a recipe with `parts`", study->path);
    percept_status status = read_own(study, root, error);
    if (status == PERCEPT_OK)
        status = add_changes(study, changes, count, error);
    if (status == PERCEPT_OK)
        status = recipe_set_mapping(study->common, &study->document, root, study->path, own_names, error);
    if (status == PERCEPT_OK)
        status = set_name(study, error);
    if (status == PERCEPT_OK)
        status = runs_read(study, find_section(study, root, "runs"), error);
    if (status == PERCEPT_OK && study->only != NULL)
        status = study_choose(study, study->only, error);
    /* Not before: what a run says comes between. */
    return status == PERCEPT_OK ? runs_change(study, study->common, error) : status;
}

percept_status study_open(const char *path, const char *const *changes, size_t count, Study **out, percept_error *error)
{
    Study *study = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *study, "a study", &study, error);
    if (status != PERCEPT_OK)
        return status;
    status = yaml_open(path, &study->document, error);
    if (status != PERCEPT_OK) {
        memory_free(study);
        return status;
    }
    status = memory_copy_string(path, &study->path, error);
    study->source = (FieldSource){&study->document, study->path};
    if (status == PERCEPT_OK)
        status = read_text(study, error);
    if (status == PERCEPT_OK)
        status = percept_recipe_create(&study->common, error);
    if (status == PERCEPT_OK)
        status = read_study(study, changes, count, error);
    if (status == PERCEPT_OK)
        *out = study;
    else
        study_free(study);
    return status;
}

void study_free(Study *study)
{
    if (study == NULL)
        return;
    for (size_t r = 0; r < study->run_count; r++) {
        memory_free(study->runs[r].name);
        memory_free(study->runs[r].group);
        percept_recipe_free(study->runs[r].recipe);
    }
    memory_free(study->runs);
    percept_recipe_free(study->common);
    memory_free(study->text);
    memory_free(study->path);
    yaml_document_delete(&study->document);
    memory_free(study);
}

percept_status study_choose(Study *study, const char *name, percept_error *error)
{
    const char **names = NULL;
    bool found = false;
    for (size_t r = 0; r < study->run_count; r++) {
        StudyRun *run = &study->runs[r];
        run->wanted = strcmp(run->name, name) == 0 || strcmp(run->group, name) == 0;
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

percept_status study_about(const char *path, char **about, percept_error *error)
{
    yaml_document_t document;
    *about = NULL;
    percept_status status = yaml_open(path, &document, error);
    if (status != PERCEPT_OK)
        return status;
    Study study = {.source = {&document, path}};
    const yaml_node_t *root = yaml_document_get_root_node(&document);
    if (root != NULL && root->type == YAML_MAPPING_NODE && find_section(&study, root, "parts") != NULL) {
        status = read_own(&study, root, error);
        if (status == PERCEPT_OK)
            status = memory_copy_string(study.about != NULL ? study.about : "", about, error);
    }
    yaml_document_delete(&document);
    return status;
}
