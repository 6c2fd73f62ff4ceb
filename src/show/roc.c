/* ROC and precision-recall curves: of two classes that of the second, else each class against the others. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include "base/memory.h"
#include "base/number_text.h"
#include "plot/paths.h"
#include "show/explained.h"
#include "show/from_run.h"
#include "show/kinds.h"
#include "train/curve.h"

/* Classes in one picture; points of a path. */
#define MOST_CLASSES 12
#define MOST_POINTS 600

#define LABEL_SIZE 140

typedef struct ClassPath {
    Curve curve;
    double *x, *y; /* count */
    size_t count;
    char label[LABEL_SIZE];
} ClassPath;

/* A curve of some points more than a picture can show: every so many, and the last. */
static bool is_kept(const Curve *curve, size_t i)
{
    const size_t every = 1 + curve->count / MOST_POINTS;
    return i % every == 0 || i + 1 == curve->count;
}

/* Σ of trapezoids below the ROC curve, which equals the area that `percept evaluate` counts. */
static double area_of(const Curve *curve)
{
    double area = 0;
    CurvePoint before = {0};
    for (size_t i = 0; i < curve->count; i++) {
        const CurvePoint *point = &curve->points[i];
        area += (double)(point->false_positives - before.false_positives) *
                ((double)point->true_positives + (double)before.true_positives) / 2;
        before = *point;
    }
    return area / ((double)curve->positives * (double)curve->negatives);
}

/* (0, 0) and the rates; for precision-recall the precision of the first point at recall 0, too. */
static percept_status lay_path(ClassPath *path, bool precision, percept_error *error)
{
    const Curve *curve = &path->curve;
    percept_status status = memory_allocate(curve->count + 1, 2 * sizeof *path->x, "a curve", &path->x, error);
    if (status != PERCEPT_OK)
        return status;
    path->y = path->x + curve->count + 1;
    path->count = 1;
    for (size_t i = 0; i < curve->count; i++) {
        const CurveRates rates = curve_rates(curve, &curve->points[i]);
        if (!is_kept(curve, i))
            continue;
        path->x[path->count] = precision ? rates.true_positive_rate : rates.false_positive_rate;
        path->y[path->count++] = precision ? rates.precision : rates.true_positive_rate;
    }
    path->x[0] = 0;
    path->y[0] = precision ? path->y[1] : 0;
    return PERCEPT_OK;
}

