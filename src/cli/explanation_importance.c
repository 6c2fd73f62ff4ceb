/* Importances of columns: a table with bars, or JSON. */
#include <math.h>

#include "base/json_value.h"
#include "cli/explanation_text.h"
#include "cli/json.h"
#include "cli/text.h"

static void print_number(FILE *stream, double value)
{
    fprintf(stream, fabs(value) < 1000 ? "%12.4f" : "%12.6g", value);
}

static void print_text(const Explanation *explanation, const ExplainMetric *metric, const ExplainImportance *importance,
                       size_t rows)
{
    FILE *stream = explanation->stream;
    const size_t shown = importance->count < explanation->most ? importance->count : explanation->most;
    const size_t wide = explanation_name_columns(explanation->subject);
    explanation_print_data(explanation, rows);
    fprintf(stream, "%s %.4f; how much it %s when the values of a column are shuffled:\n\n", metric->title,
            importance->score, metric->lower_is_better ? "rises" : "falls");
    text_left(stream, "column", wide);
    fprintf(stream, "%12s%12s\n", "importance", "deviation");
    for (size_t i = 0; i < shown; i++) {
        const size_t c = importance->order[i];
        text_left(stream, explanation->subject->columns.names[c], wide);
        print_number(stream, importance->means[c]);
        print_number(stream, importance->deviations[c]);
        fputs("  ", stream);
        explanation_print_bar(stream, importance->means[c], importance->means[importance->order[0]], false);
    }
    if (shown < importance->count)
        fprintf(stream, "(%zu less important columns; --top N prints more)\n", importance->count - shown);
}

static json_t *column_list(const Explanation *explanation, const ExplainImportance *importance)
{
    json_t *list = json_array();
    const Schema *schema = &explanation->subject->model->schema;
    for (size_t i = 0; i < importance->count && list != NULL; i++) {
        const size_t c = importance->order[i], feature = explain_column_feature(&explanation->subject->columns, c);
        const size_t kind = schema->kinds != NULL ? schema->kinds[feature] : FEATURE_NUMBER;
        json_t *object =
            json_pack("{s:o, s:o, s:o, s:o}", "deviation", json_figure(importance->deviations[c]), "importance",
                      json_figure(importance->means[c]), "kind", json_words(feature_kind_name(kind)), "name",
                      json_words(explanation->subject->columns.names[c]));
        if (json_array_append_new(list, object) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}

percept_status explanation_print_importance(const Explanation *explanation, const ExplainMetric *metric,
                                            const ExplainImportance *importance, size_t rows, uint64_t seed,
                                            percept_error *error)
{
    if (!explanation->json) {
        print_text(explanation, metric, importance, rows);
        return PERCEPT_OK;
    }
    json_t *answer =
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "columns", column_list(explanation, importance), "count",
                  json_count(rows), "data", json_words(explanation->data), "metric", json_words(metric->name), "part",
                  json_words(explanation->part), "repeats", json_count(importance->repeats), "score",
                  json_figure(importance->score), "seed", json_count(seed));
    return json_print_to(explanation->stream, answer, JSON_DIGITS, error);
}
