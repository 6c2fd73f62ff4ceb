#include "data/csv_row.h"

#include <math.h>
#include <stdio.h>

#include "base/number.h"

/* Bytes of a cell that a message shows. */
#define SHOWN 32

/* ---- Refusals ------------------------------------------------------------------------------------------------ */

static int shown(const CsvCell *cell)
{
    return (int)(cell->length < SHOWN ? cell->length : SHOWN);
}

static percept_status refuse_broken(const char *where, const CsvCell *cell, percept_error *error)
{
    return error_set(error, PERCEPT_ERROR_FORMAT,
                     "%s: the quotes around '%.*s' do not enclose the whole cell; a quote within one is written twice",
                     where, shown(cell), cell->text);
}

static percept_status refuse_missing(const char *where, ColumnRole role, percept_error *error)
{
    static const char *const whats[] = {[COLUMN_FEATURE] = "value",
                                        [COLUMN_LABEL] = "label",
                                        [COLUMN_TARGET] = "target",
                                        [COLUMN_WEIGHT] = "weight",
                                        [COLUMN_UNUSED] = "value"};
    return error_set(error, PERCEPT_ERROR_FORMAT, "%s: the %s is missing%s", where, whats[role],
                     role == COLUMN_FEATURE ? "; data.missing (--missing) mean or zero fills such cells" : "");
}

/* What to do about a cell that is no number. */
static const char *advice(const CsvReader *reader, const CsvCell *cell, ColumnRole role)
{
    CsvDialect other = reader->dialect;
    double number = 0;
    other.point = other.point == '.' ? ',' : '.';
    if (csv_cell_number(cell, &other, &number))
        return other.point == ',' ? "; if the comma is its decimal point, say so with data.decimal (--decimal) comma"
                                  : "; numbers are read with a comma, as data.decimal says";
    if (csv_cell_missing(cell, &reader->dialect))
        return "; a value must be there";
    return role == COLUMN_FEATURE ? "; data.drop (--drop) leaves a column out, data.label (--label) makes it the class"
                                  : "";
}

/* Says why a cell, which is number `c`, cannot be used. */
static percept_status refuse(const CsvReader *reader, const CsvRecord *record, size_t c, const CsvCell *cell,
                             ColumnRole role, percept_error *error)
{
    char where[512], column[COLUMN_TEXT];
    const int length = snprintf(where, sizeof where, "%.400s, line %zu, %s", reader->name, record->line,
                                column_describe(c, reader->names, column));
    double number = 0;
    if (length < 0)
        where[0] = '\0';
    if (cell->broken)
        return refuse_broken(where, cell, error);
    if (cell->length == 0)
        return refuse_missing(where, role, error);
    if (role == COLUMN_FEATURE && csv_cell_missing(cell, &reader->dialect))
        return error_set(
            error, PERCEPT_ERROR_FORMAT,
            "%s: '%.*s' tells that the value is missing; data.missing (--missing) mean or zero fills such cells", where,
            shown(cell), cell->text);
    if (role == COLUMN_WEIGHT && csv_cell_number(cell, &reader->dialect, &number))
        return error_set(error, PERCEPT_ERROR_FORMAT, "%s: the weight %g is negative", where, number);
    return error_set(error, PERCEPT_ERROR_FORMAT, "%s: '%.*s' is not a finite number%s", where, shown(cell), cell->text,
                     advice(reader, cell, role));
}

static percept_status refuse_count(const CsvReader *reader, const CsvRecord *record, percept_error *error)
{
    const size_t cells = csv_cell_count(record->begin, record->end, &reader->dialect);
    return error_set(error, PERCEPT_ERROR_FORMAT, "%s, line %zu: has %zu value%s, but the first line has %zu",
                     reader->name, record->line, cells, cells == 1 ? "" : "s", reader->columns);
}

/* ---- Cells --------------------------------------------------------------------------------------------------- */

/* The usual cell: a number up to the delimiter or the line's end. False if it is anything else; *at is then as it was. */
static inline bool read_plain_number(char **at, const char *end, const CsvDialect *dialect, double *number)
{
    const char *text = *at;
    while (*text == ' ')
        text++;
    text = number_scan(text, dialect->point, number);
    if (text == NULL)
        return false;
    while (*text == ' ')
        text++;
    if (text == end)
        *at = NULL;
    else if (text < end && *text == dialect->delimiter)
        *at += text + 1 - *at;
    else
        return false;
    return true;
}

/* Reads a cell that is to be a number; NAN for a feature that is missing and may be. */
static bool read_number(char **at, char *end, const CsvDialect *dialect, MissingKind missing, ColumnRole role,
                        CsvCell *cell, double *number)
{
    if (!dialect->blanks && !dialect->missing_numbers && read_plain_number(at, end, dialect, number))
        return true;
    *at = csv_cell_read(*at, end, dialect, cell);
    if (csv_cell_number(cell, dialect, number) && !(dialect->missing_numbers && csv_cell_missing(cell, dialect)))
        return true;
    *number = missing == MISSING_ZERO ? 0 : NAN;
    return role == COLUMN_FEATURE && missing != MISSING_REFUSE && !cell->broken && csv_cell_missing(cell, dialect);
}

/* Reads a cell that is no feature. */
static bool read_other(char **at, char *end, const CsvDialect *dialect, const Column *column, CsvCell *cell,
                       CsvRow *row)
{
    double number = 0;
    if (column->role == COLUMN_UNUSED || column->role == COLUMN_LABEL) {
        *at = csv_cell_read(*at, end, dialect, cell);
        if (column->role == COLUMN_LABEL) {
            row->label = *cell;
            row->unanswered = row->unanswered || missing_label(&dialect->missing, cell->text, cell->length);
        }
        return column->role == COLUMN_UNUSED || !cell->broken;
    }
    if (!read_number(at, end, dialect, MISSING_REFUSE, column->role, cell, &number)) {
        row->unanswered = true; /* read on only if the target is missing */
        return column->role == COLUMN_TARGET && !cell->broken && csv_cell_missing(cell, dialect);
    }
    if (column->role == COLUMN_TARGET)
        row->targets[column->place] = number;
    else
        row->weight = number;
    return column->role == COLUMN_TARGET || number >= 0;
}

percept_status csv_row_read(const CsvReader *reader, const CsvRecord *record, const Columns *columns,
                            MissingKind missing, CsvRow *row, percept_error *error)
{
    const CsvDialect dialect = reader->dialect;
    char *at = record->begin, *end = record->end;
    CsvCell cell = {0};
    row->missing = 0;
    row->unanswered = false;
    row->weight = 1;
    for (size_t c = 0; c < columns->count; c++) {
        const Column *column = &columns->list[c];
        char *const begin = at;
        double number = 0;
        if (at == NULL)
            return refuse_count(reader, record, error);
        const bool right = column->role == COLUMN_FEATURE
                               ? read_number(&at, end, &dialect, missing, COLUMN_FEATURE, &cell, &number)
                               : read_other(&at, end, &dialect, column, &cell, row);
        if (!right) {
            csv_cell_read(begin, end, &dialect, &cell);
            if (csv_cell_count(record->begin, end, &dialect) != columns->count)
                return refuse_count(reader, record, error);
            return refuse(reader, record, c, &cell, column->role, error);
        }
        if (column->role == COLUMN_FEATURE) {
            row->features[column->place] = number;
            row->missing += isnan(number) ? 1 : 0;
        }
    }
    return at == NULL ? PERCEPT_OK : refuse_count(reader, record, error);
}
