#include "study/runs.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "nn/initialize.h"
#include "recipe/yaml.h"

#define NAME_SIZE 200

/* Names of an entry that recipes do not have. */
static const char *const entry_names[] = {"name", "continues", "seeds", "grid", "parameters", NULL};

/* An entry of `runs`, as it is made into runs. */
typedef struct Entry {
    const yaml_node_t *node;
    const char *name;
    bool continues;
    const yaml_node_t *grid; /* a mapping of lists, or NULL */
    FieldNumbers parameters, seeds;
} Entry;

typedef struct Reading {
    Study *study;
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

/* Adds a run with a copy of the recipe. */
static percept_status add_run(Reading *reading, const char *name, const char *group, bool continues,
                              const percept_recipe *recipe, percept_error *error)
{
    Study *study = reading->study;
    StudyRun run = {.wanted = true};
    percept_status status = PERCEPT_OK;
    for (size_t r = 0; r < study->run_count; r++)
        if (strcmp(study->runs[r].name, name) == 0)
            return error_set(error, PERCEPT_ERROR_FORMAT, "%s: two runs are called '%s'; give each a name of its own",
                             study->path, name);
    status = make_room(reading, error);
    if (status == PERCEPT_OK)
        status = memory_copy_string(name, &run.name, error);
    if (status == PERCEPT_OK)
        status = memory_copy_string(group, &run.group, error);
    if (status == PERCEPT_OK)
        status = recipe_copy(recipe, &run.recipe, error);
    if (status == PERCEPT_OK)
        status = runs_change(study, run.recipe, error);
    if (status != PERCEPT_OK) {
        memory_free(run.name);
        memory_free(run.group);
        percept_recipe_free(run.recipe);
        return status;
    }
    reading->continues[study->run_count] = continues;
    study->runs[study->run_count++] = run;
    return PERCEPT_OK;
}

/* ---- Seeds and grids --------------------------------------------------------------------------------------------- */

static void append(char name[NAME_SIZE], const char *text)
{
    const size_t length = strlen(name);
    snprintf(name + length, NAME_SIZE - length, "%s%s", length > 0 ? "_" : "", text);
}

static percept_status add_seeds(Reading *reading, const Entry *entry, const char *group, const percept_recipe *recipe,
                                percept_error *error)
{
    percept_recipe *own = NULL;
    if (entry->seeds.count == 0)
        return add_run(reading, group, group, entry->continues, recipe, error);
    percept_status status = recipe_copy(recipe, &own, error);
    for (size_t s = 0; status == PERCEPT_OK && s < entry->seeds.count; s++) {
        char name[NAME_SIZE], seed[NUMBER_SIZE], label[NUMBER_SIZE + 8];
        snprintf(name, sizeof name, "%s", group);
        number_format(entry->seeds.items[s], seed);
        snprintf(label, sizeof label, "seed-%s", seed);
        append(name, label);
        status = recipe_set(own, "seed", seed, reading->study->path, error);
        if (status == PERCEPT_OK)
            status = add_run(reading, name, group, entry->continues, own, error);
    }
    percept_recipe_free(own);
    return status;
}

/* Weights and biases of model.layers. */
static double parameters_of(const percept_recipe *recipe)
{
    const int64_t *sizes = recipe_integers(recipe, "model.layers");
    double count = 0;
    for (size_t l = 1; l < recipe_count(recipe, "model.layers"); l++)
        count += ((double)sizes[l - 1] + 1) * (double)sizes[l];
    return count;
}

static bool has_size(const Entry *entry, const percept_recipe *recipe)
{
    const double count = parameters_of(recipe);
    return entry->parameters.count == 0 || (count >= entry->parameters.items[0] && count <= entry->parameters.items[1]);
}

/* One value of a grid as text: a scalar's, or a list's items with commas between them. */
static percept_status value_text(const Study *study, const yaml_node_t *node, char text[NAME_SIZE],
                                 percept_error *error)
{
    FieldTexts items;
    const Field field = {"a value of the grid", FIELD_TEXTS, &items, true};
    percept_status status = field_read_value(&study->source, &field, node, error);
    text[0] = '\0';
    for (size_t i = 0; status == PERCEPT_OK && i < items.count; i++) {
        const size_t length = strlen(text);
        snprintf(text + length, NAME_SIZE - length, "%s%s", i > 0 ? "," : "", items.items[i]);
    }
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
    if (key->type != YAML_SCALAR_NODE || list->type != YAML_SEQUENCE_NODE)
        return fields_refuse(&study->source, key, error, "grid: expected a key and the list of its values");
    percept_status status = PERCEPT_OK;
    const yaml_node_item_t *end = list->data.sequence.items.top;
    for (const yaml_node_item_t *item = list->data.sequence.items.start; status == PERCEPT_OK && item < end; item++) {
        char longer[NAME_SIZE], text[NAME_SIZE];
        const yaml_node_t *value = yaml_document_get_node(study->source.document, *item);
        snprintf(longer, sizeof longer, "%s", name);
        status = value_text(study, value, text, error);
        if (status == PERCEPT_OK)
            status = recipe_set(recipe, (const char *)key->data.scalar.value, text, study->path, error);
        make_label(text);
        append(longer, text);
        if (status == PERCEPT_OK)
            status = add_grid(reading, entry, pair + 1, longer, recipe, error);
    }
    return status;
}

static percept_status add_entry(Reading *reading, const Entry *entry, percept_error *error)
{
    const Study *study = reading->study;
    percept_recipe *recipe = NULL;
    percept_status status = recipe_copy(study->common, &recipe, error);
    if (status == PERCEPT_OK)
        status = recipe_set_mapping(recipe, study->source.document, entry->node, study->path, entry_names, error);
    if (status == PERCEPT_OK)
        status = add_grid(reading, entry, entry->grid != NULL ? entry->grid->data.mapping.pairs.start : NULL,
                          entry->name, recipe, error);
    percept_recipe_free(recipe);
    return status;
}

/* ---- Entries ----------------------------------------------------------------------------------------------------- */

/* Reads the fields that are no sections of recipes. */
static percept_status read_entry(const Study *study, const yaml_node_t *node, Entry *entry, percept_error *error)
{
    const Field fields[] = {
        {"name", FIELD_TEXT, &entry->name, false},
        {"continues", FIELD_BOOLEAN, &entry->continues, false},
        {"seeds", FIELD_NUMBERS, &entry->seeds, false},
        {"grid", FIELD_NODE, &entry->grid, false},
        {"parameters", FIELD_NUMBERS, &entry->parameters, false},
    };
    percept_status status = PERCEPT_OK;
    if (node->type != YAML_MAPPING_NODE)
        return fields_refuse(&study->source, node, error, "runs: expected a mapping, such as '- name: first'");
    const yaml_node_pair_t *end = node->data.mapping.pairs.top;
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; status == PERCEPT_OK && pair < end; pair++) {
        const yaml_node_t *key = yaml_document_get_node(study->source.document, pair->key);
        for (size_t f = 0; key->type == YAML_SCALAR_NODE && f < sizeof fields / sizeof fields[0]; f++)
            if (status == PERCEPT_OK && strcmp((const char *)key->data.scalar.value, fields[f].name) == 0)
                status = field_read_value(&study->source, &fields[f],
                                          yaml_document_get_node(study->source.document, pair->value), error);
    }
    if (status != PERCEPT_OK)
        return status;
    if (entry->name[0] == '\0' && entry->grid == NULL)
        return fields_refuse(&study->source, node, error, "a run needs a name");
    if (entry->grid != NULL && entry->grid->type != YAML_MAPPING_NODE)
        return fields_refuse(&study->source, entry->grid, error, "grid: expected keys, each with a list of values");
    if (entry->parameters.count != 0 && entry->parameters.count != 2)
        return fields_refuse(&study->source, node, error, "parameters: expected the least and the most");
    return PERCEPT_OK;
}

