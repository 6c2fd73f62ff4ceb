/* Search spaces: the set of recipes that a search may try.
 *
 * A space file is a recipe, shared by all trials, with three more sections:
 *
 *   search: {strategy: halving, trials: 64, halving: {reduction: 4}}      settings.h
 *   space:
 *     train.learning_rate: {low: 0.001, high: 1, scale: log}              a range; steps: N for a grid, integer: true
 *     train.batch_size: [32, 64, 128]                                     a list of values
 *     model.layers: [784-64-10, [784, 256, 10]]                           of a key that is a list, a list of lists
 *     model.hidden: {depth: [1, 2], width: {low: 16, high: 512, scale: log}}
 *   conditions: ["model.parameters in [500000, 1000000]"]                 condition.h
 *
 * model.hidden is model.layers without inputs and outputs, which come from the data (or from model.layers of the
 * recipe). It is a list of hidden layers ("256-128"), or a depth and a width, each a list or a range. Then the width of
 * each layer is a separate dimension, which exists only if the network is deep enough. 0 in a list of hidden layers, or
 * as depth, means none.
 *
 * A point is a value for each dimension, in the order of the file; NaN for a width that does not exist, and for a key that is
 * left to the recipe. */
#ifndef SEARCH_SPACE_H
#define SEARCH_SPACE_H

#include "base/buffer.h"
#include "search/condition.h"
#include "search/dimension.h"
#include "search/settings.h"

#define SPACE_MOST_DIMENSIONS 64
#define SPACE_MOST_CONDITIONS 64

typedef struct Space {
    char *path; /* of the file, for messages */
    percept_recipe *base;
    SearchSettings settings;
    Dimension *dimensions; /* room for SPACE_MOST_DIMENSIONS */
    size_t count;
    char *conditions[SPACE_MOST_CONDITIONS];
    Condition *parsed[SPACE_MOST_CONDITIONS];
    size_t condition_count;
} Space;

/* Reads a space file; messages name file and line. Values are checked as --set checks them: each alone; combinations
 * are checked when a trial starts. Released with space_free, which takes NULL. */
percept_status space_read(const char *path, Space **out, percept_error *error);
void space_free(Space *space);

/* Appends the space as a file that reads back to the same. */
percept_status space_write(const Space *space, Buffer *out, percept_error *error);

/* Whether two texts of space_write, one perhaps of an earlier release, are the same space: equal but for renamed settings
 * (base/renamed.h). */
bool space_texts_agree(const char *one, const char *other);

/* Whether dimension d exists at the point, whose earlier values are set. */
bool space_has(const Space *space, const double *point, size_t d);

/* Sets in a copy of the base recipe the keys of the point; hidden layers only with inputs > 0: inputs is the number of
 * features of the data, outputs that of classes or targets. */
percept_status space_apply(const Space *space, const double *point, size_t inputs, size_t outputs,
                           percept_recipe *recipe, percept_error *error);

/* The first condition that a resolved recipe does not meet, as text in the file, or NULL. The space owns it. */
percept_status space_refuses(const Space *space, const percept_recipe *recipe, const char **out, percept_error *error);

/* Whether a dimension is a key of the data: its trials need other data than the base recipe. */
bool space_varies(const Space *space, const char *key);

/* From now on the key is not varied, and has the value of the base recipe; nothing if it is not varied anyway. */
void space_leave_out(Space *space, const char *key);

/* Columns of a table of points: one for each key, and one for all hidden layers ("256-128", "0" for none). *out is a
 * new string. */
/* The text of a key that is left to the recipe is empty. */
size_t space_columns(const Space *space);
const char *space_column_name(const Space *space, size_t column);
percept_status space_column_text(const Space *space, size_t column, const double *point, char **out,
                                 percept_error *error);

#endif
