/* Columns of features that come one by one. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/quote.h"
#include "base/sized.h"
#include "data/table_dates.h"

/* A column on its way into the table. */
typedef struct Adding {
    percept_column column;
    Strided array;
    char name[QUOTED_SIZE]; /* for messages */
    TableColumn made;
} Adding;

/* ---- What is refused ----------------------------------------------------------------------------------------------- */

static bool has_column(const percept_table *table, const char *name)
{
    for (size_t j = 0; table->names != NULL && j < table->width; j++)
        if (strcmp(table->names[j], name) == 0)
            return true;
    for (size_t c = 0; c < table->added_count; c++)
        if (strcmp(table->added[c].name, name) == 0)
            return true;
    return false;
}

static percept_status check_name(const percept_table *table, const char *name, percept_error *error)
{
    char quoted[QUOTED_SIZE];
    if (name[0] == '\0')
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "column %zu has no name",
                         table->width + table->added_count + 1);
    if (!text_is_utf8(name))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "the name of column %zu is not UTF-8: %s",
                         table->width + table->added_count + 1, quote_text(name, quoted));
    if (has_column(table, name))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "the table has two columns %s; give each a name of its own",
                         quote_text(name, quoted));
    return PERCEPT_OK;
}

/* Whether the column is given as texts, or as integers that are codes or digits of texts. */
static bool is_worded(const percept_column *column)
{
    const bool texts = column->type == PERCEPT_TEXT || column->vocabulary != NULL;
    return column->kind == PERCEPT_CATEGORY || column->kind == PERCEPT_DATE || (column->kind == PERCEPT_ANY && texts);
}

static percept_status check_type(const Adding *adding, percept_error *error)
{
    const percept_column *column = &adding->column;
    const bool worded = is_worded(column);
    if (column->kind < PERCEPT_NUMBER || column->kind > PERCEPT_ANY)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "column %s has kind %d; give PERCEPT_NUMBER, PERCEPT_BOOLEAN, PERCEPT_CATEGORY, PERCEPT_DATE "
                         "or PERCEPT_ANY",
                         adding->name, (int)column->kind);
    if (worded && column->type != PERCEPT_TEXT && !strided_holds_integers(column->type))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "column %s has values of type %d; a category or a date has texts (PERCEPT_TEXT) or integers",
                         adding->name, (int)column->type);
    if (!worded && !strided_holds_numbers(column->type))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "column %s has values of type %d, which are no numbers; make it a PERCEPT_CATEGORY",
                         adding->name, (int)column->type);
    if (column->vocabulary != NULL && (!worded || column->type == PERCEPT_TEXT))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "column %s has a vocabulary, which is for categories of integers; leave it out", adding->name);
    return PERCEPT_OK;
}

/* ---- Values -------------------------------------------------------------------------------------------------------- */

/* Bit i of a bitmap as Apache Arrow has it, the lowest of each byte first. */
static bool is_valid(const percept_column *column, size_t i)
{
    const size_t bit = column->validity_offset + i;
    return column->validity == NULL || (column->validity[bit / 8] >> bit % 8 & 1) != 0;
}

static percept_status take_number(Adding *adding, size_t i, percept_error *error)
{
    const double x = strided_at(&adding->array, i, 0);
    if (adding->column.kind == PERCEPT_BOOLEAN && x != 0 && x != 1 && !isnan(x))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "column %s, row %zu: %g is not boolean; give 0 or 1, or make the column one of numbers",
                         adding->name, i + 1, x);
    if (fabs(x) > (double)FLT_MAX)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "column %s, row %zu: %g is beyond the range of float32 (3.4e38); give NaN if it is missing",
                         adding->name, i + 1, x);
    adding->made.values[i] = x;
    return PERCEPT_OK;
}

/* The text of row i, NULL where it is missing; an integer without a vocabulary is spelled in `room`. */
static percept_status find_text(const Adding *adding, size_t i, char room[STRIDED_SPELLED], const char **out,
                                percept_error *error)
{
    const percept_column *column = &adding->column;
    if (column->type == PERCEPT_TEXT) {
        *out = strided_text(&adding->array, i);
        return PERCEPT_OK;
    }
    if (column->vocabulary == NULL) {
        strided_spell(&adding->array, i, room);
        *out = room;
        return PERCEPT_OK;
    }
    const int64_t code = strided_integer(&adding->array, i, 0);
    if (code >= 0 && (uint64_t)code >= column->vocabulary_count)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "column %s, row %zu: code %lld is beyond the vocabulary of %zu texts; a missing value is -1",
                         adding->name, i + 1, (long long)code, column->vocabulary_count);
    *out = code >= 0 ? column->vocabulary[code] : NULL;
    if (*out != NULL && **out == '\0')
        *out = NULL;
    return PERCEPT_OK;
}

static percept_status take_category(Adding *adding, size_t i, percept_error *error)
{
    char room[STRIDED_SPELLED], what[QUOTED_SIZE + 8];
    const char *text = NULL;
    int32_t number = -1;
    percept_status status = find_text(adding, i, room, &text, error);
    snprintf(what, sizeof what, "column %s", adding->name);
    if (status == PERCEPT_OK && text != NULL)
        status = table_number_text(&adding->made.texts, text, i, what, &number, error);
    adding->made.values[i] = number < 0 ? (double)NAN : (double)number;
    return status;
}

