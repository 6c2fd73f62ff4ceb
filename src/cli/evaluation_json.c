/* The answer of `percept evaluate --json`. */
#include "cli/evaluation.h"

#include <stdbool.h>

#include "cli/json.h"
#include "cli/thresholds.h"
#include "model/model.h"

/* Adds an item to a list; on failure the list is released and becomes NULL. */
static void append(json_t **list, json_t *item)
{
    if (json_array_append_new(*list, item) == 0)
        return;
    json_decref(*list);
    *list = NULL;
}

static json_t *confusion_rows(const percept_metrics *metrics)
{
    json_t *rows = json_array();
    for (size_t k = 0; k < metrics->classes; k++) {
        json_t *row = json_array();
        for (size_t j = 0; j < metrics->classes; j++)
            append(&row, json_count(metrics->confusion[k * metrics->classes + j]));
        append(&rows, row);
    }
    return rows;
}

static json_t *class_list(const Evaluation *evaluation)
{
    json_t *list = json_array();
    for (size_t k = 0; k < evaluation->report->metrics->classes; k++) {
        const percept_class_report *class = &evaluation->report->classes[k];
        append(&list,
               json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "auc", json_figure(class->auc), "f1",
                         json_figure(class->f1), "name", json_words(percept_model_class_name(evaluation->model, k)),
                         "precision", json_figure(class->precision), "predicted", json_count(class->predicted),
                         "recall", json_figure(class->recall), "support", json_count(class->support)));
    }
    return list;
}

static json_t *class_mean(const percept_class_report *mean)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "auc", json_figure(mean->auc), "f1", json_figure(mean->f1), "precision",
                     json_figure(mean->precision), "recall", json_figure(mean->recall));
}

/* Null where the outputs are no probabilities. */
static json_t *calibration(const percept_report *report)
{
    json_t *bins = json_array();
    for (size_t m = 0; m < PERCEPT_CALIBRATION_BINS; m++) {
        const percept_calibration_bin *bin = &report->calibration[m];
        append(&bins, json_pack("{s:o, s:o, s:o, s:o}", "accuracy", json_figure(bin->accuracy), "confidence",
                                json_figure(bin->confidence), "count", json_count(bin->count), "up_to",
                                json_figure((double)(m + 1) / PERCEPT_CALIBRATION_BINS)));
    }
    return json_pack("{s:o, s:o}", "bins", bins, "expected_error", json_figure(report->calibration_error));
}

static json_t *class_metrics(const Evaluation *evaluation)
{
    const percept_report *report = evaluation->report;
    json_t *thresholds = evaluation->curve == NULL
                             ? json_null()
                             : thresholds_json(evaluation->model, evaluation->curve, report->macro.auc);
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "accuracy",
                     json_figure(report->metrics->accuracy), "brier", json_figure(report->brier), "calibration",
                     calibration(report), "classes", class_list(evaluation), "confusion",
                     confusion_rows(report->metrics), "macro", class_mean(&report->macro), "threshold",
                     json_figure(evaluation->threshold), "threshold_by", json_words(evaluation->rule), "thresholds",
                     thresholds, "weighted", class_mean(&report->weighted));
}

static json_t *target(const percept_target_report *report)
{
    return json_pack("{s:o, s:o, s:o}", "mean_absolute_error", json_figure(report->mean_absolute_error), "r2",
                     json_figure(report->r2), "root_mean_squared_error", json_figure(report->root_mean_squared_error));
}

static json_t *named_target(const Evaluation *evaluation, size_t j)
{
    char number[SCHEMA_NAME_SIZE];
    json_t *object = target(&evaluation->report->targets[j]);
    if (json_object_set_new(object, "name", json_words(schema_target_name(&evaluation->model->schema, j, number))) !=
        0) {
        json_decref(object);
        return NULL;
    }
    const percept_interval_report *interval =
        evaluation->report->intervals != NULL ? &evaluation->report->intervals[j] : NULL;
    if (interval == NULL ||
        json_object_set_new(object, "interval",
                            json_pack("{s:o, s:o, s:o}", "coverage", json_figure(interval->coverage), "level",
                                      json_figure(evaluation->report->interval_level), "mean_width",
                                      json_figure(interval->mean_width))) == 0)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *target_metrics(const Evaluation *evaluation)
{
    const percept_report *report = evaluation->report;
    json_t *list = json_array();
    for (size_t j = 0; j < report->target_count; j++)
        append(&list, named_target(evaluation, j));
    return json_pack("{s:o, s:o}", "overall", target(&report->overall), "targets", list);
}

percept_status evaluation_print_json(const Evaluation *evaluation, percept_error *error)
{
    const percept_report *report = evaluation->report;
    json_t *answer = report->metrics->classes > 0 ? class_metrics(evaluation) : target_metrics(evaluation);
    json_t *head = json_pack("{s:o, s:o, s:o, s:o}", "count", json_count(report->metrics->count), "data",
                             json_words(evaluation->data), "loss", json_figure(report->metrics->loss), "part",
                             json_words(evaluation->part));
    const bool complete = json_object_update(answer, head) == 0;
    json_decref(head);
    if (!complete) {
        json_decref(answer);
        answer = NULL;
    }
    return json_print(answer, JSON_DIGITS, error);
}
