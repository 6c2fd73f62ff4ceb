#include "study/runs.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "recipe/experiment.h"
#include "recipe/yaml.h"
#include "study/streams.h"

/* The longest name of a run; a buffer for one, in which a longer one is still too long when it is cut. */
#define LONGEST_NAME 100
#define NAME_SIZE 200

/* A study of more runs, or of a grid with more combinations, is a slip of the pen. */
#define MOST_RUNS 1000
#define MOST_COMBINATIONS 10000

/* Names of an entry that recipes do not have. */
static const char *const entry_names[] = {"name", "recipe", "continues", "seeds", "grid", "parameters", NULL};

/* An entry of `runs`, as it is made into runs. */
typedef struct Entry {
    const yaml_node_t *node;
    const char *name, *file; /* of a recipe, or NULL */
    bool continues;
    const yaml_node_t *grid; /* a mapping of lists, or NULL */
    FieldNumbers parameters;
    FieldTexts seeds;
} Entry;

typedef struct Reading {
    Study *study;
    const yaml_node_t *node; /* of the entry, for messages; NULL where the study is the one run */
    size_t capacity;
    bool *continues; /* of each run */
} Reading;

percept_status runs_change(const Study *study, percept_recipe *recipe, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t i = 0; status == PERCEPT_OK && i < study->changes.count; i++)
        status = recipe_set_pair(recipe, study->changes.items[i], "--set", error);
    return status;
}

/* ---- Adding a run ------------------------------------------------------------------------------------------------ */

static percept_status make_room(Reading *reading, percept_error *error)
{
    Study *study = reading->study;
    if (study->run_count < reading->capacity)
        return PERCEPT_OK;
    const size_t capacity = reading->capacity == 0 ? 16 : 2 * reading->capacity;
    percept_status status = memory_grow(&study->runs, study->run_count * sizeof *study->runs, capacity,
                                        sizeof *study->runs, "the runs", error);
    if (status == PERCEPT_OK)
        status = memory_grow(&reading->continues, study->run_count * sizeof *reading->continues, capacity,
                             sizeof *reading->continues, "the runs", error);
    if (status == PERCEPT_OK)
        reading->capacity = capacity;
    return status;
}

/* A run's name is its folder's, a cell of metrics.csv and an argument: nothing that would mean something else there. */
static percept_status check_name(const Reading *reading, const char *name, percept_error *error)
{
    static const char *const taken[] = {"plots", "metrics.csv", "report.html", "recipe.yaml", "study.yaml"};
    const Study *study = reading->study;
    bool good = name[0] != '\0' && name[0] != '.' && name[0] != '-';
    if (strlen(name) > LONGEST_NAME)
        return fields_refuse(&study->source, reading->node, error, "the name '%.40s...' is longer than %d bytes", name,
                             LONGEST_NAME);
    for (const char *c = name; *c != '\0'; c++)
        good = good && (unsigned char)*c >= ' ' && *c != '\x7f' && strchr("/\\,\"'", *c) == NULL;
    for (size_t t = 0; t < sizeof taken / sizeof taken[0]; t++)
        good = good && strcmp(name, taken[t]) != 0;
    if (!good)
        return fields_refuse(&study->source, reading->node, error,
                             "a run cannot be called '%s', which names its folder; take letters, digits, - and _",
                             name);
    for (size_t r = 0; r < study->run_count; r++)
        if (strcmp(study->runs[r].name, name) == 0)
            return fields_refuse(&study->source, reading->node, error,
                                 "two runs are called '%s'; give each a name of its own", name);
    return PERCEPT_OK;
}

