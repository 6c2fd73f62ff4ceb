#include "recipe/yaml.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "recipe/recipe.h"
#include "recipe/value.h"

/* More than there are sections. */
#define MOST_SECTIONS 32

typedef struct Reader {
    const char *path;
    yaml_document_t *document;
    percept_recipe *recipe;
    const char *const *skip; /* names of the outermost mapping that are left to the caller, then NULL */
    size_t *lines;           /* where each key of the table was given, from 1; 0: not yet */
    percept_error *error;
} Reader;

/* ---- Places and kinds ------------------------------------------------------------------------------------------- */

static size_t line_of(const yaml_node_t *node)
{
    return node->start_mark.line + 1;
}

/* Puts the place in front of a message; returns `status`, which error_prefix cannot know without an error to fill. */
static percept_status at_line(Reader *reader, size_t line, percept_status status)
{
    if (status != PERCEPT_OK)
        error_prefix(reader->error, "%s:%zu", reader->path, line);
    return status;
}

static const char *kind_of(const yaml_node_t *node)
{
    return node->type == YAML_SEQUENCE_NODE ? "a list" : node->type == YAML_MAPPING_NODE ? "a mapping" : "a value";
}

static const char *scalar_text(const yaml_node_t *node)
{
    return (const char *)node->data.scalar.value;
}

/* Nothing after the colon, or one of YAML's words for nothing. */
static bool is_null(const yaml_node_t *node)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};
    if (node->type != YAML_SCALAR_NODE || node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(scalar_text(node), words[i]) == 0)
            return true;
    return false;
}

/* A scalar with text that C can hold, and no tag but YAML's own (!!int …), or a list or mapping likewise. */
static percept_status check_node(Reader *reader, const yaml_node_t *node)
{
    static const char own[] = "tag:yaml.org,2002:";
    const char *tag = node->tag != NULL ? (const char *)node->tag : own;
    if (strncmp(tag, own, strlen(own)) != 0) {
        char quoted[QUOTED_SIZE];
        return at_line(reader, line_of(node),
                       error_set(reader->error, PERCEPT_ERROR_FORMAT, "the tag %s means nothing in a recipe; remove it",
                                 quote_text(tag, quoted)));
    }
    if (node->type == YAML_SCALAR_NODE && strlen(scalar_text(node)) != node->data.scalar.length)
        return at_line(reader, line_of(node),
                       error_set(reader->error, PERCEPT_ERROR_FORMAT, "a text with a NUL byte; remove it"));
    return PERCEPT_OK;
}

/* The text of a mapping's key. */
static percept_status key_text(Reader *reader, const yaml_node_t *node, const char **out)
{
    percept_status status = check_node(reader, node);
    if (status == PERCEPT_OK && node->type != YAML_SCALAR_NODE)
        status = at_line(
            reader, line_of(node),
            error_set(reader->error, PERCEPT_ERROR_FORMAT, "expected the name of a key, found %s", kind_of(node)));
    if (status == PERCEPT_OK)
        *out = scalar_text(node);
    return status;
}

/* ---- Values ----------------------------------------------------------------------------------------------------- */

/* A list of scalars as texts; *out is released with memory_free. */
static percept_status list_texts(Reader *reader, const Key *key, const yaml_node_t *list, const char ***out,
                                 size_t *count)
{
    const yaml_node_item_t *items = list->data.sequence.items.start;
    *count = (size_t)(list->data.sequence.items.top - items);
    percept_status status = memory_allocate(*count, sizeof **out, "a list", out, reader->error);
    for (size_t i = 0; status == PERCEPT_OK && i < *count; i++) {
        const yaml_node_t *item = yaml_document_get_node(reader->document, items[i]);
        status = check_node(reader, item);
        if (status == PERCEPT_OK && (item->type != YAML_SCALAR_NODE || is_null(item)))
            status = at_line(
                reader, line_of(item),
                value_refuse(key, is_null(item) ? "an empty item" : kind_of(item), " in the list", reader->error));
        if (status == PERCEPT_OK)
            (*out)[i] = scalar_text(item);
    }
    return status;
}

