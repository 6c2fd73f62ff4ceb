#include "study/study_file.h"

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

/* "recipes/radboud.yaml" is the study "radboud", if it has no key `name`. */
static percept_status set_name(Study *study, percept_error *error)
{
    char *name = NULL;
    const char *slash = strrchr(study->path, '/'), *file = slash != NULL ? slash + 1 : study->path;
    percept_status status = memory_copy_string(file, &name, error);
    if (status == PERCEPT_OK)
        name[strcspn(name, ".")] = '\0';
    if (status == PERCEPT_OK && !recipe_is_set(study->common, "name") && name[0] != '\0')
        status = recipe_set(study->common, "name", name, study->path, error);
    memory_free(name);
    if (status == PERCEPT_OK)
        status = memory_copy_string(recipe_is_set(study->common, "name") ? recipe_text(study->common, "name") : "study",
                                    &study->name, error);
    return status;
}

/* ---- Sections ---------------------------------------------------------------------------------------------------- */

/* The section's pair, or the one after it from `from` on; NULL: none. */
static const yaml_node_pair_t *find_pair(const Study *study, const yaml_node_t *root, const char *name,
                                         const yaml_node_pair_t *from)
{
    const yaml_node_pair_t *end = root->data.mapping.pairs.top;
    for (const yaml_node_pair_t *pair = from != NULL ? from : root->data.mapping.pairs.start; pair < end; pair++) {
        const yaml_node_t *key = yaml_document_get_node(study->source.document, pair->key);
        if (key->type == YAML_SCALAR_NODE && strcmp((const char *)key->data.scalar.value, name) == 0)
            return pair;
    }
    return NULL;
}

static const yaml_node_t *find_section(const Study *study, const yaml_node_t *root, const char *name)
{
    const yaml_node_pair_t *pair = find_pair(study, root, name, NULL);
    return pair != NULL ? yaml_document_get_node(study->source.document, pair->value) : NULL;
}

/* Checks that each own section occurs once, and that lines can be added to the file (study_write). */
static percept_status check_root(const Study *study, const yaml_node_t *root, percept_error *error)
{
    if (root->data.mapping.style == YAML_FLOW_MAPPING_STYLE || root->start_mark.column > 0 ||
        !study->document.end_implicit)
        return fields_refuse(&study->source, root, error,
                             "write each section of a study on a line of its own, without indent, and without ... at "
                             "the end");
    for (size_t n = 0; own_names[n] != NULL; n++) {
        const yaml_node_pair_t *pair = find_pair(study, root, own_names[n], NULL);
        const yaml_node_pair_t *second = pair != NULL ? find_pair(study, root, own_names[n], pair + 1) : NULL;
        if (second != NULL)
            return fields_refuse(&study->source, yaml_document_get_node(study->source.document, second->key), error,
                                 "%s is given twice; remove one of the two", own_names[n]);
    }
    return PERCEPT_OK;
}

/* The own sections but `runs`. */
static percept_status read_own(Study *study, const yaml_node_t *root, percept_error *error)
{
    const Field fields[] = {
        {"about", &study->about, FIELD_TEXT, false},  {"notes", &study->notes, FIELD_TEXTS, false},
        {"set", &study->changes, FIELD_TEXTS, false}, {"only", &study->only, FIELD_TEXT, false},
        {"parts", &study->parts, FIELD_NODE, false},
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
    for (size_t i = 0; i < count; i++) {
        for (const char *c = changes[i]; *c != '\0'; c++)
            if ((unsigned char)*c < ' ' || *c == '\x7f')
                return error_set(error, PERCEPT_ERROR_ARGUMENT, "--set %.100s: has a control character", changes[i]);
        all->items[all->count++] = changes[i];
    }
    for (size_t i = 0; i < all->count; i++)
        study->changed = study->changed || is_essential(all->items[i]);
    return PERCEPT_OK;
}

/* ---- Recipes beside it -------------------------------------------------------------------------------------------- */

/* A copy of a file in another folder, in which it has the same place. */
static percept_status copy_file(const Study *study, const char *file, const char *to, percept_error *error)
{
    char *from_path = NULL, *to_path = NULL;
    uint8_t *bytes = NULL;
    size_t size = 0;
    percept_status status = file_beside(study->path, file, &from_path, error);
    if (status == PERCEPT_OK)
        status = file_join(to, file, &to_path, error);
    if (status == PERCEPT_OK)
        status = file_read(from_path, &bytes, &size, error);
    if (status == PERCEPT_OK) {
        char *slash = strrchr(to_path, '/');
        *slash = '\0';
        status = file_make_folder(to_path, error);
        *slash = '/';
    }
    if (status == PERCEPT_OK)
        status = file_write(to_path, bytes, size, error);
    memory_free(bytes);
    memory_free(to_path);
    memory_free(from_path);
    return status;
}

percept_status study_copy_recipes(const Study *study, const char *folder, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t f = 0; status == PERCEPT_OK && f < study->files.count; f++)
        status = copy_file(study, study->files.items[f], folder, error);
    return status;
}

