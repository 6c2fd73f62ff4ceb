/* A space file becomes a Space. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "recipe/recipe.h"
#include "recipe/value.h"
#include "recipe/yaml.h"
#include "search/space_reader.h"

#define HIDDEN "model.hidden"

/* Names of the outermost mapping that recipes do not have. */
static const char *const own_names[] = {"about", "notes", "search", "space", "conditions", NULL};

#define DEEPEST 32

/* ---- Dimensions -------------------------------------------------------------------------------------------------- */

/* Adds a dimension and reads its values. */
static percept_status add_dimension(const SpaceReader *reader, const char *name, DimensionRole role, size_t least_depth,
                                    const char *key, const yaml_node_t *node)
{
    Space *space = reader->space;
    if (space->count == SPACE_MOST_DIMENSIONS)
        return SPACE_REFUSE(reader, node, "the space has more than %d dimensions", SPACE_MOST_DIMENSIONS);
    Dimension *dimension = &space->dimensions[space->count];
    *dimension = (Dimension){.role = role, .least_depth = least_depth};
    percept_status status = memory_copy_string(name, &dimension->name, reader->error);
    if (status != PERCEPT_OK)
        return status;
    space->count++; /* from here on it is released with the space */
    return space_read_values(reader, dimension, key, node);
}

/* The greatest depth, if all are whole numbers up to DEEPEST. */
static percept_status find_depth(const SpaceReader *reader, const yaml_node_t *node, size_t *out)
{
    const Dimension *depth = &reader->space->dimensions[reader->space->count - 1];
    double most = 0;
    for (size_t i = 0; i < depth->choice_count; i++) {
        const double number = dimension_number(depth, (double)i);
        most = isnan(number) ? INFINITY : fmax(most, number);
    }
    if (depth->choices == NULL)
        most = depth->high;
    if (!(most <= DEEPEST))
        return SPACE_REFUSE(reader, node, "%s: expected numbers of hidden layers up to %d", depth->name, DEEPEST);
    *out = most > 1 ? (size_t)most : 1;
    return PERCEPT_OK;
}

static percept_status read_depth_and_width(const SpaceReader *reader, const yaml_node_t *node)
{
    const yaml_node_t *depth = NULL, *width = NULL;
    const Field fields[] = {{"depth", &depth, FIELD_NODE, true}, {"width", &width, FIELD_NODE, true}};
    size_t most = 0;
    percept_status status = fields_read(&reader->source, node, fields, 2, reader->error);
    if (status == PERCEPT_OK)
        status = add_dimension(reader, HIDDEN ".depth", DIMENSION_DEPTH, 0, "model.layers", depth);
    if (status == PERCEPT_OK)
        status = find_depth(reader, depth, &most);
    for (size_t l = 1; status == PERCEPT_OK && l <= most; l++) {
        char name[64];
        snprintf(name, sizeof name, HIDDEN ".width%zu", l);
        status = add_dimension(reader, name, DIMENSION_WIDTH, l, "model.layers", width);
    }
    return status;
}

static percept_status refuse_key(const SpaceReader *reader, const yaml_node_t *node)
{
    char quoted[QUOTED_SIZE];
    const char *const own[] = {HIDDEN};
    const char *nearest = nearest_word(space_text_of(node), own, 1);
    if (nearest == NULL)
        return space_at(reader, node, recipe_refuse_unknown(space_text_of(node), reader->error));
    return SPACE_REFUSE(reader, node, "unknown key %s; did you mean '%s'?", quote_text(space_text_of(node), quoted),
                        nearest);
}

/* Keys that a search sets by itself. */
static const struct {
    const char *key, *why;
} refused[] = {
    {"seed", "give search.repeats for several seeds"},
    {"name", "trials have no folders"},
    {"threads", "each trial has one thread; --jobs says how many train at once"},
    {"metrics.test", "the test part is read once, by the winner"},
};

