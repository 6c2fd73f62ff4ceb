/* The part of a search's space that pictures need: which keys it varies, in their order, and which of them by logarithms. */
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "base/memory.h"
#include "base/renamed.h"
#include "show/trial_keys.h"

static const char *text_of(const yaml_node_t *node)
{
    return node != NULL && node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : "";
}

/* What a mapping has under a name, or NULL. */
static yaml_node_t *find(yaml_document_t *document, const yaml_node_t *mapping, const char *name)
{
    if (mapping == NULL || mapping->type != YAML_MAPPING_NODE)
        return NULL;
    for (const yaml_node_pair_t *pair = mapping->data.mapping.pairs.start; pair < mapping->data.mapping.pairs.top;
         pair++)
        if (strcmp(text_of(yaml_document_get_node(document, pair->key)), name) == 0)
            return yaml_document_get_node(document, pair->value);
    return NULL;
}

static percept_status read_keys(yaml_document_t *document, const yaml_node_t *mapping, TrialSpace *out,
                                percept_error *error)
{
    if (mapping == NULL || mapping->type != YAML_MAPPING_NODE)
        return PERCEPT_OK;
    const yaml_node_pair_t *pairs = mapping->data.mapping.pairs.start;
    const size_t count = (size_t)(mapping->data.mapping.pairs.top - pairs);
    percept_status status = memory_allocate_zeroed(count, sizeof *out->keys, "the search space", &out->keys, error);
    for (size_t i = 0; i < count && status == PERCEPT_OK; i++) {
        const yaml_node_t *value = yaml_document_get_node(document, pairs[i].value);
        const char *name = text_of(yaml_document_get_node(document, pairs[i].key));
        status = memory_copy_string(name, &out->keys[out->count].name, error);
        if (status != PERCEPT_OK)
            break;
        out->keys[out->count].range = value != NULL && value->type == YAML_MAPPING_NODE;
        const yaml_node_t *width = find(document, value, "width"); /* of hidden layers */
        const yaml_node_t *scale = find(document, width != NULL ? width : value, "scale");
        out->keys[out->count++].logarithmic = strcmp(text_of(scale), "log") == 0;
    }
    return status;
}

/* Whether the section `search` says that the score of a trial is the median of its runs. The space in the database may have
 * been written by an earlier release, under a former name of the key. */
static bool is_by_median(yaml_document_t *document, const yaml_node_t *search)
{
    char name[64];
    if (search == NULL || search->type != YAML_MAPPING_NODE)
        return false;
    for (const yaml_node_pair_t *pair = search->data.mapping.pairs.start; pair < search->data.mapping.pairs.top;
         pair++) {
        snprintf(name, sizeof name, "search.%s", text_of(yaml_document_get_node(document, pair->key)));
        if (strcmp(renamed(name), "search.metric") == 0)
            return strcmp(text_of(yaml_document_get_node(document, pair->value)), "median") == 0;
    }
    return false;
}

percept_status trial_space_read(const char *text, TrialSpace *out, percept_error *error)
{
    yaml_parser_t parser;
    yaml_document_t document;
    percept_status status = PERCEPT_OK;
    *out = (TrialSpace){0};
    if (text == NULL)
        return PERCEPT_OK;
    if (!yaml_parser_initialize(&parser))
        return error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory to read a search space");
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, strlen(text));
    if (yaml_parser_load(&parser, &document)) {
        const yaml_node_t *root = yaml_document_get_root_node(&document);
        out->by_median = is_by_median(&document, find(&document, root, "search"));
        status = read_keys(&document, find(&document, root, "space"), out, error);
        yaml_document_delete(&document);
    }
    yaml_parser_delete(&parser);
    return status;
}

void trial_space_clear(TrialSpace *space)
{
    for (size_t k = 0; k < space->count; k++)
        memory_free(space->keys[k].name);
    memory_free(space->keys);
    *space = (TrialSpace){0};
}
