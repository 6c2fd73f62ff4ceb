#include "data/csv_header.h"

#include <math.h>
#include <string.h>

/* As many numbers in a row are names if they count, whatever is below them. */
#define MANY 4

/* What the first record is made of. */
typedef struct Record {
    size_t texts, numbers, truths, quoted, cells;
    size_t over_numbers;   /* texts over columns of values alone */
    size_t over_repeating; /* texts over texts that repeat */
    size_t over_mostly;    /* texts over columns with more numbers than texts */
    size_t recurring;      /* texts that come again below */
    double first, last, step;
    bool begins_empty;
    bool steady;            /* the numbers count up or down by one step */
    bool rising, falling;   /* each is larger (smaller) than the one before */
    bool all_far, some_far; /* from the columns below */
    bool unquoted_below;    /* a number below has no quotes */
    bool equal_cells;
} Record;

static bool is_far(const CsvColumn *column, double number)
{
    const double distance = fmax(column->low - number, number - column->high);
    return column->numbers > 0 && distance > column->high - column->low;
}

static void add_number(Record *record, double number, const CsvColumn *column)
{
    const double step = number - record->last;
    if (record->numbers > 0) {
        record->rising = record->rising && step > 0;
        record->falling = record->falling && step < 0;
        record->steady = record->steady && (record->numbers == 1 || step == record->step);
        record->step = step;
    } else {
        record->first = number;
    }
    record->last = number;
    record->numbers++;
    const bool far = is_far(column, number);
    record->all_far = record->all_far && far;
    record->some_far |= far;
}

static void add_text(Record *record, const CsvColumn *column)
{
    record->texts++;
    record->recurring += column->recurs;
    record->over_numbers += column->texts == 0 && column->numbers + column->truths > 0;
    record->over_repeating += column->texts > 0 && column->repeats;
    record->over_mostly += column->numbers > column->texts;
}

/* True if two cells that are next to each other among those that are no numbers are equal. */
static bool repeats(const CsvCell *cell, CsvCell *before)
{
    const bool equal =
        before->length > 0 && before->length == cell->length && memcmp(before->text, cell->text, cell->length) == 0;
    *before = *cell;
    return equal;
}

static Record read_record(char *at, char *end, const CsvDialect *dialect, const CsvSurvey *survey)
{
    static const CsvColumn nothing = {0};
    Record record = {.steady = true, .rising = true, .falling = true, .all_far = true};
    const size_t shift = csv_cell_count(at, end, dialect) + 1 == survey->columns;
    CsvCell before = {0};
    double number = 0;
    for (size_t c = shift; at != NULL; c++) {
        CsvCell cell;
        at = csv_cell_read(at, end, dialect, &cell);
        const CsvColumn *column = c < survey->columns ? &survey->list[c] : &nothing;
        record.cells++;
        record.quoted += cell.quoted;
        record.unquoted_below |= column->unquoted;
        record.equal_cells |= repeats(&cell, &before);
        record.begins_empty |= c == 0 && cell.length == 0;
        if (csv_cell_number(&cell, dialect, &number))
            add_number(&record, number, column);
        else if (csv_cell_truth(&cell))
            record.truths++;
        else if (!csv_cell_missing(&cell, dialect))
            add_text(&record, column);
    }
    return record;
}

/* Numbers like 400, 402, 404 over intensities. */
static bool like_wavelengths(const Record *record)
{
    return record->numbers > 1 && record->all_far && (record->rising || record->falling);
}

static bool by_ones(const Record *record)
{
    return record->steady && (record->numbers == 1 || record->step == 1);
}

static CsvHeader judge_mixed(const Record *record)
{
    const bool counts = by_ones(record) && (record->first == 0 || record->first == 1);
    if (record->over_numbers > 1)
        return (CsvHeader){true, "its texts are above numbers"};
    if (record->over_numbers == 1 && by_ones(record))
        return (CsvHeader){true, "its text is above numbers, and its own numbers count up"};
    if (like_wavelengths(record) && (record->over_numbers == 1 || (record->over_repeating > 0 && record->numbers > 2)))
        return (CsvHeader){true, "its numbers are in order and far from those below"};
    if (record->over_repeating > 0 && counts && (record->numbers > 1 || record->all_far))
        return (CsvHeader){true, "its numbers count up, and its text does not occur again"};
    return (CsvHeader){false, "it has numbers"};
}

