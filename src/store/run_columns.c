#include "store/run_columns.h"

#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "recipe/value.h"
#include "store/database_words.h"

#define TAGS_SQL                                                                                                       \
    "(SELECT coalesce(group_concat(tag, ', '), '') FROM (SELECT tag FROM tags WHERE run = runs.id ORDER BY tag))"

#define FIELD(name, type)                                                                                              \
    {                                                                                                                  \
#name, type, offsetof(RunRow, name), NULL                                                                      \
    }

static const RunColumn table[] = {
    FIELD(id, COLUMN_ID),
    FIELD(search, COLUMN_ID),
    FIELD(kind, COLUMN_TEXT),
    FIELD(name, COLUMN_TEXT),
    FIELD(folder, COLUMN_TEXT),
    FIELD(trial, COLUMN_COUNT),
    FIELD(repeat, COLUMN_COUNT),
    {"state", COLUMN_STATE, offsetof(RunRow, state), STATE_SQL},
    FIELD(request, COLUMN_REQUEST),
    FIELD(recipe, COLUMN_TEXT),
    FIELD(dataset, COLUMN_TEXT),
    FIELD(checksum, COLUMN_TEXT),
    FIELD(version, COLUMN_TEXT),
    FIELD(machine, COLUMN_TEXT),
    FIELD(message, COLUMN_TEXT),
    {"tags", COLUMN_TEXT, offsetof(RunRow, tags), TAGS_SQL},
    FIELD(train_count, COLUMN_COUNT),
    FIELD(valid_count, COLUMN_COUNT),
    FIELD(test_count, COLUMN_COUNT),
    FIELD(parameters, COLUMN_COUNT),
    FIELD(threads, COLUMN_COUNT),
    FIELD(epochs, COLUMN_COUNT),
    FIELD(epoch, COLUMN_COUNT),
    FIELD(best_epoch, COLUMN_EPOCH),
    FIELD(train_loss, COLUMN_REAL),
    FIELD(train_accuracy, COLUMN_REAL),
    FIELD(valid_loss, COLUMN_REAL),
    FIELD(valid_accuracy, COLUMN_REAL),
    FIELD(test_loss, COLUMN_REAL),
    FIELD(test_accuracy, COLUMN_REAL),
    FIELD(started, COLUMN_TIME),
    FIELD(ended, COLUMN_TIME),
    FIELD(updated, COLUMN_TIME),
    FIELD(seconds, COLUMN_REAL),
};

const RunColumn *run_column_at(size_t index)
{
    return index < sizeof table / sizeof *table ? &table[index] : NULL;
}

const RunColumn *run_column_find(const char *name)
{
    for (size_t c = 0; c < sizeof table / sizeof *table; c++)
        if (strcmp(table[c].name, name) == 0)
            return &table[c];
    return NULL;
}

static percept_status refuse_unknown(const char *name, percept_error *error)
{
    const char *names[sizeof table / sizeof *table];
    char quoted[QUOTED_SIZE];
    for (size_t c = 0; c < sizeof table / sizeof *table; c++)
        names[c] = table[c].name;
    const Key *key = recipe_key_nearest(name);
    const char *nearest = nearest_word(name, names, sizeof names / sizeof *names);
    if (nearest == NULL && key != NULL)
        nearest = key->name;
    if (nearest != NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "%s is neither a column of runs nor a key of recipes; did you mean '%s'?",
                         quote_text(name, quoted), nearest);
    return error_set(
        error, PERCEPT_ERROR_ARGUMENT,
        "%s is neither a column of runs nor a key of recipes; `percept runs list --help` and `percept train "
        "--help` list them",
        quote_text(name, quoted));
}

percept_status run_key_sql(const char *name, char sql[RUN_KEY_SQL_SIZE], percept_error *error)
{
    const RunColumn *column = run_column_find(name);
    if (column != NULL)
        snprintf(sql, RUN_KEY_SQL_SIZE, "%s", column->sql != NULL ? column->sql : column->name);
    else if (recipe_key_find(name) != NULL)
        snprintf(sql, RUN_KEY_SQL_SIZE, "json_extract(recipe, '$.\"%s\"')", name);
    else
        return refuse_unknown(name, error);
    return PERCEPT_OK;
}
