/* The metrics of a model on a dataset: percept_model_evaluate and percept_model_report. */
#include <math.h>

#include "base/memory.h"
#include "base/sized.h"
#include "train/evaluate.h"
#include "train/metrics.h"
#include "train/outputs.h"
#include "train/predictor.h"
#include "train/views.h"

/* Evaluates with a predictor of its own; views: NULL, or those that are averaged. */
static percept_status evaluate(const percept_model *model, const percept_dataset *data, const Views *views,
                               size_t threads, EvaluateVisit *visit, void *user, EngineSums *sums, percept_error *error)
{
    percept_predictor *predictor = NULL;
    percept_status status = percept_predictor_create(model, threads, &predictor, error);
    if (status == PERCEPT_OK) {
        const percept_model used = predictor_model(predictor);
        status = views == NULL
                     ? evaluate_dataset(&used, predictor->whole.engine, data, data->count, visit, user, sums, error)
                     : views_evaluate(&used, predictor->whole.engine, data, views, team_size(predictor->whole.team),
                                      visit, user, sums, error);
    }
    percept_predictor_free(predictor);
    return status;
}

/* ---- Loss, accuracy, confusion ---------------------------------------------------------------------------------- */

/* Where counts go. */
typedef struct Counts {
    const percept_model *model;
    uint64_t *confusion;
} Counts;

/* Adds one for each example at (label, predicted class). */
static void count_confusion(void *user, const EvaluateBlock *block)
{
    const Counts *counts = user;
    const size_t width = network_outputs(&counts->model->network), classes = counts->model->class_count;
    for (size_t i = 0; i < block->count; i++) {
        const int32_t predicted = outputs_class(counts->model->threshold, width, block->outputs + i * width);
        if (predicted >= 0)
            counts->confusion[(size_t)block->data->labels[block->first + i] * classes + (size_t)predicted]++;
    }
}

percept_status percept_model_evaluate(const percept_model *model, const percept_dataset *data, size_t threads,
                                      percept_metrics *out, percept_error *error)
{
    if (model == NULL || data == NULL || out == NULL)
        return error_null(error, "percept_model_evaluate", "model, data and out");
    EngineSums sums;
    percept_metrics metrics = {.struct_size = sizeof metrics, .classes = model->class_count};
    percept_status status = sized_check("percept_model_evaluate", "out", "percept_metrics", out->struct_size,
                                        SIZED_UP_TO(percept_metrics, confusion), error);
    if (status == PERCEPT_OK)
        status = model_check_data(model, data, error);
    if (status == PERCEPT_OK && model->class_count > 0)
        status = memory_allocate_zeroed(model->class_count * model->class_count, sizeof *metrics.confusion,
                                        "the confusion matrix", &metrics.confusion, error);
    if (status == PERCEPT_OK) {
        Counts counts = {model, metrics.confusion};
        status = evaluate(model, data, NULL, threads, model->class_count > 0 ? count_confusion : NULL, &counts, &sums,
                          error);
    }
    if (status != PERCEPT_OK) {
        percept_metrics_clear(&metrics);
        return status;
    }
    metrics.count = sums.count;
    metrics.loss = engine_mean_loss(&sums);
    metrics.accuracy = model->class_count > 0 ? (double)sums.correct / (double)sums.count : NAN;
    if (model->threshold > 0 && metrics.confusion != NULL)
        metrics.accuracy = (double)(metrics.confusion[0] + metrics.confusion[3]) / (double)sums.count;
    sized_give(&metrics, sizeof metrics, out);
    return PERCEPT_OK;
}

void percept_metrics_clear(percept_metrics *metrics)
{
    if (metrics == NULL || metrics->struct_size < SIZED_UP_TO(percept_metrics, confusion))
        return;
    memory_free(metrics->confusion);
    sized_clear(metrics, sizeof *metrics);
}

/* ---- All metrics ------------------------------------------------------------------------------------------------ */

static void gather(void *user, const EvaluateBlock *block)
{
    Metrics *metrics = user;
    if (metrics->classes > 0)
        metrics_add_labels(metrics, block->count, block->outputs, block->log_odds, block->data->labels + block->first);
    else
        metrics_add_targets(metrics, block->count, block->outputs, block->targets);
}

percept_status percept_model_report(const percept_model *model, const percept_dataset *data, size_t threads,
                                    percept_report *out, percept_error *error)
{
    return views_report(model, data, NULL, threads, out, error);
}

percept_status views_report(const percept_model *model, const percept_dataset *data, const Views *views, size_t threads,
                            percept_report *out, percept_error *error)
{
    if (model == NULL || data == NULL || out == NULL)
        return error_null(error, "percept_model_report", "model, data and out");
    Metrics metrics = {0};
    percept_report report = {.struct_size = sizeof report};
    EngineSums sums;
    percept_status status = sized_check("percept_model_report", "out", "percept_report", out->struct_size,
                                        SIZED_UP_TO(percept_report, overall), error);
    if (status == PERCEPT_OK)
        status = model_check_data(model, data, error);
    if (status == PERCEPT_OK)
        status = metrics_create(model->class_count,
                                network_outputs(&model->network) / network_outputs_of_target(&model->network),
                                outputs_are_probabilities(&model->network), data->count, &metrics, error);
    metrics.threshold = model->threshold;
    metrics.intervals = model->network.intervals;
    if (status == PERCEPT_OK)
        status = evaluate(model, data, views, threads, gather, &metrics, &sums, error);
    if (status == PERCEPT_OK)
        status = metrics_report(&metrics, &report, error);
    if (status == PERCEPT_OK) {
        report.metrics->loss = engine_mean_loss(&sums);
        if (out->struct_size <= offsetof(percept_report, intervals))
            memory_free(report.intervals); /* the caller knows nothing of them */
        sized_give(&report, sizeof report, out);
    }
    metrics_clear(&metrics);
    return status;
}