static CsvHeader judge_numbers(const Record *record, const CsvSurvey *survey)
{
    const bool counts = by_ones(record) && record->first == 0;
    const bool enough = record->numbers >= MANY || (record->numbers > 1 && survey->rows > 1 && record->some_far);
    if (record->begins_empty && record->cells == record->numbers + 1 && counts)
        return (CsvHeader){true, "its first cell is empty, and the others count up from 0"};
    if (record->cells > record->numbers || (survey->step != 0 && record->steady && survey->step == record->step))
        return (CsvHeader){false, "it has numbers alone"};
    if (counts && enough)
        return (CsvHeader){true, "its numbers count up from 0"};
    if (record->numbers >= MANY && survey->rows > 1 && like_wavelengths(record))
        return (CsvHeader){true, "its numbers are in order and far from those below"};
    return (CsvHeader){false, "it has numbers alone"};
}

CsvHeader csv_header_detect(char *first, char *end, const CsvDialect *dialect, const CsvSurvey *survey)
{
    const Record record = read_record(first, end, dialect, survey);
    if (record.numbers + record.truths == 0 && record.texts == 0)
        return (CsvHeader){false, "everything in it is missing"};
    if (record.numbers + record.truths == 0)
        return record.recurring < record.texts || 2 * record.over_mostly > record.texts
                   ? (CsvHeader){true, "it has no number"}
                   : (CsvHeader){false, "its texts come again below"};
    if (record.quoted == record.cells && record.unquoted_below)
        return (CsvHeader){true, "it is all in quotes, and numbers below are not"};
    if (record.truths > 0 || record.equal_cells || record.recurring > 0)
        return (CsvHeader){false, record.recurring > 0 ? "a text of it comes again below" : "it has numbers"};
    return record.texts > 0 ? judge_mixed(&record) : judge_numbers(&record, survey);
}

/* ---- For a model ----------------------------------------------------------------------------------------------- */

/* Number of the model's names that are looked for; this many do not occur by accident. */
#define NAMES_LOOKED_FOR 64

static bool has_cell(char *at, char *end, const CsvDialect *dialect, const char *name)
{
    const size_t length = strlen(name);
    while (at != NULL) {
        CsvCell cell;
        at = csv_cell_read(at, end, dialect, &cell);
        if (cell.length == length && memcmp(cell.text, name, length) == 0)
            return true;
    }
    return false;
}

/* True if each cell of the record is a number or missing. */
static bool has_numbers_alone(char *at, char *end, const CsvDialect *dialect)
{
    double number = 0;
    while (at != NULL) {
        CsvCell cell;
        at = csv_cell_read(at, end, dialect, &cell);
        if (!csv_cell_number(&cell, dialect, &number) && !csv_cell_missing(&cell, dialect))
            return false;
    }
    return true;
}

static bool has_text(const Vocabulary *vocabulary, const CsvCell *cell)
{
    for (size_t k = 0; k < vocabulary->count; k++)
        if (strlen(vocabulary->values[k]) == cell->length &&
            memcmp(vocabulary->values[k], cell->text, cell->length) == 0)
            return true;
    return false;
}

/* True if the record has a cell for each feature, in the order of the model's file, and the text of a category. */
static bool has_category(char *at, char *end, const CsvDialect *dialect, const Schema *schema)
{
    if (schema->vocabularies == NULL || csv_cell_count(at, end, dialect) != schema->width)
        return false;
    for (size_t place = 0; at != NULL; place++) {
        CsvCell cell;
        at = csv_cell_read(at, end, dialect, &cell);
        for (size_t j = 0; j < schema->width; j++)
            if (schema->places[j] == place && schema_is_category(schema, j) &&
                has_text(&schema->vocabularies[j], &cell))
                return true;
    }
    return false;
}

CsvHeader csv_header_match(char *first, char *end, const CsvDialect *dialect, const Schema *schema, CsvHeader found)
{
    bool all = schema->names != NULL;
    for (size_t j = 0; all && j < schema->width && j < NAMES_LOOKED_FOR; j++)
        all = has_cell(first, end, dialect, schema->names[j]);
    if (all)
        return (CsvHeader){true, "it has the names that the model knows"};
    if (found.names && has_numbers_alone(first, end, dialect))
        return (CsvHeader){false, "it has numbers alone, none of them a name that the model knows"};
    if (found.names && has_category(first, end, dialect, schema))
        return (CsvHeader){false, "it has a text that the model knows of a category"};
    return found;
}
