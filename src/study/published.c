#include "study/published.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/number.h"

enum { COLUMN_RUN, COLUMN_EPOCH, COLUMN_FIGURE, COLUMN_VALUE, COLUMN_TOLERANCE, COLUMN_KIND, COLUMN_REASON, COLUMNS };

static const char header[] = "run,epoch,figure,value,tolerance,kind,reason";

static const char *const kind_names[TOLERANCE_KINDS] = {"relative", "absolute", "at-least", "at-most", "shown"};

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

/* Cuts a line into cells in place; the last one takes the rest. False if there are fewer. Cells have no quotes. */
static bool cut_line(char *line, const char *cells[COLUMNS])
{
    for (size_t c = 0; c < COLUMNS; c++) {
        char *comma = c + 1 < COLUMNS ? strchr(line, ',') : NULL;
        if (c + 1 < COLUMNS && comma == NULL)
            return false;
        cells[c] = line;
        if (comma != NULL) {
            *comma = '\0';
            line = comma + 1;
        }
    }
    return true;
}

static bool read_value(const char *text, double *out)
{
    if (strcmp(text, "inf") == 0) {
        *out = INFINITY;
        return true;
    }
    return number_parse(text, out);
}

static bool read_row(char *line, PublishedFigure *out)
{
    const char *cells[COLUMNS];
    int64_t epoch = RESULT_WHOLE;
    if (!cut_line(line, cells))
        return false;
    *out = (PublishedFigure){.run = cells[COLUMN_RUN],
                             .figure = cells[COLUMN_FIGURE],
                             .reason = cells[COLUMN_REASON],
                             .kind = TOLERANCE_KINDS};
    for (size_t k = 0; k < TOLERANCE_KINDS; k++)
        if (strcmp(cells[COLUMN_KIND], kind_names[k]) == 0)
            out->kind = (ToleranceKind)k;
    if (cells[COLUMN_EPOCH][0] != '\0' && integer_parse(cells[COLUMN_EPOCH], &epoch) != INTEGER_OK)
        return false;
    if (cells[COLUMN_TOLERANCE][0] != '\0' && !(number_parse(cells[COLUMN_TOLERANCE], &out->tolerance)))
        return false;
    out->epoch = (long)epoch;
    return out->kind != TOLERANCE_KINDS && out->figure[0] != '\0' && read_value(cells[COLUMN_VALUE], &out->value);
}

static size_t count_lines(const char *text)
{
    size_t count = 0;
    for (const char *c = text; *c != '\0'; c++)
        count += *c == '\n';
    return count + 1;
}

static percept_status read_rows(const char *path, Published *out, percept_error *error)
{
    char *line = out->text;
    size_t number = 0;
    percept_status status =
        memory_allocate(count_lines(line), sizeof *out->list, "the published figures", &out->list, error);
    while (status == PERCEPT_OK && line != NULL && line[0] != '\0') {
        char *end = strchr(line, '\n');
        if (end != NULL)
            *end = '\0';
        line[strcspn(line, "\r")] = '\0'; /* of Windows */
        number++;
        const bool good = number == 1 ? strcmp(line, header) == 0 : read_row(line, &out->list[out->count]);
        if (!good)
            status = error_set(error, PERCEPT_ERROR_FORMAT,
                               "%s:%zu: expected %s, kind one of relative, absolute, "
                               "at-least, at-most, shown",
                               path, number, header);
        else if (number > 1)
            out->count++;
        line = end != NULL ? end + 1 : NULL;
    }
    return status;
}

percept_status published_read(const char *path, Published *out, percept_error *error)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    *out = (Published){0};
    if (!file_exists(path))
        return PERCEPT_OK;
    percept_status status = file_read(path, &bytes, &size, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(size + 1, 1, "the published figures", &out->text, error);
    if (status == PERCEPT_OK) {
        memcpy(out->text, bytes, size);
        out->text[size] = '\0';
        status = read_rows(path, out, error);
    }
    memory_free(bytes);
    if (status != PERCEPT_OK)
        published_clear(out);
    return status;
}

void published_clear(Published *published)
{
    memory_free(published->list);
    memory_free(published->text);
    *published = (Published){0};
}

/* ---- Comparing --------------------------------------------------------------------------------------------------- */

/* The distance of our value from the published one, in terms of its tolerance. */
static double miss_of(const PublishedFigure *figure)
{
    const double difference = figure->ours - figure->value;
    if (figure->ours == figure->value) /* infinities too */
        return 0;
    switch (figure->kind) {
    case TOLERANCE_RELATIVE:
        return fabs(difference) / fabs(figure->value);
    case TOLERANCE_ABSOLUTE:
        return fabs(difference);
    case TOLERANCE_AT_LEAST:
        return fmax(-difference, 0);
    case TOLERANCE_AT_MOST:
        return fmax(difference, 0);
    case TOLERANCE_SHOWN:
    case TOLERANCE_KINDS:
        break;
    }
    return 0;
}