static percept_status read_list(Reader *reader, const Key *key, const yaml_node_t *list)
{
    const char **texts = NULL;
    size_t count = 0;
    percept_status status = list_texts(reader, key, list, &texts, &count);
    if (status == PERCEPT_OK)
        status = at_line(reader, line_of(list), recipe_set_items(reader->recipe, key, texts, count, reader->error));
    memory_free(texts);
    return status;
}

/* Fills texts with "NAME:NUMBER" of each entry, released by the caller with memory_free. */
static percept_status pair_texts(Reader *reader, const Key *key, const yaml_node_t *mapping, char **texts)
{
    const yaml_node_pair_t *pairs = mapping->data.mapping.pairs.start;
    const size_t count = (size_t)(mapping->data.mapping.pairs.top - pairs);
    percept_status status = PERCEPT_OK;
    for (size_t i = 0; status == PERCEPT_OK && i < count; i++) {
        const yaml_node_t *value = yaml_document_get_node(reader->document, pairs[i].value);
        const char *name = NULL;
        status = key_text(reader, yaml_document_get_node(reader->document, pairs[i].key), &name);
        if (status == PERCEPT_OK)
            status = check_node(reader, value);
        if (status == PERCEPT_OK && value->type != YAML_SCALAR_NODE)
            status =
                at_line(reader, line_of(value), value_refuse(key, kind_of(value), " in the mapping", reader->error));
        if (status != PERCEPT_OK)
            return status;
        const size_t size = strlen(name) + strlen(scalar_text(value)) + 2;
        status = memory_allocate(size, 1, "a mapping", &texts[i], reader->error);
        if (status == PERCEPT_OK)
            snprintf(texts[i], size, "%s:%s", name, scalar_text(value));
    }
    return status;
}

static percept_status read_pairs(Reader *reader, const Key *key, const yaml_node_t *mapping)
{
    const size_t count = (size_t)(mapping->data.mapping.pairs.top - mapping->data.mapping.pairs.start);
    char **texts = NULL;
    percept_status status = memory_allocate_zeroed(count, sizeof *texts, "a mapping", &texts, reader->error);
    if (status == PERCEPT_OK)
        status = pair_texts(reader, key, mapping, texts);
    if (status == PERCEPT_OK)
        status = at_line(reader, line_of(mapping),
                         recipe_set_items(reader->recipe, key, (const char *const *)texts, count, reader->error));
    for (size_t i = 0; texts != NULL && i < count; i++)
        memory_free(texts[i]);
    memory_free(texts);
    return status;
}

static percept_status read_value(Reader *reader, const Key *key, const yaml_node_t *node)
{
    percept_status status = check_node(reader, node);
    if (status != PERCEPT_OK)
        return status;
    if (node->type == YAML_MAPPING_NODE && key->pairs)
        return read_pairs(reader, key, node);
    if (node->type == YAML_MAPPING_NODE || (node->type == YAML_SEQUENCE_NODE && !key->list))
        return at_line(reader, line_of(node), value_refuse(key, kind_of(node), "", reader->error));
    if (is_null(node))
        return at_line(reader, line_of(node),
                       value_refuse(key, "nothing", "; leave the key out to have its default", reader->error));
    if (node->type == YAML_SEQUENCE_NODE)
        return read_list(reader, key, node);
    return at_line(reader, line_of(node),
                   recipe_set(reader->recipe, key->name, scalar_text(node), NULL, reader->error));
}

static percept_status read_key(Reader *reader, const char *name, const yaml_node_t *key_node,
                               const yaml_node_t *value_node)
{
    const size_t line = line_of(key_node);
    const Key *key = recipe_key_find(name);
    if (key == NULL)
        return at_line(reader, line, recipe_refuse_unknown(name, reader->error));
    size_t *given = &reader->lines[key - recipe_key_at(0)];
    if (*given != 0)
        return at_line(reader, line,
                       error_set(reader->error, PERCEPT_ERROR_FORMAT,
                                 "%s is given twice, first in line %zu; remove one of the two", key->name, *given));
    *given = line;
    return read_value(reader, key, value_node);
}

/* ---- Sections --------------------------------------------------------------------------------------------------- */