/* Adds a run of an entry with a copy of the recipe. */
static percept_status add_run(Reading *reading, const Entry *entry, const char *name, const char *group,
                              const percept_recipe *recipe, percept_error *error)
{
    Study *study = reading->study;
    StudyRun run = {.wanted = true};
    percept_status status = reading->node != NULL ? check_name(reading, name, error) : PERCEPT_OK;
    if (status == PERCEPT_OK && study->run_count == MOST_RUNS)
        status = fields_refuse(&study->source, reading->node, error, "a study has at most %d runs", MOST_RUNS);
    if (status == PERCEPT_OK)
        status = make_room(reading, error);
    if (status == PERCEPT_OK)
        status = memory_copy_string(name, &run.name, error);
    if (status == PERCEPT_OK)
        status = memory_copy_string(group, &run.group, error);
    if (status == PERCEPT_OK)
        status = memory_copy_string(entry->name, &run.entry, error);
    if (status == PERCEPT_OK)
        status = recipe_copy(recipe, &run.recipe, error);
    if (status == PERCEPT_OK)
        status = runs_change(study, run.recipe, error);
    if (status != PERCEPT_OK) {
        memory_free(run.name);
        memory_free(run.group);
        memory_free(run.entry);
        percept_recipe_free(run.recipe);
        return status;
    }
    reading->continues[study->run_count] = entry->continues;
    study->runs[study->run_count++] = run;
    return PERCEPT_OK;
}

/* ---- Seeds and grids --------------------------------------------------------------------------------------------- */

static void append(char name[NAME_SIZE], const char *text)
{
    if (name[0] != '\0')
        strncat(name, "_", NAME_SIZE - 1 - strlen(name));
    strncat(name, text, NAME_SIZE - 1 - strlen(name));
}

/* "path:line: " in front of a message about the entry. */
static percept_status at_entry(const Reading *reading, percept_status status, percept_error *error)
{
    if (status != PERCEPT_OK)
        error_prefix(error, "%s:%zu", reading->study->path, reading->node->start_mark.line + 1);
    return status;
}

static percept_status add_seeds(Reading *reading, const Entry *entry, const char *group, const percept_recipe *recipe,
                                percept_error *error)
{
    percept_recipe *own = NULL;
    if (entry->seeds.count == 0)
        return add_run(reading, entry, group, group, recipe, error);
    percept_status status = recipe_copy(recipe, &own, error);
    for (size_t s = 0; status == PERCEPT_OK && s < entry->seeds.count; s++) {
        char name[NAME_SIZE], label[NAME_SIZE];
        snprintf(name, sizeof name, "%s", group);
        snprintf(label, sizeof label, "seed-%s", entry->seeds.items[s]);
        append(name, label);
        status = at_entry(reading, recipe_set(own, "seed", entry->seeds.items[s], NULL, error), error);
        if (status == PERCEPT_OK)
            status = add_run(reading, entry, name, group, own, error);
    }
    percept_recipe_free(own);
    return status;
}

static bool has_size(const Entry *entry, const percept_recipe *recipe)
{
    const double count = experiment_parameters(recipe);
    return entry->parameters.count == 0 || (count >= entry->parameters.items[0] && count <= entry->parameters.items[1]);
}

/* One value of a grid as text: a scalar's, or a list's items with commas between them. */
static percept_status value_text(const Study *study, const yaml_node_t *node, char text[NAME_SIZE],
                                 percept_error *error)
{
    FieldTexts items;
    const Field field = {"a value of the grid", &items, FIELD_TEXTS, true};
    percept_status status = field_read_value(&study->source, &field, node, error);
    text[0] = '\0';
    for (size_t i = 0; status == PERCEPT_OK && i < items.count; i++) {
        const size_t length = strlen(text);
        if (length + strlen(items.items[i]) + 1 >= NAME_SIZE)
            return fields_refuse(&study->source, node, error, "this value is too long for the name of a run");
        snprintf(text + length, NAME_SIZE - length, "%s%s", i > 0 ? "," : "", items.items[i]);
    }
    if (status == PERCEPT_OK && text[0] == '\0')
        status = fields_refuse(&study->source, node, error, "a value of the grid is empty");
    return status;
}

/* The same as part of a name. */
static void make_label(char *text)
{
    for (char *c = text; *c != '\0'; c++)
        if (strchr(", /", *c) != NULL)
            *c = '-';
}

