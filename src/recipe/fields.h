/* Reads a YAML mapping that is no recipe (of a study, of a search space) by a table of fields. */
#ifndef RECIPE_FIELDS_H
#define RECIPE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <yaml.h>

#include "base/error.h"

/* The most items that a list of a field may have. */
#define FIELD_ITEMS 128

typedef struct FieldTexts {
    size_t count;
    const char *items[FIELD_ITEMS];
} FieldTexts;

typedef struct FieldNumbers {
    size_t count;
    double items[FIELD_ITEMS];
} FieldNumbers;

/* The type of a field and of its target. A list may also be given as a single item. */
typedef enum FieldType {
    FIELD_TEXT,    /* const char *, which lives as long as the document */
    FIELD_NUMBER,  /* double */
    FIELD_COUNT,   /* uint64_t */
    FIELD_BOOLEAN, /* bool */
    FIELD_TEXTS,   /* FieldTexts */
    FIELD_NUMBERS, /* FieldNumbers */
    FIELD_NODE,    /* const yaml_node_t *: any value */
} FieldType;

/* A row. A field that is not given leaves its target as it is. */
typedef struct Field {
    const char *name;
    void *target;
    FieldType type;
    bool required;
} Field;

/* An open document, and its name in messages. */
typedef struct FieldSource {
    yaml_document_t *document;
    const char *path;
} FieldSource;

/* Reads a mapping. Unknown fields (the nearest is named), wrong types, a field given twice and required ones that are
 * missing are refused with path and line. */
percept_status fields_read(const FieldSource *source, const yaml_node_t *mapping, const Field *fields, size_t count,
                           percept_error *error);

/* Reads one value. */
percept_status field_read_value(const FieldSource *source, const Field *field, const yaml_node_t *node,
                                percept_error *error);

/* "path:line: " in front of a new message. */
percept_status fields_refuse(const FieldSource *source, const yaml_node_t *node, percept_error *error,
                             const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
