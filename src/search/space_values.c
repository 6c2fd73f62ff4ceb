/* The values of a dimension: lists and ranges. */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "recipe/recipe.h"
#include "recipe/value.h"
#include "search/space_reader.h"
#include "search/text.h"

#define MOST_CHOICES 1000
#define MOST_STEPS 10000

/* ---- Nodes ------------------------------------------------------------------------------------------------------- */

const char *space_text_of(const yaml_node_t *node)
{
    return (const char *)node->data.scalar.value;
}

const yaml_node_t *space_node(const SpaceReader *reader, int index)
{
    return yaml_document_get_node(reader->source.document, index);
}

percept_status space_at(const SpaceReader *reader, const yaml_node_t *node, percept_status status)
{
    if (status != PERCEPT_OK && status != PERCEPT_ERROR_MEMORY)
        (void)error_prefix(reader->error, "%s:%zu", reader->source.path, node->start_mark.line + 1);
    return status;
}

bool space_is_scalar(const yaml_node_t *node)
{
    return node->type == YAML_SCALAR_NODE && node->data.scalar.length > 0;
}

/* ---- Lists ------------------------------------------------------------------------------------------------------- */

/* The text of a value: a scalar's own, or the items of a list with commas between them. */
static percept_status value_text(const SpaceReader *reader, const char *name, const yaml_node_t *node, Buffer *out)
{
    if (space_is_scalar(node))
        return text_add(out, reader->error, "%s", space_text_of(node));
    if (node->type != YAML_SEQUENCE_NODE || node->data.sequence.items.start == node->data.sequence.items.top)
        return SPACE_REFUSE(reader, node, "%s: expected a value, found %s", name,
                            node->type == YAML_SCALAR_NODE     ? "nothing"
                            : node->type == YAML_SEQUENCE_NODE ? "an empty list"
                                                               : "a mapping");
    percept_status status = PERCEPT_OK;
    const yaml_node_item_t *items = node->data.sequence.items.start;
    for (const yaml_node_item_t *item = items; status == PERCEPT_OK && item < node->data.sequence.items.top; item++) {
        const yaml_node_t *part = space_node(reader, *item);
        status = space_is_scalar(part)
                     ? text_add(out, reader->error, "%s%s", item > items ? "," : "", space_text_of(part))
                     : SPACE_REFUSE(reader, part, "%s: expected values in the inner list", name);
    }
    return status;
}

/* A text that the key takes becomes what the recipe would give back: equal values are then equal texts. */
static percept_status make_canonical(const SpaceReader *reader, const char *key, Buffer *text)
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

static percept_status add_choice(const SpaceReader *reader, Dimension *dimension, const char *key,
                                 const yaml_node_t *node)
{
    Buffer text = {0};
    percept_status status = value_text(reader, dimension->name, node, &text);
    const bool none = dimension->role != DIMENSION_KEY && dimension->role != DIMENSION_WIDTH && status == PERCEPT_OK &&
                      text.bytes != NULL && strcmp((const char *)text.bytes, "0") == 0; /* no hidden layers */
    if (status == PERCEPT_OK && !none)
        status = space_at(reader, node, make_canonical(reader, key, &text));
    for (size_t i = 0; status == PERCEPT_OK && i < dimension->choice_count; i++)
        if (strcmp(dimension->choices[i], (const char *)text.bytes) == 0)
            status = SPACE_REFUSE(reader, node, "%s: %s is in the list twice", dimension->name, dimension->choices[i]);
    if (status == PERCEPT_OK)
        status =
            memory_copy_string((const char *)text.bytes, &dimension->choices[dimension->choice_count], reader->error);
    dimension->choice_count += status == PERCEPT_OK;
    buffer_clear(&text);
    return status;
}