/* Goes through the values of the grid's keys from `pair` on, and adds a run for each combination. */
static percept_status add_grid(Reading *reading, const Entry *entry, const yaml_node_pair_t *pair, const char *name,
                               percept_recipe *recipe, percept_error *error)
{
    const Study *study = reading->study;
    if (entry->grid == NULL || pair == entry->grid->data.mapping.pairs.top)
        return has_size(entry, recipe) ? add_seeds(reading, entry, name, recipe, error) : PERCEPT_OK;
    const yaml_node_t *key = yaml_document_get_node(study->source.document, pair->key);
    const yaml_node_t *list = yaml_document_get_node(study->source.document, pair->value);
    percept_status status = PERCEPT_OK;
    const yaml_node_item_t *end = list->data.sequence.items.top;
    for (const yaml_node_item_t *item = list->data.sequence.items.start; status == PERCEPT_OK && item < end; item++) {
        char longer[NAME_SIZE], text[NAME_SIZE];
        const yaml_node_t *value = yaml_document_get_node(study->source.document, *item);
        snprintf(longer, sizeof longer, "%s", name);
        status = value_text(study, value, text, error);
        if (status == PERCEPT_OK)
            status =
                at_entry(reading, recipe_set(recipe, (const char *)key->data.scalar.value, text, NULL, error), error);
        make_label(text);
        append(longer, text);
        if (status == PERCEPT_OK && strlen(longer) > LONGEST_NAME) /* before it goes on, which bounds the depth */
            status = check_name(reading, longer, error);
        if (status == PERCEPT_OK)
            status = add_grid(reading, entry, pair + 1, longer, recipe, error);
    }
    return status;
}

/* Sets what the file of an entry sets, and notes the file, which the study's folder gets a copy of. */
static percept_status set_file(const Reading *reading, const char *file, percept_recipe *recipe, percept_error *error)
{
    Study *study = reading->study;
    char *path = NULL;
    bool known = false;
    if (file[0] == '\0' || file[0] == '/' || strstr(file, "..") != NULL)
        return fields_refuse(&study->source, reading->node, error,
                             "recipe: '%.80s' is not beside the study or below it; put the file there", file);
    for (size_t f = 0; f < study->files.count; f++)
        known = known || strcmp(study->files.items[f], file) == 0;
    if (!known && study->files.count == FIELD_ITEMS)
        return fields_refuse(&study->source, reading->node, error, "more than %d recipes", FIELD_ITEMS);
    if (!known)
        study->files.items[study->files.count++] = file;
    percept_status status = file_beside(study->path, file, &path, error);
    if (status == PERCEPT_OK)
        status = at_entry(reading, recipe_set_file(recipe, path, error), error);
    memory_free(path);
    return status;
}

static percept_status add_entry(Reading *reading, const Entry *entry, percept_error *error)
{
    const Study *study = reading->study;
    percept_recipe *recipe = NULL;
    percept_status status = recipe_copy(study->common, &recipe, error);
    if (status == PERCEPT_OK && entry->file != NULL)
        status = set_file(reading, entry->file, recipe, error);
    if (status == PERCEPT_OK)
        status = recipe_set_mapping(recipe, study->source.document, entry->node, study->path, entry_names, error);
    if (status == PERCEPT_OK)
        status = add_grid(reading, entry, entry->grid != NULL ? entry->grid->data.mapping.pairs.start : NULL,
                          entry->name, recipe, error);
    percept_recipe_free(recipe);
    return status;
}

/* ---- Entries ----------------------------------------------------------------------------------------------------- */

/* The keys of a grid, each with a list of values, and not too many combinations of these. */
static percept_status check_grid(const Study *study, const yaml_node_t *grid, percept_error *error)
{
    size_t combinations = 1;
    if (grid->type != YAML_MAPPING_NODE)
        return fields_refuse(&study->source, grid, error, "grid: expected keys, each with a list of values");
    const yaml_node_pair_t *end = grid->data.mapping.pairs.top;
    for (const yaml_node_pair_t *pair = grid->data.mapping.pairs.start; pair < end; pair++) {
        const yaml_node_t *key = yaml_document_get_node(study->source.document, pair->key);
        const yaml_node_t *list = yaml_document_get_node(study->source.document, pair->value);
        if (key->type != YAML_SCALAR_NODE || list->type != YAML_SEQUENCE_NODE ||
            list->data.sequence.items.top == list->data.sequence.items.start)
            return fields_refuse(&study->source, key, error, "grid: expected a key and the list of its values");
        combinations *= (size_t)(list->data.sequence.items.top - list->data.sequence.items.start);
        if (combinations > MOST_COMBINATIONS)
            return fields_refuse(&study->source, key, error, "grid: more than %d combinations", MOST_COMBINATIONS);
    }
    return PERCEPT_OK;
}