/* The length of the section's name in a key's name, 0 for a key without a section. */
static size_t section_length(const Key *key)
{
    const char *dot = strchr(key->name, '.');
    return dot != NULL ? (size_t)(dot - key->name) : 0;
}

static bool is_section(const char *name)
{
    for (size_t i = 0; i < recipe_key_count(); i++) {
        const size_t length = section_length(recipe_key_at(i));
        if (length > 0 && length == strlen(name) && strncmp(recipe_key_at(i)->name, name, length) == 0)
            return true;
    }
    return false;
}

/* A mapping under a name that is neither a section nor a key. */
static percept_status refuse_section(Reader *reader, const char *name)
{
    char names[MOST_SECTIONS][QUOTED_SIZE] = {""}, quoted[QUOTED_SIZE];
    const char *candidates[MOST_SECTIONS];
    size_t count = 0;
    for (size_t i = 0; i < recipe_key_count() && count < MOST_SECTIONS; i++) {
        const size_t length = section_length(recipe_key_at(i));
        if (length == 0 || length >= QUOTED_SIZE ||
            (count > 0 && strlen(names[count - 1]) == length &&
             strncmp(recipe_key_at(i)->name, names[count - 1], length) == 0))
            continue;
        memcpy(names[count], recipe_key_at(i)->name, length);
        candidates[count] = names[count];
        count++;
    }
    const char *nearest = nearest_word(name, candidates, count);
    return error_set(reader->error, PERCEPT_ERROR_ARGUMENT, "unknown section %s%s%s%s", quote_text(name, quoted),
                     nearest != NULL ? "; did you mean '" : "; `percept train --help-all` lists all keys",
                     nearest != NULL ? nearest : "", nearest != NULL ? "'?" : "");
}

/* The full name, section.word, or NULL if it is longer than any key's. */
static const char *full_name(const char *section, const char *word, char *buffer, size_t size)
{
    const int length = snprintf(buffer, size, "%s.%s", section, word);
    return length >= 0 && (size_t)length < size ? buffer : NULL;
}

