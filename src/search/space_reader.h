/* Shared by the readers of a space file. */
#ifndef SEARCH_SPACE_READER_H
#define SEARCH_SPACE_READER_H

#include "recipe/fields.h"
#include "search/space.h"

typedef struct SpaceReader {
    Space *space;
    FieldSource source;
    percept_recipe *scratch; /* where values are tried */
    percept_error *error;
} SpaceReader;

/* A list or a range of a dimension, whose values are tried with a key of the recipe. */
percept_status space_read_values(const SpaceReader *reader, Dimension *dimension, const char *key,
                                 const yaml_node_t *node);

/* "path:line: " in front of a new message, or of one that is there already. */
#define SPACE_REFUSE(reader, node, ...) fields_refuse(&(reader)->source, node, (reader)->error, __VA_ARGS__)
percept_status space_at(const SpaceReader *reader, const yaml_node_t *node, percept_status status);

/* The characters of a scalar; whether a node is one that has some; a node of the document. */
const char *space_text_of(const yaml_node_t *node);
bool space_is_scalar(const yaml_node_t *node);
const yaml_node_t *space_node(const SpaceReader *reader, int index);

#endif