/* Reads the fields that are no sections of recipes. */
static percept_status read_entry(const Study *study, const yaml_node_t *node, Entry *entry, percept_error *error)
{
    const Field fields[] = {
        {"name", &entry->name, FIELD_TEXT, false},
        {"recipe", &entry->file, FIELD_TEXT, false},
        {"continues", &entry->continues, FIELD_BOOLEAN, false},
        {"seeds", &entry->seeds, FIELD_TEXTS, false},
        {"grid", &entry->grid, FIELD_NODE, false},
        {"parameters", &entry->parameters, FIELD_NUMBERS, false},
    };
    bool given[sizeof fields / sizeof fields[0]] = {false};
    percept_status status = PERCEPT_OK;
    if (node->type != YAML_MAPPING_NODE)
        return fields_refuse(&study->source, node, error, "runs: expected a mapping, such as '- name: first'");
    const yaml_node_pair_t *end = node->data.mapping.pairs.top;
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; status == PERCEPT_OK && pair < end; pair++) {
        const yaml_node_t *key = yaml_document_get_node(study->source.document, pair->key);
        for (size_t f = 0; key->type == YAML_SCALAR_NODE && f < sizeof fields / sizeof fields[0]; f++) {
            if (status != PERCEPT_OK || strcmp((const char *)key->data.scalar.value, fields[f].name) != 0)
                continue;
            if (given[f])
                return fields_refuse(&study->source, key, error, "%s is given twice; remove one of the two",
                                     fields[f].name);
            given[f] = true;
            status = field_read_value(&study->source, &fields[f],
                                      yaml_document_get_node(study->source.document, pair->value), error);
        }
    }
    if (status != PERCEPT_OK)
        return status;
    if (entry->name[0] == '\0' && entry->grid == NULL)
        return fields_refuse(&study->source, node, error, "a run needs a name");
    if (entry->parameters.count != 0 && entry->parameters.count != 2)
        return fields_refuse(&study->source, node, error, "parameters: expected the least and the most");
    if (entry->continues && study->run_count == 0)
        return fields_refuse(&study->source, node, error, "continues: there is no run above this one");
    return entry->grid != NULL ? check_grid(study, entry->grid, error) : PERCEPT_OK;
}

/* ---- Continued streams ------------------------------------------------------------------------------------------ */

static percept_status continue_streams(const Reading *reading, percept_error *error)
{
    const StudyRun *runs = reading->study->runs;
    percept_status status = PERCEPT_OK;
    for (size_t r = 1; status == PERCEPT_OK && reading->continues != NULL && r < reading->study->run_count; r++)
        if (reading->continues[r]) {
            status = stream_continue(runs[r - 1].recipe, runs[r].recipe, error);
            if (status != PERCEPT_OK)
                error_prefix(error, "%s: run %s", reading->study->path, runs[r].name);
        }
    return status;
}

/* ------------------------------------------------------------------------------------------------------------------ */

percept_status runs_read(Study *study, const yaml_node_t *section, percept_error *error)
{
    Reading reading = {.study = study};
    percept_status status = PERCEPT_OK;
    const Entry whole = {.name = ""};
    if (section == NULL)
        status = add_run(&reading, &whole, "", "", study->common, error);
    else if (section->type != YAML_SEQUENCE_NODE)
        status = fields_refuse(&study->source, section, error, "runs: expected a list of runs");
    for (size_t i = 0; status == PERCEPT_OK && section != NULL; i++) {
        const yaml_node_item_t *items = section->data.sequence.items.start;
        if (items + i == section->data.sequence.items.top)
            break;
        Entry entry = {.node = yaml_document_get_node(study->source.document, items[i]), .name = ""};
        reading.node = entry.node;
        status = read_entry(study, entry.node, &entry, error);
        if (status == PERCEPT_OK)
            status = add_entry(&reading, &entry, error);
    }
    if (status == PERCEPT_OK)
        status = continue_streams(&reading, error);
    memory_free(reading.continues);
    return status;
}
