#include "data/csv_left.h"

#include <string.h>

#include "base/memory.h"

/* One text in so many values is no mistake, if there are many different ones. */
#define EACH_OF_MIXED 10
/* Few values repeat so often on average. */
#define EACH_OF_FEW 10
/* Fewer numbers than this are no sign that they are dates. */
#define FEWEST_COMPACT 4
/* Numbers that begin again must have counted up to this: 0 and 1 alone, or 2, are values like others. */
#define LEAST_COUNT 3

static bool is_unnamed(const char *name)
{
    static const char *const none[] = {"", "Unnamed: 0", "rownames", "row.names", "...1"};
    for (size_t n = 0; n < sizeof none / sizeof none[0]; n++)
        if (strcmp(name, none[n]) == 0)
            return true;
    return false;
}

/* A few texts among numbers are no column of text, and are refused by line, unless all are few values that repeat, such as 1,
 * 2-10 and 11+, or there are many different ones, as among numbers of tickets. */
static bool is_text_column(const CsvSurvey *survey, size_t c)
{
    if (c >= survey->columns)
        return false;
    const CsvColumn *column = &survey->list[c];
    const size_t cells = column->numbers + column->truths + column->texts;
    const bool few = column->repeats && column->values <= CSV_SURVEY_FEW && cells >= EACH_OF_FEW * column->values;
    const bool many = column->words > CSV_SURVEY_FEW && EACH_OF_MIXED * column->texts >= cells;
    return column->late_text || (csv_survey_is_text(survey, c) && (column->texts >= column->numbers || few || many));
}

bool csv_left_is_code(const CsvReader *reader, size_t column)
{
    const CsvSurvey *survey = &reader->start.survey;
    if (reader->names == NULL || column >= survey->columns)
        return false;
    const CsvColumn *own = &survey->list[column];
    return own->padded > 0 && own->whole && own->texts + own->truths == 0;
}

/* Four values of five are enough: dates that cannot be read are missing. */
static bool is_date_column(const CsvSurvey *survey, size_t c)
{
    if (c >= survey->columns)
        return false;
    const CsvColumn *column = &survey->list[c];
    const size_t values = column->numbers + column->truths + column->texts;
    if (values == 0)
        return column->late_date;
    return 5 * column->dates >= 4 * values || 5 * column->clocks >= 4 * values ||
           (column->compact == values && values >= FEWEST_COMPACT && column->low < column->high);
}

/* What the first column, which has no name, is. */
static ColumnLeft judge_first(const CsvSurvey *survey)
{
    const CsvColumn *column = &survey->list[0];
    if (survey->rows == 0 || column->missing > 0 || column->truths > 0)
        return COLUMN_NOT_LEFT;
    if (!survey->distinct)
        return column->texts == 0 && column->begins_again && column->high >= LEAST_COUNT ? COLUMN_ROW_NUMBERS
                                                                                         : COLUMN_NOT_LEFT;
    if (column->texts > 0)
        return COLUMN_ROW_NAMES;
    return column->whole && (survey->rows > 1 || column->counts) ? COLUMN_ROW_NUMBERS : COLUMN_NOT_LEFT;
}

void csv_left_find(const CsvReader *reader, ColumnLeft *left)
{
    const CsvSurvey *survey = &reader->start.survey;
    for (size_t c = 0; c < reader->columns; c++) {
        left[c] = is_date_column(survey, c)                                  ? COLUMN_DATES
                  : is_text_column(survey, c) || csv_left_is_code(reader, c) ? COLUMN_TEXTS
                                                                             : COLUMN_NOT_LEFT;
        if (reader->names == NULL || c >= survey->columns)
            continue;
        if (c == 0 && reader->start.row_names)
            left[c] = COLUMN_ROW_NAMES;
        else if (c == 0 && is_unnamed(reader->names[c]))
            left[c] = judge_first(survey) != COLUMN_NOT_LEFT ? judge_first(survey) : left[c];
        if (reader->names[c][0] == '\0' && survey->rows > 0 && survey->list[c].missing == survey->rows)
            left[c] = COLUMN_EMPTY;
    }
}

percept_status csv_left_assign(const CsvReader *reader, const SourceOptions *options, Columns *out,
                               percept_error *error)
{
    ColumnLeft *left = NULL;
    percept_status status = memory_allocate(reader->columns, sizeof *left, "the columns of a table", &left, error);
    if (status != PERCEPT_OK)
        return status;
    csv_left_find(reader, left);
    status = columns_assign_rest(options, reader->name, reader->columns, reader->names, left, out, error);
    memory_free(left);
    return status;
}
