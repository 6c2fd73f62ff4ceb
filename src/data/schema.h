/* What is known about the columns of data. A reader makes a schema, the storage carries it, and a model keeps a copy.
 * With it, other files are read for the model: columns are found by name, in any order. */
#ifndef DATA_SCHEMA_H
#define DATA_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "data/date.h"

/* What the values of a feature's column are. */
typedef enum FeatureKind {
    FEATURE_NUMBER,
    FEATURE_BOOLEAN,  /* true and false, which are 1 and 0 */
    FEATURE_CATEGORY, /* texts of a vocabulary: code k is text k; NaN is no category, or an unknown one */
    FEATURE_DATE,     /* a number that is a part of a date; several features then come from one column */
} FeatureKind;

/* Of a feature that is FEATURE_DATE: how its column is written, and what the feature is of it. */
typedef struct DateFeature {
    DateForm form;
    DatePart part;
} DateFeature;

/* The texts of a category, in the order of their codes. In storages codes are numbers. */
typedef struct Vocabulary {
    size_t count;
    char **values; /* count texts, in one block; NULL: none */
} Vocabulary;

/* Most different texts of a category: float32 holds all codes exactly. */
#define VOCABULARY_MOST ((size_t)1 << 24)

/* All zero is the schema of data about which nothing is known. Every pointer is owned, and released by schema_clear. */
typedef struct Schema {
    size_t width;       /* features */
    char **names;       /* width names, in one block; NULL where features have none, such as pixels; a part of a date
                               * is named after its column: "departure:month" */
    FeatureKind *kinds; /* width; NULL: all are numbers */
    Vocabulary *vocabularies; /* width, empty but for categories; NULL: there are none */
    DateFeature *dates;       /* width, empty but for dates; NULL: there are none. Parts of one date are neighbours. */
    size_t *places; /* width: feature j comes from column places[j] of the file, counted from 0 among the columns of
                               * features; NULL: column j */
    double *fills;  /* width values that replace missing ones, in the units of the file; categories are never
                         * filled; NULL: not known */
    char *label;    /* name of the column of labels, or NULL */
    size_t target_width;
    char **targets; /* target_width names, in one block, or NULL */
    char **ids;     /* id_count names, in one block: columns that identify rows and are printed beside predictions */
    size_t id_count;
    char **ignored; /* ignored_count names, in one block: columns of the file that are nothing of the above */
    size_t ignored_count;
    char **missing_tokens; /* tokens for a missing value, in one block; NULL: the default ones */
    size_t missing_token_count;
} Schema;

percept_status schema_copy(const Schema *from, Schema *to, percept_error *error);

/* The same into a schema that already has content, which is released; on failure it keeps its content. */
percept_status schema_replace(const Schema *from, Schema *to, percept_error *error);

/* Adds names to those of the ignored columns. */
percept_status schema_ignore(Schema *schema, const char *const *names, size_t count, percept_error *error);

/* Releases what the schema owns and zeroes it. */
void schema_clear(Schema *schema);

/* True if feature j is a category. */
static inline bool schema_is_category(const Schema *schema, size_t j)
{
    return schema->kinds != NULL && schema->kinds[j] == FEATURE_CATEGORY;
}

/* The number of features that are categories. */
size_t schema_categories(const Schema *schema);

/* True if feature j is a part of a date. */
static inline bool schema_is_date(const Schema *schema, size_t j)
{
    return schema->kinds != NULL && schema->kinds[j] == FEATURE_DATE;
}

/* True if feature j is the first one, or the only one, of its column. */
bool schema_leads(const Schema *schema, size_t j);

/* The number of columns from which the features come. */
size_t schema_columns(const Schema *schema);

/* Bytes of the name of feature j, from its beginning, that are the name of its column. Needs schema->names. */
size_t schema_column_length(const Schema *schema, size_t j);

/* True if feature j comes from the column of this name. */
bool schema_has_column(const Schema *schema, size_t j, const char *name);

/* Names "number", "boolean", "category", "date"; NULL past the last. And the kind of a name, -1 if there is none. */
const char *feature_kind_name(size_t kind);
int feature_kind_find(const char *name);

/* The name of feature j for people: its own, or "feature 3" (counted from 1), of a part of a date "column 1:month" (among
 * the columns of features), written to `text`, where it has none. */
#define SCHEMA_NAME_SIZE 32
const char *schema_feature_name(const Schema *schema, size_t j, char text[SCHEMA_NAME_SIZE]);

/* The name of target t: its own, or "target 2"; "target" where it is the only one. */
const char *schema_target_name(const Schema *schema, size_t t, char text[SCHEMA_NAME_SIZE]);

/* Finds the features among `count` columns by their names. place_of[c] receives the feature that column c is (of a date the
 * first), or SCHEMA_NONE; if several columns have one name, the first belongs to that feature of the name which came first
 * in the file, and so on. `taken`: true for columns with another role; or NULL. Returns through *missing the first feature
 * that no column has, or SCHEMA_NONE. Needs schema->names. */
#define SCHEMA_NONE ((size_t)-1)
percept_status schema_match(const Schema *schema, const char *const *columns, size_t count, const bool *taken,
                            size_t *place_of, size_t *missing, percept_error *error);

/* Copies `count` names into one block, released with memory_free. */
percept_status names_copy(const char *const *names, size_t count, char ***out, percept_error *error);

#endif