void published_compare(Published *published, const Results *results)
{
    published->compared = published->agreed = 0;
    for (size_t i = 0; i < published->count; i++) {
        PublishedFigure *figure = &published->list[i];
        const double *ours = results_find(results, figure->run, figure->epoch, figure->figure);
        figure->found = ours != NULL;
        if (!figure->found)
            continue;
        figure->ours = *ours;
        figure->miss = miss_of(figure);
        figure->agrees = isnan(figure->ours) ? figure->kind == TOLERANCE_SHOWN : figure->miss <= figure->tolerance;
        published->compared += figure->kind != TOLERANCE_SHOWN;
        published->agreed += figure->kind != TOLERANCE_SHOWN && figure->agrees;
    }
}

/* ---- Tables ------------------------------------------------------------------------------------------------------ */

PublishedLine published_line(const Published *published, size_t first)
{
    const PublishedFigure *head = &published->list[first];
    PublishedLine line = {.first = first, .end = first};
    while (line.end < published->count) {
        const PublishedFigure *figure = &published->list[line.end];
        if (line.end > first &&
            (head->kind == TOLERANCE_SHOWN || head->epoch == RESULT_WHOLE || figure->epoch == RESULT_WHOLE ||
             figure->kind != head->kind || figure->tolerance != head->tolerance ||
             strcmp(figure->figure, head->figure) != 0 || strcmp(figure->run, head->run) != 0))
            break;
        line.found += figure->found;
        line.agreed += figure->found && figure->agrees;
        if (figure->found && !(figure->miss <= line.miss))
            line.miss = figure->miss;
        line.end++;
    }
    return line;
}

#define DIGITS 12

/* "at least", or with a tolerance "at most, +1e-12". */
static void describe_bound(const PublishedFigure *figure, char text[PUBLISHED_CELL])
{
    const bool least = figure->kind == TOLERANCE_AT_LEAST;
    if (figure->tolerance > 0)
        snprintf(text, PUBLISHED_CELL, "%s%.3g", least ? "at least, -" : "at most, +", figure->tolerance);
    else
        snprintf(text, PUBLISHED_CELL, "%s", least ? "at least" : "at most");
}

void published_describe(const Published *published, const PublishedLine *line, PublishedCells *out)
{
    const PublishedFigure *first = &published->list[line->first], *last = &published->list[line->end - 1];
    const char *between = first->run[0] != '\0' ? " " : "";
    char number[NUMBER_SIZE];
    *out = (PublishedCells){0};
    if (line->end - line->first > 1)
        snprintf(out->figure, PUBLISHED_CELL, "%s%s%s, epochs %ld-%ld", first->run, between, first->figure,
                 first->epoch, last->epoch);
    else if (first->epoch != RESULT_WHOLE)
        snprintf(out->figure, PUBLISHED_CELL, "%s%s%s, epoch %ld", first->run, between, first->figure, first->epoch);
    else
        snprintf(out->figure, PUBLISHED_CELL, "%s%s%s", first->run, between, first->figure);
    if (line->end - line->first > 1) {
        snprintf(out->value, PUBLISHED_CELL, "%zu values", line->end - line->first);
        snprintf(out->ours, PUBLISHED_CELL, "off by at most %.2g", line->miss);
    } else {
        number_format_digits(first->value, DIGITS, number);
        snprintf(out->value, PUBLISHED_CELL, "%s", number);
        number_format_digits(first->ours, DIGITS, number);
        snprintf(out->ours, PUBLISHED_CELL, "%s", number);
    }
    if (line->found == 0)
        snprintf(out->ours, PUBLISHED_CELL, "not run");
    if (first->kind == TOLERANCE_SHOWN)
        snprintf(out->tolerance, PUBLISHED_CELL, "not compared");
    else if (first->kind == TOLERANCE_AT_LEAST || first->kind == TOLERANCE_AT_MOST)
        describe_bound(first, out->tolerance);
    else
        snprintf(out->tolerance, PUBLISHED_CELL, "%.3g%s", first->tolerance,
                 first->kind == TOLERANCE_RELATIVE ? " relative" : "");
}

void published_report(const Published *published, Page *page)
{
    static const char *const columns[] = {"result", "published", "ours", "tolerance", "remark"};
    static const bool numeric[] = {false, true, true, true, false};
    page_table_begin(page, NULL, columns, sizeof columns / sizeof columns[0], numeric);
    for (size_t i = 0; i < published->count;) {
        PublishedCells cells;
        const PublishedLine line = published_line(published, i);
        const PublishedFigure *first = &published->list[i];
        published_describe(published, &line, &cells);
        const char *const row[] = {cells.figure, cells.value, cells.ours, cells.tolerance, first->reason};
        const bool quiet = line.found == 0 || first->kind == TOLERANCE_SHOWN;
        page_table_row_marked(page, row, quiet ? PAGE_QUIET : line.agreed == line.found ? PAGE_GOOD : PAGE_BAD, NULL);
        i = line.end;
    }
    page_table_end(page);
}
