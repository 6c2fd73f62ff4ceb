#include "train/metrics.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/sized.h"
#include "nn/loss.h"
#include "train/log_odds.h"
#include "train/outputs.h"
#include "train/roc.h"

/* ---- Life ------------------------------------------------------------------------------------------------------- */

static percept_status allocate_for_classes(Metrics *metrics, percept_error *error)
{
    const size_t classes = metrics->classes, capacity = metrics->capacity;
    percept_status status = memory_allocate_zeroed(classes, classes * sizeof *metrics->confusion,
                                                   "the confusion matrix", &metrics->confusion, error);
    if (status == PERCEPT_OK)
        status =
            memory_allocate(capacity, metrics->width * sizeof *metrics->scores, "the scores", &metrics->scores, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(capacity, sizeof *metrics->labels, "the labels", &metrics->labels, error);
    return status;
}

percept_status metrics_create(size_t classes, size_t width, bool probabilities, size_t capacity, Metrics *out,
                              percept_error *error)
{
    Metrics metrics = {.classes = classes, .width = width, .probabilities = probabilities, .capacity = capacity};
    percept_status status = classes > 0 ? allocate_for_classes(&metrics, error)
                                        : memory_allocate_zeroed(width, sizeof *metrics.targets, "sums over targets",
                                                                 &metrics.targets, error);
    if (status == PERCEPT_OK)
        *out = metrics;
    else
        metrics_clear(&metrics);
    return status;
}

void metrics_clear(Metrics *metrics)
{
    memory_free(metrics->confusion);
    memory_free(metrics->scores);
    memory_free(metrics->labels);
    memory_free(metrics->targets);
    *metrics = (Metrics){0};
}

/* ---- Adding ----------------------------------------------------------------------------------------------------- */

/* An example's outputs. */
typedef struct Said {
    size_t width;
    const double *outputs, *log_odds; /* or NULL */
} Said;

/* The probability of class k; with one output, which is that of class 1, the rest is that of class 0. */
static double probability(const Said *said, size_t k)
{
    if (said->width > 1 || k == 1)
        return said->outputs[said->width > 1 ? k : 0];
    return said->log_odds != NULL ? odds_probability(-said->log_odds[0]) : 1 - said->outputs[0];
}

/* Σ_k (p_k - y_k)² with y_k = 1 for the label, else 0 (G. W. Brier, 1950); of two classes that of class 1 alone. */
static double brier_score(size_t classes, const Said *said, int32_t label)
{
    double sum = 0;
    for (size_t k = classes == 2 ? 1 : 0; k < classes; k++) {
        const double difference = probability(said, k) - (label == (int32_t)k);
        sum += difference * difference;
    }
    return sum;
}

/* Bin m of M holds the confidences in ((m - 1)/M, m/M] (C. Guo and others, 2017, section 2). */
static size_t bin_of(double confidence)
{
    const double place = ceil(confidence * PERCEPT_CALIBRATION_BINS) - 1;
    const size_t last = PERCEPT_CALIBRATION_BINS - 1;
    return place > 0 ? (place < (double)last ? (size_t)place : last) : 0;
}

static void add_probabilities(Metrics *metrics, const Said *said, int32_t label, int32_t predicted)
{
    metrics->brier += brier_score(metrics->classes, said, label);
    if (predicted < 0)
        return;
    const double confidence = probability(said, (size_t)predicted);
    const size_t bin = bin_of(confidence);
    metrics->bin_counts[bin]++;
    metrics->bin_right[bin] += label == predicted;
    metrics->bin_confidence[bin] += confidence;
}

void metrics_add_labels(Metrics *metrics, size_t count, const double *outputs, const double *log_odds,
                        const int32_t *labels)
{
    const size_t width = metrics->width;
    for (size_t i = 0; i < count; i++) {
        const Said said = {width, outputs + i * width, log_odds != NULL ? log_odds + i * width : NULL};
        const int32_t predicted = outputs_class(metrics->threshold, width, said.outputs);
        if (predicted >= 0)
            metrics->confusion[(size_t)labels[i] * metrics->classes + (size_t)predicted]++;
        if (metrics->probabilities)
            add_probabilities(metrics, &said, labels[i], predicted);
        for (size_t k = 0; k < width; k++)
            metrics->scores[k * metrics->capacity + metrics->count] =
                (log_odds != NULL ? said.log_odds : said.outputs)[k];
        metrics->labels[metrics->count++] = labels[i];
    }
}

void metrics_add_targets(Metrics *metrics, size_t count, const double *outputs, const double *targets)
{
    const bool intervals = metrics->intervals > 0;
    const size_t each = intervals ? 3 : 1, step = intervals && !metrics->targets_once ? 3 : 1;
    for (size_t i = 0; i < count; i++) {
        metrics->count++;
        for (size_t j = 0; j < metrics->width; j++, outputs += each, targets += step) {
            TargetSums *sums = &metrics->targets[j];
            const double target = *targets, error = *outputs - target, before = target - sums->mean;
            sums->mean += before / (double)metrics->count;
            sums->deviation += before * (target - sums->mean);
            sums->absolute += fabs(error);
            sums->squared += error * error;
            sums->covered += intervals && target >= outputs[1] && target <= outputs[2] ? 1 : 0;
            sums->width += intervals ? outputs[2] - outputs[1] : 0;
        }
    }
}

/* ---- Metrics of classes ----------------------------------------------------------------------------------------- */

static double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

static void report_class(const uint64_t *confusion, size_t classes, size_t k, percept_class_report *out)
{
    const double right = (double)confusion[k * classes + k];
    *out = (percept_class_report){.auc = out->auc};
    for (size_t j = 0; j < classes; j++) {
        out->support += confusion[k * classes + j];
        out->predicted += confusion[j * classes + k];
    }
    out->precision = ratio(right, (double)out->predicted);
    out->recall = ratio(right, (double)out->support);
    out->f1 = ratio(2 * right, (double)out->support + (double)out->predicted);
}

/* Each class against all others; two classes share one area. */
static percept_status report_areas(const Metrics *metrics, percept_class_report *classes, percept_error *error)
{
    uint64_t *scratch = NULL;
    percept_status status = memory_allocate(metrics->count, 2 * sizeof *scratch, "sorting", &scratch, error);
    for (size_t k = 0; k < metrics->classes && status == PERCEPT_OK; k++) {
        const size_t column = metrics->width == 1 ? 0 : metrics->classes == 2 ? 1 : k;
        if (metrics->classes == 2 && k == 0)
            continue;
        classes[k].auc = roc_area(metrics->scores + column * metrics->capacity, metrics->labels, metrics->count,
                                  (int32_t)k, scratch);
        if (metrics->classes == 2)
            classes[0].auc = classes[1].auc;
    }
    memory_free(scratch);
    return status;
}

static double or_zero(double metric)
{
    return isnan(metric) ? 0 : metric;
}

/* The mean over the classes that occur, each with weight 1 or with its support. An undefined metric counts as 0, as in
 * scikit-learn, but an undefined area not at all. */
static percept_class_report average_classes(const percept_class_report *classes, size_t count, bool by_support)
{
    percept_class_report mean = {0};
    double total = 0, area_total = 0;
    for (size_t k = 0; k < count; k++) {
        const percept_class_report *class = &classes[k];
        const double occurs = class->support > 0 || class->predicted > 0;
        const double weight = by_support ? (double)class->support : occurs;
        mean.support += class->support;
        mean.predicted += class->predicted;
        mean.precision += weight * or_zero(class->precision);
        mean.recall += weight * or_zero(class->recall);
        mean.f1 += weight * or_zero(class->f1);
        mean.auc += weight * or_zero(class->auc);
        total += weight;
        area_total += isnan(class->auc) ? 0 : weight;
    }
    mean.precision /= total;
    mean.recall /= total;
    mean.f1 /= total;
    mean.auc = ratio(mean.auc, area_total);
    return mean;
}

/* Σ_m |B_m|/n · |accuracy(B_m) - confidence(B_m)|, equation 5 of Guo and others. */
static void report_calibration(const Metrics *metrics, percept_report *report)
{
    report->calibration_error = report->brier = NAN;
    if (metrics->probabilities) {
        report->calibration_error = 0;
        report->brier = metrics->brier / (double)metrics->count;
    }
    for (size_t m = 0; m < PERCEPT_CALIBRATION_BINS; m++) {
        const double count = (double)metrics->bin_counts[m], right = (double)metrics->bin_right[m];
        report->calibration[m] = (percept_calibration_bin){
            metrics->bin_counts[m], ratio(metrics->bin_confidence[m], count), ratio(right, count)};
        report->calibration_error += fabs(right - metrics->bin_confidence[m]) / (double)metrics->count;
    }
}

/* What follows from the confusion matrix; the areas of the classes are there already. */
static void count_classes(const uint64_t *confusion, percept_report *report)
{
    const size_t classes = report->metrics->classes;
    double right = 0;
    for (size_t k = 0; k < classes; k++) {
        report_class(confusion, classes, k, &report->classes[k]);
        right += (double)confusion[k * classes + k];
    }
    report->metrics->accuracy = right / (double)report->metrics->count;
    report->macro = average_classes(report->classes, classes, false);
    report->weighted = average_classes(report->classes, classes, true);
}

static percept_status report_classes(const Metrics *metrics, percept_report *report, percept_error *error)
{
    const size_t classes = metrics->classes;
    percept_status status =
        memory_allocate(classes, sizeof *report->classes, "the metrics of the classes", &report->classes, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t k = 0; k < classes; k++)
        report->classes[k].auc = NAN;
    report_calibration(metrics, report);
    status = report_areas(metrics, report->classes, error);
    count_classes(metrics->confusion, report);
    return status;
}

void metrics_count_again(percept_report *report)
{
    count_classes(report->metrics->confusion, report);
}

/* ---- Metrics of targets ----------------------------------------------------------------------------------------- */

percept_target_report metrics_of_targets(const Metrics *metrics, percept_target_report *targets)
{
    const double count = (double)metrics->count, width = (double)metrics->width;
    percept_target_report overall = {0};
    size_t varying = 0;
    for (size_t j = 0; j < metrics->width; j++) {
        const TargetSums *sums = &metrics->targets[j];
        const percept_target_report target = {.r2 = 1 - ratio(sums->squared, sums->deviation),
                                              .mean_absolute_error = sums->absolute / count,
                                              .root_mean_squared_error = sqrt(sums->squared / count)};
        varying += isnan(target.r2) ? 0 : 1;
        overall.r2 += or_zero(target.r2);
        overall.mean_absolute_error += target.mean_absolute_error / width;
        overall.root_mean_squared_error += sums->squared / count / width;
        if (targets != NULL)
            targets[j] = target;
    }
    overall.r2 = ratio(overall.r2, (double)varying);
    overall.root_mean_squared_error = sqrt(overall.root_mean_squared_error);
    return overall;
}

static percept_status report_intervals(const Metrics *metrics, percept_report *report, percept_error *error)
{
    const double count = (double)metrics->count;
    percept_status status = memory_allocate(metrics->width, sizeof *report->intervals, "the metrics of the intervals",
                                            &report->intervals, error);
    for (size_t j = 0; j < metrics->width && status == PERCEPT_OK; j++)
        report->intervals[j] =
            (percept_interval_report){(double)metrics->targets[j].covered / count, metrics->targets[j].width / count};
    report->interval_level = metrics->intervals;
    return status;
}

static percept_status report_targets(const Metrics *metrics, percept_report *report, percept_error *error)
{
    percept_status status =
        memory_allocate(metrics->width, sizeof *report->targets, "the metrics of the targets", &report->targets, error);
    if (status != PERCEPT_OK)
        return status;
    report->target_count = metrics->width;
    report->overall = metrics_of_targets(metrics, report->targets);
    return metrics->intervals > 0 ? report_intervals(metrics, report, error) : PERCEPT_OK;
}

/* ---- The report ------------------------------------------------------------------------------------------------- */

percept_status metrics_report(Metrics *metrics, percept_report *out, percept_error *error)
{
    percept_report report = {.struct_size = sizeof report};
    percept_status status = memory_allocate_zeroed(1, sizeof *report.metrics, "the metrics", &report.metrics, error);
    if (status == PERCEPT_OK) {
        *report.metrics = (percept_metrics){.struct_size = sizeof *report.metrics,
                                            .count = metrics->count,
                                            .accuracy = NAN,
                                            .classes = metrics->classes};
        status =
            metrics->classes > 0 ? report_classes(metrics, &report, error) : report_targets(metrics, &report, error);
    }
    if (status != PERCEPT_OK) {
        percept_report_clear(&report);
        return status;
    }
    report.metrics->confusion = metrics->confusion;
    metrics->confusion = NULL;
    *out = report;
    return PERCEPT_OK;
}

void percept_report_clear(percept_report *report)
{
    if (report == NULL || report->struct_size < SIZED_UP_TO(percept_report, overall))
        return;
    percept_metrics_clear(report->metrics);
    memory_free(report->metrics);
    memory_free(report->classes);
    memory_free(report->targets);
    if (report->struct_size > offsetof(percept_report, intervals))
        memory_free(report->intervals);
    sized_clear(report, sizeof *report);
}