static percept_status take_values(Adding *adding, percept_error *error)
{
    const percept_column *column = &adding->column;
    const size_t count = adding->array.rows;
    percept_status status =
        memory_allocate(count, sizeof *adding->made.values, "the values of a column", &adding->made.values, error);
    for (size_t i = 0; status == PERCEPT_OK && i < count; i++) {
        if (!is_valid(column, i))
            adding->made.values[i] = (double)NAN;
        else
            status = adding->made.worded ? take_category(adding, i, error) : take_number(adding, i, error);
    }
    return status;
}

/* Numbers such as 20240531 become texts, as a program that knows they are dates gives them. */
static percept_status spell_dates(Adding *adding, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    TableColumn *made = &adding->made;
    for (size_t i = 0; status == PERCEPT_OK && i < adding->array.rows; i++) {
        char text[STRIDED_SPELLED];
        int32_t number = 0;
        if (isnan(made->values[i]))
            continue;
        snprintf(text, sizeof text, "%.0f", made->values[i]);
        status = table_number_text(&made->texts, text, i, "dates", &number, error);
        made->values[i] = number;
    }
    made->kind = FEATURE_DATE;
    made->worded = made->spelled = true;
    return status;
}

/* Decides what the values are, where the program does not say it, and takes them. */
static percept_status take_column(Adding *adding, percept_error *error)
{
    static const FeatureKind kinds[] = {
        [PERCEPT_NUMBER] = FEATURE_NUMBER, [PERCEPT_BOOLEAN] = FEATURE_BOOLEAN, [PERCEPT_CATEGORY] = FEATURE_CATEGORY,
        [PERCEPT_DATE] = FEATURE_DATE,     [PERCEPT_ANY] = FEATURE_NUMBER,
    };
    const percept_column *column = &adding->column;
    TableColumn *made = &adding->made;
    made->any = column->kind == PERCEPT_ANY;
    made->worded = is_worded(column);
    made->kind = kinds[column->kind];
    const bool digits = column->type != PERCEPT_TEXT && column->vocabulary == NULL;
    made->spelled = made->worded && digits;
    percept_status status = take_values(adding, error);
    if (status == PERCEPT_OK && made->any && made->worded)
        made->kind = table_dates_look(made, adding->array.rows);
    if (status == PERCEPT_OK && made->any && !made->worded && table_dates_compact(made, adding->array.rows))
        status = spell_dates(adding, error);
    return status;
}

percept_status table_number_text(LabelTable *texts, const char *text, size_t i, const char *what, int32_t *number,
                                 percept_error *error)
{
    char quoted[QUOTED_SIZE];
    const size_t before = texts->count;
    percept_status status = table_refuse(label_table_add(texts, text, strlen(text), number, error), error);
    if (status != PERCEPT_OK || texts->count == before)
        return status;
    if (!text_is_utf8(text))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s, row %zu: the text %s is not UTF-8", what, i + 1,
                         quote_text(text, quoted));
    if (texts->count > VOCABULARY_MOST)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s: more than %zu different texts", what, VOCABULARY_MOST);
    return PERCEPT_OK;
}

/* ---- The table ----------------------------------------------------------------------------------------------------- */

/* Room for one more column; the first 2, then twice as many each time. */
static percept_status make_room(percept_table *table, percept_error *error)
{
    const size_t count = table->added_count;
    if (count > 0 && (count < 2 || (count & (count - 1)) != 0))
        return PERCEPT_OK;
    return memory_grow(&table->added, count * sizeof *table->added, count == 0 ? 2 : 2 * count, sizeof *table->added,
                       "the columns", error);
}

percept_status percept_table_add_column(percept_table *table, const percept_column *column, percept_error *error)
{
    Adding adding = {0};
    if (table == NULL || column == NULL)
        return error_null(error, "percept_table_add_column", "table and column");
    percept_status status = sized_check("percept_table_add_column", "column", "percept_column", column->struct_size,
                                        SIZED_UP_TO(percept_column, stride), error);
    if (status != PERCEPT_OK)
        return status;
    sized_take(column, sizeof adding.column, &adding.column);
    column = &adding.column;
    if (column->name == NULL || column->values == NULL)
        return error_null(error, "percept_table_add_column", "name and values of the column");
    adding.array = (Strided){column->values, column->type, table->count, 1, column->stride, 0};
    strided_complete(&adding.array);
    quote_text(column->name, adding.name);
    status = check_name(table, column->name, error);
    if (status == PERCEPT_OK)
        status = check_type(&adding, error);
    if (status == PERCEPT_OK)
        status = take_column(&adding, error);
    if (status == PERCEPT_OK)
        status = memory_copy_string(column->name, &adding.made.name, error);
    if (status == PERCEPT_OK)
        status = make_room(table, error);
    if (status == PERCEPT_OK) {
        table->added[table->added_count++] = adding.made;
        return PERCEPT_OK;
    }
    memory_free(adding.made.name);
    memory_free(adding.made.values);
    label_table_clear(&adding.made.texts);
    return status;
}
