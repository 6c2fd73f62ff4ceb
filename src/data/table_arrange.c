/* The columns of a table in the order of features: numbers and parts of dates in front of categories, or as a schema has
 * them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/row_store.h"
#include "data/table_sources.h"

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

/* Texts that are integers in digits, as numbers. */
static void read_digits(const LabelTable *texts, double *numbers)
{
    for (size_t n = 0; n < texts->count; n++)
        numbers[n] = strtod(label_table_text(texts, n), NULL);
}

/* What each text of feature j is; known: to a schema. Parts of dates without one have been read already. */
static percept_status settle_texts(Arrangement *all, size_t j, bool known, percept_error *error)
{
    Schema *schema = &all->made.schema;
    Source *source = &all->sources[j];
    const TableColumn *column = table_added(all->table, source->column);
    if (known && schema_is_date(schema, j)) {
        source->rows = !column->worded;
        return table_date_part(column, all->table->count, &schema->dates[j], &source->values, &all->made.notes, error);
    }
    if (column == NULL || !column->worded || source->values != NULL)
        return PERCEPT_OK;
    percept_status status =
        memory_allocate(column->texts.count, sizeof *source->values, "the categories", &source->values, error);
    if (status == PERCEPT_OK && known && !schema_is_category(schema, j))
        read_digits(&column->texts, source->values);
    else if (status == PERCEPT_OK && known)
        status = find_texts(&column->texts, &schema->vocabularies[j], source->values, error);
    else if (status == PERCEPT_OK)
        status = sort_texts(&column->texts, source->values, &schema->vocabularies[j], error);
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
    const TableColumn *added = table_added(all->table, source->column);
    const double value = added != NULL ? added->values[i] : matrix_at(all->table, i, source->column);
    *unknown = false;
    if (source->values == NULL || isnan(value))
        return value;
    const double known = source->values[source->rows ? i : (size_t)value];
    *unknown = isnan(known);
    return known;
}

/* The smallest type that holds all values, as files have it; of categories and dates never bytes, which could hold no missing
 * one. */
static percept_type type_of(const Arrangement *all)
{
    percept_type type = all->table->width > 0 ? all->table->type : PERCEPT_UINT8;
    bool unknown = false;
    for (size_t j = 0; j < all->made.width; j++) {
        const bool bytes = !schema_is_category(&all->made.schema, j) && !schema_is_date(&all->made.schema, j);
        const percept_type least = bytes ? PERCEPT_UINT8 : PERCEPT_FLOAT32;
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

/* Sources, in the order of the features, and what the schema says of them. */
static percept_status arrange(Arrangement *all, const Schema *schema, percept_error *error)
{
    size_t room = table_columns(all->table);
    for (size_t c = 0; c < all->table->added_count; c++)
        room += all->table->added[c].kind == FEATURE_DATE ? DATE_PARTS - 1 : 0;
    if (schema != NULL)
        room = all->made.width = schema->width;
    percept_status status = memory_allocate_zeroed(room, sizeof *all->sources, "the columns", &all->sources, error);
    if (status == PERCEPT_OK && schema != NULL)
        status = table_sources_match(all, schema, error);
    else if (status == PERCEPT_OK)
        status = table_sources_describe(all, error);
    return status;
}

percept_status table_arrange(const percept_table *table, const Schema *schema, Arranged *out, percept_error *error)
{
    Arrangement all = {.table = table};
    if (table->added_count > 0 && !table_has_names(table))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the table has columns with names beside features without; name these with "
                         "percept_table_set_columns");
    percept_status status = arrange(&all, schema, error);
    for (size_t j = 0; status == PERCEPT_OK && j < all.made.width; j++)
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
    notes_clear(&arranged->notes);
    *arranged = (Arranged){0};
}
