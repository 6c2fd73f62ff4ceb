/* Activations, their derivatives compared with differences, and their pictures:
 *
 *   - functions:
 *       functions: [sigmoid, relu]
 *       generator: 12345                              of the points: draws.h
 *       points: {uniform: [-10, 10], shape: 5}
 *       range: [-10, 10]                              of the picture
 *
 * Results: "sigmoid 0", "sigmoid derivative 0" for point 0 and so on; "sigmoid largest error" of the differences. */
#include <math.h>
#include <stdio.h>

#include "base/memory.h"
#include "check/functions.h"
#include "nn/activation.h"
#include "plot/chart.h"
#include "study/cells.h"
#include "study/draws.h"
#include "study/part_runs.h"

/* Points of a curve, and curves. */
#define CURVE 401
#define MOST_FUNCTIONS 8

typedef struct FunctionsPart {
    const char *name, *caption;
    FieldTexts functions;
    uint64_t generator;
    const yaml_node_t *points;
    FieldNumbers range;
    size_t indices[MOST_FUNCTIONS]; /* of the functions */
    char picture[PART_NAME_SIZE];
} FunctionsPart;

static percept_status read_fields(const StudyWork *work, const Part *part, FunctionsPart *out, percept_error *error)
{
    const Field fields[] = {
        {"functions", &out->functions, FIELD_TEXTS, true}, {"generator", &out->generator, FIELD_COUNT, false},
        {"points", &out->points, FIELD_NODE, true},        {"range", &out->range, FIELD_NUMBERS, false},
        {"name", &out->name, FIELD_TEXT, false},           {"caption", &out->caption, FIELD_TEXT, false},
    };
    *out = (FunctionsPart){.range = {2, {-10, 10}}};
    percept_status status = part_read(work, part, fields, sizeof fields / sizeof fields[0], error);
    if (status != PERCEPT_OK)
        return status;
    if (out->range.count != 2 || !(out->range.items[0] < out->range.items[1]))
        return part_refuse(work, part, error, "range: expected two numbers, the first below the second");
    if (out->functions.count > MOST_FUNCTIONS)
        return part_refuse(work, part, error, "functions: more than %d of them", MOST_FUNCTIONS);
    for (size_t f = 0; f < out->functions.count; f++) {
        const int index = activation_find(out->functions.items[f]);
        if (index < 0 || !activation_at_f64((size_t)index)->elementwise)
            return part_refuse(work, part, error, "there is no activation '%.64s' of one number",
                               out->functions.items[f]);
        out->indices[f] = (size_t)index;
    }
    part_name(part->kind->name, part, out->name, out->picture);
    return PERCEPT_OK;
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

static percept_status add_figures(StudyWork *work, const char *name, const FunctionRow *rows, size_t count,
                                  percept_error *error)
{
    double largest = 0;
    char figure[96];
    percept_status status = PERCEPT_OK;
    for (size_t i = 0; i < count && status == PERCEPT_OK; i++) {
        snprintf(figure, sizeof figure, "%s %zu", name, i);
        status = part_figure(work, NULL, figure, rows[i].value, error);
        snprintf(figure, sizeof figure, "%s derivative %zu", name, i);
        if (status == PERCEPT_OK)
            status = part_figure(work, NULL, figure, rows[i].derivative, error);
        if (!rows[i].kink)
            largest = fmax(largest, fabs(rows[i].derivative - rows[i].difference));
    }
    snprintf(figure, sizeof figure, "%s largest error", name);
    return status == PERCEPT_OK ? part_figure(work, NULL, figure, largest, error) : status;
}

static void report_rows(Page *page, const char *name, const FunctionRow *rows, size_t count)
{
    static const char *const columns[] = {"x", "f(x)", "f'(x)", "difference", "apart"};
    Cells cells = {0};
    cells_table(page, name, columns, sizeof columns / sizeof columns[0], 0);
    for (size_t i = 0; i < count; i++) {
        cells_number(&cells, rows[i].x, 8);
        cells_number(&cells, rows[i].value, 8);
        cells_number(&cells, rows[i].derivative, 8);
        cells_number(&cells, rows[i].difference, 8);
        if (rows[i].kink)
            cells_add(&cells, "a kink");
        else
            cells_apart(&cells, fabs(rows[i].derivative - rows[i].difference));
        cells_row(&cells, page, PAGE_PLAIN);
    }
    page_table_end(page);
}

/* What a derivative is taken to be where there is none. */
static percept_status report_kink(Page *page, size_t index, percept_error *error)
{
    const double zero = 0;
    FunctionRow row;
    percept_status status = check_activation(index, &zero, 1, &row, error);
    if (status == PERCEPT_OK && row.kink)
        page_text_format(page,
                         "%s has a kink at 0: the slope is %.4g to its left and %.4g to its right. Percept takes %.4g "
                         "there; others take the other side, and either is a subgradient.",
                         activation_at_f64(index)->name, row.backward, row.forward, row.derivative);
    return status;
}

static percept_status tell_function(StudyWork *work, size_t index, const double *points, size_t count,
                                    percept_error *error)
{
    const char *name = activation_at_f64(index)->name;
    FunctionRow *rows = NULL;
    percept_status status = memory_allocate(count, sizeof *rows, "the points", &rows, error);
    if (status == PERCEPT_OK)
        status = check_activation(index, points, count, rows, error);
    if (status == PERCEPT_OK)
        status = add_figures(work, name, rows, count, error);
    if (status == PERCEPT_OK) {
        report_rows(work->page, activation_at_f64(index)->formula, rows, count);
        status = report_kink(work->page, index, error);
    }
    memory_free(rows);
    return status;
}

/* ---- The picture ------------------------------------------------------------------------------------------------- */

/* Curves of all functions: x, then values and derivatives of each. */
static percept_status make_curves(const FunctionsPart *own, double *curves, percept_error *error)
{
    FunctionRow rows[CURVE];
    percept_status status = PERCEPT_OK;
    const double low = own->range.items[0], high = own->range.items[1];
    for (size_t i = 0; i < CURVE; i++)
        curves[i] = low + (high - low) * (double)i / (CURVE - 1);
    for (size_t f = 0; f < own->functions.count && status == PERCEPT_OK; f++) {
        double *values = curves + (2 * f + 1) * CURVE;
        status = check_activation(own->indices[f], curves, CURVE, rows, error);
        for (size_t i = 0; i < CURVE && status == PERCEPT_OK; i++) {
            values[i] = rows[i].value;
            values[CURVE + i] = rows[i].derivative;
        }
    }
    return status;
}

static percept_status draw(StudyWork *work, const FunctionsPart *own, const double *curves, percept_error *error)
{
    const size_t count = own->functions.count;
    ChartSeries series[2][MOST_FUNCTIONS];
    LegendEntry legend[MOST_FUNCTIONS];
    char columns[2][MOST_FUNCTIONS][48];
    for (size_t f = 0; f < count; f++) {
        const char *name = activation_at_f64(own->indices[f])->name;
        legend[f] = (LegendEntry){.label = name, .mark = LEGEND_LINE};
        axis_colour(f, count, legend[f].colour);
        for (size_t d = 0; d < 2; d++) {
            snprintf(columns[d][f], sizeof columns[d][f], "%s%s", name, d > 0 ? "_derivative" : "");
            series[d][f] =
                (ChartSeries){.column = columns[d][f], .y = curves + (2 * f + 1 + d) * CURVE, .mark = LEGEND_LINE};
            axis_colour(f, count, series[d][f].colour);
        }
    }
    const Range any = {-INFINITY, INFINITY};
    const ChartPanel panels[2] = {
        {.title = "the function", .y_label = "f(x)", .limits = any, .series = series[0], .count = count},
        {.title = "its derivative", .y_label = "f'(x)", .limits = any, .series = series[1], .count = count}};
    const Chart chart = {.x_name = "x",
                         .x_label = "x",
                         .x = curves,
                         .rows = CURVE,
                         .axis = CHART_LINEAR,
                         .panels = panels,
                         .panel_count = 2,
                         .legend = legend,
                         .legend_count = count};
    return part_drawn(work, plot_chart(work->plots, own->picture, &chart, error), own->picture,
                      "The functions and their derivatives", error);
}

static percept_status draw_functions(StudyWork *work, const FunctionsPart *own, percept_error *error)
{
    double *curves = NULL;
    percept_status status =
        memory_allocate(2 * own->functions.count + 1, CURVE * sizeof *curves, "the curves", &curves, error);
    if (status == PERCEPT_OK)
        status = make_curves(own, curves, error);
    if (status == PERCEPT_OK)
        status = draw(work, own, curves, error);
    memory_free(curves);
    return status;
}

percept_status part_functions(StudyWork *work, const Part *part, percept_error *error)
{
    FunctionsPart own;
    DrawnArray points = {.name = "points"};
    percept_status status = read_fields(work, part, &own, error);
    if (status == PERCEPT_OK)
        status = draws_read_one(&work->study->source, own.points, own.generator, &points, error);
    if (status == PERCEPT_OK && own.caption != NULL)
        page_subheading(work->page, own.caption);
    if (status == PERCEPT_OK)
        status = draw_functions(work, &own, error);
    if (status == PERCEPT_OK) {
        page_text(work->page, "The derivatives of the table of activations beside central differences:");
    }
    for (size_t f = 0; f < own.functions.count && status == PERCEPT_OK; f++)
        status = tell_function(work, own.indices[f], points.values, points.rows * points.columns, error);
    memory_free(points.values);
    return status;
}
