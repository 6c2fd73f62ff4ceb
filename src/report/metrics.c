/* How good the model is. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number_text.h"
#include "recipe/recipe.h"
#include "report/sections.h"

/* A matrix of more classes is too large to be read. */
#define MATRIX_MOST 40

/* The text for a metric that does not exist. */
#define NOTHING "–"

static TextNumber loss_or_nothing(double loss)
{
    const TextNumber nothing = {NOTHING};
    return isnan(loss) ? nothing : text_loss(loss);
}

static TextNumber percent_or_nothing(double fraction)
{
    const TextNumber nothing = {NOTHING};
    return isnan(fraction) ? nothing : text_percent(fraction);
}

static TextNumber decimals_or_nothing(double value)
{
    TextNumber number = {NOTHING};
    if (!isnan(value))
        snprintf(number.text, sizeof number.text, "%.4f", value);
    return number;
}

/* ---- Tiles ------------------------------------------------------------------------------------------------------- */

static void add_tiles(Page *page, const char *part, RecordMetrics metrics, const char *note)
{
    char label[64];
    if (!isnan(metrics.accuracy)) {
        snprintf(label, sizeof label, "%s accuracy", part);
        page_tile(page, text_percent(metrics.accuracy).text, label, note, PAGE_PLAIN);
    }
    if (!isnan(metrics.loss)) {
        snprintf(label, sizeof label, "%s loss", part);
        page_tile(page, text_loss(metrics.loss).text, label, note, PAGE_PLAIN);
    }
}

static void add_spread(Page *page, const Record *record, bool accuracy, const char *label)
{
    char value[120];
    const FoldSpread spread = fold_spread(record->fold_list, record->fold_count, accuracy);
    if (isnan(spread.mean) || record->fold_count < 2)
        return;
    snprintf(value, sizeof value, "%s ± %s", (accuracy ? text_percent(spread.mean) : text_loss(spread.mean)).text,
             (accuracy ? text_percent(spread.deviation) : text_loss(spread.deviation)).text);
    page_tile(page, value, label, "mean and deviation over the folds", PAGE_PLAIN);
}

static void add_fold_tiles(Page *page, const Record *record)
{
    char note[64];
    snprintf(note, sizeof note, "of %lld", (long long)recipe_integer(record->recipe, "data.folds"));
    add_spread(page, record, true, "validation accuracy");
    add_spread(page, record, false, "validation loss");
    page_tile(page, text_count(record->fold_count).text, "folds finished", note, PAGE_PLAIN);
}

/* How many epochs were run, and which of them was the best. */
static void add_epoch_tile(Page *page, const Record *record)
{
    char note[80] = "";
    const char *early = record->stopped_early ? "stopped early" : "";
    if (record->best_epoch >= 0)
        snprintf(note, sizeof note, "the best: %ld, counted from 0%s%s", record->best_epoch,
                 early[0] != '\0' ? "; " : "", early);
    else
        snprintf(note, sizeof note, "%s", early);
    page_tile(page, text_count(record->epochs).text, "epochs", note[0] != '\0' ? note : NULL, PAGE_PLAIN);
}

void section_tiles(Page *page, const Record *record)
{
    char note[64];
    page_tiles_begin(page);
    if (record->folds) {
        add_fold_tiles(page, record);
    } else {
        const bool tested = !isnan(record->test.loss), valid = !isnan(record->valid.loss);
        snprintf(note, sizeof note, "%s examples", text_count(record->test_count).text);
        if (tested)
            add_tiles(page, "test", record->test, note);
        if (valid && record->best_epoch >= 0)
            snprintf(note, sizeof note, "of epoch %ld",
                     recipe_is(record->recipe, "train.keep", "best") ? record->best_epoch : (long)record->epochs - 1);
        else
            snprintf(note, sizeof note, "of the last epoch");
        if (valid)
            add_tiles(page, "validation", record->valid, note);
        if (!tested)
            add_tiles(page, "training", record->train, "of the last epoch");
        add_epoch_tile(page, record);
    }
    page_tiles_end(page);
}

/* ---- Parts ------------------------------------------------------------------------------------------------------- */

static void add_part(Page *page, const char *name, RecordMetrics metrics)
{
    const TextNumber loss = loss_or_nothing(metrics.loss), right = percent_or_nothing(metrics.accuracy);
    const char *cells[] = {name, loss.text, right.text};
    if (!isnan(metrics.loss))
        page_table_row(page, cells);
}

