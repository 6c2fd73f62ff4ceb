/* A space file becomes a Space. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "recipe/fields.h"
#include "recipe/value.h"
#include "recipe/yaml.h"
#include "search/space.h"
#include "search/text.h"

#define HIDDEN "model.hidden"

/* Names of the outermost mapping that recipes do not have. */
static const char *const own_names[] = {"about", "notes", "search", "space", "conditions", NULL};

#define MOST_CHOICES 1000
#define MOST_STEPS 10000
#define DEEPEST 32

typedef struct Reader {
    Space *space;
    FieldSource source;
    percept_recipe *scratch; /* where values are tried */
    percept_error *error;
} Reader;

static const char *text_of(const yaml_node_t *node)
{
    return (const char *)node->data.scalar.value;
}

static const yaml_node_t *node_at(const Reader *reader, int index)
{
    return yaml_document_get_node(reader->source.document, index);
}

/* "path:line: " in front of a message. */
static percept_status at(const Reader *reader, const yaml_node_t *node, percept_status status)
{
    if (status != PERCEPT_OK && status != PERCEPT_ERROR_MEMORY)
        (void)error_prefix(reader->error, "%s:%zu", reader->source.path, node->start_mark.line + 1);
    return status;
}

#define REFUSE(reader, node, ...) fields_refuse(&(reader)->source, node, (reader)->error, __VA_ARGS__)

static bool is_scalar(const yaml_node_t *node)
{
    return node->type == YAML_SCALAR_NODE && node->data.scalar.length > 0;
}

/* ---- Lists ------------------------------------------------------------------------------------------------------- */

/* The text of a value: a scalar's own, or the items of a list with commas between them. */
static percept_status value_text(const Reader *reader, const char *name, const yaml_node_t *node, Buffer *out)
{
    if (is_scalar(node))
        return text_add(out, reader->error, "%s", text_of(node));
    if (node->type != YAML_SEQUENCE_NODE || node->data.sequence.items.start == node->data.sequence.items.top)
        return REFUSE(reader, node, "%s: expected a value, found %s", name,
                      node->type == YAML_SCALAR_NODE     ? "nothing"
                      : node->type == YAML_SEQUENCE_NODE ? "an empty list"
                                                         : "a mapping");
    percept_status status = PERCEPT_OK;
    const yaml_node_item_t *items = node->data.sequence.items.start;
    for (const yaml_node_item_t *item = items; status == PERCEPT_OK && item < node->data.sequence.items.top; item++) {
        const yaml_node_t *part = node_at(reader, *item);
        status = is_scalar(part) ? text_add(out, reader->error, "%s%s", item > items ? "," : "", text_of(part))
                                 : REFUSE(reader, part, "%s: expected values in the inner list", name);
    }
    return status;
}

/* A text that the key takes becomes what the recipe would give back: equal values are then equal texts. */
static percept_status make_canonical(const Reader *reader, const char *key, Buffer *text)
{
    char *value = NULL;
    percept_status status = recipe_set(reader->scratch, key, (const char *)text->bytes, NULL, reader->error);
    if (status == PERCEPT_OK)
        status = recipe_format(reader->scratch, key, &value, reader->error);
    text->size = 0;
    if (status == PERCEPT_OK)
        status = text_add(text, reader->error, "%s", value);
    memory_free(value);
    return status;
}

static percept_status add_choice(const Reader *reader, Dimension *dimension, const char *key, const yaml_node_t *node)
{
    Buffer text = {0};
    percept_status status = value_text(reader, dimension->name, node, &text);
    const bool none = dimension->role != DIMENSION_KEY && status == PERCEPT_OK && dimension->role != DIMENSION_WIDTH &&
                      strcmp((const char *)text.bytes, "0") == 0; /* no hidden layers */
    if (status == PERCEPT_OK && !none)
        status = at(reader, node, make_canonical(reader, key, &text));
    for (size_t i = 0; status == PERCEPT_OK && i < dimension->choice_count; i++)
        if (strcmp(dimension->choices[i], (const char *)text.bytes) == 0)
            status = REFUSE(reader, node, "%s: %s stands twice in the list", dimension->name, dimension->choices[i]);
    if (status == PERCEPT_OK)
        status =
            memory_copy_string((const char *)text.bytes, &dimension->choices[dimension->choice_count], reader->error);
    dimension->choice_count += status == PERCEPT_OK;
    buffer_clear(&text);
    return status;
}

