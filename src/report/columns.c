/* The columns of a table: what they hold, and how much they count. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number_text.h"
#include "data/column_stats.h"
#include "data/dataset.h"
#include "explain/importance.h"
#include "model/model.h"
#include "report/sections.h"

/* Columns that the page lists; shuffles of each; rows. */
#define MOST_COLUMNS 60
#define SHUFFLES 5
#define LEAST_ROWS 200
#define MOST_ROWS 2000

#define VALUES_SIZE 160

/* The part that the model was measured on; the training part where the record has no other. */
static percept_dataset *part_of(const Record *record)
{
    return record->data.test != NULL    ? record->data.test
           : record->data.valid != NULL ? record->data.valid
                                        : record->data.train;
}

static const char *part_title(const Record *record)
{
    return record->data.test != NULL ? "test" : record->data.valid != NULL ? "validation" : "training";
}

/* "4 values: fixed, freelance, …" in the order of the vocabulary. */
static void describe_category(const Vocabulary *vocabulary, char text[VALUES_SIZE])
{
    size_t used = (size_t)snprintf(text, VALUES_SIZE, "%s value%s: ", text_count(vocabulary->count).text,
                                   vocabulary->count == 1 ? "" : "s");
    for (size_t v = 0; v < vocabulary->count; v++) {
        const size_t room = VALUES_SIZE - used, length = strlen(vocabulary->values[v]);
        if (length + 16 > room || v == 6) {
            snprintf(text + used, room, ", …");
            return;
        }
        used += (size_t)snprintf(text + used, room, "%s%s", v > 0 ? ", " : "", vocabulary->values[v]);
    }
}

/* The parts that a model has of a date: "year, month, weekday". */
static void describe_date(const Schema *schema, const ExplainColumns *columns, size_t c, char text[VALUES_SIZE])
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t at = columns->first[c]; at < columns->first[c + 1] && used < VALUES_SIZE; at++)
        used += (size_t)snprintf(text + used, VALUES_SIZE - used, "%s%s", used > 0 ? ", " : "",
                                 date_part_name(schema->dates[columns->features[at]].part));
}

/* "18 to 75", "false, true", "4 values: …". */
static percept_status describe_values(const Storage *storage, const Schema *schema, const ExplainColumns *columns,
                                      size_t c, char text[VALUES_SIZE], percept_error *error)
{
    ColumnStats stats;
    char low[EXPLAIN_VALUE_SIZE], high[EXPLAIN_VALUE_SIZE];
    const size_t feature = explain_column_feature(columns, c);
    if (schema_is_category(schema, feature)) {
        describe_category(&schema->vocabularies[feature], text);
        return PERCEPT_OK;
    }
    if (schema_is_date(schema, feature)) {
        describe_date(schema, columns, c, text);
        return PERCEPT_OK;
    }
    const percept_status status = column_stats_feature(storage, feature, &stats, error);
    if (status != PERCEPT_OK)
        return status;
    explain_value_text(schema, feature, stats.low, low);
    explain_value_text(schema, feature, stats.high, high);
    const bool words = schema->kinds != NULL && schema->kinds[feature] == FEATURE_BOOLEAN;
    snprintf(text, VALUES_SIZE, !(stats.low < stats.high) ? "%s" : words ? "%s, %s" : "%s to %s", low, high);
    return PERCEPT_OK;
}

static percept_status write_column(Page *page, const Record *record, const ExplainSubject *subject,
                                   const ExplainMetric *metric, const ExplainImportance *importance, size_t c,
                                   percept_error *error)
{
    const Schema *schema = &record->model->schema;
    const size_t feature = explain_column_feature(&subject->columns, c);
    const double unit = metric->share ? 100 : 1;
    char values[VALUES_SIZE], mean[32], deviation[32];
    const percept_status status =
        describe_values(record->data.train->storage, schema, &subject->columns, c, values, error);
    if (status != PERCEPT_OK)
        return status;
    snprintf(mean, sizeof mean, "%.*f", metric->share ? 2 : 4, unit * importance->means[c]);
    snprintf(deviation, sizeof deviation, "± %.*f", metric->share ? 2 : 4, unit * importance->deviations[c]);
    const char *cells[] = {subject->columns.names[c],
                           feature_kind_name(schema->kinds != NULL ? schema->kinds[feature] : FEATURE_NUMBER), values,
                           mean, deviation};
    const bool counts = importance->means[c] > importance->deviations[c];
    page_table_row_marked(page, cells, counts ? PAGE_PLAIN : PAGE_QUIET, NULL);
    return PERCEPT_OK;
}

static percept_status write_columns(Page *page, const Record *record, const ExplainSubject *subject,
                                    const ExplainMetric *metric, const ExplainImportance *importance, size_t rows,
                                    percept_error *error)
{
    char caption[200], heading[80];
    const size_t shown = importance->count < MOST_COLUMNS ? importance->count : MOST_COLUMNS;
    snprintf(heading, sizeof heading, "%s of %s%s", metric->lower_is_better ? "rise" : "fall", metric->title,
             metric->share ? " (percentage points)" : "");
    const char *const columns[] = {"column", "kind", "values", heading, "deviation"};
    static const bool numeric[] = {false, false, false, true, true};
    snprintf(caption, sizeof caption,
             "How much %s, %.4g, falls when a column is shuffled: %zu times among %s rows of the %s part",
             metric->title, importance->score, importance->repeats, text_count(rows).text, part_title(record));
    page_table_begin(page, caption, columns, 5, numeric);
    percept_status status = PERCEPT_OK;
    for (size_t i = 0; status == PERCEPT_OK && i < shown; i++)
        status = write_column(page, record, subject, metric, importance, importance->order[i], error);
    page_table_end(page);
    if (shown < importance->count)
        page_text_format(page, "The first %zu of %zu columns.", shown, importance->count);
    return status;
}

void section_columns(Page *page, const Record *record, const ReportOptions *options)
{
    ExplainSubject subject = {0};
    ExplainRows rows = {0};
    ExplainImportance importance = {0};
    const ExplainMetric *metric = NULL;
    percept_error error;
    if (record->model == NULL || record->report.metrics == NULL || record->data.train == NULL ||
        record->data.train->storage->image_height > 0)
        return;
    percept_status status = explain_subject_create(record->model, false, options->threads, &subject, &error);
    if (status == PERCEPT_OK)
        status = explain_metric_find(&subject, NULL, &metric, &error);
    const size_t each = (SHUFFLES + 1) * subject.columns.count;
    if (status == PERCEPT_OK && explain_takes_minutes(&subject, each * LEAST_ROWS)) {
        explain_subject_clear(&subject);
        return;
    }
    if (status == PERCEPT_OK) {
        status = explain_rows_take(part_of(record), explain_rows_in_time(&subject, each, LEAST_ROWS, MOST_ROWS), 0,
                                   &rows, &error);
    }
    if (status == PERCEPT_OK)
        status = explain_importance(&subject, &rows, metric, SHUFFLES, 0, &importance, &error);
    if (status == PERCEPT_OK) {
        section_begin(page, options, "Columns");
        status = write_columns(page, record, &subject, metric, &importance, rows.count, &error);
    }
    if (status != PERCEPT_OK && status != PERCEPT_ERROR_ARGUMENT) /* no metric: one class, or equal targets */
        page_fail(page, &error);
    explain_importance_clear(&importance);
    explain_rows_clear(&rows);
    explain_subject_clear(&subject);
}
