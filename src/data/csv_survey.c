#include "data/csv_survey.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "data/date_text.h"

/* The sample while it is looked at. */
typedef struct Surveying {
    const CsvDialect *dialect;
    CsvSurvey survey;
    char *first, *first_end;   /* the first record */
    char *second, *second_end; /* and the one below it */
    CsvCell *texts; /* of each column, one text of the rows before; two: of the second record, and the last */
    CsvCell *few; /* twice CSV_SURVEY_FEW of each column: its first different values, then the first different words */
    CsvCell ids[CSV_SURVEY_ROWS]; /* of the first column */
} Surveying;

static bool same(const CsvCell *a, const CsvCell *b)
{
    return a->length == b->length && a->length > 0 && memcmp(a->text, b->text, a->length) == 0;
}

static void add_number(CsvColumn *column, double number, bool quoted)
{
    const bool first = column->numbers == 0;
    const double wanted = first ? number : column->last + 1;
    column->begins_again =
        first ? number == 0 || number == 1 : column->begins_again && (number == wanted || number == column->low);
    column->counts = (first ? number == 0 || number == 1 : column->counts) && number == wanted;
    column->whole = (first || column->whole) && number >= 0 && number == floor(number);
    column->low = first ? number : fmin(number, column->low);
    column->high = first ? number : fmax(number, column->high);
    column->unquoted |= !quoted;
    column->last = number;
    column->numbers++;
}

static void add_text(CsvColumn *column, const CsvCell *cell, CsvCell texts[2])
{
    double number = 0;
    column->repeats |= same(cell, &texts[0]) || same(cell, &texts[1]);
    DateText date;
    column->booleans += csv_cell_boolean(cell, &number);
    if (date_scan(cell->text, cell->length, &date)) {
        column->clocks += date.form == DATE_CLOCK;
        column->dates += date.form != DATE_CLOCK;
    }
    texts[column->texts > 0] = *cell;
    column->texts++;
}

static bool is_compact_date(const CsvCell *cell)
{
    DateText date;
    return date_scan(cell->text, cell->length, &date) && date.form == DATE_COMPACT && date.moment.year >= 1900 &&
           date.moment.year < 2100;
}

/* Counts a cell in *different, unless it is among the few before. */
static void count_different(size_t *different, const CsvCell *cell, CsvCell few[CSV_SURVEY_FEW])
{
    size_t v = 0;
    if (*different > CSV_SURVEY_FEW)
        return;
    while (v < *different && !same(cell, &few[v]))
        v++;
    if (v == *different && (*different)++ < CSV_SURVEY_FEW)
        few[v] = *cell;
}

/* The first byte of a letter in UTF-8 is 128 at least. */
static bool is_word(const CsvCell *cell)
{
    const unsigned char first = cell->length > 0 ? (unsigned char)cell->text[0] : '-';
    return isalnum(first) || first >= 128;
}

static void add_cell(Surveying *all, size_t c, const CsvCell *cell)
{
    CsvColumn *column = &all->survey.list[c];
    CsvCell *few = all->few + 2 * c * CSV_SURVEY_FEW;
    double number = 0;
    const bool missing = csv_cell_missing(cell, all->dialect);
    if (!missing)
        count_different(&column->values, cell, few);
    if (missing)
        column->missing++;
    else if (csv_cell_number(cell, all->dialect, &number)) {
        add_number(column, number, cell->quoted);
        column->compact += is_compact_date(cell);
        column->padded += csv_cell_padded(cell);
    } else if (csv_cell_truth(cell))
        column->truths++;
    else {
        add_text(column, cell, &all->texts[2 * c]);
        if (is_word(cell))
            count_different(&column->words, cell, few + CSV_SURVEY_FEW);
    }
}

/* Adds a row, if it has as many cells as the table has columns. */
static void add_row(Surveying *all, char *at, char *end)
{
    CsvSurvey *survey = &all->survey;
    char *above = all->first;
    /* A first record with a name less than there are columns says nothing of the first one. */
    const size_t shift = csv_cell_count(all->first, all->first_end, all->dialect) + 1 == survey->columns;
    if (csv_cell_count(at, end, all->dialect) != survey->columns)
        return;
    for (size_t c = 0; c < survey->columns; c++) {
        CsvCell cell, name = {0};
        at = csv_cell_read(at, end, all->dialect, &cell);
        if (above != NULL && c >= shift)
            above = csv_cell_read(above, all->first_end, all->dialect, &name);
        add_cell(all, c, &cell);
        survey->list[c].recurs |= same(&cell, &name);
        if (c > 0)
            continue;
        for (size_t r = 0; r < survey->rows && survey->distinct; r++)
            survey->distinct = !same(&cell, &all->ids[r]);
        all->ids[survey->rows] = cell;
    }
    survey->rows++;
}