/* ---- Streams that go on ------------------------------------------------------------------------------------------ */

#define MOST_DRAWS 64

/* What has been drawn from a stream, in order. */
typedef struct Drawn {
    size_t count;
    InitializerDraws list[MOST_DRAWS];
} Drawn;

static percept_status add_drawn(Drawn *drawn, DrawKind kind, uint64_t count, percept_error *error)
{
    if (drawn->count > 0 && drawn->list[drawn->count - 1].kind == kind) {
        drawn->list[drawn->count - 1].count += count;
        return PERCEPT_OK;
    }
    if (drawn->count == MOST_DRAWS)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "a random stream changes between uniform and normal draws more "
                         "often than %d times; begin a new one",
                         MOST_DRAWS);
    drawn->list[drawn->count++] = (InitializerDraws){kind, count};
    return PERCEPT_OK;
}

/* What a recipe says was drawn before its weights ("uniform:2080"). */
static percept_status add_before(const percept_recipe *recipe, Drawn *drawn, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t i = 0; status == PERCEPT_OK && i < recipe_count(recipe, "model.init_after"); i++) {
        const char *item = recipe_texts(recipe, "model.init_after")[i], *colon = strchr(item, ':');
        int64_t count = 0;
        if (colon == NULL || integer_parse(colon + 1, &count) != INTEGER_OK || count < 0)
            return error_set(error, PERCEPT_ERROR_ARGUMENT, "model.init_after: '%s' is no number of draws", item);
        status = add_drawn(drawn, draw_kind_find(item, (size_t)(colon - item)), (uint64_t)count, error);
    }
    return status;
}