static percept_status read_list(const Reader *reader, Dimension *dimension, const char *key, const yaml_node_t *node)
{
    const yaml_node_item_t *items = node->data.sequence.items.start;
    const size_t count = (size_t)(node->data.sequence.items.top - items);
    if (count == 0 || count > MOST_CHOICES)
        return REFUSE(reader, node, "%s: %s", dimension->name,
                      count == 0 ? "the list is empty; give the values to try" : "the list is too long");
    percept_status status = memory_allocate_zeroed(count, sizeof *dimension->choices, "the values of a key",
                                                   &dimension->choices, reader->error);
    for (size_t i = 0; status == PERCEPT_OK && i < count; i++)
        status = add_choice(reader, dimension, key, node_at(reader, items[i]));
    return status;
}

/* ---- Ranges ------------------------------------------------------------------------------------------------------ */

/* The key must take both ends. */
static percept_status check_ends(const Reader *reader, const Dimension *dimension, const char *key,
                                 const yaml_node_t *node)
{
    percept_status status = PERCEPT_OK;
    const double ends[] = {dimension->low, dimension->high};
    for (size_t e = 0; status == PERCEPT_OK && e < 2; e++) {
        char text[DIMENSION_TEXT];
        if (dimension->integer && floor(ends[e]) != ends[e])
            return REFUSE(reader, node, "%s: the ends of a range of integers must be integers", dimension->name);
        if (dimension->integer && fabs(ends[e]) > 1e15)
            return REFUSE(reader, node, "%s: the range is too large", dimension->name);
        status = at(reader, node,
                    recipe_set(reader->scratch, key, dimension_text(dimension, ends[e], text), NULL, reader->error));
    }
    return status;
}

static percept_status check_range(const Reader *reader, const Dimension *dimension, const char *scale, uint64_t steps,
                                  const yaml_node_t *node)
{
    if (strcmp(scale, "linear") != 0 && strcmp(scale, "log") != 0)
        return REFUSE(reader, node, "%s: scale is linear or log, not '%.40s'", dimension->name, scale);
    if (!(dimension->low < dimension->high))
        return REFUSE(reader, node, "%s: low (%g) must be below high (%g)", dimension->name, dimension->low,
                      dimension->high);
    if (dimension->logarithmic && !(dimension->low > 0))
        return REFUSE(reader, node, "%s: a logarithmic range begins above 0, not at %g", dimension->name,
                      dimension->low);
    if (steps == 1 || steps > MOST_STEPS)
        return REFUSE(reader, node, "%s: steps are from 2 to %d", dimension->name, MOST_STEPS);
    return PERCEPT_OK;
}

static percept_status read_range(const Reader *reader, Dimension *dimension, const char *key, const yaml_node_t *node)
{
    const Key *row = recipe_key_find(key);
    const char *scale = "linear";
    uint64_t steps = 0;
    const Field fields[] = {
        {"low", &dimension->low, FIELD_NUMBER, true},
        {"high", &dimension->high, FIELD_NUMBER, true},
        {"scale", &scale, FIELD_TEXT, false},
        {"steps", &steps, FIELD_COUNT, false},
        {"integer", &dimension->integer, FIELD_BOOLEAN, false},
    };
    if (row->type != KEY_INTEGER && row->type != KEY_NUMBER)
        return REFUSE(reader, node, "%s is no number; give a list of its values", dimension->name);
    percept_status status = fields_read(&reader->source, node, fields, sizeof fields / sizeof *fields, reader->error);
    if (status != PERCEPT_OK)
        return status;
    dimension->logarithmic = strcmp(scale, "log") == 0;
    dimension->integer = dimension->integer || row->type == KEY_INTEGER;
    status = check_range(reader, dimension, scale, steps, node);
    if (status == PERCEPT_OK && dimension->integer && (double)steps > dimension->high - dimension->low + 1)
        status = REFUSE(reader, node, "%s: there are fewer integers than steps", dimension->name);
    dimension->steps = (size_t)steps;
    return status == PERCEPT_OK ? check_ends(reader, dimension, key, node) : status;
}

