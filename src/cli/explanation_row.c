/* The explanation of one answer: its columns by how far they moved it, or JSON. */
#include <math.h>
#include <stdlib.h>

#include "base/json_value.h"
#include "base/memory.h"
#include "cli/explanation_text.h"
#include "cli/json.h"
#include "cli/text.h"

#define VALUE_MOST 16

/* What to print of a row, its columns by falling size of their value. */
typedef struct Printed {
    const Explanation *explanation;
    const ExplainShapley *shapley;
    const ExplainedRow *row;
    size_t *order;
} Printed;

static double value_of(const Printed *printed, size_t c)
{
    return printed->shapley->values[c * printed->explanation->subject->outputs + printed->row->output];
}

static double error_of(const Printed *printed, size_t c)
{
    return printed->shapley->errors[c * printed->explanation->subject->outputs + printed->row->output];
}

/* By insertion: stable, and columns are few. */
static void sort_columns(const Printed *printed)
{
    for (size_t c = 0; c < printed->explanation->subject->columns.count; c++) {
        size_t at = c;
        for (; at > 0 && fabs(value_of(printed, printed->order[at - 1])) < fabs(value_of(printed, c)); at--)
            printed->order[at] = printed->order[at - 1];
        printed->order[at] = c;
    }
}

static double largest_error(const Printed *printed)
{
    double largest = 0;
    for (size_t c = 0; c < printed->explanation->subject->columns.count; c++)
        largest = fmax(largest, error_of(printed, c));
    return largest;
}

/* ---- Text --------------------------------------------------------------------------------------------------------- */

static void print_head(const Printed *printed)
{
    const Explanation *explanation = printed->explanation;
    const ExplainedRow *row = printed->row;
    char output[EXPLANATION_OUTPUT_SIZE], number[32];
    FILE *stream = explanation->stream;
    fprintf(stream, "row %zu of %s", row->number, text_plain(explanation->data).text);
    if (explanation->part_title != NULL)
        fprintf(stream, ", %s part", explanation->part_title);
    if (row->known != NULL)
        fprintf(stream, ", answer in the data: %s", text_plain(row->known).text);
    explanation_output(explanation->subject, row->output, output);
    explanation_number(explanation->subject, printed->shapley->answer[row->output], false, number);
    fprintf(stream, "\n%s = %s\n", output, number);
    explanation_number(explanation->subject, printed->shapley->baseline[row->output], false, number);
    fprintf(stream, "baseline %s: the mean over %s row%s of %s\n\n", number,
            text_count(printed->shapley->background->count).text, printed->shapley->background->count == 1 ? "" : "s",
            row->background);
}

static void print_column(const Printed *printed, size_t c, size_t wide, double full)
{
    const ExplainSubject *subject = printed->explanation->subject;
    char value[EXPLAIN_VALUE_SIZE], moved[32];
    FILE *stream = printed->explanation->stream;
    explain_column_text(&subject->model->schema, &subject->columns, c, printed->row->features, value);
    explanation_number(subject, value_of(printed, c), true, moved);
    text_left(stream, subject->columns.names[c], wide);
    text_right(stream, value, VALUE_MOST + 2);
    fprintf(stream, "%12s ", moved);
    explanation_print_bar(stream, value_of(printed, c), full, true);
}

static void print_text(const Printed *printed)
{
    const Explanation *explanation = printed->explanation;
    const size_t columns = explanation->subject->columns.count;
    const size_t shown = columns < explanation->most ? columns : explanation->most;
    const size_t wide = explanation_name_columns(explanation->subject);
    const double full = fabs(value_of(printed, printed->order[0]));
    char number[32], words[64];
    double rest = 0;
    FILE *stream = explanation->stream;
    print_head(printed);
    text_left(stream, "column", wide);
    fprintf(stream, "%*s%12s\n", VALUE_MOST + 2, "value", "moves it by");
    for (size_t i = 0; i < shown; i++)
        print_column(printed, printed->order[i], wide, full);
    for (size_t i = shown; i < columns; i++)
        rest += value_of(printed, printed->order[i]);
    if (shown < columns) {
        snprintf(words, sizeof words, "%zu other columns", columns - shown);
        explanation_number(explanation->subject, rest, true, number);
        text_left(stream, words, wide + VALUE_MOST + 2);
        fprintf(stream, "%12s\n", number);
    }
    if (printed->shapley->exact)
        return;
    snprintf(number, sizeof number, "%.2g", largest_error(printed));
    fprintf(stream, "sampled in %zu rounds: the standard error of a value is at most %s\n", printed->shapley->rounds,
            number);
}

/* ---- JSON --------------------------------------------------------------------------------------------------------- */

/* A number, true or false, the text of a category or a date; null for a missing or an unknown one. */
static json_t *value_json(const ExplainSubject *subject, size_t c, const double *features)
{
    char text[EXPLAIN_VALUE_SIZE];
    const Schema *schema = &subject->model->schema;
    const size_t feature = explain_column_feature(&subject->columns, c);
    const FeatureKind kind = schema->kinds != NULL ? schema->kinds[feature] : FEATURE_NUMBER;
    const double value = features[feature];
    if (isnan(value))
        return json_null();
    explain_column_text(schema, &subject->columns, c, features, text);
    if (kind == FEATURE_BOOLEAN && (value == 0 || value == 1))
        return json_boolean(value == 1);
    return kind == FEATURE_CATEGORY || kind == FEATURE_DATE ? json_words(text) : json_figure(value);
}

static json_t *column_list(const Printed *printed)
{
    const ExplainSubject *subject = printed->explanation->subject;
    json_t *list = json_array();
    for (size_t i = 0; i < subject->columns.count && list != NULL; i++) {
        const size_t c = printed->order[i];
        json_t *object =
            json_pack("{s:o, s:o, s:o, s:o}", "name", json_words(subject->columns.names[c]), "shap",
                      json_figure(value_of(printed, c)), "standard_error", json_figure(error_of(printed, c)), "value",
                      value_json(subject, c, printed->row->features));
        if (json_array_append_new(list, object) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}

static percept_status print_json(const Printed *printed, percept_error *error)
{
    const Explanation *explanation = printed->explanation;
    const ExplainShapley *shapley = printed->shapley;
    const ExplainedRow *row = printed->row;
    char number[SCHEMA_NAME_SIZE];
    json_t *answer = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "background",
                               json_count(shapley->background->count), "baseline",
                               json_figure(shapley->baseline[row->output]), "columns", column_list(printed), "known",
                               json_words(row->known), "log_odds", json_boolean(explanation->subject->log_odds),
                               "method", json_words(shapley->exact ? "exact" : "sampled"), "output",
                               json_words(explain_output_name(explanation->subject, row->output, number)), "prediction",
                               json_figure(shapley->answer[row->output]), "rounds", json_count(shapley->rounds), "row",
                               json_count(row->number));
    return json_print_to(explanation->stream, answer, 17, error);
}

percept_status explanation_print_row(const Explanation *explanation, const ExplainShapley *shapley,
                                     const ExplainedRow *row, percept_error *error)
{
    Printed printed = {.explanation = explanation, .shapley = shapley, .row = row};
    percept_status status = memory_allocate(explanation->subject->columns.count, sizeof *printed.order, "the columns",
                                            &printed.order, error);
    if (status != PERCEPT_OK)
        return status;
    sort_columns(&printed);
    if (explanation->json)
        status = print_json(&printed, error);
    else
        print_text(&printed);
    memory_free(printed.order);
    return status;
}
