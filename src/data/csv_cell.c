#include "data/csv_cell.h"

#include <string.h>
#include <strings.h>

#include "base/number.h"

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

/* A blank that is no delimiter. */
static bool is_padding(char byte, const CsvDialect *dialect)
{
    return is_blank(byte) && byte != dialect->delimiter;
}

/* The byte behind a quoted text that begins at `at`: its closing quote's successor, or `end` if it has none. */
static char *read_quoted(char *at, char *end, CsvCell *cell)
{
    cell->text = at;
    for (;;) {
        char *quote = at < end ? memchr(at, '"', (size_t)(end - at)) : NULL;
        if (quote == NULL) {
            cell->length = (size_t)(end - cell->text);
            cell->broken = true;
            return end;
        }
        if (quote + 1 == end || quote[1] != '"') {
            cell->length = (size_t)(quote - cell->text);
            return quote + 1;
        }
        cell->escaped = true;
        at = quote + 2;
    }
}

static char *read_between_blanks(char *at, char *end, CsvCell *cell)
{
    while (at < end && is_blank(*at))
        at++;
    cell->quoted = at < end && *at == '"';
    if (cell->quoted)
        at = read_quoted(at + 1, end, cell);
    else
        cell->text = at;
    char *stop = at;
    while (at < end && !is_blank(*at))
        at++;
    if (cell->quoted)
        cell->broken |= at > stop;
    else
        cell->length = (size_t)(at - cell->text);
    while (at < end && is_blank(*at))
        at++;
    return at < end ? at : NULL;
}

char *csv_cell_read(char *at, char *end, const CsvDialect *dialect, CsvCell *cell)
{
    *cell = (CsvCell){.text = at};
    if (dialect->blanks)
        return read_between_blanks(at, end, cell);
    while (at < end && is_padding(*at, dialect))
        at++;
    cell->quoted = at < end && *at == '"';
    if (cell->quoted)
        at = read_quoted(at + 1, end, cell);
    else
        cell->text = at;
    char *stop = at < end ? memchr(at, dialect->delimiter, (size_t)(end - at)) : NULL;
    char *next = stop != NULL ? stop + 1 : NULL;
    if (stop == NULL)
        stop = end;
    while (stop > at && is_padding(stop[-1], dialect))
        stop--;
    if (cell->quoted)
        cell->broken |= stop > at;
    else
        cell->length = (size_t)(stop - at);
    return next;
}

size_t csv_cell_count(char *at, char *end, const CsvDialect *dialect)
{
    CsvCell cell;
    size_t count = 0;
    for (; at != NULL; count++)
        at = csv_cell_read(at, end, dialect, &cell);
    return count;
}

void csv_cell_unescape(CsvCell *cell)
{
    if (!cell->escaped)
        return;
    size_t kept = 0;
    for (size_t i = 0; i < cell->length; i++) {
        cell->text[kept++] = cell->text[i];
        i += cell->text[i] == '"';
    }
    cell->length = kept;
    cell->escaped = false;
}

bool csv_cell_number(const CsvCell *cell, const CsvDialect *dialect, double *number)
{
    const char *text = cell->text, *end = cell->text + cell->length;
    while (text < end && is_blank(*text)) /* inside quotes */
        text++;
    while (text < end && is_blank(end[-1]))
        end--;
    double value = 0;
    if (cell->broken || text == end || number_scan(text, dialect->point, &value) != end)
        return false;
    *number = value;
    return true;
}

bool csv_cell_padded(const CsvCell *cell)
{
    bool digits = cell->length > 1 && cell->text[0] == '0' && !cell->broken;
    for (size_t i = 0; i < cell->length && digits; i++)
        digits = cell->text[i] >= '0' && cell->text[i] <= '9';
    return digits;
}

bool csv_cell_boolean(const CsvCell *cell, double *number)
{
    static const struct {
        const char *text;
        double number;
    } words[] = {{"true", 1}, {"false", 0}, {"t", 1}, {"f", 0},  {"yes", 1},
                 {"no", 0},   {"y", 1},     {"n", 0}, {"on", 1}, {"off", 0}};
    for (size_t w = 0; w < sizeof words / sizeof words[0]; w++) {
        if (strlen(words[w].text) != cell->length || strncasecmp(words[w].text, cell->text, cell->length) != 0)
            continue;
        *number = words[w].number;
        return !cell->broken;
    }
    return false;
}

bool csv_cell_truth(const CsvCell *cell)
{
    double number = 0;
    return cell->length >= strlen("true") && csv_cell_boolean(cell, &number);
}

bool csv_cell_missing(const CsvCell *cell, const CsvDialect *dialect)
{
    double number = 0;
    return missing_token(&dialect->missing, cell->text, cell->length) ||
           (dialect->missing_numbers && csv_cell_number(cell, dialect, &number) &&
            missing_number(&dialect->missing, number));
}