/* ---- Dimensions -------------------------------------------------------------------------------------------------- */

/* A list or a range, whose values are tried with a key. */
static percept_status read_values(const Reader *reader, Dimension *dimension, const char *key, const yaml_node_t *node)
{
    if (node->type == YAML_SEQUENCE_NODE)
        return read_list(reader, dimension, key, node);
    if (node->type == YAML_MAPPING_NODE)
        return read_range(reader, dimension, key, node);
    return REFUSE(reader, node,
                  "%s: expected a list of values, or {low: ..., high: ...}; one value alone belongs into "
                  "the recipe above",
                  dimension->name);
}

/* Adds a dimension and reads its values. */
static percept_status add_dimension(const Reader *reader, const char *name, DimensionRole role, size_t least_depth,
                                    const char *key, const yaml_node_t *node)
{
    Space *space = reader->space;
    if (space->count == SPACE_MOST_DIMENSIONS)
        return REFUSE(reader, node, "the space has more than %d dimensions", SPACE_MOST_DIMENSIONS);
    Dimension *dimension = &space->dimensions[space->count];
    *dimension = (Dimension){.role = role, .least_depth = least_depth};
    percept_status status = memory_copy_string(name, &dimension->name, reader->error);
    if (status != PERCEPT_OK)
        return status;
    space->count++; /* from here on it is released with the space */
    return read_values(reader, dimension, key, node);
}

/* The greatest depth, if all are whole numbers up to DEEPEST. */
static percept_status find_depth(const Reader *reader, const yaml_node_t *node, size_t *out)
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
        return REFUSE(reader, node, "%s: expected numbers of hidden layers up to %d", depth->name, DEEPEST);
    *out = most > 1 ? (size_t)most : 1;
    return PERCEPT_OK;
}

static percept_status read_depth_and_width(const Reader *reader, const yaml_node_t *node)
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

static percept_status refuse_key(const Reader *reader, const yaml_node_t *node)
{
    char quoted[QUOTED_SIZE];
    const char *const own[] = {HIDDEN};
    const char *nearest = nearest_word(text_of(node), own, 1);
    if (nearest == NULL)
        return at(reader, node, recipe_refuse_unknown(text_of(node), reader->error));
    return REFUSE(reader, node, "unknown key %s; did you mean '%s'?", quote_text(text_of(node), quoted), nearest);
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

static percept_status read_pair(const Reader *reader, const yaml_node_t *name, const yaml_node_t *value)
{
    const Space *space = reader->space;
    if (!is_scalar(name))
        return REFUSE(reader, name, "space: expected a key and the values to try");
    const Key *key = recipe_key_find(text_of(name));
    const bool hidden = strcmp(text_of(name), HIDDEN) == 0;
    if (key == NULL && !hidden)
        return refuse_key(reader, name);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (strcmp(text_of(name), refused[i].key) == 0)
            return REFUSE(reader, name, "%s cannot be searched: %s", refused[i].key, refused[i].why);
    for (size_t d = 0; d < space->count; d++) {
        const bool layers =
            space->dimensions[d].role != DIMENSION_KEY || strcmp(space->dimensions[d].name, "model.layers") == 0;
        if (strcmp(space->dimensions[d].name, text_of(name)) == 0 ||
            (layers && (hidden || strcmp(text_of(name), "model.layers") == 0)))
            return REFUSE(reader, name, "%s is given twice; remove one of the two", text_of(name));
    }
    if (!hidden)
        return add_dimension(reader, key->name, DIMENSION_KEY, 0, key->name, value);
    if (value->type == YAML_MAPPING_NODE)
        return read_depth_and_width(reader, value);
    return add_dimension(reader, HIDDEN, DIMENSION_HIDDEN, 0, "model.layers", value);
}

static percept_status read_dimensions(const Reader *reader, const yaml_node_t *node)
{
    if (node->type != YAML_MAPPING_NODE || node->data.mapping.pairs.start == node->data.mapping.pairs.top)
        return REFUSE(reader, node,
                      "space: expected keys with the values to try, such as 'train.batch_size: [32, 64]'");
    percept_status status = PERCEPT_OK;
    const yaml_node_pair_t *end = node->data.mapping.pairs.top;
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; status == PERCEPT_OK && pair < end; pair++)
        status = read_pair(reader, node_at(reader, pair->key), node_at(reader, pair->value));
    return status;
}