/* Whether keys lie below a name that has a section itself: data.augment, of data.augment.flip. */
static bool is_group(const char *name)
{
    const size_t length = strlen(name);
    for (size_t i = 0; i < recipe_key_count(); i++)
        if (strncmp(recipe_key_at(i)->name, name, length) == 0 && recipe_key_at(i)->name[length] == '.')
            return true;
    return false;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as names of keys are */
static percept_status read_section(Reader *reader, const char *section, const yaml_node_t *mapping)
{
    percept_status status = PERCEPT_OK;
    const yaml_node_pair_t *end = mapping->data.mapping.pairs.top;
    for (const yaml_node_pair_t *pair = mapping->data.mapping.pairs.start; status == PERCEPT_OK && pair < end; pair++) {
        const yaml_node_t *key_node = yaml_document_get_node(reader->document, pair->key);
        const char *word = NULL;
        char buffer[QUOTED_SIZE];
        status = key_text(reader, key_node, &word);
        if (status != PERCEPT_OK)
            break;
        const char *name = full_name(section, word, buffer, sizeof buffer);
        const yaml_node_t *value = yaml_document_get_node(reader->document, pair->value);
        if (name != NULL && value->type == YAML_MAPPING_NODE && is_group(name))
            status = read_section(reader, name, value);
        else /* too long for a key: the word alone is refused, and shown cut */
            status = read_key(reader, name != NULL ? name : word, key_node, value);
    }
    return status;
}

static bool is_skipped(const Reader *reader, const char *name)
{
    for (const char *const *skip = reader->skip; skip != NULL && *skip != NULL; skip++)
        if (strcmp(*skip, name) == 0)
            return true;
    return false;
}

/* One pair of the outermost mapping. */
static percept_status read_pair(Reader *reader, const yaml_node_pair_t *pair)
{
    const yaml_node_t *key_node = yaml_document_get_node(reader->document, pair->key);
    const yaml_node_t *value = yaml_document_get_node(reader->document, pair->value);
    const char *name = NULL;
    percept_status status = key_text(reader, key_node, &name);
    if (status != PERCEPT_OK || is_skipped(reader, name))
        return status;
    if (is_section(name)) {
        status = check_node(reader, value);
        if (status != PERCEPT_OK || is_null(value)) /* all below it is commented out */
            return status;
        if (value->type == YAML_MAPPING_NODE)
            return read_section(reader, name, value);
        return at_line(reader, line_of(key_node),
                       error_set(reader->error, PERCEPT_ERROR_FORMAT,
                                 "%s is a section, but %s follows; write its keys below it, indented", name,
                                 kind_of(value)));
    }
    if (value->type == YAML_MAPPING_NODE && recipe_key_find(name) == NULL)
        return at_line(reader, line_of(key_node), refuse_section(reader, name));
    return read_key(reader, name, key_node, value);
}

static percept_status read_root(Reader *reader, const yaml_node_t *root)
{
    percept_status status = check_node(reader, root);
    if (status != PERCEPT_OK || is_null(root))
        return status;
    if (root->type != YAML_MAPPING_NODE)
        return at_line(reader, line_of(root),
                       error_set(reader->error, PERCEPT_ERROR_FORMAT,
                                 "expected a recipe, such as \"train.epochs: 5\", found %s", kind_of(root)));
    const yaml_node_pair_t *end = root->data.mapping.pairs.top;
    for (const yaml_node_pair_t *pair = root->data.mapping.pairs.start; status == PERCEPT_OK && pair < end; pair++)
        status = read_pair(reader, pair);
    return status;
}

/* ------------------------------------------------------------------------------------------------------------------ */

percept_status recipe_set_mapping(percept_recipe *recipe, yaml_document_t *document, const yaml_node_t *mapping,
                                  const char *path, const char *const *skip, percept_error *error)
{
    Reader reader = {.path = path, .document = document, .recipe = recipe, .skip = skip, .error = error};
    if (mapping == NULL)
        return PERCEPT_OK;
    percept_status status =
        memory_allocate_zeroed(recipe_key_count(), sizeof *reader.lines, "a recipe", &reader.lines, error);
    if (status == PERCEPT_OK)
        status = read_root(&reader, mapping);
    memory_free(reader.lines);
    return status;
}

/* Names of the outermost mapping that belong to studies. */
static const char *const of_studies[] = {"about", "notes", "runs", "parts", "set", "only", NULL};

percept_status recipe_set_file(percept_recipe *recipe, const char *path, percept_error *error)
{
    yaml_document_t document;
    percept_status status = yaml_open(path, &document, error);
    if (status != PERCEPT_OK)
        return status;
    status = recipe_set_mapping(recipe, &document, yaml_document_get_root_node(&document), path, of_studies, error);
    yaml_document_delete(&document);
    return status;
}

/* The recipe of an open document, which is released. */
static percept_status read_recipe(yaml_document_t *document, const char *path, percept_recipe **out,
                                  percept_error *error)
{
    percept_recipe *recipe = NULL;
    percept_status status = percept_recipe_create(&recipe, error);
    if (status == PERCEPT_OK)
        status = recipe_set_mapping(recipe, document, yaml_document_get_root_node(document), path, of_studies, error);
    yaml_document_delete(document);
    if (status == PERCEPT_OK)
        *out = recipe;
    else
        percept_recipe_free(recipe);
    return status;
}

percept_status percept_recipe_load(const char *path, percept_recipe **out, percept_error *error)
{
    if (path == NULL || out == NULL)
        return error_null(error, "percept_recipe_load", "path and out");
    yaml_document_t document;
    percept_status status = yaml_open(path, &document, error);
    return status == PERCEPT_OK ? read_recipe(&document, path, out, error) : status;
}

percept_status percept_recipe_parse(const char *yaml, percept_recipe **out, percept_error *error)
{
    if (yaml == NULL || out == NULL)
        return error_null(error, "percept_recipe_parse", "yaml and out");
    yaml_document_t document;
    percept_status status = yaml_open_text(yaml, strlen(yaml), "recipe", &document, error);
    return status == PERCEPT_OK ? read_recipe(&document, "recipe", out, error) : status;
}
