#include "plot/chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

/* Up to this many points each is marked; more of them would run together. */
#define MOST_POINTS 30

#define STEPS 8 /* at most, along the values' axis */

/* A value this many times the median is far above it. */
#define DWARFING 200

/* Names longer than this are set at a slant. */
#define FLAT_NAME 70

static bool has_titles(const Chart *chart)
{
    for (size_t p = 0; p < chart->panel_count; p++)
        if (chart->panels[p].title != NULL)
            return true;
    return false;
}

/* Room for names under the axis: the height of the longest slanted one; 0: they are horizontal. */
static double slant_room(const Chart *chart, double panel_width)
{
    double longest = 0;
    for (size_t i = 0; chart->axis == CHART_NAMES && i < chart->rows; i++)
        longest = fmax(longest, axis_text_width(chart->names[i]));
    return longest * (double)chart->rows > panel_width - FLAT_NAME ? fmin(0.55 * longest, 150) : 0;
}

static Layout lay_out(const Chart *chart)
{
    Layout layout = layout_of(chart->panel_count, has_titles(chart), chart->title != NULL);
    layout.below += slant_room(chart, layout.width);
    layout_finish(&layout);
    const size_t rows = legend_layout(chart->legend, chart->legend_count, layout.canvas.width, NULL);
    layout.legend_height = rows > 0 ? (double)rows * LEGEND_ROW + 8 : 0;
    layout_finish(&layout);
    return layout;
}

/* True if the values are far enough apart on the axis to be written beside it. */
static bool has_room_for_values(const Chart *chart, Range range)
{
    for (size_t i = 1; i < chart->rows; i++) {
        const double part = chart->x_log ? log(chart->x[i] / chart->x[i - 1]) / log(range.high / range.low)
                                         : (chart->x[i] - chart->x[i - 1]) / (range.high - range.low);
        if (!(part > 0.07))
            return false;
    }
    return true;
}

static void add_names(Script *script, const Chart *chart, double slant)
{
    axis_add_range(script, "x", (Range){-0.5, (double)chart->rows - 0.5});
    script_add(script, "set xtics %s(", slant > 0 ? "rotate by -35 left " : "");
    for (size_t i = 0; i < chart->rows; i++) {
        script_add(script, "%s", i > 0 ? ", " : "");
        script_add_tic(script, chart->names[i]);
        script_add(script, " %zu", i);
    }
    script_add(script, ")\n");
}

static void add_values(Script *script, const Chart *chart)
{
    Range range = RANGE_EMPTY;
    for (size_t i = 0; i < chart->rows; i++)
        range_add(&range, chart->x[i], chart->x_log);
    const Range seen = range;
    range = axis_widen(range, chart->x_log);
    if (!chart->x_log && seen.low < seen.high) /* 0 is no natural end of an axis of choices */
        range.low = seen.low - 0.04 * (seen.high - seen.low);
    axis_add(script, "x", range, chart->x_log, STEPS);
    if (!has_room_for_values(chart, range))
        return;
    script_add(script, "set xtics (");
    for (size_t i = 0; i < chart->rows; i++)
        script_add(script, "%s\"%g\" %.12g", i > 0 ? ", " : "", chart->x[i], chart->x[i]);
    script_add(script, ")\n");
}

static void add_x_axis(Script *script, const Chart *chart, double slant, double width)
{
    Range range = RANGE_EMPTY;
    for (size_t i = 0; i < chart->rows; i++)
        range_add(&range, chart->x[i], chart->x_log);
    if (chart->axis == CHART_NAMES)
        add_names(script, chart, slant);
    else if (chart->axis == CHART_VALUES)
        add_values(script, chart);
    else if (chart->axis == CHART_WHOLE)
        axis_add_whole(script, "x", range, width > LAYOUT_HALF ? 20 : 10);
    else
        axis_add(script, "x", range_is_empty(range) ? axis_widen(range, chart->x_log) : range, chart->x_log, STEPS);
}

