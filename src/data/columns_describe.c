/* From the columns of a table to what a model is to know of them. */
#include "data/columns.h"

#include <string.h>

#include "base/memory.h"

/* The names of the columns of a role, in the order of their places. */
static percept_status copy_role(const Columns *columns, char *const *names, ColumnRole role, size_t count, char ***out,
                                percept_error *error)
{
    const char **list = NULL;
    percept_status status = memory_allocate(count, sizeof *list, "the names", &list, error);
    for (size_t c = 0; status == PERCEPT_OK && c < columns->count; c++)
        if (columns->list[c].role == role)
            list[columns->list[c].place] = names[c];
    if (status == PERCEPT_OK)
        status = names_copy(list, count, out, error);
    memory_free(list);
    return status;
}

static percept_status copy_ids(const Columns *columns, char *const *names, Schema *schema, percept_error *error)
{
    const char **list = NULL;
    percept_status status = memory_allocate(columns->count, sizeof *list, "the names", &list, error);
    for (size_t c = 0; status == PERCEPT_OK && c < columns->count; c++)
        if (columns->list[c].id)
            list[schema->id_count++] = names[c];
    if (status == PERCEPT_OK && schema->id_count > 0)
        status = names_copy(list, schema->id_count, &schema->ids, error);
    memory_free(list);
    return status;
}

/* Kinds, and the order in the file; the vocabularies are not known yet. */
static percept_status describe_categories(const Columns *columns, Schema *schema, percept_error *error)
{
    const size_t width = columns->features;
    size_t next = 0;
    if (columns->categories == 0)
        return PERCEPT_OK;
    percept_status status = memory_allocate_zeroed(width, sizeof *schema->kinds, "the columns", &schema->kinds, error);
    if (status == PERCEPT_OK)
        status =
            memory_allocate_zeroed(width, sizeof *schema->vocabularies, "the columns", &schema->vocabularies, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(width, sizeof *schema->places, "the columns", &schema->places, error);
    for (size_t c = 0; status == PERCEPT_OK && c < columns->count; c++) {
        const Column *column = &columns->list[c];
        if (column->role != COLUMN_FEATURE)
            continue;
        schema->places[column->place] = next++;
        schema->kinds[column->place] = column->category ? FEATURE_CATEGORY : FEATURE_NUMBER;
    }
    return status;
}

percept_status columns_describe(const Columns *columns, char *const *names, Schema *out, percept_error *error)
{
    Schema schema = {.width = columns->features};
    percept_status status = PERCEPT_OK;
    if (names != NULL)
        status = copy_role(columns, names, COLUMN_FEATURE, columns->features, &schema.names, error);
    if (status == PERCEPT_OK && names != NULL && columns->targets > 0) {
        schema.target_width = columns->targets;
        status = copy_role(columns, names, COLUMN_TARGET, columns->targets, &schema.targets, error);
    }
    for (size_t c = 0; status == PERCEPT_OK && names != NULL && c < columns->count; c++)
        if (columns->list[c].role == COLUMN_LABEL)
            status = memory_copy_string(names[c], &schema.label, error);
    if (status == PERCEPT_OK)
        status = describe_categories(columns, &schema, error);
    if (status == PERCEPT_OK && names != NULL)
        status = copy_ids(columns, names, &schema, error);
    if (status == PERCEPT_OK)
        *out = schema;
    else
        schema_clear(&schema);
    return status;
}
