/* The features of a table that becomes data for training. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/quote.h"
#include "data/table_sources.h"

/* Texts that hardly repeat are no categories: the rule of files, which leave them out. */
static percept_status refuse_free_texts(const TableColumn *column, size_t count, percept_error *error)
{
    char name[QUOTED_SIZE];
    const size_t different = column->texts.count;
    if (!column->any || 2 * different <= (count > 2 ? count : 2))
        return PERCEPT_OK;
    return error_set(
        error, PERCEPT_ERROR_ARGUMENT,
        "column %s has %zu different texts in %zu rows, so they are neither categories nor dates; drop it, "
        "or say that it is categorical",
        quote_text(column->name, name), different, count);
}

/* The parts of a date that tell something. */
static percept_status add_parts(Arrangement *all, size_t c, percept_error *error)
{
    TableDate date = {0};
    percept_status status =
        table_date_learn(table_added(all->table, c), all->table->count, &date, &all->made.notes, error);
    for (size_t p = 0; status == PERCEPT_OK && p < DATE_PARTS; p++) {
        if (date.dropped[p])
            continue;
        all->sources[all->made.width++] =
            (Source){.column = c, .date = {date.form, (DatePart)p}, .values = date.parts[p]};
        date.parts[p] = NULL;
    }
    table_date_clear(&date);
    return status;
}

/* Numbers and dates keep the order of the table, and so do the categories behind them. */
static percept_status put_categories_last(Arrangement *all, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    all->made.width = 0;
    for (int category = 0; category < 2; category++)
        for (size_t c = 0; status == PERCEPT_OK && c < table_columns(all->table); c++) {
            const FeatureKind kind = table_kind(all->table, c);
            if ((kind == FEATURE_CATEGORY) != (category == 1))
                continue;
            if (kind == FEATURE_CATEGORY)
                status = refuse_free_texts(table_added(all->table, c), all->table->count, error);
            if (kind == FEATURE_DATE)
                status = add_parts(all, c, error);
            else
                all->sources[all->made.width++] = (Source){.column = c};
        }
    if (status == PERCEPT_OK && all->made.width == 0)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT,
                           "no feature is left: all columns are dates that are the same in every row");
    return status;
}

/* "departure:month" of a part of a date, in `room`. */
static const char *feature_name(const Arrangement *all, size_t j, char *room, size_t size)
{
    const Source *source = &all->sources[j];
    if (table_kind(all->table, source->column) != FEATURE_DATE)
        return table_name(all->table, source->column);
    snprintf(room, size, "%s:%s", table_name(all->table, source->column), date_part_name(source->date.part));
    return room;
}

static percept_status describe_names(Arrangement *all, percept_error *error)
{
    const size_t width = all->made.width;
    const char **names = NULL;
    char *rooms = NULL;
    size_t size = sizeof ":weekday";
    for (size_t j = 0; j < width; j++) {
        const size_t length = strlen(table_name(all->table, all->sources[j].column)) + sizeof ":weekday";
        size = length > size ? length : size;
    }
    percept_status status = memory_allocate(width, sizeof *names, "the names", &names, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(width, size, "the names", &rooms, error);
    for (size_t j = 0; status == PERCEPT_OK && j < width; j++)
        names[j] = feature_name(all, j, rooms + j * size, size);
    if (status == PERCEPT_OK)
        status = names_copy(names, width, &all->made.schema.names, error);
    memory_free(rooms);
    memory_free(names);
    return status;
}

/* The column of each feature, counted among those that have features. */
static percept_status describe_places(Arrangement *all, percept_error *error)
{
    Schema *schema = &all->made.schema;
    size_t *place_of = NULL, next = 0;
    percept_status status =
        memory_allocate_zeroed(table_columns(all->table), sizeof *place_of, "the columns", &place_of, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(schema->width, sizeof *schema->places, "the columns", &schema->places, error);
    for (size_t j = 0; status == PERCEPT_OK && j < schema->width; j++)
        place_of[all->sources[j].column] = 1;
    for (size_t c = 0; status == PERCEPT_OK && c < table_columns(all->table); c++) {
        const bool used = place_of[c] > 0;
        place_of[c] = next;
        next += used;
    }
    for (size_t j = 0; status == PERCEPT_OK && j < schema->width; j++)
        schema->places[j] = place_of[all->sources[j].column];
    memory_free(place_of);
    return status;
}

/* Kinds; vocabularies are not known yet. */
static percept_status describe_kinds(Arrangement *all, percept_error *error)
{
    Schema *schema = &all->made.schema;
    const size_t width = schema->width;
    size_t dates = 0;
    percept_status status = memory_allocate(width, sizeof *schema->kinds, "the columns", &schema->kinds, error);
    for (size_t j = 0; status == PERCEPT_OK && j < width; j++) {
        schema->kinds[j] = table_kind(all->table, all->sources[j].column);
        dates += schema->kinds[j] == FEATURE_DATE;
    }
    if (status == PERCEPT_OK && dates > 0)
        status = memory_allocate_zeroed(width, sizeof *schema->dates, "the columns", &schema->dates, error);
    for (size_t j = 0; status == PERCEPT_OK && dates > 0 && j < width; j++)
        schema->dates[j] = all->sources[j].date;
    if (status == PERCEPT_OK && schema_categories(schema) > 0)
        status =
            memory_allocate_zeroed(width, sizeof *schema->vocabularies, "the columns", &schema->vocabularies, error);
    if (status == PERCEPT_OK && dates + schema_categories(schema) > 0)
        status = describe_places(all, error);
    return status;
}

/* Names, kinds unless all are numbers, and, as of a file with categories or dates, the places in the table. */
static percept_status describe(Arrangement *all, percept_error *error)
{
    size_t others = 0;
    all->made.schema.width = all->made.width;
    percept_status status = table_has_names(all->table) ? describe_names(all, error) : PERCEPT_OK;
    for (size_t j = 0; j < all->made.width; j++)
        others += table_kind(all->table, all->sources[j].column) != FEATURE_NUMBER;
    return status == PERCEPT_OK && others > 0 ? describe_kinds(all, error) : status;
}

percept_status table_sources_describe(Arrangement *all, percept_error *error)
{
    percept_status status = put_categories_last(all, error);
    return status == PERCEPT_OK ? describe(all, error) : status;
}
