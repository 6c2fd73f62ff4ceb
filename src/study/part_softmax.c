/* Softmax by the textbook formula compared with the computed one, for growing logits:
 *
 *   - softmax: {logits: [1, 2, 3], times: [1, 10, 100, 300, 1000]}
 *
 * Results: "NAME largest difference" of the probabilities where both are finite, "NAME failures", "NAME first failure",
 * the first factor at which the textbook formula gives NaN. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "check/functions.h"
#include "study/cells.h"
#include "study/part_runs.h"

typedef struct SoftmaxPart {
    const char *name, *caption;
    FieldNumbers logits, times;
    char prefix[PART_NAME_SIZE];
} SoftmaxPart;

/* Probabilities for one factor. */
typedef struct SoftmaxRow {
    double naive[FIELD_ITEMS], stable[FIELD_ITEMS];
    double difference; /* the largest; NaN where the naive one fails */
} SoftmaxRow;

static percept_status read_fields(const StudyWork *work, const Part *part, SoftmaxPart *out, percept_error *error)
{
    const Field fields[] = {
        {"logits", &out->logits, FIELD_NUMBERS, true},
        {"times", &out->times, FIELD_NUMBERS, true},
        {"name", &out->name, FIELD_TEXT, false},
        {"caption", &out->caption, FIELD_TEXT, false},
    };
    *out = (SoftmaxPart){0};
    percept_status status = part_read(work, part, fields, sizeof fields / sizeof fields[0], error);
    if (status == PERCEPT_OK && (out->logits.count == 0 || out->times.count == 0))
        status = part_refuse(work, part, error, "expected logits, and factors for them");
    part_name(part->kind->name, part, out->name, out->prefix);
    return status;
}

static void compute(const SoftmaxPart *own, double factor, SoftmaxRow *row)
{
    double z[FIELD_ITEMS];
    const size_t count = own->logits.count;
    for (size_t j = 0; j < count; j++)
        z[j] = own->logits.items[j] * factor;
    softmax_naive(z, count, row->naive);
    softmax_stable(z, count, row->stable);
    row->difference = 0;
    for (size_t j = 0; j < count; j++) {
        const double difference = fabs(row->naive[j] - row->stable[j]);
        row->difference = isnan(difference) || isnan(row->difference) ? NAN : fmax(row->difference, difference);
    }
}

/* "0.0900  0.2447  0.6652" */
static void join(const double *p, size_t count, char text[CELL_SIZE])
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t j = 0; j < count && used < CELL_SIZE; j++) {
        const int length = isnan(p[j]) ? snprintf(text + used, CELL_SIZE - used, "%snan", j > 0 ? ", " : "")
                                       : snprintf(text + used, CELL_SIZE - used, "%s%.4g", j > 0 ? ", " : "", p[j]);
        used += (size_t)length;
    }
}

static void add_row(Page *page, const SoftmaxPart *own, double factor, const SoftmaxRow *row)
{
    Cells cells = {0};
    char text[CELL_SIZE];
    const bool fails = isnan(row->difference);
    cells_add(&cells, "%g", factor);
    join(row->naive, own->logits.count, text);
    cells_add(&cells, "%s", text);
    join(row->stable, own->logits.count, text);
    cells_add(&cells, "%s", text);
    if (fails)
        cells_add(&cells, "the naive one fails");
    else
        cells_apart(&cells, row->difference);
    cells_row(&cells, page, fails ? PAGE_BAD : PAGE_PLAIN);
}

static void begin_report(const StudyWork *work, const SoftmaxPart *own)
{
    static const char *const columns[] = {"factor", "naive", "stable", "apart"};
    char logits[CELL_SIZE];
    join(own->logits.items, own->logits.count, logits);
    if (own->caption != NULL)
        page_subheading(work->page, own->caption);
    page_text_format(work->page,
                     "The logits (%s), times a factor. Naive is e^z_j / sum_k e^z_k as it is written: beyond z = 709 "
                     "e^z is infinite, below -745 it is 0, and infinite by infinite, or 0 by 0, is no number. Stable "
                     "takes the largest z off all of them first, which changes no quotient.",
                     logits);
    cells_table(work->page, NULL, columns, sizeof columns / sizeof columns[0], 3);
}

percept_status part_softmax(StudyWork *work, const Part *part, percept_error *error)
{
    SoftmaxPart own;
    SoftmaxRow row;
    char figure[PART_NAME_SIZE + 32];
    double largest = 0, first = NAN;
    size_t failures = 0;
    percept_status status = read_fields(work, part, &own, error);
    if (status != PERCEPT_OK)
        return status;
    begin_report(work, &own);
    for (size_t t = 0; t < own.times.count; t++) {
        compute(&own, own.times.items[t], &row);
        add_row(work->page, &own, own.times.items[t], &row);
        if (isnan(row.difference) && failures++ == 0)
            first = own.times.items[t];
        largest = fmax(largest, row.difference); /* passes over NaN */
    }
    page_table_end(work->page);
    page_text_format(work->page, "Where the naive one gives numbers, they are at most %.1e off.", largest);
    snprintf(figure, sizeof figure, "%s largest difference", own.prefix);
    status = part_figure(work, NULL, figure, largest, error);
    snprintf(figure, sizeof figure, "%s failures", own.prefix);
    if (status == PERCEPT_OK)
        status = part_figure(work, NULL, figure, (double)failures, error);
    snprintf(figure, sizeof figure, "%s first failure", own.prefix);
    return status == PERCEPT_OK && failures > 0 ? part_figure(work, NULL, figure, first, error) : status;
}