/* ---- The file's text --------------------------------------------------------------------------------------------- */

static percept_status read_text(Study *study, percept_error *error)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    percept_status status = file_read(study->path, &bytes, &size, error);
    if (status == PERCEPT_OK && memchr(bytes, '\0', size) != NULL)
        status = error_set(error, PERCEPT_ERROR_FORMAT, "%s: has NUL bytes; save it as UTF-8", study->path);
    if (status == PERCEPT_OK)
        status = memory_allocate(size + 1, 1, "a study", &study->text, error);
    if (status == PERCEPT_OK) {
        memcpy(study->text, bytes, size);
        study->text[size] = '\0';
    }
    memory_free(bytes);
    return status;
}

/* The lines from `first` to below `end` (counted from 0) of a section that study_write replaces. */
typedef struct Lines {
    size_t first, end;
} Lines;

static Lines lines_of(const Study *study, const char *name)
{
    const yaml_node_t *root = yaml_document_get_root_node(study->source.document);
    const yaml_node_pair_t *pair = find_pair(study, root, name, NULL);
    if (pair == NULL)
        return (Lines){0, 0};
    const yaml_node_t *key = yaml_document_get_node(study->source.document, pair->key);
    const yaml_node_t *value = yaml_document_get_node(study->source.document, pair->value);
    const size_t first = key->start_mark.line, end = value->end_mark.line + (value->end_mark.column > 0);
    return (Lines){first, end > first ? end : first + 1}; /* a list of lines ends where the next section begins */
}

/* Bytes of the line that begins here, with its end: a line feed, a carriage return, both, or one of Unicode's ends of lines,
 * which libyaml counts as well. */
static size_t line_length(const char *line)
{
    static const char *const ends[] = {"\r\n", "\n", "\r", "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"};
    for (const char *c = line; *c != '\0'; c++)
        for (size_t e = 0; e < sizeof ends / sizeof ends[0]; e++)
            if (strncmp(c, ends[e], strlen(ends[e])) == 0)
                return (size_t)(c - line) + strlen(ends[e]);
    return strlen(line);
}

/* The text without its sections `set` and `only`. */
static void write_rest(const Study *study, FileWriter *writer)
{
    const Lines set = lines_of(study, "set"), only = lines_of(study, "only");
    size_t number = 0, length = 0;
    for (const char *line = study->text; *line != '\0'; line += length, number++) {
        length = line_length(line);
        if (!(number >= set.first && number < set.end) && !(number >= only.first && number < only.end))
            file_writer_write(writer, line, length);
    }
    if (length > 0 && study->text[strlen(study->text) - 1] != '\n')
        file_writer_print(writer, "\n");
}

/* A text in YAML's single quotes. */
static void write_quoted(FileWriter *writer, const char *text)
{
    file_writer_print(writer, "'");
    for (const char *c = text; *c != '\0'; c++)
        file_writer_print(writer, "%s%c", *c == '\'' ? "'" : "", *c);
    file_writer_print(writer, "'\n");
}

percept_status study_write(const Study *study, const char *path, percept_error *error)
{
    FileWriter *writer = NULL;
    percept_status status = file_writer_open(path, &writer, error);
    if (status != PERCEPT_OK)
        return status;
    write_rest(study, writer);
    if (study->changes.count > 0)
        file_writer_print(writer, "set: # also what the command line set\n");
    for (size_t i = 0; i < study->changes.count; i++) {
        file_writer_print(writer, "  - ");
        write_quoted(writer, study->changes.items[i]);
    }
    if (study->only != NULL) {
        file_writer_print(writer, "only: ");
        write_quoted(writer, study->only);
    }
    return file_writer_commit(writer, error);
}

/* ---- Opening ----------------------------------------------------------------------------------------------------- */

static percept_status read_study(Study *study, const char *const *changes, size_t count, percept_error *error)
{
    const yaml_node_t *root = yaml_document_get_root_node(&study->document);
    if (root == NULL || root->type != YAML_MAPPING_NODE)
        return error_set(error, PERCEPT_ERROR_FORMAT, "%s: expected a recipe with `parts`", study->path);
    percept_status status = check_root(study, root, error);
    if (status == PERCEPT_OK)
        status = read_own(study, root, error);
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
