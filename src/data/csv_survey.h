/* The values in the columns of a table's beginning, below its first record. They decide whether the first record holds
 * names, and which columns hold no feature. */
#ifndef DATA_CSV_SURVEY_H
#define DATA_CSV_SURVEY_H

#include "base/error.h"
#include "data/csv_record.h"

typedef struct CsvColumn {
    size_t numbers, truths, texts, missing; /* cells of each kind; truths: the words true and false */
    size_t booleans;                        /* of the texts, those such as yes and no */
    size_t dates, clocks;                   /* of the texts, those that are dates, and times of day without a date */
    size_t compact;                         /* of the numbers, dates such as 20240531 from 1900 to 2099 */
    size_t padded;                          /* of the numbers, those with leading zeros (csv_cell_padded) */
    double low, high;                       /* of the numbers */
    double last;                            /* the last number */
    bool whole;                             /* its numbers are non-negative integers */
    bool counts;                            /* its numbers count up by one, from 0 or from 1 */
    bool begins_again;                      /* they count up like this several times, starting again each time */
    bool repeats;                           /* some of its texts are equal */
    size_t values;                          /* different cells that are not missing; at most CSV_SURVEY_FEW + 1 */
    size_t words;                           /* different texts that begin with a letter or digit; counted likewise */
    bool recurs;                            /* the cell of the first record occurs again */
    bool unquoted;                          /* a number has no quotes */
    bool late, late_text, late_date; /* there is a value only in later rows; the first of them is a text, a date */
} CsvColumn;

typedef struct CsvSurvey {
    size_t columns; /* of the second record; of the first, if that is all */
    size_t rows;    /* examined rows: those with this number of cells */
    CsvColumn *list;
    double step;   /* the constant step between the numbers of the second record, if there is one; else 0 */
    bool distinct; /* the first column's cells are all different */
} CsvSurvey;

/* Different values of a column are counted up to this number. */
#define CSV_SURVEY_FEW 16

/* Examines up to CSV_SURVEY_ROWS rows below the first record of the sample. Released with csv_survey_clear. */
#define CSV_SURVEY_ROWS 256
percept_status csv_survey_make(CsvSample sample, const CsvDialect *dialect, CsvSurvey *out, percept_error *error);
void csv_survey_clear(CsvSurvey *survey);

/* True if the column has texts that are neither missing nor booleans, so that it cannot be a feature. */
bool csv_survey_is_text(const CsvSurvey *survey, size_t column);

#endif