static void add_series(Script *script, const Chart *chart, const ChartSeries *series, size_t column)
{
    const bool alone = chart->axis == CHART_NAMES || series->mark == LEGEND_DOT;
    if (series->mark == LEGEND_DOT && chart->rows == 1) { /* a ring, which hides no other point */
        script_add(script,
                   "    data using 1:%zu with points pointtype 6 linewidth 2 pointsize 2 * dot linecolor \"%s\"",
                   column, series->colour);
        return;
    }
    if (series->mark == LEGEND_DOT) /* a white rim keeps the point apart from the curve that it lies on */
        script_add(script, "    data using 1:%zu with points pointtype 7 pointsize 1.6 * dot linecolor \"white\", \\\n",
                   column);
    script_add(script, "    data using 1:%zu with ", column);
    if (alone)
        script_add(script, "points pointtype 7 pointsize %s * dot linecolor \"%s\"",
                   series->mark == LEGEND_DOT ? "1.2" : "1.1", series->colour);
    else {
        script_add(script, "%s ",
                   chart->rows == 1             ? "linespoints pointtype 7 pointsize 1 * dot"
                   : chart->rows <= MOST_POINTS ? "linespoints pointtype 7 pointsize 0.5 * dot"
                                                : "lines");
        legend_add_style(script, series->mark, series->colour);
    }
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* True if the largest value is so far above the median that most lines would lie at the bottom of a linear axis. */
static percept_status find_scale(const Chart *chart, const ChartPanel *panel, bool *log, percept_error *error)
{
    double *sorted = NULL;
    size_t count = 0;
    *log = panel->log;
    if (panel->log || !panel->may_log)
        return PERCEPT_OK;
    percept_status status = memory_allocate(panel->count, chart->rows * sizeof *sorted, "a chart", &sorted, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t s = 0; s < panel->count; s++)
        for (size_t i = 0; i < chart->rows; i++)
            if (isfinite(panel->series[s].y[i]))
                sorted[count++] = panel->series[s].y[i];
    qsort(sorted, count, sizeof *sorted, compare);
    *log = count > 0 && sorted[0] > 0 && sorted[count - 1] > DWARFING * sorted[count / 2];
    memory_free(sorted);
    return PERCEPT_OK;
}

static void add_panel(Script *script, const Chart *chart, const Layout *layout, size_t index, size_t column, bool log)
{
    const ChartPanel *panel = &chart->panels[index];
    const Box box = layout_box(layout, index);
    Range range = RANGE_EMPTY;
    for (size_t s = 0; s < panel->count; s++)
        for (size_t i = 0; i < chart->rows; i++)
            range_add(&range, panel->series[s].y[i], log);
    const bool empty = range_is_empty(range);
    Range axis = axis_widen(range, log);
    if (chart->axis == CHART_LINEAR && !log && !empty) /* functions may lie on 0, which then is not the frame */
        axis.low = range.low - (axis.high - range.high);
    const double margin = (axis.high - axis.low) / 200; /* a line along the limit is not cut in half */
    axis.low = fmax(axis.low, panel->limits.low);
    axis.high = fmin(axis.high, panel->limits.high + (log ? 0 : margin));
    script_add(script, "\n");
    layout_add_box(script, box);
    layout_add_labels(script, layout, box, chart->x_label, panel->y_label, panel->title);
    axis_add(script, "y", axis, log, STEPS);
    if (empty)
        layout_add_word(script, panel->all != NULL ? panel->all : "nothing finite to draw", (box.left + box.right) / 2,
                        (box.bottom + box.top) / 2, false);
    script_add(script, "plot \\\n");
    for (size_t s = 0; s < panel->count; s++) {
        script_add(script, "%s", s > 0 ? ", \\\n" : "");
        if (empty)
            script_add(script, "    NaN");
        else
            add_series(script, chart, &panel->series[s], column + s);
    }
    script_add(script, "\nunset label\nunset arrow\n");
}

static percept_status write_data(const char *folder, const char *name, const Chart *chart, percept_error *error)
{
    FileWriter *writer = NULL;
    percept_status status = script_open_data(folder, name, NULL, &writer, error);
    if (status != PERCEPT_OK)
        return status;
    script_write_text(writer, true, chart->x_name);
    for (size_t p = 0; p < chart->panel_count; p++)
        for (size_t s = 0; s < chart->panels[p].count; s++)
            script_write_text(writer, false, chart->panels[p].series[s].column);
    file_writer_print(writer, "\n");
    for (size_t i = 0; i < chart->rows; i++) {
        script_write_number(writer, true, chart->x[i]);
        for (size_t p = 0; p < chart->panel_count; p++)
            for (size_t s = 0; s < chart->panels[p].count; s++)
                script_write_number(writer, false, chart->panels[p].series[s].y[i]);
        file_writer_print(writer, "\n");
    }
    return file_writer_commit(writer, error);
}

percept_status plot_chart(const char *folder, const char *name, const Chart *chart, percept_error *error)
{
    Script script = {0};
    const Layout layout = lay_out(chart);
    percept_status status = write_data(folder, name, chart, error);
    if (status != PERCEPT_OK)
        return status;
    script_add_data(&script, name);
    script_add(&script, "\n");
    layout_add_title(&script, &layout, chart->title);
    legend_add(&script, &layout, chart->legend, chart->legend_count);
    add_x_axis(&script, chart, slant_room(chart, layout.width), layout.width);
    script_add(&script, "set multiplot\n");
    for (size_t p = 0, column = 2; p < chart->panel_count; column += chart->panels[p++].count) {
        bool log = false;
        if (status == PERCEPT_OK)
            status = find_scale(chart, &chart->panels[p], &log, error);
        add_panel(&script, chart, &layout, p, column, log);
    }
    script_add(&script, "unset multiplot\n");
    if (status != PERCEPT_OK) {
        script_clear(&script);
        return status;
    }
    return script_draw(&script, folder, name, layout.canvas, error);
}
