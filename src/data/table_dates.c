#include "data/table_dates.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/quote.h"
#include "data/date_guess.h"

/* Fewer numbers than this are no sign that they are dates (csv_left.h). */
#define FEWEST_COMPACT 4
/* Digits of a number of seconds, with a fraction. */
#define SPELLED_SIZE 40
#define TEXT_SHOWN 32

/* ---- What a column looks like ------------------------------------------------------------------------------------------ */

/* What the cells of a column of texts are, row by row. */
typedef struct Looks {
    size_t cells, dates, clocks, compact, numbers;
} Looks;

static bool is_number(const char *text)
{
    const char *at = *text == '-' ? text + 1 : text;
    const size_t whole = strspn(at, "0123456789");
    at += whole;
    if (*at == '.')
        at += 1 + strspn(at + 1, "0123456789");
    return whole > 0 && *at == '\0';
}

static void look_at(const char *text, Looks *looks)
{
    DateText date;
    looks->cells++;
    looks->numbers += is_number(text);
    if (!date_scan(text, strlen(text), &date))
        return;
    looks->clocks += date.form == DATE_CLOCK;
    looks->compact += date.form == DATE_COMPACT && date.moment.year >= 1900 && date.moment.year < 2100;
    looks->dates += date.form != DATE_CLOCK && date.form != DATE_COMPACT;
}

/* Each text once; rows do not matter for the form. */
static Looks look_at_texts(const LabelTable *texts)
{
    Looks looks = {0};
    for (size_t n = 0; n < texts->count; n++)
        look_at(label_table_text(texts, n), &looks);
    return looks;
}

FeatureKind table_dates_look(const TableColumn *column, size_t count)
{
    Looks looks = {0};
    for (size_t i = 0; i < count; i++)
        if (!isnan(column->values[i]))
            look_at(label_table_text(&column->texts, (size_t)column->values[i]), &looks);
    const bool dates = 5 * looks.dates >= 4 * looks.cells || 5 * looks.clocks >= 4 * looks.cells;
    const bool compact = looks.compact == looks.cells && looks.cells >= FEWEST_COMPACT && column->texts.count > 1;
    return looks.cells > 0 && (dates || compact) ? FEATURE_DATE : FEATURE_CATEGORY;
}

bool table_dates_compact(const TableColumn *column, size_t count)
{
    size_t cells = 0;
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        char text[SPELLED_SIZE];
        DateText date;
        const double x = column->values[i];
        if (isnan(x))
            continue;
        if (!(x >= 19000101 && x < 21000000 && x == floor(x)))
            return false;
        snprintf(text, sizeof text, "%.0f", x);
        if (!date_scan(text, strlen(text), &date))
            return false;
        low = fmin(low, x);
        high = fmax(high, x);
        cells++;
    }
    return cells >= FEWEST_COMPACT && low < high;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------------- */

/* What can be said of the form before the first date: of numbers alone, and of times of day. */
static DateForm first_form(const LabelTable *texts)
{
    const Looks looks = look_at_texts(texts);
    if (looks.cells > 0 && looks.compact == looks.cells)
        return DATE_COMPACT;
    if (looks.cells > 0 && looks.numbers == looks.cells)
        return DATE_EPOCH;
    return looks.clocks > looks.dates ? DATE_CLOCK : DATE_UNKNOWN;
}

/* The form that all texts show; *example is one of them, in both orders if there is one such. */
static DateGuess guess_form(const LabelTable *texts, const char **example)
{
    DateGuess guess = {.form = first_form(texts)};
    for (size_t n = 0; n < texts->count && !guess.fixed; n++) {
        const char *text = label_table_text(texts, n);
        const bool either = guess.either;
        bool pending = false;
        Moment moment;
        if (date_guess_read(&guess, text, strlen(text), &moment, &pending) &&
            (*example == NULL || either != guess.either))
            *example = text;
    }
    if (guess.form == DATE_UNKNOWN)
        guess.form = DATE_YMD;
    return guess;
}

/* Refuses a column with too many cells that are no dates of the form, or notes how many there are. */
static percept_status check_unread(const TableColumn *column, size_t count, const double *read, DateForm form,
                                   Notes *notes, percept_error *error)
{
    char name[QUOTED_SIZE], quoted[QUOTED_SIZE];
    size_t cells = 0, unread = 0, first = 0;
    for (size_t i = 0; i < count; i++) {
        const double value = column->values[i];
        const bool bad = !isnan(value) && isnan(read[column->worded ? (size_t)value : i]);
        first = bad && unread == 0 ? i : first;
        unread += bad ? 1 : 0;
        cells += isnan(value) ? 0 : 1;
    }
    if (unread == 0)
        return PERCEPT_OK;
    char number[SPELLED_SIZE];
    snprintf(number, sizeof number, "%.17g", column->values[first]);
    const char *text = column->worded ? label_table_text(&column->texts, (size_t)column->values[first]) : number;
    quote_text(column->name, name);
    quote_text(text, quoted);
    if (DATE_UNREAD_SHARE * unread > cells)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "column %s, row %zu: %s is none of the %s (%s) that it is read as; %zu of %zu cells are none",
                         name, first + 1, quoted, date_guess_words(form), date_form_name(form), unread, cells);
    return notes_add(notes, NOTE_WARNING, error,
                     "column %s: %zu cell%s none of the %s and count%s as missing, the first %s in row %zu", name,
                     unread, unread == 1 ? " is" : "s are", date_guess_words(form), unread == 1 ? "s" : "", quoted,
                     first + 1);
}