/* What the weights of a recipe draw. */
static percept_status add_weights(const percept_recipe *recipe, Drawn *drawn, percept_error *error)
{
    static const char *const identity[] = {"identity"};
    uint64_t sizes[MOST_DRAWS];
    InitializerDraws draws[MOST_DRAWS];
    Network network = {0};
    const size_t count = recipe_count(recipe, "model.layers");
    if (count < 2 || count > MOST_DRAWS)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "a run that continues a random stream needs model.layers (2 to %d of them) in the run before",
                         MOST_DRAWS);
    for (size_t i = 0; i < count; i++)
        sizes[i] = (uint64_t)recipe_integers(recipe, "model.layers")[i];
    const NetworkOptions options = {.sizes = sizes,
                                    .size_count = count,
                                    .hidden_activations = identity,
                                    .hidden_activation_count = 1,
                                    .output_activation = "identity",
                                    .loss = "mean-squared-error"};
    percept_status status = network_create(&options, &network, error);
    if (status != PERCEPT_OK)
        return status;
    const size_t used =
        network_draws(&network, recipe_texts(recipe, "model.init"), recipe_count(recipe, "model.init"), draws);
    network_clear(&network);
    for (size_t d = 0; status == PERCEPT_OK && d < used; d++)
        status = add_drawn(drawn, draws[d].kind, draws[d].count, error);
    return status;
}

/* Tells a run that its weights come after those of the run before. */
static percept_status continue_stream(const StudyRun *last, const StudyRun *run, percept_error *error)
{
    Drawn drawn = {0};
    char text[MOST_DRAWS * 32] = "";
    percept_status status = add_before(last->recipe, &drawn, error);
    if (status == PERCEPT_OK)
        status = add_weights(last->recipe, &drawn, error);
    for (size_t d = 0; d < drawn.count; d++) {
        const size_t length = strlen(text);
        snprintf(text + length, sizeof text - length, "%s%s:%" PRIu64, d > 0 ? "," : "",
                 draw_kind_name(drawn.list[d].kind), drawn.list[d].count);
    }
    return status == PERCEPT_OK && drawn.count > 0 ? recipe_set(run->recipe, "model.init_after", text, NULL, error)
                                                   : status;
}

static percept_status continue_streams(const Reading *reading, percept_error *error)
{
    const StudyRun *runs = reading->study->runs;
    percept_status status = PERCEPT_OK;
    for (size_t r = 1; status == PERCEPT_OK && r < reading->study->run_count; r++)
        if (reading->continues[r])
            status = continue_stream(&runs[r - 1], &runs[r], error);
    return status;
}

/* ------------------------------------------------------------------------------------------------------------------ */

percept_status runs_read(Study *study, const yaml_node_t *section, percept_error *error)
{
    Reading reading = {.study = study};
    percept_status status = PERCEPT_OK;
    if (section == NULL)
        status = add_run(&reading, "", "", false, study->common, error);
    else if (section->type != YAML_SEQUENCE_NODE)
        status = fields_refuse(&study->source, section, error, "runs: expected a list of runs");
    for (size_t i = 0; status == PERCEPT_OK && section != NULL; i++) {
        const yaml_node_item_t *items = section->data.sequence.items.start;
        if (items + i == section->data.sequence.items.top)
            break;
        Entry entry = {.node = yaml_document_get_node(study->source.document, items[i]), .name = ""};
        status = read_entry(study, entry.node, &entry, error);
        if (status == PERCEPT_OK)
            status = add_entry(&reading, &entry, error);
    }
    if (status == PERCEPT_OK)
        status = continue_streams(&reading, error);
    memory_free(reading.continues);
    return status;
}
