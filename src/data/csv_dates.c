#include "data/csv_dates.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "data/date_guess.h"

/* A row whose order of month and day is not known is stored with the month first, a day that is larger by this, and as
 * time the seconds since midnight in UTC, which do not depend on the order. */
#define PENDING 100

/* ---- Making ------------------------------------------------------------------------------------------------------ */

/* What can be said of the form before the first row: of numbers alone, and of times of day. */
static DateForm first_form(const CsvReader *reader, size_t c)
{
    const CsvSurvey *survey = &reader->start.survey;
    if (c >= survey->columns)
        return DATE_UNKNOWN;
    const CsvColumn *column = &survey->list[c];
    if (column->numbers > 0 && column->texts == 0)
        return column->compact == column->numbers ? DATE_COMPACT : DATE_EPOCH;
    return column->clocks > column->dates ? DATE_CLOCK : DATE_UNKNOWN;
}

percept_status csv_dates_create(const CsvReader *reader, const Columns *columns, CsvDates *out, percept_error *error)
{
    CsvDates made = {.known = columns->for_model};
    percept_status status = PERCEPT_OK;
    if (columns->dates > 0) {
        made.count = columns->count;
        status = memory_allocate_zeroed(made.count, sizeof *made.list, "the dates", &made.list, error);
    }
    for (size_t c = 0; status == PERCEPT_OK && c < made.count; c++) {
        const Column *column = &columns->list[c];
        CsvDate *date = &made.list[c];
        const bool named = reader->names != NULL && reader->names[c][0] != '\0';
        if (column->role != COLUMN_FEATURE || !column->date)
            continue;
        date->guess.fixed = column->form != DATE_UNKNOWN;
        date->guess.form = date->guess.fixed ? column->form : first_form(reader, c);
        column_describe(c, reader->names, date->where);
        if (named)
            snprintf(date->name, sizeof date->name, "%.48s", reader->names[c]);
        else
            snprintf(date->name, sizeof date->name, "%zu", c + 1);
    }
    if (status == PERCEPT_OK)
        *out = made;
    return status;
}

void csv_dates_clear(CsvDates *dates)
{
    memory_free(dates->list);
    *dates = (CsvDates){0};
}

/* ---- Cells --------------------------------------------------------------------------------------------------------- */

static void keep_text(const CsvCell *cell, char text[CSV_DATE_SHOWN])
{
    snprintf(text, CSV_DATE_SHOWN, "%.*s", (int)(cell->length < CSV_DATE_SHOWN ? cell->length : CSV_DATE_SHOWN - 1),
             cell->text);
}

void csv_dates_read(CsvDates *dates, const Columns *columns, size_t c, size_t line, const CsvCell *cell,
                    double *features)
{
    CsvDate *date = &dates->list[c];
    Moment moment;
    bool pending = false;
    const bool either = date->guess.either;
    const bool read = date->guess.fixed ? date_read(cell->text, cell->length, date->guess.form, &moment)
                                        : date_guess_read(&date->guess, cell->text, cell->length, &moment, &pending);
    if (date->guess.either && !either)
        keep_text(cell, date->example);
    if (!read && date->unread++ == 0) {
        date->line = line;
        keep_text(cell, date->unreadable);
    }
    if (read && date->example[0] == '\0')
        keep_text(cell, date->example);
    date->cells++;
    date->pending += pending;
    for (size_t p = 0; p < DATE_PARTS; p++) {
        const size_t place = columns->list[c].parts->of[p];
        if (place != SCHEMA_NONE)
            features[place] = read ? date_part(&moment, (DatePart)p) : (double)NAN;
    }
    if (!pending)
        return;
    features[columns->list[c].parts->of[DATE_DAY]] += PENDING;
    features[columns->list[c].parts->of[DATE_TIME]] = moment.seconds - moment.offset;
}

void csv_dates_join(CsvDates *dates, const CsvDates *more)
{
    for (size_t c = 0; c < dates->count; c++) {
        CsvDate *to = &dates->list[c];
        const CsvDate *from = &more->list[c];
        if (from->unread > 0 && (to->unread == 0 || from->line < to->line)) {
            to->line = from->line;
            memcpy(to->unreadable, from->unreadable, sizeof to->unreadable);
        }
        to->cells += from->cells;
        to->unread += from->unread;
    }
}

/* ---- The whole column -------------------------------------------------------------------------------------------- */

/* Gives rows of an unknown order that of the form. */
static void settle_rows(const Column *column, DateForm form, Storage *storage)
{
    static const DatePart changed[] = {DATE_MONTH, DATE_DAY, DATE_WEEKDAY, DATE_TIME};
    for (size_t i = 0; i < storage->count; i++) {
        const double day = storage_value(storage, i, column->parts->of[DATE_DAY]);
        if (!(day > PENDING)) /* or NaN */
            continue;
        Moment moment = {.year = (int)storage_value(storage, i, column->parts->of[DATE_YEAR]),
                         .month = (int)storage_value(storage, i, column->parts->of[DATE_MONTH]),
                         .day = (int)day - PENDING,
                         .seconds = storage_value(storage, i, column->parts->of[DATE_TIME])};
        if (form == DATE_DMY)
            date_exchange(&moment);
        for (size_t p = 0; p < sizeof changed / sizeof changed[0]; p++)
            storage_set(storage, i, column->parts->of[changed[p]], date_part(&moment, changed[p]));
    }
}

