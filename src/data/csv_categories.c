#include "data/csv_categories.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/quote.h"
#include "data/csv_refuse.h"

/* ---- Making ---------------------------------------------------------------------------------------------------- */

/* Of a vocabulary, code k first k-th. */
static percept_status take_vocabulary(const Vocabulary *vocabulary, LabelTable *values, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    int32_t code = 0;
    for (size_t k = 0; status == PERCEPT_OK && k < vocabulary->count; k++)
        status = label_table_add(values, vocabulary->values[k], strlen(vocabulary->values[k]), &code, error);
    return status;
}

percept_status csv_categories_create(const Columns *columns, const Schema *schema, CsvCategories *out,
                                     percept_error *error)
{
    CsvCategories made = {.known = schema != NULL};
    percept_status status = PERCEPT_OK;
    if (columns->categories > 0) {
        made.width = columns->features;
        status = memory_allocate_zeroed(made.width, sizeof *made.list, "the categories", &made.list, error);
    }
    for (size_t c = 0; status == PERCEPT_OK && made.width > 0 && c < columns->count; c++) {
        const Column *column = &columns->list[c];
        if (column->role != COLUMN_FEATURE || !column->category)
            continue;
        made.list[column->place].column = c;
        if (schema != NULL)
            status = take_vocabulary(&schema->vocabularies[column->place], &made.list[column->place].values, error);
    }
    if (status == PERCEPT_OK)
        *out = made;
    else
        csv_categories_clear(&made);
    return status;
}

void csv_categories_clear(CsvCategories *categories)
{
    for (size_t j = 0; categories->list != NULL && j < categories->width; j++) {
        label_table_clear(&categories->list[j].values);
        memory_free(categories->list[j].first.text);
        memory_free(categories->list[j].unescaped.text);
    }
    memory_free(categories->list);
    *categories = (CsvCategories){0};
}

/* ---- Cells ----------------------------------------------------------------------------------------------------- */

/* Copies a cell, whose text `to` then owns instead of what it had. */
static percept_status copy_cell(const CsvCell *from, CsvCell *to, percept_error *error)
{
    char *text = NULL;
    percept_status status = memory_allocate(from->length + 1, 1, "a cell", &text, error);
    if (status != PERCEPT_OK)
        return status;
    memory_free(to->text);
    *to = *from;
    to->text = memcpy(text, from->text, from->length);
    text[from->length] = '\0';
    return PERCEPT_OK;
}

static percept_status add_text(CsvCategory *category, const CsvReader *reader, size_t line, const CsvCell *cell,
                               int32_t *code, percept_error *error)
{
    char text[COLUMN_TEXT];
    const size_t before = category->values.count;
    percept_status status = label_table_add(&category->values, cell->text, cell->length, code, error);
    if (status != PERCEPT_OK || category->values.count == before)
        return status;
    const char *problem = !text_is_utf8(label_table_text(&category->values, before))
                              ? "the text is not UTF-8; if the file is in Latin-1, add --encoding latin1"
                          : category->values.count > VOCABULARY_MOST
                              ? "there are more different texts than a category can have; drop the column"
                              : NULL;
    if (problem == NULL)
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_FORMAT, "%.64s, line %zu, %s: %s", reader->name, line,
                     column_describe(category->column, reader->names, text), problem);
}

static bool is_text(const CsvCell *cell, const CsvDialect *dialect)
{
    double number = 0;
    return csv_cell_padded(cell) || (!csv_cell_number(cell, dialect, &number) && !csv_cell_boolean(cell, &number));
}

bool csv_categories_know(CsvCategories *categories, size_t place, const CsvCell *cell, double *code)
{
    CsvCategory *category = &categories->list[place];
    if (categories->known || category->line == 0 || cell->broken || cell->escaped)
        return false;
    const int32_t found = label_table_find(&category->values, cell->text, cell->length);
    category->cells += found >= 0;
    *code = found;
    return found >= 0;
}

