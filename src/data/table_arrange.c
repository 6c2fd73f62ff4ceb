/* The columns of a table in the order of features: numbers in front of categories, or as a schema has them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "base/quote.h"
#include "data/date_text.h"
#include "data/row_store.h"
#include "data/table.h"

/* A column that becomes a feature; those of the matrix come first. */
typedef struct Source {
    size_t column;
    double
        *values; /* of texts: the code, or the part of a date, that each is; NaN for one that the schema lacks; owned */
} Source;

typedef struct Arrangement {
    const percept_table *table;
    Source *sources; /* width */
    Arranged made;
} Arrangement;

/* ---- Columns ------------------------------------------------------------------------------------------------------- */

static size_t columns_of(const percept_table *table)
{
    return table->width + table->added_count;
}

static const TableColumn *added_at(const percept_table *table, size_t column)
{
    return column >= table->width ? &table->added[column - table->width] : NULL;
}

static FeatureKind kind_of(const percept_table *table, size_t column)
{
    const TableColumn *added = added_at(table, column);
    if (added != NULL)
        return added->kind;
    return table->kinds != NULL ? table->kinds[column] : FEATURE_NUMBER;
}

static const char *name_of(const percept_table *table, size_t column)
{
    const TableColumn *added = added_at(table, column);
    return added != NULL ? added->name : table->names[column];
}

static bool has_names(const percept_table *table)
{
    return table->width == 0 || table->names != NULL;
}

/* ---- Vocabularies -------------------------------------------------------------------------------------------------- */

/* A text and its number. */
typedef struct Entry {
    const char *text;
    size_t number;
} Entry;

static int compare(const void *a, const void *b)
{
    return strcmp(((const Entry *)a)->text, ((const Entry *)b)->text);
}

/* The texts that occur, sorted by their bytes. */
static percept_status sort_texts(const LabelTable *texts, double *codes, Vocabulary *out, percept_error *error)
{
    Entry *entries = NULL;
    const char **sorted = NULL;
    percept_status status = memory_allocate(texts->count, sizeof *entries, "the categories", &entries, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(texts->count, sizeof *sorted, "the categories", &sorted, error);
    for (size_t n = 0; status == PERCEPT_OK && n < texts->count; n++)
        entries[n] = (Entry){label_table_text(texts, n), n};
    if (status == PERCEPT_OK)
        qsort(entries, texts->count, sizeof *entries, compare);
    for (size_t n = 0; status == PERCEPT_OK && n < texts->count; n++) {
        codes[entries[n].number] = (double)n;
        sorted[n] = entries[n].text;
    }
    if (status == PERCEPT_OK)
        status = names_copy(sorted, texts->count, &out->values, error);
    if (status == PERCEPT_OK)
        out->count = texts->count;
    memory_free(entries);
    memory_free(sorted);
    return status;
}

/* The codes of a vocabulary for the texts that occur. */
static percept_status find_texts(const LabelTable *texts, const Vocabulary *vocabulary, double *codes,
                                 percept_error *error)
{
    LabelTable known = {0};
    percept_status status = PERCEPT_OK;
    int32_t code = 0;
    for (size_t k = 0; status == PERCEPT_OK && k < vocabulary->count; k++)
        status = label_table_add(&known, vocabulary->values[k], strlen(vocabulary->values[k]), &code, error);
    for (size_t n = 0; status == PERCEPT_OK && n < texts->count; n++) {
        const char *text = label_table_text(texts, n);
        const int32_t found = label_table_find(&known, text, strlen(text));
        codes[n] = found < 0 ? (double)NAN : (double)found;
    }
    label_table_clear(&known);
    return status;
}

/* The parts of dates. */
static percept_status read_dates(const TableColumn *column, const DateFeature *date, double *parts,
                                 percept_error *error)
{
    char name[QUOTED_SIZE], quoted[QUOTED_SIZE];
    for (size_t n = 0; n < column->texts.count; n++) {
        const char *text = label_table_text(&column->texts, n);
        Moment moment;
        if (!date_read(text, strlen(text), date->form, &moment))
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "column %s: %s is no date of the form that the model was trained with (%s)",
                             quote_text(column->name, name), quote_text(text, quoted), date_form_name(date->form));
        parts[n] = date_part(&moment, date->part);
    }
    return PERCEPT_OK;
}

/* What each text of feature j is; known: in the vocabulary of the schema. */
static percept_status settle_texts(Arrangement *all, size_t j, bool known, percept_error *error)
{
    Schema *schema = &all->made.schema;
    const TableColumn *column = added_at(all->table, all->sources[j].column);
    double **values = &all->sources[j].values;
    percept_status status = memory_allocate(column->texts.count, sizeof **values, "the categories", values, error);
    if (status == PERCEPT_OK && schema_is_date(schema, j))
        return read_dates(column, &schema->dates[j], *values, error);
    if (status == PERCEPT_OK && known)
        return find_texts(&column->texts, &schema->vocabularies[j], *values, error);
    return status == PERCEPT_OK ? sort_texts(&column->texts, *values, &schema->vocabularies[j], error) : status;
}

