#include "data/table_review.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

#define LIST_SIZE 256
/* Fewer rows than this are no sign that a column counts them. */
#define FEWEST_ROWS 4

/* Feature j of a row. */
static double value_at(const Storage *storage, size_t row, size_t j)
{
    const size_t place = row * storage->width + j;
    return storage->type == PERCEPT_UINT8     ? ((const uint8_t *)storage->features)[place]
           : storage->type == PERCEPT_FLOAT32 ? (double)((const float *)storage->features)[place]
                                              : ((const double *)storage->features)[place];
}

/* "column 3 (width)": the column of the file that feature j came from. */
static const char *describe(const Storage *storage, const Columns *columns, size_t j, char text[COLUMN_TEXT])
{
    size_t column = 0;
    while (column < columns->count &&
           (columns->list[column].role != COLUMN_FEATURE || columns->list[column].place != j))
        column++;
    if (storage->schema.names != NULL && storage->schema.names[j][0] != '\0')
        snprintf(text, COLUMN_TEXT, "column %zu (%.32s)", column + 1, storage->schema.names[j]);
    else
        snprintf(text, COLUMN_TEXT, "column %zu", column + 1);
    return text;
}

/* ---- Booleans ------------------------------------------------------------------------------------------------ */

static percept_status check_boolean(const Storage *storage, const Columns *columns, size_t j, size_t line,
                                    const char *file, percept_error *error)
{
    char text[COLUMN_TEXT];
    for (size_t i = 0; i < storage->count; i++) {
        const double x = value_at(storage, i, j);
        if (x != 0 && x != 1 && !isnan(x))
            return error_set(
                error, PERCEPT_ERROR_FORMAT,
                "%.64s, line %zu, %s: true or false in a column that also has %g; write numbers, or leave the "
                "column out (--drop)",
                file, line, describe(storage, columns, j, text), x);
    }
    return PERCEPT_OK;
}

percept_status table_review_booleans(Storage *storage, const Columns *columns, const size_t *boolean_lines,
                                     const char *file, percept_error *error)
{
    Schema *schema = &storage->schema;
    percept_status status = PERCEPT_OK;
    for (size_t j = 0; status == PERCEPT_OK && j < storage->width; j++) {
        if (boolean_lines[j] == 0)
            continue;
        status = check_boolean(storage, columns, j, boolean_lines[j], file, error);
        if (status == PERCEPT_OK && schema->kinds == NULL)
            status = memory_allocate_zeroed(storage->width, sizeof *schema->kinds, "the kinds of columns",
                                            &schema->kinds, error);
        if (status == PERCEPT_OK)
            schema->kinds[j] = FEATURE_BOOLEAN;
    }
    return status;
}

/* ---- What columns look like ---------------------------------------------------------------------------------- */

typedef enum Looks { LOOKS_FINE, LOOKS_MISSING, LOOKS_CONSTANT, LOOKS_COUNTING, LOOKS_TEXT } Looks;

/* True for features that are left out. */
static bool is_left(Looks looks)
{
    return looks == LOOKS_MISSING || looks == LOOKS_TEXT;
}

/* How a feature looks; most are found fine after a few rows. */
static Looks look_at(const Storage *storage, size_t j)
{
    const double first = value_at(storage, 0, j);
    bool counts = storage->count >= FEWEST_ROWS && first == floor(first), constant = true;
    double value = first;
    for (size_t i = 1; i < storage->count && (counts || constant); i++) {
        const double x = value_at(storage, i, j);
        counts = counts && x == first + (double)i;
        constant = constant && (isnan(x) || isnan(value) || x == value);
        value = isnan(value) ? x : value;
    }
    counts = counts && !schema_is_category(&storage->schema, j);
    return isnan(value) && constant ? LOOKS_MISSING : constant ? LOOKS_CONSTANT : counts ? LOOKS_COUNTING : LOOKS_FINE;
}

/* Lists the features that look so: "column 1 (a), column 2 (b) and 7 more"; returns how many there are. */
static size_t list_looks(const Storage *storage, const Columns *columns, const Looks *looks, Looks wanted,
                         char list[LIST_SIZE])
{
    size_t used = 0, count = 0, listed = 0;
    list[0] = '\0';
    for (size_t j = 0; j < storage->width; j++) {
        char text[COLUMN_TEXT];
        if (looks[j] != wanted)
            continue;
        count++;
        if (used + 2 * COLUMN_TEXT > LIST_SIZE)
            continue;
        used += (size_t)snprintf(list + used, LIST_SIZE - used, "%s%s", listed > 0 ? ", " : "",
                                 describe(storage, columns, j, text));
        listed++;
    }
    if (count > listed)
        snprintf(list + used, LIST_SIZE - used, " and %zu more", count - listed);
    return count;
}

