#include "recipe/fields.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "base/number.h"
#include "recipe/value.h"

/* The most fields that one mapping has. */
#define MOST_FIELDS 32

percept_status fields_refuse(const FieldSource *source, const yaml_node_t *node, percept_error *error,
                             const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return error_set(error, PERCEPT_ERROR_FORMAT, "%s:%zu: %s", source->path, node->start_mark.line + 1, text);
}

static const char *text_of(const yaml_node_t *node)
{
    return (const char *)node->data.scalar.value;
}

/* ---- Single values ----------------------------------------------------------------------------------------------- */

static percept_status refuse_value(const FieldSource *source, const Field *field, const yaml_node_t *node,
                                   const char *expected, percept_error *error)
{
    char quoted[QUOTED_SIZE];
    return fields_refuse(source, node, error, "%s: expected %s, found %s", field->name, expected,
                         node->type == YAML_SCALAR_NODE     ? quote_text(text_of(node), quoted)
                         : node->type == YAML_SEQUENCE_NODE ? "a list"
                                                            : "a mapping");
}

static percept_status read_number(const FieldSource *source, const Field *field, const yaml_node_t *node, double *out,
                                  percept_error *error)
{
    if (node->type == YAML_SCALAR_NODE && number_parse(text_of(node), out))
        return PERCEPT_OK;
    return refuse_value(source, field, node, "a number", error);
}

static percept_status read_count(const FieldSource *source, const Field *field, const yaml_node_t *node, uint64_t *out,
                                 percept_error *error)
{
    static const double most = 9007199254740992; /* 2^53: below it a double holds every integer */
    double value = 0;
    percept_status status = read_number(source, field, node, &value, error);
    if (status == PERCEPT_OK && !(value >= 0 && value <= most && value == (double)(uint64_t)value))
        status = refuse_value(source, field, node, "a whole number", error);
    if (status == PERCEPT_OK)
        *out = (uint64_t)value;
    return status;
}

static percept_status read_boolean(const FieldSource *source, const Field *field, const yaml_node_t *node, bool *out,
                                   percept_error *error)
{
    const char *text = node->type == YAML_SCALAR_NODE ? text_of(node) : "";
    *out = strcmp(text, "true") == 0;
    return *out || strcmp(text, "false") == 0 ? PERCEPT_OK : refuse_value(source, field, node, "true or false", error);
}

/* Characters that no page, table or terminal is to be given; lines may end. */
static bool has_controls(const char *text)
{
    for (const char *c = text; *c != '\0'; c++)
        if (((unsigned char)*c < ' ' && *c != '\n' && *c != '\t') || *c == '\x7f')
            return true;
    return false;
}

static percept_status read_text(const FieldSource *source, const Field *field, const yaml_node_t *node,
                                const char **out, percept_error *error)
{
    if (node->type != YAML_SCALAR_NODE || node->data.scalar.length == 0 ||
        strlen(text_of(node)) != node->data.scalar.length || has_controls(text_of(node)))
        return refuse_value(source, field, node, "a text", error);
    *out = text_of(node);
    return PERCEPT_OK;
}

/* ---- Lists ------------------------------------------------------------------------------------------------------- */

/* Item i of a list, or the value itself; *count of them. */
static const yaml_node_t *item_of(const FieldSource *source, const yaml_node_t *node, size_t i, size_t *count)
{
    if (node->type != YAML_SEQUENCE_NODE) {
        *count = 1;
        return node;
    }
    const yaml_node_item_t *items = node->data.sequence.items.start;
    *count = (size_t)(node->data.sequence.items.top - items);
    return i < *count ? yaml_document_get_node(source->document, items[i]) : NULL;
}

static percept_status read_items(const FieldSource *source, const Field *field, const yaml_node_t *node,
                                 percept_error *error)
{
    FieldTexts *texts = field->target;
    FieldNumbers *numbers = field->target;
    size_t count = 0;
    percept_status status = PERCEPT_OK;
    (void)item_of(source, node, 0, &count);
    if (count > FIELD_ITEMS)
        return fields_refuse(source, node, error, "%s: more than %d items", field->name, FIELD_ITEMS);
    for (size_t i = 0; status == PERCEPT_OK && i < count; i++) {
        const yaml_node_t *item = item_of(source, node, i, &count);
        status = field->type == FIELD_TEXTS ? read_text(source, field, item, &texts->items[i], error)
                                            : read_number(source, field, item, &numbers->items[i], error);
    }
    if (field->type == FIELD_TEXTS)
        texts->count = count;
    else
        numbers->count = count;
    return status;
}

/* ---- Mappings ---------------------------------------------------------------------------------------------------- */

percept_status field_read_value(const FieldSource *source, const Field *field, const yaml_node_t *node,
                                percept_error *error)
{
    switch (field->type) {
    case FIELD_TEXT:
        return read_text(source, field, node, field->target, error);
    case FIELD_NUMBER:
        return read_number(source, field, node, field->target, error);
    case FIELD_COUNT:
        return read_count(source, field, node, field->target, error);
    case FIELD_BOOLEAN:
        return read_boolean(source, field, node, field->target, error);
    case FIELD_TEXTS:
    case FIELD_NUMBERS:
        return read_items(source, field, node, error);
    case FIELD_NODE:
        *(const yaml_node_t **)field->target = node;
        break;
    }
    return PERCEPT_OK;
}

static percept_status refuse_unknown(const FieldSource *source, const yaml_node_t *node, const Field *fields,
                                     size_t count, percept_error *error)
{
    const char *names[MOST_FIELDS];
    char quoted[QUOTED_SIZE];
    for (size_t i = 0; i < count && i < MOST_FIELDS; i++)
        names[i] = fields[i].name;
    const char *nearest = nearest_word(text_of(node), names, count < MOST_FIELDS ? count : MOST_FIELDS);
    return fields_refuse(source, node, error, "unknown field %s%s%s%s", quote_text(text_of(node), quoted),
                         nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                         nearest != NULL ? "'?" : "");
}

percept_status fields_read(const FieldSource *source, const yaml_node_t *mapping, const Field *fields, size_t count,
                           percept_error *error)
{
    bool given[MOST_FIELDS] = {false};
    percept_status status = PERCEPT_OK;
    if (mapping->type != YAML_MAPPING_NODE)
        return fields_refuse(source, mapping, error, "expected fields, such as '%s: ...'", fields[0].name);
    const yaml_node_pair_t *end = mapping->data.mapping.pairs.top;
    for (const yaml_node_pair_t *pair = mapping->data.mapping.pairs.start; status == PERCEPT_OK && pair < end; pair++) {
        const yaml_node_t *key = yaml_document_get_node(source->document, pair->key);
        size_t f = 0;
        if (key->type != YAML_SCALAR_NODE)
            return fields_refuse(source, key, error, "expected the name of a field");
        while (f < count && strcmp(fields[f].name, text_of(key)) != 0)
            f++;
        if (f == count)
            return refuse_unknown(source, key, fields, count, error);
        if (given[f])
            return fields_refuse(source, key, error, "%s is given twice; remove one of the two", fields[f].name);
        given[f] = true;
        status = field_read_value(source, &fields[f], yaml_document_get_node(source->document, pair->value), error);
    }
    for (size_t f = 0; status == PERCEPT_OK && f < count; f++)
        if (fields[f].required && !given[f])
            status = fields_refuse(source, mapping, error, "%s is missing", fields[f].name);
    return status;
}