/* The step by which a record's numbers count up; 0 if they do not, or not all of its cells are numbers. */
static double find_step(char *at, char *end, const CsvDialect *dialect)
{
    double before = 0, step = 0, number = 0;
    for (size_t c = 0; at != NULL; c++) {
        CsvCell cell;
        at = csv_cell_read(at, end, dialect, &cell);
        if (!csv_cell_number(&cell, dialect, &number))
            return 0;
        if (c > 1 && number - before != step)
            return 0;
        step = number - before;
        before = number;
    }
    return step;
}

/* Columns without a value so far: whether their first one, further below, is a text. */
static void look_for_late_texts(const Surveying *all, CsvSample sample)
{
    const CsvSurvey *survey = &all->survey;
    char *begin = NULL, *end = NULL;
    size_t empty = 0;
    for (size_t c = 0; c < survey->columns; c++)
        empty += survey->list[c].missing == survey->rows;
    while (empty > 0 && csv_sample_next(&sample, all->dialect, &begin, &end)) {
        if (csv_cell_count(begin, end, all->dialect) != survey->columns)
            continue;
        for (size_t c = 0; c < survey->columns; c++) {
            CsvCell cell;
            double number = 0;
            CsvColumn *column = &survey->list[c];
            begin = csv_cell_read(begin, end, all->dialect, &cell);
            if (column->missing < survey->rows || column->late || csv_cell_missing(&cell, all->dialect))
                continue;
            column->late = true;
            column->late_text = !csv_cell_number(&cell, all->dialect, &number) && !csv_cell_boolean(&cell, &number);
            column->late_date = column->late_text && date_scan(cell.text, cell.length, &(DateText){0});
            empty--;
        }
    }
}

static void look_at_rows(Surveying *all, CsvSample sample)
{
    char *begin = NULL, *end = NULL;
    CsvSurvey *survey = &all->survey;
    survey->step = find_step(all->second, all->second_end, all->dialect);
    add_row(all, all->second, all->second_end);
    while (survey->rows < CSV_SURVEY_ROWS && csv_sample_next(&sample, all->dialect, &begin, &end))
        add_row(all, begin, end);
    look_for_late_texts(all, sample);
}

percept_status csv_survey_make(CsvSample sample, const CsvDialect *dialect, CsvSurvey *out, percept_error *error)
{
    Surveying all = {.dialect = dialect, .survey.distinct = true};
    CsvSurvey *survey = &all.survey;
    *out = (CsvSurvey){0};
    if (!csv_sample_next(&sample, dialect, &all.first, &all.first_end))
        return PERCEPT_OK;
    const bool more = csv_sample_next(&sample, dialect, &all.second, &all.second_end);
    survey->columns =
        more ? csv_cell_count(all.second, all.second_end, dialect) : csv_cell_count(all.first, all.first_end, dialect);
    percept_status status =
        memory_allocate_zeroed(survey->columns, sizeof *survey->list, "the columns of a table", &survey->list, error);
    if (status == PERCEPT_OK)
        status =
            memory_allocate_zeroed(survey->columns, 2 * sizeof *all.texts, "the columns of a table", &all.texts, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(survey->columns, 2 * CSV_SURVEY_FEW * sizeof *all.few, "the columns of a table",
                                 &all.few, error);
    if (status == PERCEPT_OK && more)
        look_at_rows(&all, sample);
    memory_free(all.texts);
    memory_free(all.few);
    if (status == PERCEPT_OK)
        *out = all.survey;
    else
        csv_survey_clear(survey);
    return status;
}

void csv_survey_clear(CsvSurvey *survey)
{
    memory_free(survey->list);
    *survey = (CsvSurvey){0};
}

bool csv_survey_is_text(const CsvSurvey *survey, size_t column)
{
    return column < survey->columns && survey->list[column].texts > survey->list[column].booleans;
}
