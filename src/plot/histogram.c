#include "plot/histogram.h"

#include <math.h>
#include <stdio.h>

#include "base/memory.h"

Range histogram_range(const HistogramPanel *panel)
{
    Range range = RANGE_EMPTY;
    for (size_t s = 0; s < panel->count; s++)
        for (size_t i = 0; i < panel->series[s].count; i++)
            range_add(&range, panel->series[s].values[i], false);
    if (range_is_empty(range))
        return (Range){-1, 1};
    if (range.low == range.high) { /* one value: in the middle bin */
        const double around = range.low != 0 ? fabs(range.low) / 2 : 1;
        return (Range){range.low - around, range.high + around};
    }
    return range;
}

void histogram_count(const HistogramSeries *series, Range range, double counts[HISTOGRAM_BINS])
{
    for (size_t b = 0; b < HISTOGRAM_BINS; b++)
        counts[b] = 0;
    for (size_t i = 0; i < series->count; i++) {
        const double place = (series->values[i] - range.low) / (range.high - range.low) * HISTOGRAM_BINS;
        if (isfinite(series->values[i]) && place >= 0 && place <= HISTOGRAM_BINS)
            counts[place < HISTOGRAM_BINS ? (size_t)place : HISTOGRAM_BINS - 1]++;
    }
}

static Layout lay_out(const HistogramPicture *picture, const LegendEntry *legend, size_t entries)
{
    Layout layout = layout_of(picture->panel_count, picture->panels[0].title != NULL, picture->title != NULL);
    layout_finish(&layout);
    const size_t rows = legend_layout(legend, entries, layout.canvas.width, NULL);
    layout.legend_height = rows > 0 ? (double)rows * LEGEND_ROW + 8 : 0;
    layout_finish(&layout);
    return layout;
}

/* All columns: for each panel the middles of its bins, then the counts of its series. */
static percept_status write_data(const char *folder, const char *name, const HistogramPicture *picture,
                                 const double *columns, percept_error *error)
{
    FileWriter *writer = NULL;
    percept_status status = script_open_data(folder, name, NULL, &writer, error);
    if (status != PERCEPT_OK)
        return status;
    size_t count = 0;
    for (size_t p = 0; p < picture->panel_count; p++) {
        const HistogramPanel *panel = &picture->panels[p];
        script_write_text(writer, count == 0, panel->title != NULL ? panel->title : picture->x_label);
        for (size_t s = 0; s < panel->count; s++)
            script_write_text(writer, false, panel->series[s].name);
        count += 1 + panel->count;
    }
    file_writer_print(writer, "\n");
    for (size_t b = 0; b < HISTOGRAM_BINS; b++) {
        for (size_t c = 0; c < count; c++)
            script_write_number(writer, c == 0, columns[c * HISTOGRAM_BINS + b]);
        file_writer_print(writer, "\n");
    }
    return file_writer_commit(writer, error);
}

static void fill_columns(const HistogramPicture *picture, double *columns)
{
    for (size_t p = 0; p < picture->panel_count; p++) {
        const HistogramPanel *panel = &picture->panels[p];
        const Range range = histogram_range(panel);
        for (size_t b = 0; b < HISTOGRAM_BINS; b++)
            columns[b] = range.low + ((double)b + 0.5) / HISTOGRAM_BINS * (range.high - range.low);
        columns += HISTOGRAM_BINS;
        for (size_t s = 0; s < panel->count; s++, columns += HISTOGRAM_BINS)
            histogram_count(&panel->series[s], range, columns);
    }
}

/* `columns` are those of the panel. */
static void add_panel(Script *script, const HistogramPicture *picture, const Layout *layout, size_t p, size_t first,
                      const double *columns)
{
    const HistogramPanel *panel = &picture->panels[p];
    const Box box = layout_box(layout, p);
    const Range x = histogram_range(panel);
    Range y = RANGE_EMPTY;
    for (size_t i = HISTOGRAM_BINS; i < (1 + panel->count) * HISTOGRAM_BINS; i++)
        range_add(&y, columns[i], picture->log);
    y = axis_widen(y, picture->log);
    y.low = picture->log ? fmin(y.low, 0.7) : 0;
    script_add(script, "\n");
    layout_add_box(script, box);
    layout_add_labels(script, layout, box, picture->x_label, picture->y_label, panel->title);
    const double margin = 0.02 * (x.high - x.low);
    axis_add(script, "x", (Range){x.low - margin, x.high + margin}, false, 7);
    axis_add(script, "y", y, picture->log, 7);
    script_add(script, "set boxwidth %.8g\nplot", (x.high - x.low) / HISTOGRAM_BINS);
    for (size_t s = 0; s < panel->count; s++) {
        char colour[AXIS_COLOUR_SIZE];
        axis_colour(s, panel->count, colour);
        script_add(script, "%s data using %zu:%zu with %s linecolor \"%s\"", s > 0 ? ", \\\n    " : "", first,
                   first + 1 + s, panel->count == 1 ? "boxes fillstyle solid 0.85 noborder" : "histeps linewidth 2",
                   colour);
    }
    script_add(script, "\nunset label\nunset arrow\n");
}

static percept_status draw(const char *folder, const char *name, const HistogramPicture *picture,
                           const LegendEntry *legend, size_t entries, const double *columns, percept_error *error)
{
    Script script = {0};
    const Layout layout = lay_out(picture, legend, entries);
    script_add_data(&script, name);
    layout_add_title(&script, &layout, picture->title);
    legend_add(&script, &layout, legend, entries);
    script_add(&script, "set multiplot\n");
    for (size_t p = 0, first = 1; p < picture->panel_count; first += 1 + picture->panels[p++].count)
        add_panel(&script, picture, &layout, p, first, columns + (first - 1) * HISTOGRAM_BINS);
    script_add(&script, "unset multiplot\n");
    return script_draw(&script, folder, name, layout.canvas, error);
}

percept_status plot_histogram(const char *folder, const char *name, const HistogramPicture *picture,
                              percept_error *error)
{
    const HistogramPanel *panel = &picture->panels[0];
    const size_t entries = panel->count > 1 ? panel->count : 0;
    LegendEntry *legend = NULL;
    double *columns = NULL;
    size_t count = 0;
    for (size_t p = 0; p < picture->panel_count; p++)
        count += 1 + picture->panels[p].count;
    percept_status status = memory_allocate(count, HISTOGRAM_BINS * sizeof *columns, "the histogram", &columns, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(panel->count, sizeof *legend, "the legend", &legend, error);
    if (status == PERCEPT_OK) {
        fill_columns(picture, columns);
        for (size_t s = 0; s < entries; s++) {
            legend[s] = (LegendEntry){.label = panel->series[s].name, .mark = LEGEND_LINE};
            axis_colour(s, entries, legend[s].colour);
        }
        status = write_data(folder, name, picture, columns, error);
    }
    if (status == PERCEPT_OK)
        status = draw(folder, name, picture, legend, entries, columns, error);
    memory_free(legend);
    memory_free(columns);
    return status;
}
