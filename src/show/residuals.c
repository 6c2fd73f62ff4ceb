/* Predictions of numbers beside the true ones: predicted against true, and residuals against predicted. */
#include <stdio.h>

#include "base/memory.h"
#include "base/number_text.h"
#include "plot/cloud.h"
#include "show/explained.h"
#include "show/kinds.h"

/* Points, and targets in one picture. */
#define POINTS 2000
#define PANELS 6

typedef struct Panel {
    double *x, *y;
    char x_label[SHOW_OUTPUT_SIZE + 16], y_label[SHOW_OUTPUT_SIZE + 16], title[SHOW_OUTPUT_SIZE];
} Panel;

/* Target t of the rows: true and predicted, or predicted and true - predicted. */
static percept_status take_panel(const ShowExplained *explained, const double *answers, size_t t, bool residuals,
                                 Panel *panel, percept_error *error)
{
    const size_t rows = explained->rows.count, outputs = explained->subject.outputs;
    const size_t targets = explained->rows.target_width,
                 k = t * (outputs / targets); /* of a target with an interval, its mean */
    char number[SCHEMA_NAME_SIZE];
    const char *target = explain_output_name(&explained->subject, k, number);
    percept_status status = memory_allocate(rows, 2 * sizeof *panel->x, "a picture", &panel->x, error);
    if (status != PERCEPT_OK)
        return status;
    panel->y = panel->x + rows;
    for (size_t i = 0; i < rows; i++) {
        const double wanted = explained->rows.targets[i * targets + t], predicted = answers[i * outputs + k];
        panel->x[i] = residuals ? predicted : wanted;
        panel->y[i] = residuals ? wanted - predicted : predicted;
    }
    snprintf(panel->title, sizeof panel->title, "%.100s", target);
    snprintf(panel->x_label, sizeof panel->x_label, "%.100s, %s", target, residuals ? "predicted" : "true");
    snprintf(panel->y_label, sizeof panel->y_label, "%.100s, %s", target,
             residuals ? "true minus predicted" : "predicted");
    return PERCEPT_OK;
}

static percept_status draw(const ShowExplained *explained, const Panel *panels, size_t count, bool residuals,
                           const ShowOptions *options, const char *folder, const char *name, percept_error *error)
{
    CloudPanel list[PANELS];
    char title[160];
    for (size_t p = 0; p < count; p++)
        list[p] = (CloudPanel){.title = count > 1 ? panels[p].title : NULL,
                               .x_label = panels[p].x_label,
                               .y_label = panels[p].y_label,
                               .x = panels[p].x,
                               .y = panels[p].y,
                               .count = explained->rows.count};
    snprintf(title, sizeof title, "%s, %s row%s of the %s part",
             residuals ? "What the predictions miss" : "Predicted against true", text_count(explained->rows.count).text,
             explained->rows.count == 1 ? "" : "s", explained->part);
    const CloudPicture picture = {.title = options->title != NULL ? options->title : title,
                                  .line = residuals ? CLOUD_ZERO : CLOUD_DIAGONAL,
                                  .line_words = "without error",
                                  .x_column = residuals ? "predicted" : "true",
                                  .y_column = residuals ? "residual" : "predicted",
                                  .trend_words = residuals ? "means of groups of equal size" : NULL,
                                  .panels = list,
                                  .panel_count = count};
    return plot_cloud(folder, name, &picture, error);
}

static percept_status show(const ShowRun *run, bool residuals, const ShowOptions *options, const char *folder,
                           const char *name, percept_error *error)
{
    ShowExplained explained = {0};
    Panel panels[PANELS] = {0};
    double *answers = NULL;
    if (run->model->class_count > 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the model of '%s' predicts classes, which have no residuals; draw roc or confusion",
                         run->name);
    percept_status status = show_explained_open(run, options, 1, POINTS, POINTS, &explained, error);
    const size_t outputs = explained.subject.outputs, each = network_outputs_of_target(&run->model->network),
                 targets = outputs / each, count = targets < PANELS ? targets : PANELS;
    const size_t first = options->output != NULL ? explained.output / each : 0,
                 end = options->output != NULL ? first + 1 : count;
    if (status == PERCEPT_OK)
        status = memory_allocate(explained.rows.count, outputs * sizeof *answers, "the outputs", &answers, error);
    if (status == PERCEPT_OK)
        explain_predict(&explained.subject, explained.rows.features, explained.rows.count, answers);
    for (size_t t = first; status == PERCEPT_OK && t < end; t++)
        status = take_panel(&explained, answers, t, residuals, &panels[t - first], error);
    if (status == PERCEPT_OK)
        status = draw(&explained, panels, end - first, residuals, options, folder, name, error);
    for (size_t p = 0; p < PANELS; p++)
        memory_free(panels[p].x);
    memory_free(answers);
    show_explained_close(&explained);
    return status;
}

percept_status show_residuals(const ShowRun *runs, size_t count, const ShowOptions *options, const char *folder,
                              const char *name, percept_error *error)
{
    (void)count;
    return show(&runs[0], true, options, folder, name, error);
}

percept_status show_predicted(const ShowRun *runs, size_t count, const ShowOptions *options, const char *folder,
                              const char *name, percept_error *error)
{
    (void)count;
    return show(&runs[0], false, options, folder, name, error);
}