/* The moments of a column as parts: out[p] receives those of part p unless it is NULL. */
static void read_texts(const LabelTable *texts, DateForm form, double *const out[DATE_PARTS])
{
    for (size_t n = 0; n < texts->count; n++) {
        const char *text = label_table_text(texts, n);
        Moment moment;
        const bool read = date_read(text, strlen(text), form, &moment);
        for (size_t p = 0; p < DATE_PARTS; p++)
            if (out[p] != NULL)
                out[p][n] = read ? date_part(&moment, (DatePart)p) : (double)NAN;
    }
}

/* ---- For training ------------------------------------------------------------------------------------------------------ */

/* A part of the dates in the rows of a column. */
typedef struct Rows {
    const TableColumn *column;
    const double *part;
} Rows;

static double part_at(const void *rows, size_t i)
{
    const Rows *of = rows;
    const double value = of->column->values[i];
    return isnan(value) ? value : of->part[(size_t)value];
}

/* Marks and releases the parts that tell nothing. */
static void drop_parts(const TableColumn *column, size_t count, TableDate *date)
{
    bool vary[DATE_PARTS];
    for (size_t p = 0; p < DATE_PARTS; p++)
        vary[p] = date_guess_varies(part_at, &(Rows){column, date->parts[p]}, count);
    date_guess_drop(date->form, vary, date->dropped);
    for (size_t p = 0; p < DATE_PARTS; p++)
        if (date->dropped[p]) {
            memory_free(date->parts[p]);
            date->parts[p] = NULL;
        }
}

static percept_status note_order(const TableColumn *column, const DateGuess *guess, const char *example, Notes *notes,
                                 percept_error *error)
{
    char name[QUOTED_SIZE];
    if (!guess->either || guess->fixed)
        return PERCEPT_OK;
    return notes_add(
        notes, NOTE_WARNING, error,
        "column %s: no date shows whether %.*s has the month or the day first; it is read with the %s first",
        quote_text(column->name, name), TEXT_SHOWN, example, guess->form == DATE_MDY ? "month" : "day");
}

percept_status table_date_learn(const TableColumn *column, size_t count, TableDate *out, Notes *notes,
                                percept_error *error)
{
    const char *example = NULL;
    const DateGuess guess = guess_form(&column->texts, &example);
    TableDate date = {.form = guess.form};
    percept_status status = note_order(column, &guess, example, notes, error);
    for (size_t p = 0; status == PERCEPT_OK && p < DATE_PARTS; p++)
        status = memory_allocate(column->texts.count, sizeof *date.parts[p], "the dates", &date.parts[p], error);
    if (status == PERCEPT_OK) {
        read_texts(&column->texts, date.form, date.parts);
        status = check_unread(column, count, date.parts[DATE_YEAR], date.form, notes, error);
    }
    if (status == PERCEPT_OK) {
        drop_parts(column, count, &date);
        *out = date;
    } else {
        table_date_clear(&date);
    }
    return status;
}

void table_date_clear(TableDate *date)
{
    for (size_t p = 0; p < DATE_PARTS; p++)
        memory_free(date->parts[p]);
    *date = (TableDate){0};
}

/* ---- For a model ------------------------------------------------------------------------------------------------------- */

/* Numbers are read as their digits, as they would stand in a file. */
static void read_numbers(const TableColumn *column, size_t count, const DateFeature *date, double *out)
{
    char text[SPELLED_SIZE];
    for (size_t i = 0; i < count; i++) {
        const double x = column->values[i];
        Moment moment;
        snprintf(text, sizeof text, x == floor(x) && fabs(x) < 1e15 ? "%.0f" : "%.6f", x);
        out[i] = !isnan(x) && date_read(text, strlen(text), date->form, &moment) ? date_part(&moment, date->part)
                                                                                 : (double)NAN;
    }
}

percept_status table_date_part(const TableColumn *column, size_t count, const DateFeature *date, double **out,
                               Notes *notes, percept_error *error)
{
    double *parts[DATE_PARTS] = {0}, *made = NULL;
    percept_status status =
        memory_allocate(column->worded ? column->texts.count : count, sizeof *made, "the dates", &made, error);
    if (status != PERCEPT_OK)
        return status;
    parts[date->part] = made;
    if (column->worded)
        read_texts(&column->texts, date->form, parts);
    else
        read_numbers(column, count, date, made);
    status = check_unread(column, count, made, date->form, notes, error);
    if (status == PERCEPT_OK)
        *out = made;
    else
        memory_free(made);
    return status;
}