/* Explains on which network the metrics of the parts were measured. */
static void explain_parts(Page *page, const Record *record, bool best)
{
    char text[320];
    size_t used = (size_t)snprintf(text, sizeof text, "Training: over the last epoch, while it was learned from.");
    if (!isnan(record->valid.loss))
        used += (size_t)snprintf(text + used, sizeof text - used, " Validation: after %s.",
                                 best ? "the best epoch, which the model is of" : "the last epoch");
    if (!isnan(record->test.loss))
        snprintf(text + used, sizeof text - used, " Test: once, with the finished model.");
    page_text(page, text);
}

static void write_parts(Page *page, const Record *record)
{
    static const char *const columns[] = {"part", "loss", "accuracy"};
    static const bool numeric[] = {false, true, true};
    const bool accuracy = !isnan(record->train.accuracy) || !isnan(record->test.accuracy);
    const bool best = recipe_is(record->recipe, "train.keep", "best") && record->best_epoch >= 0;
    page_table_begin(page, NULL, columns, accuracy ? 3 : 2, numeric);
    add_part(page, "training", record->train);
    add_part(page, "validation", record->valid);
    add_part(page, "test", record->test);
    page_table_end(page);
    explain_parts(page, record, best);
}

static void write_folds(Page *page, const Record *record)
{
    static const char *const columns[] = {"fold", "best epoch", "validation loss", "validation accuracy"};
    static const bool numeric[] = {true, true, true, true};
    bool accuracy = false;
    for (size_t f = 0; f < record->fold_count; f++)
        accuracy = accuracy || !isnan(record->fold_list[f].accuracy);
    if (record->fold_count == 0)
        return;
    page_table_begin(page, "Each fold was left out of training once and used for validation", columns, accuracy ? 4 : 3,
                     numeric);
    for (size_t f = 0; f < record->fold_count; f++) {
        const FoldFigures *fold = &record->fold_list[f];
        const TextNumber number = text_count(f), loss = loss_or_nothing(fold->loss);
        const TextNumber right = percent_or_nothing(fold->accuracy);
        TextNumber best = {NOTHING};
        if (fold->best_epoch >= 0)
            best = text_count((size_t)fold->best_epoch);
        const char *cells[] = {number.text, best.text, loss.text, right.text};
        page_table_row(page, cells);
    }
    page_table_end(page);
}

/* ---- Classes ----------------------------------------------------------------------------------------------------- */

static void write_class(Page *page, const char *name, const percept_class_report *class, PageTone tone)
{
    const TextNumber precision = percent_or_nothing(class->precision), recall = percent_or_nothing(class->recall);
    const TextNumber f1 = percent_or_nothing(class->f1), area = decimals_or_nothing(class->auc);
    const TextNumber support = text_count((size_t) class->support);
    const char *cells[] = {name, precision.text, recall.text, f1.text, support.text, area.text};
    page_table_row_marked(page, cells, tone, NULL);
}

static void begin_classes(Page *page, const char *part, bool areas)
{
    static const char *const columns[] = {"class", "precision", "recall", "F1", "examples", "ROC AUC"};
    static const bool numeric[] = {false, true, true, true, true, true};
    char caption[64];
    snprintf(caption, sizeof caption, "Classes, %s part", part);
    page_table_begin(page, caption, columns, areas ? 6 : 5, numeric);
}

/* From the model measured again. */
static void write_classes(Page *page, const Record *record)
{
    const percept_report *report = &record->report;
    char number[24];
    const bool areas = report->metrics->classes > 2; /* two share one area */
    begin_classes(page, record->part, areas);
    for (size_t k = 0; k < report->metrics->classes; k++)
        write_class(page, record_class_name(record, k, number), &report->classes[k], PAGE_PLAIN);
    write_class(page, "mean", &report->macro, PAGE_QUIET);
    write_class(page, "weighted mean", &report->weighted, PAGE_QUIET);
    page_table_end(page);
}

/* From the matrix that the summary holds. */
static void write_counted_classes(Page *page, const Record *record)
{
    const size_t classes = record->classes;
    char number[24];
    begin_classes(page, "test", false);
    for (size_t k = 0; k < classes; k++) {
        percept_class_report class = {0};
        for (size_t j = 0; j < classes; j++) {
            class.support += record->confusion[k * classes + j];
            class.predicted += record->confusion[j * classes + k];
        }
        const double right = (double)record->confusion[k * classes + k];
        class.precision = right / (double)class.predicted;
        class.recall = right / (double)class.support;
        class.f1 = 2 * right / (double)(class.support + class.predicted);
        write_class(page, record_class_name(record, k, number), &class, PAGE_PLAIN);
    }
    page_table_end(page);
}

