/* The schema of a model, as text in a model file's metadata (JSON).
 *
 *   features   [{"kind":"number","name":"age"},{"kind":"boolean","name":"smoker"}], or [] where nothing is known of them.
 *              Where some are categories, each has its place among the features in the file, counted from 0, and a category
 *              has its texts by their codes: {"kind":"category","name":"region","place":1,"values":["east","north"]}
 *              A part of a date says how the date is written (data/date.h), and shares its place with the other parts:
 *              {"form":"mdy","kind":"date","name":"departure:month","part":"month","place":2}
 *   targets    ["price"], or [] where targets have no names */
#ifndef MODEL_SCHEMA_TEXT_H
#define MODEL_SCHEMA_TEXT_H

#include "data/schema.h"

/* The list of features, released with memory_free. Names must be UTF-8. */
percept_status schema_text_write(const Schema *schema, char **out, percept_error *error);

/* Reads names, kinds and categories of the features into a schema of `schema->width` features. PERCEPT_ERROR_FORMAT for anything
 * else, including kinds of columns that this version does not know. */
percept_status schema_text_read(const char *json, Schema *schema, percept_error *error);

#endif
