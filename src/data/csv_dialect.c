#include "data/csv_dialect.h"

#include <string.h>

/* Records that the delimiter is found out from. */
#define RECORDS 16

/* ---- Records ------------------------------------------------------------------------------------------------- */

/* The same as csv_record_end, where there are quotes: from cell to cell. */
static char *walk_cells(char *at, char *end, const CsvDialect *dialect, bool *open)
{
    while (at < end) {
        while (at < end && *at != dialect->delimiter && (*at == ' ' || *at == '\t'))
            at++;
        if (at < end && *at == '"') {
            for (at++; at < end; at += 2) {
                at = memchr(at, '"', (size_t)(end - at));
                if (at == NULL || at + 1 == end || at[1] != '"')
                    break;
            }
            *open = at == NULL || at >= end;
            if (*open)
                return NULL;
            at++;
        }
        while (at < end && *at != dialect->delimiter && *at != dialect->line_end)
            at++;
        if (at < end && *at == dialect->line_end)
            return at;
        at++;
    }
    return NULL;
}

char *csv_record_end(char *begin, char *end, const CsvDialect *dialect, bool *open)
{
    *open = false;
    char *line_end = begin < end ? memchr(begin, dialect->line_end, (size_t)(end - begin)) : NULL;
    const size_t length = (size_t)((line_end != NULL ? line_end : end) - begin);
    if (dialect->blanks || length == 0 || memchr(begin, '"', length) == NULL)
        return line_end;
    return walk_cells(begin, end, dialect, open);
}

char *csv_record_trim(const char *begin, char *end, const CsvDialect *dialect)
{
    return dialect->line_end == '\n' && end > begin && end[-1] == '\r' ? end - 1 : end;
}

bool csv_record_blank(const char *begin, const char *end, const CsvDialect *dialect)
{
    while (begin < end && (*begin == ' ' || (*begin == '\t' && (dialect->blanks || dialect->delimiter != '\t'))))
        begin++;
    return begin == end;
}

/* ---- Delimiter ----------------------------------------------------------------------------------------------- */

/* A file's beginning. */
typedef struct Sample {
    char *at, *end;
    bool whole;
} Sample;

/* The next record that is not blank; false if the sample has no more. */
static bool next_record(Sample *sample, const CsvDialect *dialect, char **begin, char **end)
{
    bool open = false;
    while (sample->at < sample->end) {
        *begin = sample->at;
        *end = csv_record_end(sample->at, sample->end, dialect, &open);
        if (*end == NULL && !sample->whole)
            return false;
        sample->at = *end != NULL ? *end + 1 : sample->end;
        *end = csv_record_trim(*begin, *end != NULL ? *end : sample->end, dialect);
        if (!csv_record_blank(*begin, *end, dialect))
            return true;
    }
    return false;
}

/* How many of the first records have as many cells as the very first, 0 if that has one. */
static size_t count_agreeing(Sample sample, const CsvDialect *dialect)
{
    char *begin = NULL, *end = NULL;
    size_t first = 0, agreeing = 0;
    for (size_t r = 0; r < RECORDS && next_record(&sample, dialect, &begin, &end); r++) {
        const size_t cells = csv_cell_count(begin, end, dialect);
        first = r == 0 ? cells : first;
        agreeing += cells == first;
    }
    return first > 1 ? agreeing : 0;
}

static void detect_delimiter(const Sample *sample, CsvDialect *dialect)
{
    static const char candidates[] = {'\t', ';', '|', ','};
    size_t most = 0;
    char best = dialect->point == ',' ? ';' : ','; /* one column, if nothing is found */
    for (size_t c = 0; c < sizeof candidates && candidates[c] != dialect->point; c++) {
        dialect->delimiter = candidates[c];
        const size_t agreeing = count_agreeing(*sample, dialect);
        if (agreeing > most) {
            most = agreeing;
            best = candidates[c];
        }
    }
    dialect->delimiter = best;
    if (most > 0)
        return;
    dialect->blanks = true;
    dialect->blanks = count_agreeing(*sample, dialect) > 0;
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

/* What a record that may be names is made of. */
typedef struct Survey {
    size_t texts, numbers;
    bool counts_up;   /* its numbers are whole and count up by one */
    bool over_number; /* a text stands over a number of the second record */
} Survey;

static Survey survey_names(char *first, char *first_end, char *second, char *second_end, const CsvDialect *dialect)
{
    Survey survey = {.counts_up = true};
    double before = 0, number = 0;
    while (first != NULL) {
        CsvCell name, below = {0};
        first = csv_cell_read(first, first_end, dialect, &name);
        if (second != NULL)
            second = csv_cell_read(second, second_end, dialect, &below);
        if (csv_cell_number(&name, dialect, &number)) {
            survey.counts_up = survey.counts_up && (survey.numbers == 0 || number == before + 1);
            before = number;
            survey.numbers++;
        } else if (!csv_cell_missing(&name, dialect)) {
            survey.texts++;
            survey.over_number |= below.text != NULL && csv_cell_number(&below, dialect, &number);
        }
    }
    return survey;
}

static bool detect_header(Sample sample, const CsvDialect *dialect)
{
    char *first = NULL, *first_end = NULL, *second = NULL, *second_end = NULL;
    if (!next_record(&sample, dialect, &first, &first_end))
        return false;
    if (!next_record(&sample, dialect, &second, &second_end))
        second = NULL;
    const Survey survey = survey_names(first, first_end, second, second_end, dialect);
    if (survey.numbers == 0)
        return survey.texts > 0;
    return survey.over_number && survey.counts_up;
}

percept_status csv_dialect_detect(char *start, size_t size, bool whole, const SourceOptions *options, CsvDialect *out,
                                  percept_error *error)
{
    const Sample sample = {start, start + size, whole};
    const bool old_macintosh = size > 0 && memchr(start, '\n', size) == NULL && memchr(start, '\r', size) != NULL;
    *out = (CsvDialect){
        .delimiter = ',',
        .line_end = old_macintosh ? '\r' : '\n',
        .point = options->decimal_comma ? ',' : '.',
        .missing = options->missing_tokens,
        .missing_numbers = missing_tokens_have_numbers(&options->missing_tokens),
    };
    if (options->delimiter == NULL) {
        detect_delimiter(&sample, out);
    } else {
        percept_status status = take_delimiter(options->delimiter, out, error);
        if (status != PERCEPT_OK)
            return status;
    }
    if (!out->blanks && out->delimiter == out->point)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "a comma cannot be both data.delimiter and the decimal point");
    out->header = options->header == HEADER_AUTO ? detect_header(sample, out) : options->header == HEADER_YES;
    return PERCEPT_OK;
}