/* A feature of a storage. */
typedef struct Feature {
    const Storage *storage;
    size_t j;
} Feature;

static double feature_at(const void *feature, size_t i)
{
    const Feature *of = feature;
    return storage_value(of->storage, i, of->j);
}

static void choose_parts(Column *column, const Storage *storage)
{
    bool vary[DATE_PARTS];
    for (size_t p = 0; p < DATE_PARTS; p++)
        vary[p] = date_guess_varies(feature_at, &(Feature){storage, column->parts->of[p]}, storage->count);
    date_guess_drop(column->form, vary, column->parts->dropped);
}

/* "year, month, time" */
static void list_parts(const Column *column, char list[CSV_DATES_NOTE_SIZE])
{
    size_t used = 0;
    list[0] = '\0';
    for (size_t p = 0; p < DATE_PARTS; p++)
        if (!column->parts->dropped[p])
            used += (size_t)snprintf(list + used, CSV_DATES_NOTE_SIZE - used, "%s%s", used > 0 ? ", " : "",
                                     date_part_name((DatePart)p));
}

static percept_status note_column(const CsvDate *date, const Column *column, Notes *notes, percept_error *error)
{
    char list[CSV_DATES_NOTE_SIZE];
    list_parts(column, list);
    if (date->cells == date->unread)
        return PERCEPT_OK; /* it is missing everywhere, which is noted like that of numbers */
    percept_status status =
        list[0] == '\0'
            ? notes_add(notes, NOTE_TAKEN, error, "the same date everywhere, which says nothing: %s", date->where)
            : notes_add(notes, NOTE_TAKEN, error, "%s: %s, such as %s; its feature%s %s", date->where,
                        date_guess_words(date->guess.form), date->example, strchr(list, ',') != NULL ? "s are" : " is",
                        list);
    if (status == PERCEPT_OK && date->guess.either && !date->guess.fixed)
        status = notes_add(notes, NOTE_WARNING, error,
                           "%s: no date shows whether %s has the month or the day first; it is read with the %s first, "
                           "--columns %s=%s means the other",
                           date->where, date->example, date->guess.form == DATE_MDY ? "month" : "day", date->name,
                           date->guess.form == DATE_MDY ? "dmy" : "mdy");
    return status;
}

void csv_dates_describe_unread(const CsvDates *dates, char text[CSV_DATES_NOTE_SIZE])
{
    size_t columns = 0;
    const CsvDate *first = NULL;
    text[0] = '\0';
    for (size_t c = 0; c < dates->count; c++) {
        columns += dates->list[c].unread > 0;
        first = first == NULL && dates->list[c].unread > 0 ? &dates->list[c] : first;
    }
    if (first == NULL)
        return;
    const int used =
        snprintf(text, CSV_DATES_NOTE_SIZE, "%s: %zu cell%s no %s and count%s as missing, the first '%s' in line %zu",
                 first->where, first->unread, first->unread == 1 ? " is" : "s are", date_guess_words(first->guess.form),
                 first->unread == 1 ? "s" : "", first->unreadable, first->line);
    if (columns > 1 && used > 0)
        snprintf(text + used, CSV_DATES_NOTE_SIZE - (size_t)used, "; likewise in %zu more column%s", columns - 1,
                 columns > 2 ? "s" : "");
}

static percept_status check_unread(const CsvDate *date, bool known, const char *file, percept_error *error)
{
    if (date->unread == 0 || DATE_UNREAD_SHARE * date->unread <= date->cells)
        return PERCEPT_OK;
    if (known)
        return error_set(
            error, PERCEPT_ERROR_FORMAT,
            "%.48s, line %zu, %s: '%s' is none of the %s that the model was trained on, nor are %zu more cells", file,
            date->line, date->where, date->unreadable, date_guess_words(date->guess.form), date->unread - 1);
    return error_set(error, PERCEPT_ERROR_FORMAT,
                     "%.48s, line %zu, %s: '%s' is no date as '%s' is; %zu of %zu are none; --columns %s=category or "
                     "=ignore reads no dates",
                     file, date->line, date->where, date->unreadable, date->example, date->unread, date->cells,
                     date->name);
}

percept_status csv_dates_settle(CsvDates *dates, Columns *columns, const char *file, Storage *storage,
                                percept_error *error)
{
    char text[CSV_DATES_NOTE_SIZE];
    percept_status status = PERCEPT_OK;
    for (size_t c = 0; status == PERCEPT_OK && c < dates->count; c++) {
        Column *column = &columns->list[c];
        CsvDate *date = &dates->list[c];
        if (column->role != COLUMN_FEATURE || !column->date)
            continue;
        status = check_unread(date, dates->known, file, error);
        if (status != PERCEPT_OK || dates->known)
            continue;
        column->form = date->guess.form != DATE_UNKNOWN ? date->guess.form : DATE_YMD;
        if (date->pending > 0)
            settle_rows(column, column->form, storage);
        for (size_t p = 0; p < DATE_PARTS; p++)
            storage->schema.dates[column->parts->of[p]].form = column->form;
        choose_parts(column, storage);
        status = note_column(date, column, &storage->notes, error);
    }
    csv_dates_describe_unread(dates, text);
    if (status == PERCEPT_OK && text[0] != '\0')
        status = notes_add(&storage->notes, NOTE_WARNING, error, "%s", text);
    return status;
}
