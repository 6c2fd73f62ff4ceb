/* A table becomes a dataset. */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/quote.h"
#include "data/table.h"
#include "data/values.h"

/* ---- What is refused ----------------------------------------------------------------------------------------------- */

static percept_status check_booleans(const Storage *storage, percept_error *error)
{
    char name[SCHEMA_NAME_SIZE];
    for (size_t j = 0; storage->schema.kinds != NULL && j < storage->width; j++)
        for (size_t i = 0; storage->schema.kinds[j] == FEATURE_BOOLEAN && i < storage->count; i++) {
            const double x = storage_value(storage, i, j);
            if (x != 0 && x != 1 && !isnan(x))
                return error_set(error, PERCEPT_ERROR_ARGUMENT,
                                 "features, row %zu, column %zu (%.64s): %g is not boolean; give 0 or 1, or make the "
                                 "column one of numbers",
                                 i + 1, j + 1, schema_feature_name(&storage->schema, j, name), x);
        }
    return PERCEPT_OK;
}

/* Looks at the matrix, and at the answers, through a storage that owns nothing. Columns were looked at one by one. */
static percept_status check(const percept_table *table, percept_error *error)
{
    const Storage storage = {.type = table->type,
                             .count = table->count,
                             .width = table->width,
                             .features = table->block != NULL ? table->block : (void *)table->borrowed,
                             .targets = table->answers.targets,
                             .target_width = table->answers.target_width,
                             .weights = table->weights,
                             .schema = {.width = table->width,
                                        .names = table->names,
                                        .kinds = table->kinds,
                                        .target_width = table->target_names != NULL ? table->answers.target_width : 0,
                                        .targets = table->target_names}};
    if (table->width == 0 && table->added_count == 0)
        return error_set(
            error, PERCEPT_ERROR_ARGUMENT,
            "the table has no features; call percept_table_set_features or percept_table_add_column first");
    percept_status status =
        table->in_range ? PERCEPT_OK : values_check_features(&storage, 0, storage.count, "features", error);
    if (status == PERCEPT_OK)
        status = values_check_answers(&storage, 0, storage.count, "table", error);
    return status == PERCEPT_OK ? check_booleans(&storage, error) : table_refuse(status, error);
}

/* ---- Making -------------------------------------------------------------------------------------------------------- */

/* A storage with copies of what may not be taken from the table before nothing can fail any more. */
static percept_status create(const percept_table *table, const Arranged *arranged, Storage **out, percept_error *error)
{
    const Answers *answers = &table->answers;
    const bool has_targets = table->target_names != NULL && arranged->schema.targets == NULL;
    percept_status status =
        storage_adopt(arranged->type, table->count, arranged->width, answers->class_count, NULL, NULL, out, error);
    if (status == PERCEPT_OK && answers->class_names != NULL)
        status = storage_name_classes(*out, (const char *const *)answers->class_names, error);
    if (status == PERCEPT_OK && answers->labels != NULL)
        memcpy((*out)->labels, answers->labels, table->count * sizeof *answers->labels);
    if (status == PERCEPT_OK && has_targets)
        status =
            names_copy((const char *const *)table->target_names, answers->target_width, &(*out)->schema.targets, error);
    if (status == PERCEPT_OK && has_targets)
        (*out)->schema.target_width = answers->target_width;
    return status;
}

/* Counts the numbers that are missing, or fills them where the schema knows how. A matrix that is borrowed has none. */
static void count_missing(Storage *storage)
{
    const double *fills = storage->schema.fills;
    const bool may_lack = storage->type != PERCEPT_UINT8 && storage->block != NULL;
    for (size_t i = 0; may_lack && i < storage->count; i++)
        for (size_t j = 0; j < storage->width; j++) {
            if (schema_is_category(&storage->schema, j) || !isnan(storage_value(storage, i, j)))
                continue;
            if (fills == NULL)
                storage->missing++;
            else
                storage_set(storage, i, j, fills[j]);
        }
}

/* Hands everything over to the storage, whose schema has no more than names of targets. */
static void move(percept_table *table, Arranged *arranged, Storage *storage)
{
    const bool own = arranged->block == NULL; /* the matrix */
    storage->block = own ? table->block : arranged->block;
    storage->features = storage->block != NULL ? storage->block : (void *)table->borrowed;
    if (own) {
        storage->release = table->release;
        storage->user = table->user;
        table->block = NULL;
        table->release = NULL;
    }
    if (storage->schema.targets != NULL) {
        arranged->schema.targets = storage->schema.targets;
        arranged->schema.target_width = storage->schema.target_width;
    }
    storage->schema = arranged->schema;
    storage->unknown = arranged->unknown;
    storage->notes = arranged->notes;
    storage->table = storage->schema.names != NULL;
    storage->targets = table->answers.targets;
    storage->target_width = table->answers.target_width;
    storage->weights = table->weights;
    storage->groups = table->groups;
    storage->group_count = table->group_count;
    storage->times = table->times;
    count_missing(storage);
    table->answers.targets = NULL;
    table->weights = NULL;
    table->groups = NULL;
    table->times = NULL;
    table_empty(table);
}