/* The curve of class k from log odds, where the outputs are probabilities, of all rows. */
static percept_status measure_class(const ShowExplained *explained, const double *answers, size_t k, bool precision,
                                    ClassPath *path, percept_error *error)
{
    const size_t rows = explained->rows.count, outputs = explained->subject.outputs;
    double *scores = NULL;
    int32_t *labels = NULL;
    percept_status status = memory_allocate(rows, sizeof *scores, "the scores", &scores, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(rows, sizeof *labels, "the labels", &labels, error);
    for (size_t i = 0; status == PERCEPT_OK && i < rows; i++) {
        scores[i] = answers[i * outputs + k];
        labels[i] = explained->rows.labels[i] == (int32_t)k;
    }
    if (status == PERCEPT_OK)
        status = curve_create(scores, labels, rows, &path->curve, error);
    memory_free(labels);
    memory_free(scores);
    const bool drawn = path->curve.count > 0 && path->curve.positives > 0 && path->curve.negatives > 0;
    if (status != PERCEPT_OK || !drawn)
        return status;
    snprintf(path->label, sizeof path->label, precision ? "%.80s: average precision %.3f" : "%.80s: area %.3f",
             percept_model_class_name(explained->run->model, k),
             precision ? path->curve.average_precision : area_of(&path->curve));
    return lay_path(path, precision, error);
}

static percept_status draw(const ShowExplained *explained, const ClassPath *paths, size_t count, bool precision,
                           const ShowOptions *options, const char *folder, const char *name, percept_error *error)
{
    Path list[MOST_CLASSES];
    size_t drawn = 0;
    char title[160], mark[40];
    const double own = explained->run->model->threshold, threshold = own > 0 ? own : 0.5;
    const bool two = explained->subject.outputs == 2, marked = two && explained->subject.log_odds;
    for (size_t k = 0; k < count; k++) {
        const Curve *curve = &paths[k].curve;
        const CurvePoint at = curve_at(curve, log(threshold) - log1p(-threshold)); /* scores are log odds */
        const CurveRates rates = curve_rates(curve, &at);
        if (paths[k].count == 0)
            continue;
        list[drawn++] =
            (Path){.label = paths[k].label,
                   .x = paths[k].x,
                   .y = paths[k].y,
                   .count = paths[k].count,
                   .level = two && precision ? (double)curve->positives / (double)explained->rows.count : NAN,
                   .mark_x = !marked     ? NAN
                             : precision ? rates.true_positive_rate
                                         : rates.false_positive_rate,
                   .mark_y = !marked     ? NAN
                             : precision ? rates.precision
                                         : rates.true_positive_rate};
    }
    if (drawn == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the %s part of '%s' has rows of one class alone, which give no curve", explained->part,
                         explained->run->name);
    snprintf(title, sizeof title, "%s, %s rows of the %s part", precision ? "Precision and recall" : "ROC",
             text_count(explained->rows.count).text, explained->part);
    snprintf(mark, sizeof mark, "threshold %.4g", threshold);
    const PathsPicture picture = {.title = options->title != NULL ? options->title : title,
                                  .x_label = precision ? "recall" : "false positive rate",
                                  .y_label = precision ? "precision" : "true positive rate (recall)",
                                  .x_column = precision ? "recall" : "false_positive_rate",
                                  .y_column = precision ? "precision" : "true_positive_rate",
                                  .diagonal = !precision,
                                  .steps = precision,
                                  .comparison_words = precision && !two ? NULL
                                                      : precision       ? "share of the class"
                                                                        : "without knowledge",
                                  .mark_words = marked ? mark : NULL,
                                  .paths = list,
                                  .count = drawn};
    return plot_paths(folder, name, &picture, error);
}

/* The classes whose curves are drawn: the one asked for, the second of two, or the first ones. */
static void choose_classes(const ShowExplained *explained, const ShowOptions *options, size_t *first, size_t *end)
{
    const size_t outputs = explained->subject.outputs;
    *first = options->output != NULL || outputs == 2 ? explained->output : 0;
    *end = options->output != NULL || outputs == 2 ? *first + 1 : outputs < MOST_CLASSES ? outputs : MOST_CLASSES;
}

static percept_status show(const ShowRun *run, bool precision, const ShowOptions *options, const char *folder,
                           const char *name, percept_error *error)
{
    ShowExplained explained = {.run = run};
    ClassPath paths[MOST_CLASSES] = {0};
    double *answers = NULL;
    size_t first = 0, end = 0;
    percept_status status = show_check_classes(run, error);
    if (status == PERCEPT_OK)
        status = show_part(run, options, &explained.data, &explained.part, error);
    if (status == PERCEPT_OK)
        status = explain_subject_create(run->model, false, 0, &explained.subject, error);
    if (status == PERCEPT_OK) {
        explained.subject.log_odds = explained.subject.probabilities;
        explained.output = explained.subject.outputs == 2 ? 1 : 0;
        status = explain_rows_take(explained.data, SIZE_MAX, 0, &explained.rows, error);
    }
    if (status == PERCEPT_OK && options->output != NULL)
        status = explain_output_find(&explained.subject, options->output, &explained.output, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(explained.rows.count, explained.subject.outputs * sizeof *answers, "the outputs",
                                 &answers, error);
    if (status == PERCEPT_OK) {
        explain_predict(&explained.subject, explained.rows.features, explained.rows.count, answers);
        choose_classes(&explained, options, &first, &end);
    }
    for (size_t k = first; status == PERCEPT_OK && k < end; k++)
        status = measure_class(&explained, answers, k, precision, &paths[k - first], error);
    if (status == PERCEPT_OK)
        status = draw(&explained, paths, end - first, precision, options, folder, name, error);
    for (size_t k = 0; k < MOST_CLASSES; k++) {
        curve_clear(&paths[k].curve);
        memory_free(paths[k].x);
    }
    memory_free(answers);
    show_explained_close(&explained);
    return status;
}

percept_status show_roc(const ShowRun *runs, size_t count, const ShowOptions *options, const char *folder,
                        const char *name, percept_error *error)
{
    (void)count;
    return show(&runs[0], false, options, folder, name, error);
}

percept_status show_precision_recall(const ShowRun *runs, size_t count, const ShowOptions *options, const char *folder,
                                     const char *name, percept_error *error)
{
    (void)count;
    return show(&runs[0], true, options, folder, name, error);
}