static void write_matrix(Page *page, const Record *record, const char *part, const uint64_t *cells, size_t classes)
{
    char caption[96], numbers[MATRIX_MOST][24];
    const char *names[MATRIX_MOST];
    if (classes > MATRIX_MOST)
        return;
    for (size_t k = 0; k < classes; k++)
        names[k] = record_class_name(record, k, numbers[k]);
    snprintf(caption, sizeof caption, "Confusion matrix, %s part: a row is a label, a column a prediction", part);
    page_matrix(page, caption, names, classes, cells);
}

/* ---- Targets and other metrics ----------------------------------------------------------------------------------- */

static void write_target(Page *page, const char *name, const percept_target_report *target, PageTone tone)
{
    char absolute[48], squared[48];
    const TextNumber r2 = decimals_or_nothing(target->r2);
    snprintf(absolute, sizeof absolute, "%#.6g", target->mean_absolute_error);
    snprintf(squared, sizeof squared, "%#.6g", target->root_mean_squared_error);
    const char *cells[] = {name, r2.text, absolute, squared};
    page_table_row_marked(page, cells, tone, NULL);
}

/* What the intervals of each target hold. */
static void write_intervals(Page *page, const Record *record)
{
    const percept_report *report = &record->report;
    if (report->intervals == NULL)
        return;
    page_facts_begin(page);
    for (size_t j = 0; j < report->target_count; j++) {
        char name[80], text[160];
        snprintf(name, sizeof name, "intervals of target %zu", j + 1);
        snprintf(text, sizeof text, "for %g %% hold %s, mean width %.6g", 100 * report->interval_level,
                 text_percent(report->intervals[j].coverage).text, report->intervals[j].mean_width);
        page_fact(page, name, text);
    }
    page_facts_end(page);
}

static void write_targets(Page *page, const Record *record)
{
    static const char *const columns[] = {"target", "R²", "mean absolute error", "root mean squared error"};
    static const bool numeric[] = {false, true, true, true};
    char caption[64], number[24];
    const percept_report *report = &record->report;
    const size_t named = recipe_count(record->recipe, "data.targets");
    snprintf(caption, sizeof caption, "Targets, %s part", record->part);
    page_table_begin(page, caption, columns, 4, numeric);
    for (size_t j = 0; j < report->target_count; j++) {
        snprintf(number, sizeof number, "%zu", j);
        write_target(page, j < named ? recipe_texts(record->recipe, "data.targets")[j] : number, &report->targets[j],
                     PAGE_PLAIN);
    }
    if (report->target_count > 1)
        write_target(page, "all", &report->overall, PAGE_QUIET);
    page_table_end(page);
    write_intervals(page, record);
}

/* How far the chances that the model gives can be believed. */
static void write_calibration(Page *page, const Record *record)
{
    const percept_report *report = &record->report;
    if (isnan(report->brier))
        return;
    page_facts_begin(page);
    page_fact(page, "Brier score", decimals_or_nothing(report->brier).text);
    page_fact(page, "calibration error", percent_or_nothing(report->calibration_error).text);
    if (report->metrics->classes == 2)
        page_fact(page, "ROC AUC", decimals_or_nothing(report->macro.auc).text);
    if (record->temperature > 0)
        page_fact(page, "temperature", decimals_or_nothing(record->temperature).text);
    if (percept_model_threshold(record->model) > 0)
        page_fact(page, "threshold", decimals_or_nothing(percept_model_threshold(record->model)).text);
    page_facts_end(page);
}

/* The summary has the metrics of the finished model. If they differ now, the data have changed since. Another
 * instruction set may change the last bits. */
static void compare_again(Page *page, const Record *record)
{
    const double now = record->report.metrics->loss, then = record->test.loss;
    if (strcmp(record->part, "test") != 0 || isnan(then) || fabs(now - then) <= 1e-4 * fabs(then) + 1e-9)
        return;
    char text[240];
    snprintf(
        text, sizeof text,
        "Measured again, the loss on the test part is %s and not %s as after training: the data have changed since.",
        text_loss(now).text, text_loss(then).text);
    page_notice(page, PAGE_BAD, text);
}

void section_metrics(Page *page, const Record *record, const ReportOptions *options)
{
    section_begin(page, options, "Metrics");
    if (record->folds) {
        write_folds(page, record);
        return;
    }
    const percept_metrics *metrics = record->report.metrics;
    write_parts(page, record);
    if (metrics != NULL)
        compare_again(page, record);
    if (metrics != NULL && metrics->classes > 0) {
        write_calibration(page, record);
        write_classes(page, record);
        write_matrix(page, record, record->part, metrics->confusion, metrics->classes);
    } else if (metrics != NULL) {
        write_targets(page, record);
    } else if (record->classes > 0) {
        write_counted_classes(page, record);
        write_matrix(page, record, "test", record->confusion, record->classes);
    }
}
