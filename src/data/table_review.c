#include "data/table_review.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "data/identifiers.h"
#include "data/narrow.h"

#define LIST_SIZE 256
/* Bytes of a name that a message shows. */
#define SHOWN 32
/* Fewer rows are no sign that a column is constant. */
#define FEWEST_ROWS 4
/* So many features of bytes are pixels. */
#define LEAST_PIXELS 64

/* "column 3 (width)": feature j, and the column of the file that it came from. */
static const char *describe(const Storage *storage, size_t column, size_t j, char text[COLUMN_TEXT])
{
    const Schema *schema = &storage->schema;
    const size_t length = schema->names != NULL ? schema_column_length(schema, j) : 0;
    if (length > 0)
        snprintf(text, COLUMN_TEXT, "column %zu (%.*s)", column + 1, (int)(length < SHOWN ? length : SHOWN),
                 schema->names[j]);
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
        const double x = storage_value(storage, i, j);
        if (x != 0 && x != 1 && !isnan(x))
            return error_set(
                error, PERCEPT_ERROR_FORMAT,
                "%.64s, line %zu, %s: true or false in a column that also has %g; write numbers, or leave the "
                "column out (--drop)",
                file, line, describe(storage, columns_of_feature(columns, j), j, text), x);
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

typedef enum Looks {
    LOOKS_FINE,
    LOOKS_GAPPED,   /* constant, but for missing values */
    LOOKS_STEPS,    /* counts up by one */
    LOOKS_KEPT,     /* constant, but stays */
    LOOKS_CONSTANT, /* from here on: left out */
    LOOKS_ROWS,
    LOOKS_UNIQUE,
    LOOKS_MISSING,
    LOOKS_NAMES,
    LOOKS_TEXT,
    LOOKS_FOREIGN, /* numbers in a form that is not read; training has refused them */
    LOOKS_PART,    /* a part of a date that tells nothing */
} Looks;

typedef struct Review {
    Storage *storage;
    const Columns *columns;
    size_t *column_of; /* of each feature */
    Looks *looks;      /* likewise */
} Review;

/* Looks for a value that is different; most are found after a few rows. */
static Looks look_for_change(const Storage *storage, size_t j)
{
    bool constant = true, gaps = false;
    double value = NAN;
    for (size_t i = 0; i < storage->count && constant; i++) {
        const double x = storage_value(storage, i, j);
        gaps = gaps || isnan(x);
        constant = isnan(x) || isnan(value) || x == value;
        value = isnan(value) ? x : value;
    }
    return !constant ? LOOKS_FINE : isnan(value) ? LOOKS_MISSING : gaps ? LOOKS_GAPPED : LOOKS_CONSTANT;
}

static percept_status look_at(const Review *all, size_t j, Looks *out, percept_error *error)
{
    static const Looks looks_of[] = {[NUMBERING_NONE] = LOOKS_FINE,
                                     [NUMBERING_ROWS] = LOOKS_ROWS,
                                     [NUMBERING_STEPS] = LOOKS_STEPS,
                                     [NUMBERING_UNIQUE] = LOOKS_UNIQUE};
    const Storage *storage = all->storage;
    const Schema *schema = &storage->schema;
    const Column *column = &all->columns->list[all->column_of[j]];
    const bool given = column->told || (column->category && !column->guessed);
    Numbering numbering = NUMBERING_NONE;
    *out = look_for_change(storage, j);
    if (column->free_text)
        *out = column->numbers          ? LOOKS_FOREIGN
               : *out == LOOKS_CONSTANT ? LOOKS_CONSTANT
               : column->unique         ? LOOKS_NAMES
                                        : LOOKS_TEXT;
    else if (*out != LOOKS_MISSING && schema_is_date(schema, j))
        *out = column->parts->dropped[schema->dates[j].part] ? LOOKS_PART : LOOKS_FINE;
    else if (*out == LOOKS_CONSTANT && (given || storage->count < FEWEST_ROWS))
        *out = LOOKS_KEPT;
    if (*out != LOOKS_FINE || given || column->category || column->date)
        return PERCEPT_OK;
    percept_status status =
        identifiers_find(storage, j, schema->names != NULL ? schema->names[j] : "", &numbering, error);
    *out = looks_of[numbering];
    return status;
}

/* A date whose parts all say nothing keeps its time. */
static void keep_time(const Review *all, size_t first)
{
    const Schema *schema = &all->storage->schema;
    size_t time = first, dropped = 0, parts = 0;
    for (size_t j = first; j < schema->width && (j == first || !schema_leads(schema, j)); j++, parts++) {
        dropped += all->looks[j] == LOOKS_PART;
        time = schema->dates[j].part == DATE_TIME ? j : time;
    }
    if (dropped == parts)
        all->looks[time] = LOOKS_KEPT;
}

/* In a table without names a model could not know which columns were left out; in one of pixels, places count. And there must
 * be a feature. */
static void keep_some(const Review *all)
{
    const Storage *storage = all->storage;
    const bool named = storage->schema.names != NULL;
    const bool pixels = storage->type == PERCEPT_UINT8 && storage->width >= LEAST_PIXELS;
    size_t kept = 0;
    for (size_t j = 0; j < storage->width; j++)
        kept += all->looks[j] < LOOKS_CONSTANT;
    for (size_t j = 0; j < storage->width; j++) {
        Looks *looks = &all->looks[j];
        if (*looks == LOOKS_CONSTANT && (!named || pixels || kept == 0))
            *looks = LOOKS_KEPT;
        else if (*looks == LOOKS_PART && !named && schema_leads(&storage->schema, j))
            keep_time(all, j);
        else if (*looks == LOOKS_ROWS && (!named || kept == 0))
            *looks = LOOKS_STEPS;
        else if ((*looks == LOOKS_UNIQUE && (!named || kept == 0)) || (*looks == LOOKS_MISSING && !named && kept > 0))
            *looks = LOOKS_FINE;
    }
}

/* ---- Notes --------------------------------------------------------------------------------------------------- */

/* Lists the columns that look so: "column 1 (a), column 2 (b) and 7 more"; returns how many there are. */
static size_t list_looks(const Review *all, Looks wanted, char list[LIST_SIZE])
{
    const Storage *storage = all->storage;
    size_t used = 0, count = 0, listed = 0;
    list[0] = '\0';
    for (size_t j = 0; j < storage->width; j++) {
        char text[COLUMN_TEXT];
        if (all->looks[j] != wanted || !schema_leads(&storage->schema, j))
            continue;
        count++;
        if (used + 2 * COLUMN_TEXT > LIST_SIZE)
            continue;
        used += (size_t)snprintf(list + used, LIST_SIZE - used, "%s%s", listed > 0 ? ", " : "",
                                 describe(storage, all->column_of[j], j, text));
        listed++;
    }
    if (count > listed)
        snprintf(list + used, LIST_SIZE - used, " and %zu more", count - listed);
    return count;
}

static percept_status note_looks(const Review *all, percept_error *error)
{
    static const struct {
        Looks looks;
        NoteKind kind;
        const char *text;
    } notes[] = {
        {LOOKS_MISSING, NOTE_TAKEN, "left out, all values missing"},
        {LOOKS_CONSTANT, NOTE_TAKEN, "left out, constant"},
        {LOOKS_ROWS, NOTE_TAKEN, "left out, numbers the rows (--columns NAME=number keeps it)"},
        {LOOKS_UNIQUE, NOTE_TAKEN, "left out, integers that identify rows (--columns NAME=number keeps one)"},
        {LOOKS_NAMES, NOTE_TAKEN, "left out, texts that are all different"},
        {LOOKS_TEXT, NOTE_TAKEN, "left out, texts that hardly repeat (--columns NAME=category keeps one)"},
        {LOOKS_FOREIGN, NOTE_WARNING, "numbers in a form that is not read, and that training refuses"},
        {LOOKS_KEPT, NOTE_TAKEN, "constant"},
        {LOOKS_GAPPED, NOTE_TAKEN, "constant, but for missing values"},
    };
    char list[LIST_SIZE];
    percept_status status = PERCEPT_OK;
    for (size_t n = 0; status == PERCEPT_OK && n < sizeof notes / sizeof notes[0]; n++)
        if (list_looks(all, notes[n].looks, list) > 0 && (notes[n].looks != LOOKS_KEPT || all->storage->count > 1))
            status = notes_add(&all->storage->notes, notes[n].kind, error, "%s: %s", notes[n].text, list);
    const size_t steps = list_looks(all, LOOKS_STEPS, list);
    if (status == PERCEPT_OK && steps > 0)
        status =
            notes_add(&all->storage->notes, NOTE_WARNING, error,
                      "%s count%s the rows; if that is no feature, leave it out (--drop)", list, steps == 1 ? "s" : "");
    return status;
}

/* ---- Leaving out --------------------------------------------------------------------------------------------- */

static size_t count_missing(const Storage *storage, size_t j)
{
    size_t missing = 0;
    for (size_t i = 0; i < storage->count; i++)
        missing += isnan(storage_value(storage, i, j)) ? 1 : 0;
    return missing;
}

static percept_status leave_out(const Review *all, const char *file, percept_error *error)
{
    Storage *storage = all->storage;
    bool *left = NULL;
    size_t kept = 0, missing = 0;
    percept_status status = memory_allocate(storage->width, sizeof *left, "the columns", &left, error);
    for (size_t j = 0; status == PERCEPT_OK && j < storage->width; j++) {
        left[j] = all->looks[j] >= LOOKS_CONSTANT;
        kept += !left[j];
        missing += all->looks[j] == LOOKS_MISSING;
    }
    if (status == PERCEPT_OK && kept == 0)
        status =
            error_set(error, PERCEPT_ERROR_FORMAT, "'%.64s': %s; is --delimiter right, and --missing-tokens?", file,
                      missing == storage->width ? "all features are missing in every row"
                                                : "no feature is left, since all columns are constant");
    for (size_t j = 0; status == PERCEPT_OK && j < storage->width; j++)
        if (left[j] && !schema_is_category(&storage->schema, j) && storage->missing > 0)
            storage->missing -= count_missing(storage, j);
    if (status == PERCEPT_OK)
        status = storage_narrow(storage, left, error);
    memory_free(left);
    return status;
}

/* The column of each feature. */
static void find_columns(const Columns *columns, size_t *column_of)
{
    for (size_t c = 0; c < columns->count; c++) {
        const Column *column = &columns->list[c];
        if (column->role != COLUMN_FEATURE)
            continue;
        column_of[column->place] = c;
        for (size_t p = 0; column->date && p < DATE_PARTS; p++)
            column_of[column->parts->of[p]] = c;
    }
}

percept_status table_review(Storage *storage, const Columns *columns, const char *file, percept_error *error)
{
    Review all = {.storage = storage, .columns = columns};
    percept_status status =
        memory_allocate_zeroed(storage->width, sizeof *all.column_of, "the columns", &all.column_of, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(storage->width, sizeof *all.looks, "the columns", &all.looks, error);
    if (status == PERCEPT_OK)
        find_columns(columns, all.column_of);
    for (size_t j = 0; status == PERCEPT_OK && j < storage->width; j++)
        status = look_at(&all, j, &all.looks[j], error);
    if (status == PERCEPT_OK) {
        keep_some(&all);
        status = note_looks(&all, error);
    }
    if (status == PERCEPT_OK)
        status = leave_out(&all, file, error);
    memory_free(all.column_of);
    memory_free(all.looks);
    return status;
}
