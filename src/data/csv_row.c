#include "data/csv_row.h"

#include <math.h>

#include "base/number.h"
#include "data/csv_refuse.h"

/* ---- Cells --------------------------------------------------------------------------------------------------- */

static bool is_plain(const CsvDialect *dialect)
{
    return !dialect->blanks && !dialect->missing_numbers;
}

/* In a dialect that is plain, the usual cell: a number up to the delimiter or the line's end. False if it is anything else; *at is then as it was. */
static inline bool read_plain_number(char **at, const char *end, const CsvDialect *dialect, double *number)
{
    const char *text = *at;
    while (*text == ' ')
        text++;
    text = number_scan_padded(text, dialect->point, number);
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

/* Reads a cell as a number. For a feature, true and false are 1 and 0, and a missing value becomes NAN if that is
 * allowed. */
static bool read_number(char **at, char *end, const CsvDialect *dialect, MissingKind missing, ColumnRole role,
                        CsvCell *cell, double *number, bool *boolean)
{
    if (is_plain(dialect) && read_plain_number(at, end, dialect, number))
        return true;
    *at = csv_cell_read(*at, end, dialect, cell);
    if (csv_cell_number(cell, dialect, number) && !(dialect->missing_numbers && csv_cell_missing(cell, dialect)))
        return true;
    if (role != COLUMN_FEATURE || cell->broken)
        return false;
    *boolean = csv_cell_boolean(cell, number);
    if (*boolean)
        return true;
    *number = missing == MISSING_ZERO ? 0 : NAN;
    return missing != MISSING_REFUSE && csv_cell_missing(cell, dialect);
}

/* Reads a cell that is no feature. */
static bool read_other(char **at, char *end, const CsvDialect *dialect, const Column *column, CsvCell *cell,
                       CsvRow *row)
{
    double number = 0;
    bool boolean = false;
    if (column->role == COLUMN_UNUSED || column->role == COLUMN_LABEL) {
        *at = csv_cell_read(*at, end, dialect, cell);
        if (column->role == COLUMN_LABEL) {
            row->label = *cell;
            row->unanswered = row->unanswered || missing_label(&dialect->missing, cell->text, cell->length);
        }
        if (column->group)
            row->group = *cell;
        if (column->time)
            row->time = *cell;
        return column->group || column->time ? !cell->broken && cell->length > 0
                                             : column->role == COLUMN_UNUSED || !cell->broken;
    }
    if (!read_number(at, end, dialect, MISSING_REFUSE, column->role, cell, &number, &boolean)) {
        row->unanswered = true; /* read on only if the target is missing */
        return column->role == COLUMN_TARGET && !cell->broken && csv_cell_missing(cell, dialect);
    }
    if (column->role == COLUMN_TARGET)
        row->targets[column->place] = number;
    else
        row->weight = number;
    return column->role == COLUMN_TARGET || number >= 0;
}

/* Takes the code of a category; *right is false for a cell that cannot be one. */
static percept_status take_category(const CsvReader *reader, size_t line, size_t place, const CsvCell *cell,
                                    MissingKind missing, CsvRow *row, bool *right, percept_error *error)
{
    *right = true;
    if (csv_categories_know(row->categories, place, cell, &row->features[place]))
        return PERCEPT_OK;
    const bool absent = !cell->broken && csv_cell_missing(cell, &reader->dialect);
    *right = !cell->broken && !(absent && missing == MISSING_REFUSE);
    row->features[place] = NAN;
    if (absent || !*right)
        return PERCEPT_OK;
    return csv_categories_code(row->categories, place, reader, line, cell, &row->features[place], error);
}

/* Takes the parts of a date; false for a cell that cannot be one. */
static bool take_date(const CsvReader *reader, size_t line, const Columns *columns, size_t c, const CsvCell *cell,
                      MissingKind missing, CsvRow *row)
{
    const Column *column = &columns->list[c];
    const bool absent = !cell->broken && csv_cell_missing(cell, &reader->dialect);
    if (cell->broken || (absent && missing == MISSING_REFUSE))
        return false;
    if (!absent)
        csv_dates_read(row->dates, columns, c, line, cell, row->features);
    for (size_t p = 0; p < DATE_PARTS; p++) {
        if (column->parts->of[p] == SCHEMA_NONE)
            continue;
        if (absent)
            row->features[column->parts->of[p]] = missing == MISSING_ZERO ? 0 : NAN;
        row->missing += isnan(row->features[column->parts->of[p]]) ? 1 : 0;
    }
    return true;
}

/* Takes a cell of column c, a category or date. */
static percept_status take_cell(const CsvReader *reader, size_t line, const Columns *columns, size_t c,
                                const CsvCell *cell, MissingKind missing, CsvRow *row, bool *right,
                                percept_error *error)
{
    if (columns->list[c].category)
        return take_category(reader, line, columns->list[c].place, cell, missing, row, right, error);
    *right = take_date(reader, line, columns, c, cell, missing, row);
    return PERCEPT_OK;
}

percept_status csv_row_settle(const CsvReader *reader, size_t line, const Columns *columns, MissingKind missing,
                              CsvRow *row, bool *right, percept_error *error)
{
    const CsvCell *cell = row->later;
    percept_status status = PERCEPT_OK;
    *right = true;
    for (size_t c = 0; status == PERCEPT_OK && *right && c < columns->count; c++)
        if (columns->list[c].role == COLUMN_FEATURE && (columns->list[c].category || columns->list[c].date))
            status = take_cell(reader, line, columns, c, cell++, missing, row, right, error);
    return status;
}

/* Refuses a record whose column c begins with what it cannot be. */
static percept_status refuse(const CsvReader *reader, const CsvRecord *record, const Columns *columns, size_t c,
                             char *begin, percept_error *error)
{
    CsvCell cell;
    csv_cell_read(begin, record->end, &reader->dialect, &cell);
    if (csv_cell_count(record->begin, record->end, &reader->dialect) != columns->count)
        return csv_refuse_count(reader, record, error);
    return csv_refuse_cell(reader, record->line, columns, c, &cell, error);
}

percept_status csv_row_read(const CsvReader *reader, const CsvRecord *record, const Columns *columns,
                            MissingKind missing, CsvRow *row, percept_error *error)
{
    const CsvDialect dialect = reader->dialect;
    const bool plain = is_plain(&dialect);
    char *at = record->begin, *end = record->end;
    CsvCell cell = {0}, *later = row->later;
    row->missing = 0;
    row->unanswered = false;
    row->weight = 1;
    for (size_t c = 0; c < columns->count; c++) {
        const Column *column = &columns->list[c];
        char *const begin = at;
        double number = 0;
        bool boolean = false;
        if (at == NULL)
            return csv_refuse_count(reader, record, error);
        const bool text = column->role == COLUMN_FEATURE && (column->category || column->date);
        bool right = true;
        if (plain && column->role == COLUMN_FEATURE && !text &&
            read_plain_number(&at, end, &dialect, &row->features[column->place]))
            continue;
        if (text) {
            at = csv_cell_read(at, end, &dialect, later != NULL ? later : &cell);
            percept_status status = PERCEPT_OK;
            if (later == NULL)
                status = take_cell(reader, record->line, columns, c, &cell, missing, row, &right, error);
            else
                later++;
            if (status != PERCEPT_OK)
                return status;
        } else if (column->role == COLUMN_FEATURE) {
            right = read_number(&at, end, &dialect, missing, COLUMN_FEATURE, &cell, &number, &boolean);
        } else {
            right = read_other(&at, end, &dialect, column, &cell, row);
        }
        if (!right)
            return refuse(reader, record, columns, c, begin, error);
        if (column->role == COLUMN_FEATURE && !text) {
            row->features[column->place] = number;
            row->missing += isnan(number) ? 1 : 0;
            if (boolean && row->booleans != NULL && row->booleans[column->place] == 0)
                row->booleans[column->place] = record->line;
        }
    }
    return at == NULL ? PERCEPT_OK : csv_refuse_count(reader, record, error);
}