static percept_status read_pair(const SpaceReader *reader, const yaml_node_t *name, const yaml_node_t *value)
{
    const Space *space = reader->space;
    if (!space_is_scalar(name))
        return SPACE_REFUSE(reader, name, "space: expected a key and the values to try");
    const Key *key = recipe_key_find(space_text_of(name));
    const bool hidden = strcmp(space_text_of(name), HIDDEN) == 0;
    if (key == NULL && !hidden)
        return refuse_key(reader, name);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (strcmp(space_text_of(name), refused[i].key) == 0)
            return SPACE_REFUSE(reader, name, "%s cannot be searched: %s", refused[i].key, refused[i].why);
    for (size_t d = 0; d < space->count; d++) {
        const bool layers =
            space->dimensions[d].role != DIMENSION_KEY || strcmp(space->dimensions[d].name, "model.layers") == 0;
        if (strcmp(space->dimensions[d].name, space_text_of(name)) == 0 ||
            (layers && (hidden || strcmp(space_text_of(name), "model.layers") == 0)))
            return SPACE_REFUSE(reader, name, "%s is given twice; remove one of the two", space_text_of(name));
    }
    if (!hidden)
        return add_dimension(reader, key->name, DIMENSION_KEY, 0, key->name, value);
    if (value->type == YAML_MAPPING_NODE)
        return read_depth_and_width(reader, value);
    return add_dimension(reader, HIDDEN, DIMENSION_HIDDEN, 0, "model.layers", value);
}

static percept_status read_dimensions(const SpaceReader *reader, const yaml_node_t *node)
{
    if (node->type != YAML_MAPPING_NODE || node->data.mapping.pairs.start == node->data.mapping.pairs.top)
        return SPACE_REFUSE(reader, node,
                            "space: expected keys with the values to try, such as 'train.batch_size: [32, 64]'");
    percept_status status = PERCEPT_OK;
    const yaml_node_pair_t *end = node->data.mapping.pairs.top;
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; status == PERCEPT_OK && pair < end; pair++)
        status = read_pair(reader, space_node(reader, pair->key), space_node(reader, pair->value));
    return status;
}

/* ---- Settings and conditions ------------------------------------------------------------------------------------- */

/* Names below "search.halving." and similar ones are in a nested mapping, or written in full. */
static percept_status read_settings(const SpaceReader *reader, const char *prefix, const yaml_node_t *node)
{
    if (node->type != YAML_MAPPING_NODE)
        return SPACE_REFUSE(reader, node, "%.*s: expected settings, such as 'trials: 64'", (int)strlen(prefix) - 1,
                            prefix);
    percept_status status = PERCEPT_OK;
    const yaml_node_pair_t *end = node->data.mapping.pairs.top;
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; status == PERCEPT_OK && pair < end; pair++) {
        const yaml_node_t *key = space_node(reader, pair->key), *value = space_node(reader, pair->value);
        char name[2 * QUOTED_SIZE];
        if (!space_is_scalar(key) || strlen(space_text_of(key)) > QUOTED_SIZE)
            return SPACE_REFUSE(reader, key, "search: expected the name of a setting");
        if (value->type == YAML_MAPPING_NODE && strcmp(prefix, SETTINGS_PREFIX) == 0) {
            snprintf(name, sizeof name, "%s%s.", prefix, space_text_of(key));
            status = read_settings(reader, name, value);
        } else {
            snprintf(name, sizeof name, "%s%s", prefix, space_text_of(key));
            status = space_is_scalar(value) ? space_at(reader, key,
                                                       search_settings_set(&reader->space->settings, name,
                                                                           space_text_of(value), NULL, reader->error))
                                            : SPACE_REFUSE(reader, value, "%s: expected one value", name);
        }
    }
    return status;
}

static percept_status add_condition(const SpaceReader *reader, const yaml_node_t *node)
{
    Space *space = reader->space;
    const size_t c = space->condition_count;
    if (c == SPACE_MOST_CONDITIONS)
        return SPACE_REFUSE(reader, node, "conditions: more than %d", SPACE_MOST_CONDITIONS);
    if (!space_is_scalar(node))
        return SPACE_REFUSE(reader, node, "conditions: expected a text, such as \"train.batch_size < 100\"");
    percept_status status = memory_copy_string(space_text_of(node), &space->conditions[c], reader->error);
    if (status != PERCEPT_OK)
        return status;
    space->condition_count++;
    return space_at(reader, node, condition_create(space->conditions[c], &space->parsed[c], reader->error));
}

static percept_status read_conditions(const SpaceReader *reader, const yaml_node_t *node)
{
    percept_status status = PERCEPT_OK;
    if (node->type == YAML_SCALAR_NODE)
        return add_condition(reader, node);
    if (node->type != YAML_SEQUENCE_NODE)
        return SPACE_REFUSE(reader, node, "conditions: expected a list of texts");
    const yaml_node_item_t *end = node->data.sequence.items.top;
    for (const yaml_node_item_t *item = node->data.sequence.items.start; status == PERCEPT_OK && item < end; item++)
        status = add_condition(reader, space_node(reader, *item));
    return status;
}

