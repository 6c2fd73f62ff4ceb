#include "plot/curves.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "plot/chart.h"
#include "plot/figure.h"
#include "plot/table.h"

#define MOST_WITH_TRAINING 8

/* The chart under construction. */
typedef struct Curves {
    const CurvesRun *runs;
    size_t run_count;
    const CurvesOptions *options;
    Table *tables; /* run_count */
    FigureList list;
    const Figure *figures; /* of the list */
    size_t figure_count;
    double *x; /* every epoch that some run has, rising */
    size_t rows;
    double *y;           /* metrics × runs × rows, then a row for the best epoch of each metric */
    ChartSeries *series; /* by panel */
    size_t series_count;
    char (*columns)[FIGURE_NAME_SIZE + 64]; /* names of the series */
    ChartPanel panels[FIGURES_MOST];
    size_t panel_count;
    LegendEntry *legend;
    size_t legend_count;
    char best[96]; /* what the legend says of the best epoch */
    percept_error *error;
} Curves;

/* ---- Numbers --------------------------------------------------------------------------------------------------------- */

static percept_status read_table(Curves *curves, size_t r)
{
    const char *path = curves->runs[r].metrics;
    Table *table = &curves->tables[r];
    percept_status status = table_read(path, table, curves->error);
    bool figures = false;
    for (size_t c = 0; status == PERCEPT_OK && c < table->columns; c++) {
        Figure figure;
        figures = figure_of(table->names[c], &figure) || figures;
    }
    if (status == PERCEPT_OK && (table_find(table, "epoch") < 0 || !figures))
        status = error_set(curves->error, PERCEPT_ERROR_FORMAT,
                           "'%s' has no columns epoch and train_loss; is it a run's metrics.csv?", path);
    if (status == PERCEPT_OK && table->rows == 0)
        status =
            error_set(curves->error, PERCEPT_ERROR_FORMAT, "'%s' has no epochs to draw; train for at least one", path);
    return status;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double cell(const Table *table, size_t row, int column)
{
    return table->values[row * table->columns + (size_t)column];
}

/* The epochs of all runs. */
static percept_status join_epochs(Curves *curves)
{
    size_t count = 0;
    for (size_t r = 0; r < curves->run_count; r++)
        count += curves->tables[r].rows;
    percept_status status = memory_allocate(count, sizeof *curves->x, "the epochs", &curves->x, curves->error);
    if (status != PERCEPT_OK)
        return status;
    count = 0;
    for (size_t r = 0; r < curves->run_count; r++)
        for (size_t i = 0; i < curves->tables[r].rows; i++)
            curves->x[count++] = cell(&curves->tables[r], i, table_find(&curves->tables[r], "epoch"));
    qsort(curves->x, count, sizeof *curves->x, compare);
    for (size_t i = 0; i < count; i++)
        if (isfinite(curves->x[i]) && (curves->rows == 0 || curves->x[i] > curves->x[curves->rows - 1]))
            curves->x[curves->rows++] = curves->x[i];
    return curves->rows > 0 ? PERCEPT_OK
                            : error_set(curves->error, PERCEPT_ERROR_FORMAT, "'%s' has no epochs that are numbers",
                                        curves->runs[0].metrics);
}

static void fill(const Curves *curves, const Figure *figure, size_t r, double *y)
{
    const Table *table = &curves->tables[r];
    const int epoch = table_find(table, "epoch");
    for (size_t i = 0; i < curves->rows; i++)
        y[i] = NAN;
    for (size_t i = 0; i < table->rows; i++) {
        const double at = cell(table, i, epoch);
        const double *place = bsearch(&at, curves->x, curves->rows, sizeof at, compare);
        if (place != NULL)
            y[place - curves->x] = figure_value(figure, table, i);
    }
}

/* ---- Series, panels, legend -------------------------------------------------------------------------------------------- */

/* The part whose lines are solid: one other than training, if there is one. */
static FigurePart main_part(const Curves *curves)
{
    FigurePart part = FIGURE_TRAIN;
    for (size_t f = 0; f < curves->figure_count; f++)
        if (curves->figures[f].part != FIGURE_TRAIN && (part == FIGURE_TRAIN || curves->figures[f].part < part))
            part = curves->figures[f].part;
    return part;
}

static LegendMark mark_of(const Curves *curves, const Figure *figure)
{
    const FigurePart part = main_part(curves);
    return strchr(figure->label, ',') != NULL ? LEGEND_DOTTED
           : figure->part == part             ? LEGEND_LINE
           : figure->part == FIGURE_TRAIN     ? LEGEND_DASHED
                                              : LEGEND_DOTTED;
}

/* With one run, colours mark the parts; with several, the runs. */
static void colour_of(const Curves *curves, const Figure *figure, size_t run, char colour[AXIS_COLOUR_SIZE])
{
    static const char *const own[FIGURE_PARTS] = {COLOUR_ORANGE, COLOUR_BLUE, COLOUR_GREEN, COLOUR_PURPLE};
    if (curves->run_count > 1)
        axis_colour(run, curves->run_count, colour);
    else
        snprintf(colour, AXIS_COLOUR_SIZE, "%s",
                 strchr(figure->label, ',') != NULL ? COLOUR_PURPLE : own[figure->part]);
}

static void add_entry(Curves *curves, const char *label, const char *colour, LegendMark mark)
{
    for (size_t i = 0; i < curves->legend_count; i++)
        if (strcmp(curves->legend[i].label, label) == 0)
            return;
    LegendEntry *entry = &curves->legend[curves->legend_count++];
    *entry = (LegendEntry){.label = label, .mark = mark};
    snprintf(entry->colour, AXIS_COLOUR_SIZE, "%s", colour);
}

static void add_lines(Curves *curves, const Figure *figure)
{
    for (size_t r = 0; r < curves->run_count; r++) {
        const size_t s = curves->series_count++;
        ChartSeries *series = &curves->series[s];
        *series = (ChartSeries){
            .column = curves->columns[s], .y = curves->y + s * curves->rows, .mark = mark_of(curves, figure)};
        colour_of(curves, figure, r, series->colour);
        snprintf(curves->columns[s], sizeof *curves->columns, "%.60s%s%s",
                 curves->run_count > 1 ? curves->runs[r].name : "", curves->run_count > 1 ? " " : "", figure->column);
        fill(curves, figure, r, curves->y + s * curves->rows);
    }
}

/* The legend says the accuracy, where there is one. */
static void describe_best(Curves *curves, const Figure *figure, double value)
{
    const bool percent = strcmp(figure->unit, "accuracy (%)") == 0;
    if (percent)
        snprintf(curves->best, sizeof curves->best, "best: epoch %ld, %.2f %%", curves->runs[0].best_epoch, value);
    else if (curves->best[0] == '\0')
        snprintf(curves->best, sizeof curves->best, "best: epoch %ld, %s %.4g", curves->runs[0].best_epoch,
                 figure->unit, value);
}

/* The best epoch's point on a line of the validation part. */
static void add_best(Curves *curves, const Figure *figure)
{
    const size_t line = curves->series_count - 1, s = curves->series_count;
    double *y = curves->y + s * curves->rows;
    bool there = false;
    for (size_t i = 0; i < curves->rows; i++) {
        y[i] = curves->x[i] == (double)curves->runs[0].best_epoch ? curves->series[line].y[i] : NAN;
        there = there || isfinite(y[i]);
    }
    if (!there || figure->part != FIGURE_VALID)
        return;
    curves->series_count++;
    curves->series[s] = (ChartSeries){.column = curves->columns[s], .y = y, .colour = COLOUR_GREEN, .mark = LEGEND_DOT};
    snprintf(curves->columns[s], sizeof *curves->columns, "best %s", figure->column);
    for (size_t i = 0; i < curves->rows; i++)
        if (isfinite(y[i]))
            describe_best(curves, figure, y[i]);
}

static void add_panel(Curves *curves, size_t first)
{
    const Figure *model = &curves->figures[first];
    ChartPanel *panel = &curves->panels[curves->panel_count++];
    const size_t begin = curves->series_count;
    *panel = (ChartPanel){.y_label = model->unit,
                          .log = curves->options->log && model->logarithmic,
                          .may_log = model->logarithmic,
                          .limits = model->limits,
                          .series = curves->series + begin};
    for (size_t f = first; f < curves->figure_count; f++) {
        const Figure *figure = &curves->figures[f];
        if (strcmp(figure->unit, model->unit) != 0)
            continue;
        add_lines(curves, figure);
        if (curves->run_count == 1)
            add_best(curves, figure);
    }
    panel->count = curves->series_count - begin;
}

static bool is_first_of_unit(const Curves *curves, size_t f)
{
    for (size_t i = 0; i < f; i++)
        if (strcmp(curves->figures[i].unit, curves->figures[f].unit) == 0)
            return false;
    return true;
}

static void add_legend(Curves *curves)
{
    char colour[AXIS_COLOUR_SIZE];
    for (size_t r = 0; r < curves->run_count && curves->run_count > 1; r++) {
        axis_colour(r, curves->run_count, colour);
        add_entry(curves, curves->runs[r].name, colour, LEGEND_LINE);
    }
    for (size_t f = 0; f < curves->figure_count; f++) {
        const Figure *figure = &curves->figures[f];
        colour_of(curves, figure, 0, colour);
        add_entry(curves, figure->label, curves->run_count > 1 ? COLOUR_INK : colour, mark_of(curves, figure));
    }
    if (curves->best[0] != '\0')
        add_entry(curves, curves->best, COLOUR_GREEN, LEGEND_DOT);
}

/* With more runs than this, the training part is omitted if there is another part. */
static void thin_out(Curves *curves)
{
    FigureList *list = &curves->list;
    size_t kept = 0;
    if (curves->run_count <= MOST_WITH_TRAINING || main_part(curves) == FIGURE_TRAIN)
        return;
    for (size_t f = 0; f < list->count; f++)
        if (list->items[f].part != FIGURE_TRAIN)
            list->items[kept++] = list->items[f];
    list->count = curves->figure_count = kept;
}

static percept_status draw(Curves *curves, const char *folder, const char *name)
{
    const size_t most = curves->figure_count * (curves->run_count + 1);
    percept_status status =
        memory_allocate(most * curves->rows, sizeof *curves->y, "the curves", &curves->y, curves->error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(most, sizeof *curves->series, "the curves", &curves->series, curves->error);
    if (status == PERCEPT_OK)
        status = memory_allocate(most, sizeof *curves->columns, "the curves", &curves->columns, curves->error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(curves->run_count + curves->figure_count + 1, sizeof *curves->legend,
                                        "the legend", &curves->legend, curves->error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t f = 0; f < curves->figure_count; f++)
        if (is_first_of_unit(curves, f))
            add_panel(curves, f);
    add_legend(curves);
    const Chart chart = {.title = curves->options->title,
                         .x_name = "epoch",
                         .x_label = "epoch",
                         .x = curves->x,
                         .rows = curves->rows,
                         .axis = CHART_WHOLE,
                         .panels = curves->panels,
                         .panel_count = curves->panel_count,
                         .legend = curves->legend,
                         .legend_count = curves->legend_count};
    return plot_chart(folder, name, &chart, curves->error);
}

static void clear(Curves *curves)
{
    for (size_t r = 0; curves->tables != NULL && r < curves->run_count; r++)
        table_clear(&curves->tables[r]);
    memory_free(curves->tables);
    memory_free(curves->x);
    memory_free(curves->y);
    memory_free(curves->series);
    memory_free(curves->columns);
    memory_free(curves->legend);
    memory_free(curves);
}

percept_status curves_draw(const CurvesRun *runs, size_t count, const CurvesOptions *options, const char *folder,
                           const char *name, percept_error *error)
{
    Curves *curves = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *curves, "a chart", &curves, error);
    if (status != PERCEPT_OK)
        return status;
    *curves = (Curves){.runs = runs, .run_count = count, .options = options, .error = error};
    status = memory_allocate_zeroed(count, sizeof *curves->tables, "the tables", &curves->tables, error);
    for (size_t r = 0; r < count && status == PERCEPT_OK; r++)
        status = read_table(curves, r);
    if (status == PERCEPT_OK)
        status = join_epochs(curves);
    if (status == PERCEPT_OK && options->figures != NULL)
        status = figures_read(options->figures, curves->tables, count, &curves->list, error);
    else if (status == PERCEPT_OK)
        figures_find(curves->tables, count, false, &curves->list);
    curves->figures = curves->list.items;
    curves->figure_count = curves->list.count;
    if (options->figures == NULL)
        thin_out(curves);
    if (status == PERCEPT_OK)
        status = draw(curves, folder, name);
    clear(curves);
    return status;
}

percept_status plot_curves(const char *folder, long best_epoch, percept_error *error)
{
    CurvesRun run = {.name = folder, .best_epoch = best_epoch};
    const CurvesOptions options = {0};
    char *path = NULL, *plots = NULL;
    percept_status status = file_join(folder, "metrics.csv", &path, error);
    run.metrics = path;
    if (status == PERCEPT_OK)
        status = file_join(folder, "plots", &plots, error);
    if (status == PERCEPT_OK)
        status = file_make_folder(plots, error);
    if (status == PERCEPT_OK)
        status = curves_draw(&run, 1, &options, plots, "curves", error);
    memory_free(plots);
    memory_free(path);
    return status;
}