/* ---- Without a schema ---------------------------------------------------------------------------------------------- */

/* Numbers keep the order of the table, and so do the categories behind them. */
static void put_categories_last(Arrangement *all)
{
    size_t next = 0;
    for (int category = 0; category < 2; category++)
        for (size_t c = 0; c < columns_of(all->table); c++)
            if ((kind_of(all->table, c) == FEATURE_CATEGORY) == (category == 1))
                all->sources[next++].column = c;
}

static percept_status describe_names(Arrangement *all, percept_error *error)
{
    const char **names = NULL;
    percept_status status = memory_allocate(all->made.width, sizeof *names, "the names", &names, error);
    for (size_t j = 0; status == PERCEPT_OK && j < all->made.width; j++)
        names[j] = name_of(all->table, all->sources[j].column);
    if (status == PERCEPT_OK)
        status = names_copy(names, all->made.width, &all->made.schema.names, error);
    memory_free(names);
    return status;
}

/* Names, kinds unless all are numbers, and, as of a file with categories, the places in the table. */
static percept_status describe(Arrangement *all, percept_error *error)
{
    Schema *schema = &all->made.schema;
    const size_t width = all->made.width;
    size_t others = 0;
    schema->width = width;
    percept_status status = has_names(all->table) ? describe_names(all, error) : PERCEPT_OK;
    for (size_t j = 0; j < width; j++)
        others += kind_of(all->table, all->sources[j].column) != FEATURE_NUMBER;
    if (status == PERCEPT_OK && others > 0)
        status = memory_allocate(width, sizeof *schema->kinds, "the columns", &schema->kinds, error);
    for (size_t j = 0; status == PERCEPT_OK && others > 0 && j < width; j++)
        schema->kinds[j] = kind_of(all->table, all->sources[j].column);
    if (status != PERCEPT_OK || schema_categories(schema) == 0)
        return status;
    status = memory_allocate_zeroed(width, sizeof *schema->vocabularies, "the columns", &schema->vocabularies, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(width, sizeof *schema->places, "the columns", &schema->places, error);
    for (size_t j = 0; status == PERCEPT_OK && j < width; j++)
        schema->places[j] = all->sources[j].column;
    return status;
}

/* ---- With a schema --------------------------------------------------------------------------------------------------- */

static percept_status refuse_missing(const Arrangement *all, const Schema *schema, size_t j, const char *const *names,
                                     percept_error *error)
{
    char quoted[QUOTED_SIZE], other[QUOTED_SIZE];
    const char *nearest = nearest_word(schema->names[j], names, columns_of(all->table));
    quote_text(schema->names[j], quoted);
    if (nearest != NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the table has no column %s, but %s; name its columns as in "
                         "training",
                         quoted, quote_text(nearest, other));
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "the table has no column %s, which the model was trained with",
                     quoted);
}

static percept_status find_by_name(Arrangement *all, const Schema *schema, percept_error *error)
{
    const size_t count = columns_of(all->table);
    const char **names = NULL;
    size_t *places = NULL, missing = SCHEMA_NONE;
    percept_status status = memory_allocate(count, sizeof *names, "the names", &names, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, sizeof *places, "the columns", &places, error);
    for (size_t c = 0; status == PERCEPT_OK && c < count; c++)
        names[c] = name_of(all->table, c);
    if (status == PERCEPT_OK)
        status = schema_match(schema, names, count, NULL, places, &missing, error);
    if (status == PERCEPT_OK && missing != SCHEMA_NONE)
        status = refuse_missing(all, schema, missing, names, error);
    for (size_t c = 0; status == PERCEPT_OK && c < count; c++)
        if (places[c] != SCHEMA_NONE)
            all->sources[places[c]].column = c;
    memory_free(names);
    memory_free(places);
    return status;
}

static percept_status find_in_order(Arrangement *all, const Schema *schema, percept_error *error)
{
    const size_t count = columns_of(all->table);
    if (count != schema_columns(schema))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the table has %zu columns, but the model was trained with %zu; give the same, in their order",
                         count, schema_columns(schema));
    for (size_t j = 0; j < schema->width; j++)
        all->sources[j].column = schema->places != NULL ? schema->places[j] : j;
    return PERCEPT_OK;
}

static percept_status check_kinds(const Arrangement *all, const Schema *schema, percept_error *error)
{
    char name[SCHEMA_NAME_SIZE], quoted[QUOTED_SIZE];
    for (size_t j = 0; j < schema->width; j++) {
        const bool known = schema_is_category(schema, j) || schema_is_date(schema, j);
        if (known != (kind_of(all->table, all->sources[j].column) == FEATURE_CATEGORY))
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             known
                                 ? "column %s is one of numbers, but the model was trained with texts there; add it as "
                                   "a PERCEPT_CATEGORY"
                                 : "column %s is a category, but the model was trained with numbers there; add it as "
                                   "a PERCEPT_NUMBER",
                             quote_text(schema_feature_name(schema, j, name), quoted));
    }
    return PERCEPT_OK;
}

