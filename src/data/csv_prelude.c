#include "data/csv_prelude.h"

#include <math.h>
#include <string.h>
#include <strings.h>

/* ---- Comments ------------------------------------------------------------------------------------------------ */

/* The line at the sample's begin, and the sample without it; false if it has no more. */
static bool take_line(CsvSample *sample, const CsvDialect *dialect, char **begin, char **end)
{
    char *stop =
        sample->at < sample->end ? memchr(sample->at, dialect->line_end, (size_t)(sample->end - sample->at)) : NULL;
    if (sample->at == sample->end || (stop == NULL && !sample->whole))
        return false;
    *begin = sample->at;
    *end = csv_record_trim(*begin, stop != NULL ? stop : sample->end, dialect);
    sample->at = stop != NULL ? stop + 1 : sample->end;
    return true;
}

static bool begins(const char *at, const char *end, const char *text)
{
    return (size_t)(end - at) >= strlen(text) && strncasecmp(at, text, strlen(text)) == 0;
}

static char *skip_blanks(char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    return at;
}

/* Bytes of the mark with which a comment begins; 0 for any other line. */
static size_t comment_mark(char *at, const char *end, CsvSample rest, const CsvDialect *dialect)
{
    char *next = NULL, *next_end = NULL;
    if (begins(at, end, "#N/A") || begins(at, end, "#NA"))
        return 0;
    if (begins(at, end, "//"))
        return 2;
    if (at == end || strchr("#%|", *at) == NULL)
        return 0;
    if (*at != '|')
        return 1;
    return !take_line(&rest, dialect, &next, &next_end) || memchr(next, '|', (size_t)(next_end - next)) == NULL;
}

static void read_separator(CsvSample *sample, const CsvDialect *dialect, CsvPrelude *prelude)
{
    CsvSample rest = *sample;
    char *begin = NULL, *end = NULL;
    if (!take_line(&rest, dialect, &begin, &end))
        return;
    if (end - begin > 2 && *begin == '"' && end[-1] == '"') {
        begin++;
        end--;
    }
    if (!begins(begin, end, "sep=") || end - begin != (ptrdiff_t)strlen("sep=;"))
        return;
    prelude->separator = end[-1];
    *sample = rest;
}

void csv_prelude_read(CsvSample *sample, const CsvDialect *dialect, CsvPrelude *out)
{
    CsvPrelude prelude = {0};
    CsvSample rest = *sample;
    char *begin = NULL, *end = NULL;
    read_separator(&rest, dialect, &prelude);
    CsvPrelude none = prelude;
    const CsvSample behind_separator = rest;
    none.begin = rest.at;
    for (;;) {
        prelude.begin = rest.at;
        if (!take_line(&rest, dialect, &begin, &end)) {
            prelude = none;
            rest = behind_separator;
            break;
        }
        char *at = skip_blanks(begin, end);
        const size_t mark = comment_mark(at, end, rest, dialect);
        if (mark == 0 && at < end) {
            rest.at = prelude.begin;
            break;
        }
        if (mark == 0)
            continue; /* a blank line */
        prelude.bar |= *at == '|';
        prelude.comments++;
        prelude.names = skip_blanks(at + mark, end);
        prelude.names_end = end;
    }
    *sample = rest;
    *out = prelude;
}

/* ---- Counts -------------------------------------------------------------------------------------------------- */

static bool take_count(char **at, char *end, const CsvDialect *dialect, double *count)
{
    CsvCell cell;
    if (*at == NULL)
        return false;
    *at = csv_cell_read(*at, end, dialect, &cell);
    return csv_cell_number(&cell, dialect, count) && *count >= 1 && *count == floor(*count);
}

/* Reads texts, at least two, that are no numbers; 0 if there is anything else. */
static size_t count_texts(char *at, char *end, const CsvDialect *dialect)
{
    size_t count = 0;
    double number = 0;
    for (; at != NULL; count++) {
        CsvCell cell;
        at = csv_cell_read(at, end, dialect, &cell);
        if (csv_cell_number(&cell, dialect, &number) || csv_cell_missing(&cell, dialect))
            return 0;
    }
    return count > 1 ? count : 0;
}

/* True for a record of so many numbers of which the last is that of a class. */
static bool is_row(char *at, char *end, const CsvDialect *dialect, double columns, size_t classes)
{
    size_t count = 0;
    double number = 0;
    for (; at != NULL; count++) {
        CsvCell cell;
        at = csv_cell_read(at, end, dialect, &cell);
        if (!csv_cell_number(&cell, dialect, &number))
            return false;
    }
    return (double)count == columns && number >= 0 && number < (double)classes && number == floor(number);
}

void csv_prelude_read_counts(CsvSample *sample, const CsvDialect *dialect, CsvPrelude *prelude)
{
    CsvSample rest = *sample;
    char *first = NULL, *first_end = NULL, *second = NULL, *second_end = NULL;
    double rows = 0, features = 0;
    if (!csv_sample_next(&rest, dialect, &first, &first_end))
        return;
    const CsvSample behind = rest;
    char *at = first;
    if (!csv_sample_next(&rest, dialect, &second, &second_end) || !take_count(&at, first_end, dialect, &rows) ||
        !take_count(&at, first_end, dialect, &features) || at == NULL)
        return;
    const size_t classes = count_texts(at, first_end, dialect);
    if (classes == 0 || !is_row(second, second_end, dialect, features + 1, classes))
        return;
    prelude->counts = at;
    prelude->counts_end = first_end;
    prelude->begin = behind.at;
    *sample = behind;
}
