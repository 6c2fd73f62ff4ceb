/* The dependence of answers on one column: a table, or JSON. */
#include <math.h>

#include "base/json_value.h"
#include "cli/explanation_text.h"
#include "cli/json.h"
#include "cli/text.h"

#define VALUE_MOST 24

static double mean_at(const Explanation *explanation, const ExplainDependence *dependence, size_t place, size_t output)
{
    return dependence->mean[place * explanation->subject->outputs + output];
}

/* The deviation over the rows: how much the answer for this value depends on the other columns. */
static double deviation_at(const Explanation *explanation, const ExplainDependence *dependence, size_t place,
                           size_t output, const ExplainRows *rows)
{
    const size_t outputs = explanation->subject->outputs;
    double sum = 0;
    for (size_t i = 0; i < rows->count; i++) {
        const double one = dependence->individual[(i * dependence->count + place) * outputs + output];
        sum += (one - mean_at(explanation, dependence, place, output)) *
               (one - mean_at(explanation, dependence, place, output)) / (double)rows->count;
    }
    return sqrt(sum);
}

/* The value that is tried. */
static void write_place(const Explanation *explanation, const ExplainDependence *dependence, const ExplainRows *rows,
                        size_t place, char text[EXPLAIN_VALUE_SIZE])
{
    const ExplainSubject *subject = explanation->subject;
    explain_column_text(&subject->model->schema, &subject->columns, dependence->column,
                        rows->features + dependence->rows[place] * rows->inputs, text);
}

static void print_text(const Explanation *explanation, const ExplainDependence *dependence, size_t output,
                       const ExplainRows *rows)
{
    char words[EXPLANATION_OUTPUT_SIZE], number[32], value[EXPLAIN_VALUE_SIZE];
    const ExplainSubject *subject = explanation->subject;
    FILE *stream = explanation->stream;
    const bool counted = dependence->all || dependence->category; /* else a few values stand for many */
    double low = INFINITY, high = -INFINITY;
    for (size_t p = 0; p < dependence->count; p++) {
        low = fmin(low, mean_at(explanation, dependence, p, output));
        high = fmax(high, mean_at(explanation, dependence, p, output));
    }
    explanation_output(subject, output, words);
    explanation_print_data(explanation, rows->count);
    fprintf(stream, "the mean of %s if every row had this value, and the deviation over the rows:\n\n", words);
    text_left(stream, subject->columns.names[dependence->column], VALUE_MOST);
    fprintf(stream, "%*s%12s%12s\n", counted ? 9 : 0, counted ? "rows" : "", "mean", "deviation");
    for (size_t p = 0; p < dependence->count; p++) {
        write_place(explanation, dependence, rows, p, value);
        text_left(stream, value, VALUE_MOST);
        if (counted)
            fprintf(stream, "%9.0f", dependence->shares[p] * (double)rows->count);
        explanation_number(subject, mean_at(explanation, dependence, p, output), false, number);
        fprintf(stream, "%12s", number);
        explanation_number(subject, deviation_at(explanation, dependence, p, output, rows), false, number);
        fprintf(stream, "%12s  ", number);
        explanation_print_bar(stream, mean_at(explanation, dependence, p, output) - low, high - low, false);
    }
}

static json_t *place_list(const Explanation *explanation, const ExplainDependence *dependence, size_t output,
                          const ExplainRows *rows)
{
    const ExplainSubject *subject = explanation->subject;
    const bool date = explain_column_is_date(&subject->model->schema, &subject->columns, dependence->column);
    json_t *list = json_array();
    for (size_t p = 0; p < dependence->count && list != NULL; p++) {
        char value[EXPLAIN_VALUE_SIZE];
        write_place(explanation, dependence, rows, p, value);
        json_t *object = json_pack("{s:o, s:o, s:o, s:o}", "deviation",
                                   json_figure(deviation_at(explanation, dependence, p, output, rows)), "mean",
                                   json_figure(mean_at(explanation, dependence, p, output)), "share",
                                   json_figure(dependence->shares[p]), "value",
                                   isnan(dependence->places[p])   ? json_null()
                                   : dependence->category || date ? json_words(value)
                                                                  : json_figure(dependence->places[p]));
        if (json_array_append_new(list, object) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}

percept_status explanation_print_dependence(const Explanation *explanation, const ExplainDependence *dependence,
                                            size_t output, const ExplainRows *rows, percept_error *error)
{
    char number[SCHEMA_NAME_SIZE];
    const ExplainSubject *subject = explanation->subject;
    if (!explanation->json) {
        print_text(explanation, dependence, output, rows);
        return PERCEPT_OK;
    }
    json_t *answer = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "column", json_words(subject->columns.names[dependence->column]),
        "count", json_count(rows->count), "data", json_words(explanation->data), "log_odds",
        json_boolean(subject->log_odds), "output", json_words(explain_output_name(subject, output, number)), "part",
        json_words(explanation->part), "values", place_list(explanation, dependence, output, rows));
    return json_print_to(explanation->stream, answer, JSON_DIGITS, error);
}
