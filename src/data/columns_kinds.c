/* What data.columns says of columns. */
#include "data/columns.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"

/* The words that are no form of dates. */
static const struct {
    const char *word;
    ColumnKind kind;
} words[] = {{"number", KIND_NUMBER}, {"category", KIND_CATEGORY}, {"date", KIND_DATE}, {"ignore", KIND_IGNORE}};

#define WORDS (sizeof words / sizeof words[0])

static percept_status refuse_kind(const char *item, const char *found, percept_error *error)
{
    const char *all[WORDS + DATE_EPOCH];
    size_t count = 0;
    for (; count < WORDS; count++)
        all[count] = words[count].word;
    for (DateForm form = DATE_YMD; form <= DATE_EPOCH; form++)
        all[count++] = date_form_name(form);
    const char *nearest = nearest_word(found, all, count);
    return error_set(error, PERCEPT_ERROR_ARGUMENT,
                     "data.columns: '%.48s' is not COLUMN=KIND with the kind number, category, date, mdy, dmy, ymd, "
                     "yyyymmdd, clock, epoch or ignore%s%s%s",
                     item, nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "",
                     nearest != NULL ? "?" : "");
}

percept_status columns_read_kind(const char *item, char **name, ColumnKind *kind, DateForm *form, percept_error *error)
{
    /* The last of both signs: a name may have them, too. */
    const char *equal = strrchr(item, '='), *colon = strrchr(item, ':');
    const char *sign = equal == NULL || (colon != NULL && colon > equal) ? colon : equal;
    if (sign == NULL || sign == item)
        return refuse_kind(item, sign != NULL ? sign + 1 : item, error);
    *kind = KIND_UNTOLD;
    *form = date_form_find(sign + 1);
    for (size_t w = 0; w < WORDS; w++)
        if (strcmp(words[w].word, sign + 1) == 0)
            *kind = words[w].kind;
    if (*form != DATE_UNKNOWN)
        *kind = KIND_DATE_FORM;
    if (*kind == KIND_UNTOLD)
        return refuse_kind(item, sign + 1, error);
    percept_status status = memory_copy_string(item, name, error);
    if (status == PERCEPT_OK)
        (*name)[sign - item] = '\0';
    return status;
}

/* Marks a column as of that kind. */
static percept_status take_kind(const char *file, char *const *names, size_t c, ColumnKind kind, DateForm form,
                                Columns *columns, percept_error *error)
{
    char text[COLUMN_TEXT];
    Column *column = &columns->list[c];
    if (column->told || column->category)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "data.columns: the kind of %s of '%.64s' is given twice",
                         column_describe(c, names, text), file);
    if (kind == KIND_IGNORE && column->role != COLUMN_FEATURE)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "data.columns: %s of '%.64s' cannot be ignored, since another key gives it a role",
                         column_describe(c, names, text), file);
    column->told = true;
    column->category = kind == KIND_CATEGORY;
    column->date = kind == KIND_DATE || kind == KIND_DATE_FORM;
    column->form = form;
    columns->ignored = columns->ignored || kind == KIND_IGNORE;
    if (kind == KIND_IGNORE)
        column->role = COLUMN_UNUSED;
    return PERCEPT_OK;
}

percept_status columns_take_kinds(const SourceOptions *options, const char *file, char *const *names, Columns *columns,
                                  percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t i = 0; i < options->column_count && status == PERCEPT_OK; i++) {
        char *name = NULL;
        size_t c = 0;
        ColumnKind kind = KIND_UNTOLD;
        DateForm form = DATE_UNKNOWN;
        status = columns_read_kind(options->columns[i], &name, &kind, &form, error);
        /* A model knows its columns; another file may lack those that it ignores. */
        const bool wanted = options->schema == NULL || kind == KIND_IGNORE;
        if (status == PERCEPT_OK && wanted) {
            status = columns_find(file, columns->count, names, "data.columns", name, &c, error);
            if (status == PERCEPT_OK)
                status = take_kind(file, names, c, kind, form, columns, error);
            else if (options->of_other_file)
                status = PERCEPT_OK;
        }
        memory_free(name);
    }
    return status;
}

size_t columns_of_feature(const Columns *columns, size_t j)
{
    for (size_t c = 0; c < columns->count; c++) {
        const Column *column = &columns->list[c];
        if (column->role != COLUMN_FEATURE)
            continue;
        for (size_t p = 0; column->date && p < DATE_PARTS; p++)
            if (column->parts->of[p] == j)
                return c;
        if (!column->date && column->place == j)
            return c;
    }
    return columns->count;
}
