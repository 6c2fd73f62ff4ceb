/* Recipes as YAML, through libyaml's document API. */
#include <string.h>
#include <yaml.h>

#include "base/file.h"
#include "recipe/recipe.h"
#include "recipe/value.h"

/* libyaml reports failure as 0 and, given well-formed UTF-8, fails for want of memory alone; nodes are numbered from 1. */
#define MAP_TAG ((const yaml_char_t *)YAML_MAP_TAG)
#define SEQ_TAG ((const yaml_char_t *)YAML_SEQ_TAG)
#define STR_TAG ((const yaml_char_t *)YAML_STR_TAG)

#define SAFE_FIRST "/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define SAFE SAFE_FIRST "0123456789_.-"

/* Words that YAML 1.1 or 1.2 reads as something else than text. */
static bool is_plain_text(const char *text)
{
    static const char *const words[] = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcasecmp(text, words[i]) == 0)
            return false;
    return strspn(text, SAFE_FIRST) > 0 && text[strspn(text, SAFE)] == '\0';
}

static int add_scalar(yaml_document_t *document, const char *text, bool quoted)
{
    const size_t length = strlen(text);
    if (length > INT32_MAX)
        return 0;
    return yaml_document_add_scalar(document, STR_TAG, (const yaml_char_t *)text, (int)length,
                                    quoted ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE);
}

static int add_item(yaml_document_t *document, const Key *key, const Value *value, size_t i)
{
    char buffer[VALUE_ITEM_SIZE];
    const char *text = value_item_text(key, value, i, buffer);
    return add_scalar(document, text, key->type == KEY_TEXT && !is_plain_text(text));
}

/* A list of one is written as its item, unless that could be read as several. */
static int add_value(yaml_document_t *document, const Key *key, const Value *value)
{
    if (value->count == 1 && !(key->list && key->type == KEY_TEXT))
        return add_item(document, key, value, 0);
    const int list = yaml_document_add_sequence(document, SEQ_TAG, YAML_FLOW_SEQUENCE_STYLE);
    for (size_t i = 0; list != 0 && i < value->count; i++) {
        const int item = add_item(document, key, value, i);
        if (item == 0 || !yaml_document_append_sequence_item(document, list, item))
            return 0;
    }
    return list;
}

static bool append_pair(yaml_document_t *document, int parent, const char *word, int value)
{
    const int key = value != 0 ? add_scalar(document, word, false) : 0;
    return key != 0 && yaml_document_append_mapping_pair(document, parent, key, value);
}

/* Adds the mapping of a section, whose name is the first `length` letters of `name`. */
static int add_section(yaml_document_t *document, int root, const char *name, size_t length)
{
    char section[64] = "";
    if (length >= sizeof section)
        return 0;
    memcpy(section, name, length);
    const int added = yaml_document_add_mapping(document, MAP_TAG, YAML_BLOCK_MAPPING_STYLE);
    return append_pair(document, root, section, added) ? added : 0;
}

/* Defaults beside a preset would look like choices, which a preset respects. */
static bool is_written(const percept_recipe *recipe, const Value *value)
{
    return value->count > 0 && (value->chosen || !recipe_is_set(recipe, "preset"));
}

/* All set keys; a section begins where the table has its first set key. */
static bool fill_document(yaml_document_t *document, const percept_recipe *recipe)
{
    const char *current = "";
    size_t current_length = 0;
    const int root = yaml_document_add_mapping(document, MAP_TAG, YAML_BLOCK_MAPPING_STYLE);
    int mapping = root;
    for (size_t i = 0; root != 0 && i < recipe_key_count(); i++) {
        const Key *key = recipe_key_at(i);
        const char *dot = strchr(key->name, '.');
        const size_t length = dot != NULL ? (size_t)(dot - key->name) : 0;
        if (!is_written(recipe, &recipe->values[i]))
            continue;
        if (length != current_length || strncmp(key->name, current, length) != 0) {
            mapping = add_section(document, root, key->name, length);
            current = key->name;
            current_length = length;
        }
        const char *word = dot != NULL ? dot + 1 : key->name;
        if (mapping == 0 || !append_pair(document, mapping, word, add_value(document, key, &recipe->values[i])))
            return false;
    }
    return root != 0;
}

static int write_bytes(void *writer, unsigned char *bytes, size_t size)
{
    file_writer_write(writer, bytes, size);
    return 1;
}

static int append_bytes(void *buffer, unsigned char *bytes, size_t size)
{
    Buffer *out = buffer;
    if (buffer_reserve(out, size + 1, "a recipe", NULL) != PERCEPT_OK)
        return 0;
    memcpy(out->bytes + out->size, bytes, size);
    out->size += size;
    out->bytes[out->size] = '\0';
    return 1;
}

static bool emit(const percept_recipe *recipe, yaml_write_handler_t *write, void *target)
{
    yaml_emitter_t emitter;
    yaml_document_t document;
    if (!yaml_emitter_initialize(&emitter))
        return false;
    yaml_emitter_set_output(&emitter, write, target);
    yaml_emitter_set_unicode(&emitter, 1);
    yaml_emitter_set_width(&emitter, -1);
    bool done = yaml_document_initialize(&document, NULL, NULL, NULL, 1, 1);
    if (done && !fill_document(&document, recipe)) {
        yaml_document_delete(&document);
        done = false;
    }
    /* yaml_emitter_dump releases the document, whether it succeeds or not. */
    done = done && yaml_emitter_dump(&emitter, &document) && yaml_emitter_close(&emitter);
    yaml_emitter_delete(&emitter);
    return done;
}

percept_status recipe_write_text(const percept_recipe *recipe, Buffer *out, percept_error *error)
{
    if (emit(recipe, append_bytes, out))
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory to write a recipe");
}

percept_status recipe_write(const percept_recipe *recipe, const char *path, percept_error *error)
{
    FileWriter *writer = NULL;
    percept_status status = file_writer_open(path, &writer, error);
    if (status != PERCEPT_OK)
        return status;
    file_writer_print(
        writer, "# A recipe for Percept %s: `percept train` runs it; `percept train --help-all` explains the keys.\n",
        PERCEPT_VERSION);
    if (!emit(recipe, write_bytes, writer)) {
        file_writer_abandon(writer);
        return error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory to write '%s'", path);
    }
    return file_writer_commit(writer, error);
}

percept_status percept_recipe_save(const percept_recipe *recipe, const char *path, percept_error *error)
{
    if (recipe == NULL || path == NULL)
        return error_null(error, "percept_recipe_save", "recipe and path");
    return recipe_write(recipe, path, error);
}
