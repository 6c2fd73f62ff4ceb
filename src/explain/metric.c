#include "explain/metric.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "train/roc.h"

/* Probabilities of 0 in float32 count as the least number that it holds. */
#define LEAST_PROBABILITY ((double)FLT_MIN)

/* ---- Classes ------------------------------------------------------------------------------------------------------ */

static double accuracy(const ExplainAnswers *of)
{
    size_t right = 0;
    for (size_t i = 0; i < of->rows->count; i++)
        right += explain_class_of(of->subject, of->answers + i * of->subject->outputs) == of->rows->labels[i];
    return (double)right / (double)of->rows->count;
}

/* Log odds, which also order probabilities that round to 1. */
static double score_of(const ExplainSubject *subject, const double *answer, size_t k)
{
    double others = 0;
    for (size_t j = 0; j < subject->outputs; j++)
        others += j != k ? answer[j] : 0;
    return subject->probabilities ? log(answer[k]) - log(others) : answer[k];
}

static double area(const ExplainAnswers *of)
{
    double sum = 0;
    size_t count = 0;
    for (size_t k = of->subject->outputs == 2 ? 1 : 0; k < of->subject->outputs; k++) {
        for (size_t i = 0; i < of->rows->count; i++)
            of->scores[i] = score_of(of->subject, of->answers + i * of->subject->outputs, k);
        const double one = roc_area(of->scores, of->rows->labels, of->rows->count, (int32_t)k, of->sorting);
        sum += isnan(one) ? 0 : one;
        count += isnan(one) ? 0 : 1;
    }
    return count > 0 ? sum / (double)count : NAN;
}

/* -Σ w log p(label) / Σ w */
static double log_loss(const ExplainAnswers *of)
{
    double sum = 0, weights = 0;
    for (size_t i = 0; i < of->rows->count; i++) {
        const double p = of->answers[i * of->subject->outputs + (size_t)of->rows->labels[i]];
        const double weight = of->rows->weights != NULL ? of->rows->weights[i] : 1;
        sum -= weight * log(p > LEAST_PROBABILITY || isnan(p) ? p : LEAST_PROBABILITY);
        weights += weight;
    }
    return sum / weights;
}

/* ---- Numbers ------------------------------------------------------------------------------------------------------ */

static percept_target_report measure_targets(const ExplainAnswers *of)
{
    const Network *network = &of->subject->model->network;
    Metrics metrics = {.width = of->subject->outputs / network_outputs_of_target(network),
                       .targets = of->sums,
                       .intervals = network->intervals,
                       .targets_once = true};
    memset(of->sums, 0, metrics.width * sizeof *of->sums);
    metrics_add_targets(&metrics, of->rows->count, of->answers, of->rows->targets);
    return metrics_of_targets(&metrics, NULL);
}

static double r2(const ExplainAnswers *of)
{
    return measure_targets(of).r2;
}

static double squared_error(const ExplainAnswers *of)
{
    return measure_targets(of).root_mean_squared_error;
}

static double absolute_error(const ExplainAnswers *of)
{
    return measure_targets(of).mean_absolute_error;
}

/* ---- The table ---------------------------------------------------------------------------------------------------- */

static const ExplainMetric metrics[] = {
    {"accuracy", "accuracy", true, false, false, true, accuracy},
    {"auc", "ROC AUC", true, false, false, false, area},
    {"log-loss", "log loss", true, true, true, false, log_loss},
    {"r2", "R²", false, false, false, false, r2},
    {"rmse", "root mean squared error", false, false, true, false, squared_error},
    {"mae", "mean absolute error", false, false, true, false, absolute_error},
};

enum { METRICS = sizeof metrics / sizeof metrics[0] };

const ExplainMetric *explain_metric_at(size_t index)
{
    return index < METRICS ? &metrics[index] : NULL;
}

static const char *usual(const ExplainSubject *subject)
{
    return subject->model->class_count == 0 ? "r2" : subject->model->class_count == 2 ? "auc" : "accuracy";
}

static percept_status refuse_metric(const char *name, percept_error *error)
{
    const char *names[METRICS];
    for (size_t m = 0; m < METRICS; m++)
        names[m] = metrics[m].name;
    const char *nearest = nearest_word(name, names, METRICS);
    return nearest != NULL
               ? error_set(error, PERCEPT_ERROR_ARGUMENT, "there is no metric '%.60s'; did you mean %s?", name, nearest)
               : error_set(error, PERCEPT_ERROR_ARGUMENT,
                           "there is no metric '%.60s'; give accuracy, auc or log-loss, for numbers r2, "
                           "rmse or mae",
                           name);
}

percept_status explain_metric_find(const ExplainSubject *subject, const char *name, const ExplainMetric **out,
                                   percept_error *error)
{
    const char *wanted = name != NULL ? name : usual(subject);
    const bool classes = subject->model->class_count > 0;
    size_t m = 0;
    while (m < METRICS && strcmp(metrics[m].name, wanted) != 0)
        m++;
    if (m == METRICS)
        return refuse_metric(wanted, error);
    if (metrics[m].classes != classes)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "the model predicts %s, and %s is a metric of %s; give %s",
                         classes ? "classes" : "numbers", metrics[m].name, classes ? "numbers" : "classes",
                         classes ? "accuracy, auc or log-loss" : "r2, rmse or mae");
    if (metrics[m].probabilities && !subject->probabilities)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the outputs of the model are not probabilities, so they have no %s; give accuracy or auc",
                         metrics[m].title);
    *out = &metrics[m];
    return PERCEPT_OK;
}

percept_status explain_metric_measure(const ExplainMetric *metric, const ExplainSubject *subject,
                                      const ExplainRows *rows, const double *answers, double *out, percept_error *error)
{
    ExplainAnswers of = {.subject = subject, .rows = rows, .answers = answers};
    percept_status status = memory_allocate(rows->count, sizeof *of.scores, "the scores", &of.scores, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(rows->count, 2 * sizeof *of.sorting, "sorting", &of.sorting, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(subject->outputs, sizeof *of.sums, "sums over targets", &of.sums, error);
    if (status == PERCEPT_OK)
        *out = metric->of(&of);
    memory_free(of.sums);
    memory_free(of.sorting);
    memory_free(of.scores);
    return status;
}