/* ---- Settings and conditions ------------------------------------------------------------------------------------- */

/* Names below "search.halving." and the like stand in mappings of their own, or in full. */
static percept_status read_settings(const Reader *reader, const char *prefix, const yaml_node_t *node)
{
    if (node->type != YAML_MAPPING_NODE)
        return REFUSE(reader, node, "%.*s: expected settings, such as 'trials: 64'", (int)strlen(prefix) - 1, prefix);
    percept_status status = PERCEPT_OK;
    const yaml_node_pair_t *end = node->data.mapping.pairs.top;
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; status == PERCEPT_OK && pair < end; pair++) {
        const yaml_node_t *key = node_at(reader, pair->key), *value = node_at(reader, pair->value);
        char name[2 * QUOTED_SIZE];
        if (!is_scalar(key) || strlen(text_of(key)) > QUOTED_SIZE)
            return REFUSE(reader, key, "search: expected the name of a setting");
        if (value->type == YAML_MAPPING_NODE && strcmp(prefix, SETTINGS_PREFIX) == 0) {
            snprintf(name, sizeof name, "%s%s.", prefix, text_of(key));
            status = read_settings(reader, name, value);
        } else {
            snprintf(name, sizeof name, "%s%s", prefix, text_of(key));
            status = is_scalar(value)
                         ? at(reader, key,
                              search_settings_set(&reader->space->settings, name, text_of(value), NULL, reader->error))
                         : REFUSE(reader, value, "%s: expected one value", name);
        }
    }
    return status;
}

static percept_status add_condition(const Reader *reader, const yaml_node_t *node)
{
    Space *space = reader->space;
    const size_t c = space->condition_count;
    if (c == SPACE_MOST_CONDITIONS)
        return REFUSE(reader, node, "conditions: more than %d", SPACE_MOST_CONDITIONS);
    if (!is_scalar(node))
        return REFUSE(reader, node, "conditions: expected a text, such as \"train.batch_size < 100\"");
    percept_status status = memory_copy_string(text_of(node), &space->conditions[c], reader->error);
    if (status != PERCEPT_OK)
        return status;
    space->condition_count++;
    return at(reader, node, condition_create(space->conditions[c], &space->parsed[c], reader->error));
}

static percept_status read_conditions(const Reader *reader, const yaml_node_t *node)
{
    percept_status status = PERCEPT_OK;
    if (node->type == YAML_SCALAR_NODE)
        return add_condition(reader, node);
    if (node->type != YAML_SEQUENCE_NODE)
        return REFUSE(reader, node, "conditions: expected a list of texts");
    const yaml_node_item_t *end = node->data.sequence.items.top;
    for (const yaml_node_item_t *item = node->data.sequence.items.start; status == PERCEPT_OK && item < end; item++)
        status = add_condition(reader, node_at(reader, *item));
    return status;
}

/* ---- The file ---------------------------------------------------------------------------------------------------- */

/* "recipes/search/digits.yaml" is the search "digits", if it has no key that tells. */
static percept_status set_name(const Reader *reader)
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

/* Calls the reader of each own section; each stands once. */
static percept_status read_sections(const Reader *reader, const yaml_node_t *root)
{
    const yaml_node_t *sections[sizeof own_names / sizeof *own_names] = {NULL};
    percept_status status = PERCEPT_OK;
    for (const yaml_node_pair_t *pair = root->data.mapping.pairs.start; pair < root->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = node_at(reader, pair->key);
        for (size_t n = 0; key->type == YAML_SCALAR_NODE && own_names[n] != NULL; n++) {
            if (strcmp(text_of(key), own_names[n]) != 0)
                continue;
            if (sections[n] != NULL)
                return REFUSE(reader, key, "%s is given twice; remove one of the two", own_names[n]);
            sections[n] = node_at(reader, pair->value);
        }
    }
    if (sections[3] == NULL)
        return REFUSE(reader, root,
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

static percept_status read_root(const Reader *reader, yaml_document_t *document)
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
    Reader reader = {.space = space, .source = {document, space->path}, .error = error};
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