static percept_status note_looks(Storage *storage, const Columns *columns, const Looks *looks, percept_error *error)
{
    char list[LIST_SIZE];
    Notes *notes = &storage->notes;
    percept_status status = PERCEPT_OK;
    size_t count = list_looks(storage, columns, looks, LOOKS_MISSING, list);
    if (count > 0)
        status = notes_add(notes, NOTE_TAKEN, error, "left out, all values missing: %s", list);
    count = list_looks(storage, columns, looks, LOOKS_TEXT, list);
    if (status == PERCEPT_OK && count > 0)
        status = notes_add(notes, NOTE_WARNING, error,
                           "texts, which cannot be features; training needs --drop for them: %s", list);
    count = list_looks(storage, columns, looks, LOOKS_CONSTANT, list);
    if (status == PERCEPT_OK && count > 0 && storage->count > 1)
        status = notes_add(notes, NOTE_TAKEN, error, "constant: %s", list);
    count = list_looks(storage, columns, looks, LOOKS_COUNTING, list);
    if (status == PERCEPT_OK && count > 0)
        status =
            notes_add(notes, NOTE_WARNING, error, "%s count%s the rows; if that is no feature, leave it out (--drop)",
                      list, count == 1 ? "s" : "");
    return status;
}

/* ---- Leaving out --------------------------------------------------------------------------------------------- */

/* Places of the features that stay, without gaps, in the same order. */
static percept_status close_gaps(Schema *schema, const Looks *looks, percept_error *error)
{
    size_t *feature_at = NULL, next = 0;
    if (schema->places == NULL)
        return PERCEPT_OK;
    percept_status status = memory_allocate(schema->width, sizeof *feature_at, "the columns", &feature_at, error);
    for (size_t j = 0; status == PERCEPT_OK && j < schema->width; j++)
        feature_at[schema->places[j]] = j;
    for (size_t p = 0; status == PERCEPT_OK && p < schema->width; p++)
        if (!is_left(looks[feature_at[p]]))
            schema->places[feature_at[p]] = next++;
    memory_free(feature_at);
    return status;
}

static void swap(Vocabulary *a, Vocabulary *b)
{
    const Vocabulary kept = *a;
    *a = *b;
    *b = kept;
}

/* Names, kinds, categories and places of the features that stay. */
static percept_status shorten_schema(Schema *schema, const Looks *looks, size_t kept, percept_error *error)
{
    const char **names = NULL;
    char **copy = NULL;
    size_t to = 0;
    percept_status status = close_gaps(schema, looks, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(kept, sizeof *names, "the names", &names, error);
    for (size_t j = 0; status == PERCEPT_OK && j < schema->width; j++) {
        if (is_left(looks[j]))
            continue;
        if (schema->names != NULL)
            names[to] = schema->names[j];
        if (schema->kinds != NULL)
            schema->kinds[to] = schema->kinds[j];
        if (schema->vocabularies != NULL)
            swap(&schema->vocabularies[to], &schema->vocabularies[j]);
        if (schema->places != NULL)
            schema->places[to] = schema->places[j];
        to++;
    }
    if (status == PERCEPT_OK && schema->names != NULL)
        status = names_copy(names, kept, &copy, error);
    memory_free(names);
    if (status != PERCEPT_OK)
        return status;
    memory_free(schema->names);
    schema->names = copy;
    for (size_t j = kept; schema->vocabularies != NULL && j < schema->width; j++)
        memory_free(schema->vocabularies[j].values);
    schema->width = kept;
    return PERCEPT_OK;
}

/* Moves the features that stay together, in place. */
static void shorten_rows(Storage *storage, const Looks *looks, size_t kept)
{
    const size_t item = storage_item_size(storage->type);
    char *to = storage->features;
    const char *from = storage->features;
    for (size_t i = 0; i < storage->count; i++)
        for (size_t j = 0; j < storage->width; j++, from += item)
            if (!is_left(looks[j])) {
                memmove(to, from, item);
                to += item;
            }
    storage->width = kept;
}

static percept_status leave_out(Storage *storage, const Looks *looks, const char *file, percept_error *error)
{
    size_t kept = 0;
    for (size_t j = 0; j < storage->width; j++)
        kept += !is_left(looks[j]);
    for (size_t j = 0; kept > 0 && j < storage->width; j++)
        if (looks[j] == LOOKS_MISSING && !schema_is_category(&storage->schema, j))
            storage->missing -= storage->count;
    if (kept == storage->width)
        return PERCEPT_OK;
    if (kept == 0)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%.64s': all features are missing in every row; is --delimiter right, and --missing-tokens?",
                         file);
    percept_status status = shorten_schema(&storage->schema, looks, kept, error);
    if (status == PERCEPT_OK)
        shorten_rows(storage, looks, kept);
    return status;
}

/* True for the feature of a column of texts that is no category. */
static bool is_free_text(const Columns *columns, size_t j)
{
    for (size_t c = 0; columns->categories > 0 && c < columns->count; c++)
        if (columns->list[c].role == COLUMN_FEATURE && columns->list[c].place == j)
            return columns->list[c].free_text;
    return false;
}

percept_status table_review(Storage *storage, const Columns *columns, const char *file, percept_error *error)
{
    Looks *looks = NULL;
    percept_status status = memory_allocate(storage->width, sizeof *looks, "the columns", &looks, error);
    for (size_t j = 0; status == PERCEPT_OK && j < storage->width; j++)
        looks[j] = is_free_text(columns, j) ? LOOKS_TEXT : look_at(storage, j);
    if (status == PERCEPT_OK)
        status = note_looks(storage, columns, looks, error);
    if (status == PERCEPT_OK)
        status = leave_out(storage, looks, file, error);
    memory_free(looks);
    return status;
}