static percept_status read_list(const SpaceReader *reader, Dimension *dimension, const char *key,
                                const yaml_node_t *node)
{
    const yaml_node_item_t *items = node->data.sequence.items.start;
    const size_t count = (size_t)(node->data.sequence.items.top - items);
    if (count == 0 || count > MOST_CHOICES)
        return SPACE_REFUSE(reader, node, "%s: %s", dimension->name,
                            count == 0 ? "the list is empty; give the values to try" : "the list is too long");
    percept_status status = memory_allocate_zeroed(count, sizeof *dimension->choices, "the values of a key",
                                                   &dimension->choices, reader->error);
    for (size_t i = 0; status == PERCEPT_OK && i < count; i++)
        status = add_choice(reader, dimension, key, space_node(reader, items[i]));
    return status;
}

/* ---- Ranges ------------------------------------------------------------------------------------------------------ */

/* The key must take both ends. */
static percept_status check_ends(const SpaceReader *reader, const Dimension *dimension, const char *key,
                                 const yaml_node_t *node)
{
    percept_status status = PERCEPT_OK;
    const double ends[] = {dimension->low, dimension->high};
    for (size_t e = 0; status == PERCEPT_OK && e < 2; e++) {
        char text[DIMENSION_TEXT];
        if (dimension->integer && floor(ends[e]) != ends[e])
            return SPACE_REFUSE(reader, node, "%s: the ends of a range of integers must be integers", dimension->name);
        if (dimension->integer && fabs(ends[e]) > 1e15)
            return SPACE_REFUSE(reader, node, "%s: the range is too large", dimension->name);
        status =
            space_at(reader, node,
                     recipe_set(reader->scratch, key, dimension_text(dimension, ends[e], text), NULL, reader->error));
    }
    return status;
}

static percept_status check_range(const SpaceReader *reader, const Dimension *dimension, const char *scale,
                                  uint64_t steps, const yaml_node_t *node)
{
    if (strcmp(scale, "linear") != 0 && strcmp(scale, "log") != 0)
        return SPACE_REFUSE(reader, node, "%s: scale is linear or log, not '%.40s'", dimension->name, scale);
    if (!(dimension->low < dimension->high))
        return SPACE_REFUSE(reader, node, "%s: low (%g) must be below high (%g)", dimension->name, dimension->low,
                            dimension->high);
    if (dimension->logarithmic && !(dimension->low > 0))
        return SPACE_REFUSE(reader, node, "%s: a logarithmic range begins above 0, not at %g", dimension->name,
                            dimension->low);
    if (steps == 1 || steps > MOST_STEPS)
        return SPACE_REFUSE(reader, node, "%s: steps are from 2 to %d", dimension->name, MOST_STEPS);
    return PERCEPT_OK;
}

static percept_status read_range(const SpaceReader *reader, Dimension *dimension, const char *key,
                                 const yaml_node_t *node)
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
        return SPACE_REFUSE(reader, node, "%s is no number; give a list of its values", dimension->name);
    percept_status status = fields_read(&reader->source, node, fields, sizeof fields / sizeof *fields, reader->error);
    if (status != PERCEPT_OK)
        return status;
    dimension->logarithmic = strcmp(scale, "log") == 0;
    dimension->integer = dimension->integer || row->type == KEY_INTEGER;
    status = check_range(reader, dimension, scale, steps, node);
    if (status == PERCEPT_OK && dimension->integer && (double)steps > dimension->high - dimension->low + 1)
        status = SPACE_REFUSE(reader, node, "%s: there are fewer integers than steps", dimension->name);
    dimension->steps = (size_t)steps;
    return status == PERCEPT_OK ? check_ends(reader, dimension, key, node) : status;
}

/* ------------------------------------------------------------------------------------------------------------------ */

percept_status space_read_values(const SpaceReader *reader, Dimension *dimension, const char *key,
                                 const yaml_node_t *node)
{
    if (node->type == YAML_SEQUENCE_NODE)
        return read_list(reader, dimension, key, node);
    if (node->type == YAML_MAPPING_NODE)
        return read_range(reader, dimension, key, node);
    return SPACE_REFUSE(reader, node,
                        "%s: expected a list of values, or {low: ..., high: ...}; one value alone belongs into "
                        "the recipe above",
                        dimension->name);
}