/* The order of targets that a schema has: sources[t] is the target of the table that becomes target t. */
static percept_status find_targets(const percept_table *table, const Schema *schema, size_t **sources,
                                   percept_error *error)
{
    char quoted[QUOTED_SIZE];
    const size_t width = table->answers.target_width;
    const bool named = schema != NULL && schema->targets != NULL && table->target_names != NULL;
    if (!named)
        return PERCEPT_OK;
    percept_status status = memory_allocate(schema->target_width, sizeof **sources, "the targets", sources, error);
    for (size_t t = 0; status == PERCEPT_OK && t < schema->target_width; t++) {
        size_t found = 0;
        while (found < width && strcmp(table->target_names[found], schema->targets[t]) != 0)
            found++;
        (*sources)[t] = found;
        if (found == width)
            status = error_set(error, PERCEPT_ERROR_ARGUMENT, "the table has no target %s",
                               quote_text(schema->targets[t], quoted));
    }
    return status;
}

/* The targets in the order of a schema that knows their names: *out, or NULL where they stay as they are. */
static percept_status order_targets(const percept_table *table, const Schema *schema, double **out,
                                    percept_error *error)
{
    const size_t count = table->count, own = table->answers.target_width;
    size_t *sources = NULL;
    if (own == 0 || schema == NULL || schema->target_width == 0)
        return PERCEPT_OK;
    percept_status status = find_targets(table, schema, &sources, error);
    if (status == PERCEPT_OK && sources == NULL && own != schema->target_width)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT,
                           "the table has %zu targets, but the model was trained with %zu", own, schema->target_width);
    if (status == PERCEPT_OK && sources != NULL)
        status = memory_allocate(count * schema->target_width, sizeof **out, "the targets", out, error);
    for (size_t i = 0; status == PERCEPT_OK && sources != NULL && i < count; i++)
        for (size_t t = 0; t < schema->target_width; t++)
            (*out)[i * schema->target_width + t] = table->answers.targets[i * own + sources[t]];
    memory_free(sources);
    return status;
}

percept_status table_finish_like(percept_table *table, const Schema *schema, const char *const *class_names,
                                 size_t class_count, percept_dataset **out, percept_error *error)
{
    Arranged arranged = {0};
    Storage *storage = NULL;
    percept_dataset *view = NULL;
    double *targets = NULL;
    percept_status status = check(table, error);
    if (status == PERCEPT_OK)
        status = table_arrange(table, schema, &arranged, error);
    if (status == PERCEPT_OK)
        status = create(table, &arranged, &storage, error);
    if (status == PERCEPT_OK)
        status = order_targets(table, schema, &targets, error);
    if (status == PERCEPT_OK)
        status = dataset_view(storage, 0, table->count, &view, error);
    if (status == PERCEPT_OK)
        status = dataset_match_classes(view, class_names, class_count, error);
    if (status == PERCEPT_OK) {
        if (targets != NULL) {
            memory_free(table->answers.targets);
            table->answers.targets = targets;
            table->answers.target_width = schema->target_width;
        }
        move(table, &arranged, storage);
        *out = view;
    } else {
        memory_free(targets);
        arranged_clear(&arranged);
        percept_dataset_free(view);
    }
    storage_release(storage); /* the view has its own reference */
    return status;
}

percept_status percept_table_finish(percept_table *table, percept_dataset **out, percept_error *error)
{
    if (table == NULL || out == NULL)
        return error_null(error, "percept_table_finish", "table and out");
    return table_finish_like(table, NULL, NULL, 0, out, error);
}

percept_status percept_table_finish_like(percept_table *table, const percept_dataset *like, percept_dataset **out,
                                         percept_error *error)
{
    if (table == NULL || like == NULL || out == NULL)
        return error_null(error, "percept_table_finish_like", "table, like and out");
    Schema schema = like->storage->schema;
    schema.width = like->storage->width;
    if (schema.target_width == 0)
        schema.target_width = like->storage->target_width;
    return table_finish_like(table, &schema, (const char *const *)like->class_names, like->class_count, out, error);
}

percept_status percept_dataset_create(percept_type type, size_t count, size_t width, const void *features,
                                      const int32_t *labels, size_t class_count, const char *const *class_names,
                                      percept_dataset **out, percept_error *error)
{
    percept_table *table = NULL;
    if (features == NULL || out == NULL)
        return error_null(error, "percept_dataset_create", "features and out");
    if ((labels != NULL) != (class_count > 0))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "labels and class_count must both be given, or neither");
    percept_status status = percept_table_create(count, &table, error);
    if (status == PERCEPT_OK)
        status = percept_table_set_features(table, type, features, width, 0, 0, error);
    if (status == PERCEPT_OK && labels != NULL)
        status = percept_table_set_labels(table, PERCEPT_INT32, labels, 0, class_count, class_names, error);
    if (status == PERCEPT_OK)
        status = percept_table_finish(table, out, error);
    percept_table_free(table);
    return status;
}