/* ---- The file ---------------------------------------------------------------------------------------------------- */

/* "recipes/search/digits.yaml" is the search "digits", if it has no key `name`. */
static percept_status set_name(const SpaceReader *reader)
{
    char *name = NULL;
    const Space *space = reader->space;
    const char *slash = strrchr(space->path, '/'), *file = slash != NULL ? slash + 1 : space->path;
    if (recipe_is_set(space->base, "name"))
        return PERCEPT_OK;
    percept_status status = memory_copy_string(file, &name, reader->error);
    if (status == PERCEPT_OK)
        name[strcspn(name, ".")] = '\0';
    if (status == PERCEPT_OK && name[0] != '\0')
        status = recipe_set(space->base, "name", name, space->path, reader->error);
    memory_free(name);
    return status;
}

/* Calls the reader of each section; each occurs once. */
static percept_status read_sections(const SpaceReader *reader, const yaml_node_t *root)
{
    const yaml_node_t *sections[sizeof own_names / sizeof *own_names] = {NULL};
    percept_status status = PERCEPT_OK;
    for (const yaml_node_pair_t *pair = root->data.mapping.pairs.start; pair < root->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = space_node(reader, pair->key);
        for (size_t n = 0; key->type == YAML_SCALAR_NODE && own_names[n] != NULL; n++) {
            if (strcmp(space_text_of(key), own_names[n]) != 0)
                continue;
            if (sections[n] != NULL)
                return SPACE_REFUSE(reader, key, "%s is given twice; remove one of the two", own_names[n]);
            sections[n] = space_node(reader, pair->value);
        }
    }
    if (sections[3] == NULL)
        return SPACE_REFUSE(reader, root,
                            "there is no section 'space' with keys and the values to try; is it a recipe for "
                            "`percept train`?");
    if (sections[2] != NULL)
        status = read_settings(reader, SETTINGS_PREFIX, sections[2]);
    if (status == PERCEPT_OK)
        status = read_dimensions(reader, sections[3]);
    if (status == PERCEPT_OK && sections[4] != NULL)
        status = read_conditions(reader, sections[4]);
    return status;
}

static percept_status read_root(const SpaceReader *reader, yaml_document_t *document)
{
    const yaml_node_t *root = yaml_document_get_root_node(document);
    const Space *space = reader->space;
    if (root == NULL || root->type != YAML_MAPPING_NODE)
        return error_set(reader->error, PERCEPT_ERROR_FORMAT, "%s: expected a recipe with a section `space`",
                         space->path);
    percept_status status = recipe_set_mapping(space->base, document, root, space->path, own_names, reader->error);
    if (status == PERCEPT_OK)
        status = read_sections(reader, root);
    return status == PERCEPT_OK ? set_name(reader) : status;
}

static percept_status read_document(Space *space, yaml_document_t *document, percept_error *error)
{
    SpaceReader reader = {.space = space, .source = {document, space->path}, .error = error};
    percept_status status = percept_recipe_create(&space->base, error);
    if (status == PERCEPT_OK)
        status = search_settings_create(&space->settings, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(SPACE_MOST_DIMENSIONS, sizeof *space->dimensions, "a search space", &space->dimensions,
                                 error);
    if (status == PERCEPT_OK)
        status = percept_recipe_create(&reader.scratch, error);
    if (status == PERCEPT_OK)
        status = read_root(&reader, document);
    percept_recipe_free(reader.scratch);
    return status;
}

percept_status space_read(const char *path, Space **out, percept_error *error)
{
    yaml_document_t document;
    Space *space = NULL;
    percept_status status = yaml_open(path, &document, error);
    if (status != PERCEPT_OK)
        return status;
    status = memory_allocate_zeroed(1, sizeof *space, "a search space", &space, error);
    if (status == PERCEPT_OK)
        status = memory_copy_string(path, &space->path, error);
    if (status == PERCEPT_OK)
        status = read_document(space, &document, error);
    yaml_document_delete(&document);
    if (status == PERCEPT_OK)
        *out = space;
    else
        space_free(space);
    return status;
}
