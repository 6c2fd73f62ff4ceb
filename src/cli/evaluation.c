#include "cli/evaluation.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/describe.h"
#include "cli/text.h"
#include "model/model.h"

/* Columns of a name at the left. */
#define NAME_MOST 23
#define TARGET_COLUMNS 14

/* ---- Cells ------------------------------------------------------------------------------------------------------ */

static void print_share(double share)
{
    printf("%11s", isnan(share) ? "-" : text_percent(share).text);
}

static void print_area(double area)
{
    if (isnan(area))
        printf("%10s", "-");
    else
        printf("%10.4f", area);
}

/* ---- Classes ---------------------------------------------------------------------------------------------------- */

static void print_class(const char *name, size_t columns, const percept_class_report *class, bool areas)
{
    text_left(stdout, name, columns);
    print_share(class->precision);
    print_share(class->recall);
    print_share(class->f1);
    if (areas)
        print_area(class->auc);
    printf("%11s\n", text_count((size_t) class->support).text);
}

static void print_classes(const Evaluation *evaluation)
{
    const percept_report *report = evaluation->report;
    const bool areas = report->metrics->classes > 2; /* two classes share one area, printed above */
    const size_t columns = describe_class_columns(evaluation->model, strlen("weighted mean"), NAME_MOST);
    text_left(stdout, "class", columns);
    printf("%11s%11s%11s%s%11s\n", "precision", "recall", "F1", areas ? "   ROC AUC" : "", "examples");
    for (size_t k = 0; k < report->metrics->classes; k++)
        print_class(percept_model_class_name(evaluation->model, k), columns, &report->classes[k], areas);
    print_class("mean", columns, &report->macro, areas);
    print_class("weighted mean", columns, &report->weighted, areas);
}

static void print_class_summary(const Evaluation *evaluation)
{
    const percept_report *report = evaluation->report;
    printf("%s accuracy %s\n", evaluation->title, text_percent(report->metrics->accuracy).text);
    printf("%s loss %s\n", evaluation->title, text_loss(report->metrics->loss).text);
    if (!isnan(report->brier)) {
        printf("%s Brier score %.4f\n", evaluation->title, report->brier);
        printf("%s calibration error %s\n", evaluation->title, text_percent(report->calibration_error).text);
    }
    if (report->metrics->classes == 2 && !isnan(report->macro.auc))
        printf("%s ROC AUC %.4f\n", evaluation->title, report->macro.auc);
    if (evaluation->curve != NULL && !isnan(evaluation->curve->average_precision))
        printf("%s average precision %.4f\n", evaluation->title, evaluation->curve->average_precision);
}

/* ---- Targets ---------------------------------------------------------------------------------------------------- */

static void print_target(const char *name, const percept_target_report *target)
{
    text_left(stdout, name, TARGET_COLUMNS);
    print_area(target->r2);
    printf("%#22.6g%#26.6g\n", target->mean_absolute_error, target->root_mean_squared_error);
}

/* How many targets the intervals hold, target by target. */
static void print_intervals(const Evaluation *evaluation)
{
    const percept_report *report = evaluation->report;
    char number[SCHEMA_NAME_SIZE];
    for (size_t j = 0; report->intervals != NULL && j < report->target_count; j++) {
        printf("%s ", evaluation->title);
        if (report->target_count > 1)
            printf("%s: ", text_plain(schema_target_name(&evaluation->model->schema, j, number)).text);
        printf("intervals for %g %% hold %s of the targets, mean width %#.6g\n", 100 * report->interval_level,
               text_percent(report->intervals[j].coverage).text, report->intervals[j].mean_width);
    }
}

static void print_targets(const Evaluation *evaluation)
{
    const percept_report *report = evaluation->report;
    const Schema *schema = &evaluation->model->schema;
    char number[SCHEMA_NAME_SIZE];
    printf("%-14s%11s%22s%26s\n", "target", "R²", "mean absolute error", "root mean squared error");
    for (size_t j = 0; j < report->target_count; j++)
        print_target(schema_target_name(schema, j, number), &report->targets[j]);
    print_target("all", &report->overall);
}

static void print_target_summary(const Evaluation *evaluation)
{
    const percept_report *report = evaluation->report;
    if (report->target_count == 1 && evaluation->model->schema.targets != NULL)
        printf("target %s\n", text_plain(evaluation->model->schema.targets[0]).text);
    printf("%s loss %s\n", evaluation->title, text_loss(report->metrics->loss).text);
    if (!isnan(report->overall.r2))
        printf("%s R² %.4f\n", evaluation->title, report->overall.r2);
    printf("%s mean absolute error %#.6g\n", evaluation->title, report->overall.mean_absolute_error);
    printf("%s root mean squared error %#.6g\n", evaluation->title, report->overall.root_mean_squared_error);
    print_intervals(evaluation);
}

void evaluation_print(const Evaluation *evaluation)
{
    const percept_report *report = evaluation->report;
    if (report->metrics->classes > 0) {
        print_class_summary(evaluation);
        putchar('\n');
        print_classes(evaluation);
        return;
    }
    print_target_summary(evaluation);
    if (report->target_count > 1) {
        putchar('\n');
        print_targets(evaluation);
    }
}
