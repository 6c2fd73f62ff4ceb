#include "data/csv_record.h"

#include <string.h>

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

bool csv_sample_next(CsvSample *sample, const CsvDialect *dialect, char **begin, char **end)
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
