#include "cli/thresholds.h"

#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "cli/describe.h"
#include "cli/json.h"
#include "cli/text.h"

/* Columns of the positive class's name. */
#define NAME_MOST 20

static const double fixed[] = {0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95};

enum { FIXED = sizeof fixed / sizeof fixed[0], ROWS = FIXED + 2 };

/* A row of the table. */
typedef struct Row {
    CurvePoint point;
    bool best_f1, best_youden;
} Row;

/* Puts a point among `count` rows by its threshold, or finds the row that has it. */
static Row *place(Row *rows, size_t *count, const CurvePoint *point)
{
    size_t at = 0;
    while (at < *count && rows[at].point.threshold < point->threshold)
        at++;
    if (at < *count && rows[at].point.threshold == point->threshold)
        return &rows[at];
    for (size_t i = (*count)++; i > at; i--)
        rows[i] = rows[i - 1];
    rows[at] = (Row){.point = *point};
    return &rows[at];
}

/* All rows, by increasing threshold. */
static size_t collect(const Curve *curve, Row rows[ROWS])
{
    CurvePoint best;
    size_t count = 0;
    for (size_t i = 0; i < FIXED; i++)
        rows[count++] = (Row){.point = curve_at(curve, fixed[i])};
    if (curve_best_f1(curve, &best))
        place(rows, &count, &best)->best_f1 = true;
    if (curve_best_youden(curve, &best))
        place(rows, &count, &best)->best_youden = true;
    return count;
}

/* ---- Text output ----------------------------------------------------------------------------------------- */

static void print_share(double share)
{
    printf("%10s", isnan(share) ? "-" : text_percent(share).text);
}

static void print_row(const Curve *curve, const Row *row)
{
    char threshold[NUMBER_SIZE];
    const CurveRates rates = curve_rates(curve, &row->point);
    number_format(row->point.threshold, threshold);
    printf("%-10.9s", threshold);
    print_share(rates.true_positive_rate);
    print_share(rates.false_positive_rate);
    print_share(rates.precision);
    print_share(rates.f1);
    print_share(rates.accuracy);
    if (row->best_f1 || row->best_youden)
        printf("  best %s%s%s", row->best_f1 ? "F1" : "", row->best_f1 && row->best_youden ? ", " : "",
               row->best_youden ? "TPR-FPR" : "");
    putchar('\n');
}

void thresholds_print(const percept_model *model, const Curve *curve)
{
    Row rows[ROWS];
    const size_t count = collect(curve, rows);
    fputs("Thresholds: '", stdout);
    describe_class(stdout, model, 1, NAME_MOST);
    puts("' is predicted if its probability is at least the threshold");
    printf("%-10s%10s%10s%10s%10s%10s\n", "threshold", "recall=TPR", "FPR", "precision", "F1", "accuracy");
    for (size_t i = 0; i < count; i++)
        print_row(curve, &rows[i]);
}

/* ---- For a program ---------------------------------------------------------------------------------------------- */

static json_t *row_json(const Curve *curve, const CurvePoint *point)
{
    const CurveRates rates = curve_rates(curve, point);
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "accuracy", json_figure(rates.accuracy), "f1",
                     json_figure(rates.f1), "false_positive_rate", json_figure(rates.false_positive_rate),
                     "false_positives", json_count(point->false_positives), "precision", json_figure(rates.precision),
                     "threshold", json_figure(point->threshold), "true_positive_rate",
                     json_figure(rates.true_positive_rate), "true_positives", json_count(point->true_positives));
}

static json_t *best_json(const Curve *curve, bool (*best)(const Curve *, CurvePoint *))
{
    CurvePoint point;
    return best(curve, &point) ? row_json(curve, &point) : json_null();
}

static json_t *table_json(const Curve *curve)
{
    Row rows[ROWS];
    const size_t count = collect(curve, rows);
    json_t *list = json_array();
    for (size_t i = 0; i < count && list != NULL; i++)
        if (json_array_append_new(list, row_json(curve, &rows[i].point)) != 0) {
            json_decref(list);
            list = NULL;
        }
    return list;
}

json_t *thresholds_json(const percept_model *model, const Curve *curve, double roc_auc)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "average_precision",
                     json_figure(curve->average_precision), "best_f1", best_json(curve, curve_best_f1), "best_youden",
                     best_json(curve, curve_best_youden), "negatives", json_count(curve->negatives), "positive",
                     json_words(percept_model_class_name(model, 1)), "positives", json_count(curve->positives),
                     "roc_auc", json_figure(roc_auc), "table", table_json(curve));
}