static percept_status find_columns(Arrangement *all, const Schema *schema, percept_error *error)
{
    const bool by_name = has_names(all->table) && schema->names != NULL;
    percept_status status = by_name ? find_by_name(all, schema, error) : find_in_order(all, schema, error);
    for (size_t j = 1; j < schema->width; j++)
        if (!schema_leads(schema, j)) /* another part of the same date */
            all->sources[j].column = all->sources[j - 1].column;
    if (status == PERCEPT_OK)
        status = check_kinds(all, schema, error);
    if (status == PERCEPT_OK)
        status = schema_copy(schema, &all->made.schema, error);
    all->made.schema.width = all->made.width;
    return status;
}

/* ---- Features ------------------------------------------------------------------------------------------------------ */

/* A number of the matrix. */
static double matrix_at(const percept_table *table, size_t i, size_t j)
{
    return feature_read(table->type, table->block != NULL ? table->block : table->borrowed, i * table->width + j);
}

/* Feature j of row i; *unknown is true for a text that the schema lacks. */
static double value_at(const Arrangement *all, size_t i, size_t j, bool *unknown)
{
    const Source *source = &all->sources[j];
    const TableColumn *added = added_at(all->table, source->column);
    const double value = added != NULL ? added->values[i] : matrix_at(all->table, i, source->column);
    *unknown = false;
    if (source->values == NULL || isnan(value))
        return value;
    *unknown = isnan(source->values[(size_t)value]);
    return source->values[(size_t)value];
}

/* The smallest type that holds all values, as files have it; of categories never bytes, which could hold no missing one. */
static percept_type type_of(const Arrangement *all)
{
    percept_type type = all->table->width > 0 ? all->table->type : PERCEPT_UINT8;
    bool unknown = false;
    for (size_t j = 0; j < all->made.width; j++) {
        const percept_type least = schema_is_category(&all->made.schema, j) ? PERCEPT_FLOAT32 : PERCEPT_UINT8;
        type = least > type ? least : type;
        for (size_t i = 0; type != PERCEPT_FLOAT64 && i < all->table->count; i++) {
            const double value = value_at(all, i, j, &unknown);
            const percept_type needed = row_store_type(&value, 1);
            type = needed > type ? needed : type;
        }
    }
    return type;
}

static percept_status fill_block(Arrangement *all, percept_error *error)
{
    Arranged *made = &all->made;
    const size_t count = all->table->count, width = made->width, item = storage_item_size(made->type);
    double *row = NULL;
    size_t items = 0;
    if (__builtin_mul_overflow(count, width, &items))
        return error_set(error, PERCEPT_ERROR_MEMORY, "%zu examples of %zu features are more than can be addressed",
                         count, width);
    percept_status status = memory_allocate(items, item, "the features", &made->block, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(width, sizeof *row, "a row", &row, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(width, sizeof *made->unknown, "the categories", &made->unknown, error);
    for (size_t i = 0; status == PERCEPT_OK && i < count; i++) {
        for (size_t j = 0; j < width; j++) {
            bool unknown = false;
            row[j] = value_at(all, i, j, &unknown);
            made->unknown[j] += unknown ? 1 : 0;
        }
        row_store_convert(row, width, made->type, (char *)made->block + i * width * item);
    }
    memory_free(row);
    return status;
}

/* True if the features are those of the matrix, in its order. */
static bool is_matrix(const Arrangement *all)
{
    if (all->made.width != all->table->width)
        return false;
    for (size_t j = 0; j < all->made.width; j++)
        if (all->sources[j].column != j)
            return false;
    return true;
}

percept_status table_arrange(const percept_table *table, const Schema *schema, Arranged *out, percept_error *error)
{
    Arrangement all = {.table = table, .made = {.width = schema != NULL ? schema->width : columns_of(table)}};
    if (table->added_count > 0 && !has_names(table))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the table has columns with names beside features without; name these with "
                         "percept_table_set_columns");
    percept_status status =
        memory_allocate_zeroed(all.made.width, sizeof *all.sources, "the columns", &all.sources, error);
    if (status == PERCEPT_OK && schema != NULL) {
        status = find_columns(&all, schema, error);
    } else if (status == PERCEPT_OK) {
        put_categories_last(&all);
        status = describe(&all, error);
    }
    for (size_t j = 0; status == PERCEPT_OK && j < all.made.width; j++)
        if (kind_of(table, all.sources[j].column) == FEATURE_CATEGORY)
            status = settle_texts(&all, j, schema != NULL, error);
    if (status == PERCEPT_OK) {
        all.made.type = is_matrix(&all) ? table->type : type_of(&all);
        status = is_matrix(&all) ? PERCEPT_OK : fill_block(&all, error);
    }
    for (size_t j = 0; all.sources != NULL && j < all.made.width; j++)
        memory_free(all.sources[j].values);
    memory_free(all.sources);
    if (status == PERCEPT_OK)
        *out = all.made;
    else
        arranged_clear(&all.made);
    return status;
}

void arranged_clear(Arranged *arranged)
{
    memory_free(arranged->block);
    memory_free(arranged->unknown);
    schema_clear(&arranged->schema);
    *arranged = (Arranged){0};
}
