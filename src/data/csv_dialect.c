#include "data/csv_dialect.h"

#include <string.h>

/* Number of records from which the delimiter is detected. */
#define RECORDS 16

/* ---- Delimiter ----------------------------------------------------------------------------------------------- */

/* Into how many cells a delimiter cuts the first records. */
typedef struct Cut {
    size_t first;    /* cells of the first one */
    size_t usual;    /* the most frequent number of the others; of the first, if that is all */
    size_t agreeing; /* others that have it */
    size_t others;
} Cut;

static Cut cut_records(CsvSample sample, const CsvDialect *dialect)
{
    char *begin = NULL, *end = NULL;
    size_t cells[RECORDS] = {0}, count = 0;
    Cut cut = {0};
    while (count < RECORDS && csv_sample_next(&sample, dialect, &begin, &end))
        cells[count++] = csv_cell_count(begin, end, dialect);
    cut.first = cells[0];
    cut.usual = cut.first;
    cut.others = count > 0 ? count - 1 : 0;
    for (size_t r = 1; r < count; r++) {
        size_t equal = 0;
        for (size_t other = 1; other < count; other++)
            equal += cells[other] == cells[r];
        if (equal > cut.agreeing) {
            cut.agreeing = equal;
            cut.usual = cells[r];
        }
    }
    return cut;
}

/* How well a cut fits: the records that agree, 0 if it does not. `alike`: the first one must have as many cells as the
 * others, or one less, as names above a column of row names; but a single name is no sign of `spaced` cells. */
static size_t judge_cut(Cut cut, bool alike, bool spaced)
{
    const bool one_less = cut.first + 1 == cut.usual && cut.agreeing == cut.others && (cut.first > 1 || spaced);
    const bool first_fits = cut.first == cut.usual || one_less;
    if (cut.usual < 2 || (alike && !first_fits) || (!alike && cut.agreeing < 2))
        return 0;
    return cut.agreeing + 1;
}

/* The best of the delimiters that are no blanks; 0 if none cuts anything. */
static char find_delimiter(CsvSample sample, const CsvDialect *dialect, bool alike)
{
    static const char candidates[] = {'\t', ';', '|', ','};
    CsvDialect trial = *dialect;
    size_t most = 0;
    char best = '\0';
    for (size_t c = 0; c < sizeof candidates && candidates[c] != dialect->point; c++) {
        trial.delimiter = candidates[c];
        const size_t fit = judge_cut(cut_records(sample, &trial), alike, candidates[c] == '\t');
        if (fit > most) {
            most = fit;
            best = candidates[c];
        }
    }
    return best;
}

static bool fit_blanks(CsvSample sample, const CsvDialect *dialect, bool alike)
{
    CsvDialect trial = *dialect;
    trial.blanks = true;
    return judge_cut(cut_records(sample, &trial), alike, true) > 0;
}

/* First a delimiter that cuts the first record as it cuts the others; then one that cuts the others alike. */
static void detect_delimiter(CsvSample sample, CsvDialect *dialect)
{
    for (int alike = 1; alike >= 0; alike--) {
        const char found = find_delimiter(sample, dialect, alike != 0);
        dialect->delimiter = found != '\0' ? found : dialect->point == ',' ? ';' : ',';
        dialect->blanks = found == '\0' && fit_blanks(sample, dialect, alike != 0);
        if (found != '\0' || dialect->blanks)
            return;
    }
}

static percept_status take_delimiter(const char *text, CsvDialect *dialect, percept_error *error)
{
    static const char never[] = "\"\r\n+-.0123456789eE";
    dialect->blanks = strcmp(text, "space") == 0 || strcmp(text, " ") == 0;
    dialect->delimiter = strcmp(text, "tab") == 0 ? '\t' : text[0];
    if (dialect->blanks || strcmp(text, "tab") == 0)
        return PERCEPT_OK;
    if (text[0] == '\0' || text[1] != '\0' || strchr(never, text[0]) != NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "data.delimiter is '%.32s'; give one character that no number has, or tab, or space", text);
    return PERCEPT_OK;
}

/* ---- Header -------------------------------------------------------------------------------------------------- */

/* Takes the comment before the table for its names, if it has as many cells. */
static bool take_comment(CsvPrelude *prelude, const CsvDialect *dialect, const CsvSurvey *survey)
{
    if (prelude->names == NULL || csv_cell_count(prelude->names, prelude->names_end, dialect) != survey->columns)
        return false;
    prelude->begin = prelude->names;
    prelude->comments--;
    return true;
}

/* Decides whether the first record, or the comment before it, is names. */
static void detect_header(CsvSample sample, HeaderKind told, const Schema *schema, CsvDialect *dialect, CsvStart *start)
{
    char *first = NULL, *end = NULL;
    if (!csv_sample_next(&sample, dialect, &first, &end)) {
        dialect->header = told == HEADER_YES;
        return;
    }
    start->header = csv_header_detect(first, end, dialect, &start->survey);
    if (schema != NULL)
        start->header = csv_header_match(first, end, dialect, schema, start->header);
    if (!start->header.names && told != HEADER_NO && take_comment(&start->prelude, dialect, &start->survey))
        start->header = (CsvHeader){true, "a comment with as many cells as there are columns"};
    else if (told != HEADER_AUTO)
        start->header = (CsvHeader){told == HEADER_YES, "as data.header says"};
    dialect->header = start->header.names;
    const size_t cells = csv_cell_count(first, end, dialect);
    const bool spaced = dialect->blanks || dialect->delimiter == '\t';
    start->row_names = dialect->header && cells + 1 == start->survey.columns && (cells > 1 || spaced);
}

percept_status csv_dialect_detect(char *at, size_t size, bool whole, const SourceOptions *options, CsvDialect *out,
                                  CsvStart *start, percept_error *error)
{
    CsvSample sample = {at, at + size, whole};
    const bool old_macintosh = size > 0 && memchr(at, '\n', size) == NULL && memchr(at, '\r', size) != NULL;
    percept_status status = PERCEPT_OK;
    *start = (CsvStart){0};
    *out = (CsvDialect){
        .delimiter = ',',
        .line_end = old_macintosh ? '\r' : '\n',
        .point = options->decimal_comma ? ',' : '.',
        .missing = options->missing_tokens,
        .missing_numbers = missing_tokens_have_numbers(&options->missing_tokens),
    };
    csv_prelude_read(&sample, out, &start->prelude);
    const char separator[] = {start->prelude.separator, '\0'};
    if (options->delimiter != NULL)
        status = take_delimiter(options->delimiter, out, error);
    else if (separator[0] != '\0')
        status = take_delimiter(separator[0] == '\t' ? "tab" : separator, out, error);
    else
        detect_delimiter(sample, out);
    if (status == PERCEPT_OK && !out->blanks && out->delimiter == out->point)
        status =
            error_set(error, PERCEPT_ERROR_ARGUMENT, "a comma cannot be both data.delimiter and the decimal point");
    if (status == PERCEPT_OK && options->header == HEADER_AUTO)
        csv_prelude_read_counts(&sample, out, &start->prelude);
    if (status == PERCEPT_OK)
        status = csv_survey_make(sample, out, &start->survey, error);
    if (status == PERCEPT_OK)
        detect_header(sample, options->header, options->schema, out, start);
    return status;
}
