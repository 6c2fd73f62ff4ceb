/* Decides from the rows below it whether the first record of a table holds names. */
#ifndef DATA_CSV_HEADER_H
#define DATA_CSV_HEADER_H

#include "data/csv_survey.h"
#include "data/schema.h"

/* The kinds of first records. */
typedef struct CsvHeader {
    bool names;
    const char *why; /* in words, behind "line 1 is names: " or "line 1 is a row: " */
} CsvHeader;

/* The rules, in this order. Values are numbers and the words true and false; missing cells are ignored.
 *
 *  1. No value in the first record: names, unless each of its texts occurs again in its column.
 *  2. All its cells are in quotes, and there are numbers without quotes below it: names.
 *  3. It has the word true or false, or two equal cells, or a text that occurs again in its column: a row.
 *  4. It has texts. With two of them over columns of numbers alone: names. With one: names if its numbers count up by one, or
 *     lie far from what is below them and only rise or only fall, as wavelengths do. With texts over texts: names if the
 *     texts below repeat and its numbers count up by one from 0 or 1, or are three at least and like wavelengths.
 *  5. It has numbers alone: a row if those below it count up by the same step. Names if they are 0, 1, 2, … and there are
 *     four, or one of them lies far from what is below it; or if the first cell is empty and the others are 0, 1, 2, …; or if
 *     there are four at least and they are like wavelengths.
 *
 * A number lies far from a column if it is farther from the numbers of the column than these are from each other. */
CsvHeader csv_header_detect(char *first, char *end, const CsvDialect *dialect, const CsvSurvey *survey);

/* The same for a file that is read for a model; `found` is the result of the rules above. A first record with the names
 * of the model's features holds names. A first record of numbers alone, without these names, is a row; so is one with a
 * cell for each feature, one of which is a text of its category. */
CsvHeader csv_header_match(char *first, char *end, const CsvDialect *dialect, const Schema *schema, CsvHeader found);

#endif
