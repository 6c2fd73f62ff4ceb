/* From the columns of a table to what a model is to know of them. */
#include "data/columns.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"

/* Bytes of ":weekday" and its final 0, the longest part. */
#define PART_SIZE sizeof ":weekday"

/* "departure:month" for each part of a date, `names` pointing into one block, which receives them. */
static percept_status name_parts(const Columns *columns, char *const *names, const char **list, char **block,
                                 percept_error *error)
{
    size_t size = 0;
    for (size_t c = 0; c < columns->count; c++)
        size += columns->list[c].date ? DATE_PARTS * (strlen(names[c]) + PART_SIZE) : 0;
    percept_status status = memory_allocate(size, 1, "the names", block, error);
    char *end = *block;
    for (size_t c = 0; status == PERCEPT_OK && c < columns->count; c++) {
        const Column *column = &columns->list[c];
        const size_t room = strlen(names[c]) + PART_SIZE;
        for (size_t p = 0; column->role == COLUMN_FEATURE && column->date && p < DATE_PARTS; p++, end += room) {
            snprintf(end, room, "%s:%s", names[c], date_part_name((DatePart)p));
            list[column->parts->of[p]] = end;
        }
    }
    return status;
}

/* The names of the columns of a role, in the order of their places. */
static percept_status copy_role(const Columns *columns, char *const *names, ColumnRole role, size_t count, char ***out,
                                percept_error *error)
{
    const char **list = NULL;
    char *parts = NULL;
    percept_status status = memory_allocate(count, sizeof *list, "the names", &list, error);
    for (size_t c = 0; status == PERCEPT_OK && c < columns->count; c++)
        if (columns->list[c].role == role)
            list[columns->list[c].place] = names[c];
    if (status == PERCEPT_OK && role == COLUMN_FEATURE && columns->dates > 0)
        status = name_parts(columns, names, list, &parts, error);
    if (status == PERCEPT_OK)
        status = names_copy(list, count, out, error);
    memory_free(parts);
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

/* The weight, groups, times, and what options or guesses leave out. */
static percept_status copy_ignored(const Columns *columns, char *const *names, Schema *schema, percept_error *error)
{
    const char **list = NULL;
    size_t count = 0;
    percept_status status = memory_allocate(columns->count, sizeof *list, "the names", &list, error);
    for (size_t c = 0; status == PERCEPT_OK && c < columns->count; c++) {
        const Column *column = &columns->list[c];
        if ((column->role == COLUMN_UNUSED || column->role == COLUMN_WEIGHT) && !column->id)
            list[count++] = names[c];
    }
    if (status == PERCEPT_OK)
        status = schema_ignore(schema, list, count, error);
    memory_free(list);
    return status;
}

/* Kinds, and the order in the file; vocabularies, and forms that are detected, are not known yet. */
static percept_status describe_kinds(const Columns *columns, Schema *schema, percept_error *error)
{
    const size_t width = columns->features;
    size_t next = 0;
    if (columns->categories + columns->dates == 0)
        return PERCEPT_OK;
    percept_status status = memory_allocate_zeroed(width, sizeof *schema->kinds, "the columns", &schema->kinds, error);
    if (status == PERCEPT_OK && columns->categories > 0)
        status =
            memory_allocate_zeroed(width, sizeof *schema->vocabularies, "the columns", &schema->vocabularies, error);
    if (status == PERCEPT_OK && columns->dates > 0)
        status = memory_allocate_zeroed(width, sizeof *schema->dates, "the columns", &schema->dates, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(width, sizeof *schema->places, "the columns", &schema->places, error);
    for (size_t c = 0; status == PERCEPT_OK && c < columns->count; c++) {
        const Column *column = &columns->list[c];
        if (column->role != COLUMN_FEATURE)
            continue;
        for (size_t p = 0; column->date && p < DATE_PARTS; p++) {
            schema->places[column->parts->of[p]] = next;
            schema->kinds[column->parts->of[p]] = FEATURE_DATE;
            schema->dates[column->parts->of[p]] = (DateFeature){column->form, (DatePart)p};
        }
        if (!column->date) {
            schema->places[column->place] = next;
            schema->kinds[column->place] = column->category ? FEATURE_CATEGORY : FEATURE_NUMBER;
        }
        next++;
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
        status = describe_kinds(columns, &schema, error);
    if (status == PERCEPT_OK && names != NULL)
        status = copy_ids(columns, names, &schema, error);
    if (status == PERCEPT_OK && names != NULL)
        status = copy_ignored(columns, names, &schema, error);
    if (status == PERCEPT_OK)
        *out = schema;
    else
        schema_clear(&schema);
    return status;
}