percept_status csv_categories_code(CsvCategories *categories, size_t place, const CsvReader *reader, size_t line,
                                   const CsvCell *cell, double *code, percept_error *error)
{
    CsvCategory *category = &categories->list[place];
    percept_status status = PERCEPT_OK;
    int32_t found = -1;
    category->cells++;
    if (!categories->known && category->line == 0 && is_text(cell, &reader->dialect)) {
        category->line = line;
        status = copy_cell(cell, &category->first, error);
    }
    if (status == PERCEPT_OK && cell->escaped) {
        status = copy_cell(cell, &category->unescaped, error);
        if (status == PERCEPT_OK)
            csv_cell_unescape(&category->unescaped);
        cell = &category->unescaped;
    }
    if (status == PERCEPT_OK && categories->known)
        found = label_table_find(&category->values, cell->text, cell->length);
    else if (status == PERCEPT_OK)
        status = add_text(category, reader, line, cell, &found, error);
    category->unknown += found < 0;
    *code = found < 0 ? (double)NAN : (double)found;
    return status;
}

void csv_categories_join(CsvCategories *categories, const CsvCategories *more)
{
    for (size_t j = 0; j < categories->width; j++) {
        categories->list[j].cells += more->list[j].cells;
        categories->list[j].unknown += more->list[j].unknown;
    }
}

/* ---- The whole table ------------------------------------------------------------------------------------------- */

/* True for a column of numbers that are not written as numbers are, such as 1,000 or 5 %. */
static bool is_of_numbers(const CsvCategory *category, const CsvDialect *dialect)
{
    return category->line > 0 && !csv_cell_padded(&category->first) &&
           csv_cell_is_like_number(&category->first, dialect);
}

percept_status csv_categories_judge(const CsvCategories *categories, const CsvReader *reader, size_t rows, bool leave,
                                    Columns *columns, percept_error *error)
{
    const CsvCategory *refused = NULL, *numbers = NULL;
    size_t remaining = columns->features;
    for (size_t c = 0; categories->width > 0 && c < columns->count; c++) {
        Column *column = &columns->list[c];
        if (column->role != COLUMN_FEATURE || !column->guessed || !column->category)
            continue;
        const CsvCategory *category = &categories->list[column->place];
        const size_t different = category->values.count;
        const bool of_numbers = is_of_numbers(category, &reader->dialect);
        const bool constant = different == 1 && category->cells == rows;
        column->free_text = category->line > 0 && (constant || 2 * different > category->cells || of_numbers);
        column->unique = column->free_text && different == category->cells;
        column->numbers = of_numbers;
        remaining -= column->free_text;
        refused = refused == NULL && column->free_text ? category : refused;
        numbers = numbers == NULL && of_numbers ? category : numbers;
    }
    const bool all_left = remaining > 0 && (leave || reader->names != NULL);
    refused = all_left ? (leave ? NULL : numbers) : refused;
    if (refused == NULL)
        return PERCEPT_OK;
    return csv_refuse_cell(reader, refused->line, columns, refused->column, &refused->first, error);
}

percept_status csv_categories_describe(const CsvCategories *categories, Schema *schema, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t j = 0; status == PERCEPT_OK && j < categories->width; j++) {
        const LabelTable *values = &categories->list[j].values;
        const char **texts = NULL;
        if (!schema_is_category(schema, j))
            continue;
        status = memory_allocate(values->count, sizeof *texts, "the categories", &texts, error);
        for (size_t k = 0; status == PERCEPT_OK && k < values->count; k++)
            texts[k] = label_table_text(values, k);
        if (status == PERCEPT_OK)
            status = names_copy(texts, values->count, &schema->vocabularies[j].values, error);
        if (status == PERCEPT_OK)
            schema->vocabularies[j].count = values->count;
        memory_free(texts);
    }
    return status;
}

percept_status csv_categories_count_unknown(const CsvCategories *categories, size_t **unknown, percept_error *error)
{
    size_t total = 0;
    *unknown = NULL;
    for (size_t j = 0; j < categories->width; j++)
        total += categories->list[j].unknown;
    if (total == 0)
        return PERCEPT_OK;
    percept_status status = memory_allocate(categories->width, sizeof **unknown, "the categories", unknown, error);
    for (size_t j = 0; status == PERCEPT_OK && j < categories->width; j++)
        (*unknown)[j] = categories->list[j].unknown;
    return status;
}
