/* How much each column of a table counts: permutation importance (explain/importance.h) as bars with their deviations. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number_text.h"
#include "plot/bars.h"
#include "show/explained.h"
#include "show/kinds.h"

/* Bars; shuffles of each column; rows. */
#define BARS 20
#define SHUFFLES 5
#define LEAST_ROWS 200
#define MOST_ROWS 2000

#define AXIS_SIZE 120

/* "fall of the accuracy when the column is shuffled (percentage points)" */
static void name_axis(const ExplainMetric *metric, char axis[AXIS_SIZE])
{
    snprintf(axis, AXIS_SIZE, "%s of %s%s when the column is shuffled%s", metric->lower_is_better ? "rise" : "fall",
             strcmp(metric->name, "r2") == 0 ? "" : "the ", metric->title, metric->share ? " (percentage points)" : "");
}

/* "accuracy_fall", "log_loss_rise" */
static void name_value(const ExplainMetric *metric, char column[AXIS_SIZE])
{
    snprintf(column, AXIS_SIZE, "%s_%s", metric->name, metric->lower_is_better ? "rise" : "fall");
    for (char *at = column; *at != '\0'; at++)
        *at = *at == '-' ? '_' : *at;
}

static percept_status draw(const ShowExplained *explained, const ExplainMetric *metric,
                           const ExplainImportance *importance, const ShowOptions *options, const char *folder,
                           const char *name, percept_error *error)
{
    const size_t most = options->count > 0 ? options->count : BARS;
    const size_t shown = importance->count < most ? importance->count : most;
    const double unit = metric->share ? 100 : 1;
    const char **names = NULL;
    char title[160], note[200], axis[AXIS_SIZE], column[AXIS_SIZE];
    double *values = NULL;
    percept_status status = memory_allocate(shown, sizeof *names, "the names", &names, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(shown, 2 * sizeof *values, "the bars", &values, error);
    for (size_t i = 0; status == PERCEPT_OK && i < shown; i++) {
        const size_t c = importance->order[i];
        names[i] = explained->subject.columns.names[c];
        values[i] = unit * importance->means[c];
        values[shown + i] = unit * importance->deviations[c];
    }
    snprintf(title, sizeof title, "What the predictions depend on");
    if (shown < importance->count)
        snprintf(title, sizeof title, "What the predictions depend on: the first %zu of %zu columns", shown,
                 importance->count);
    snprintf(note, sizeof note, "%s row%s of the %s part, each column shuffled %zu times; lines: deviation",
             text_count(explained->rows.count).text, explained->rows.count == 1 ? "" : "s", explained->part,
             importance->repeats);
    name_axis(metric, axis);
    name_value(metric, column);
    const BarsPicture picture = {.title = options->title != NULL ? options->title : title,
                                 .note = note,
                                 .axis = axis,
                                 .name_column = "column",
                                 .value_column = column,
                                 .names = names,
                                 .values = values,
                                 .deviations = values + shown,
                                 .count = shown};
    if (status == PERCEPT_OK)
        status = plot_bars(folder, name, &picture, error);
    memory_free(values);
    memory_free(names);
    return status;
}

percept_status show_importance(const ShowRun *runs, size_t count, const ShowOptions *options, const char *folder,
                               const char *name, percept_error *error)
{
    ShowExplained explained = {0};
    const ExplainMetric *metric = NULL;
    ExplainImportance importance = {0};
    (void)count;
    percept_status status =
        show_explained_open(&runs[0], options, SHUFFLES + 1, LEAST_ROWS, MOST_ROWS, &explained, error);
    if (status == PERCEPT_OK)
        status = explain_metric_find(&explained.subject, options->figures, &metric, error);
    if (status == PERCEPT_OK)
        status = explain_importance(&explained.subject, &explained.rows, metric, SHUFFLES, options->seed, &importance,
                                    error);
    if (status == PERCEPT_OK)
        status = draw(&explained, metric, &importance, options, folder, name, error);
    explain_importance_clear(&importance);
    show_explained_close(&explained);
    return status;
}
