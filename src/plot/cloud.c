#include "plot/cloud.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

#define ALONE 430 /* units, of a panel that is alone */
#define STEPS 6

/* Groups of a trend, of equal sizes; fewer where a group would have fewer points than LEAST. */
#define GROUPS 12
#define LEAST 8

typedef struct Point {
    double x, y;
} Point;

static int smaller_first(const void *left, const void *right)
{
    const Point *a = left, *b = right;
    return a->x != b->x ? (a->x > b->x) - (a->x < b->x) : (a->y > b->y) - (a->y < b->y);
}

static percept_status write_points(const char *folder, const char *name, const CloudPicture *picture,
                                   percept_error *error)
{
    FileWriter *writer = NULL;
    percept_status status = script_open_data(folder, name, NULL, &writer, error);
    if (status != PERCEPT_OK)
        return status;
    file_writer_print(writer, "panel");
    script_write_text(writer, false, picture->x_column);
    script_write_text(writer, false, picture->y_column);
    file_writer_print(writer, "\n");
    for (size_t p = 0; p < picture->panel_count; p++)
        for (size_t i = 0; i < picture->panels[p].count; i++) {
            script_write_number(writer, true, (double)p);
            script_write_number(writer, false, picture->panels[p].x[i]);
            script_write_number(writer, false, picture->panels[p].y[i]);
            file_writer_print(writer, "\n");
        }
    return file_writer_commit(writer, error);
}

/* The means of groups of neighbours along x. */
static percept_status write_panel_means(FileWriter *writer, size_t p, const CloudPanel *panel, percept_error *error)
{
    Point *points = NULL;
    const size_t many = panel->count / LEAST, groups = many < 2 ? 0 : many < GROUPS ? many : GROUPS;
    percept_status status = memory_allocate(panel->count, sizeof *points, "a picture", &points, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t i = 0; i < panel->count; i++)
        points[i] = (Point){panel->x[i], panel->y[i]};
    qsort(points, panel->count, sizeof *points, smaller_first);
    for (size_t g = 0; g < groups; g++) {
        const size_t first = g * panel->count / groups, end = (g + 1) * panel->count / groups;
        Point mean = {0, 0};
        for (size_t i = first; i < end; i++) {
            mean.x += points[i].x / (double)(end - first);
            mean.y += points[i].y / (double)(end - first);
        }
        script_write_number(writer, true, (double)p);
        script_write_number(writer, false, mean.x);
        script_write_number(writer, false, mean.y);
        file_writer_print(writer, "\n");
    }
    memory_free(points);
    return PERCEPT_OK;
}

static percept_status write_means(const char *folder, const char *name, const CloudPicture *picture,
                                  percept_error *error)
{
    FileWriter *writer = NULL;
    if (picture->trend_words == NULL)
        return PERCEPT_OK;
    percept_status status = script_open_data(folder, name, "means", &writer, error);
    if (status != PERCEPT_OK)
        return status;
    file_writer_print(writer, "panel");
    script_write_text(writer, false, picture->x_column);
    script_write_text(writer, false, picture->y_column);
    file_writer_print(writer, "\n");
    for (size_t p = 0; status == PERCEPT_OK && p < picture->panel_count; p++)
        status = write_panel_means(writer, p, &picture->panels[p], error);
    if (status == PERCEPT_OK)
        return file_writer_commit(writer, error);
    file_writer_abandon(writer);
    return status;
}

static Range range_over(const double *values, size_t count, Range range)
{
    for (size_t i = 0; i < count; i++)
        range_add(&range, values[i], false);
    return range;
}

static Range widen(Range range)
{
    if (!(range.high > range.low))
        return axis_widen(range, false);
    const double margin = 0.04 * (range.high - range.low);
    return (Range){range.low - margin, range.high + margin};
}

static double point_size(size_t count)
{
    return count <= 300 ? 0.75 : count <= 1000 ? 0.55 : 0.4;
}

static void add_panel(Script *script, const CloudPicture *picture, const Layout *layout, size_t p)
{
    const CloudPanel *panel = &picture->panels[p];
    const Box box = layout_box(layout, p);
    const bool diagonal = picture->line == CLOUD_DIAGONAL;
    Range x = range_over(panel->x, panel->count, RANGE_EMPTY);
    Range y = range_over(panel->y, panel->count, diagonal ? x : (Range){0, 0});
    x = widen(diagonal ? y : x);
    y = widen(y);
    script_add(script, "\n");
    layout_add_box(script, box);
    layout_add_labels(script, layout, box, panel->x_label, panel->y_label, panel->title);
    axis_add(script, "x", x, false, STEPS);
    axis_add(script, "y", y, false, STEPS);
    script_add(script,
               "plot data using ($1 == %zu ? $2 : NaN):3 with points pointtype 7 pointsize %.2f * dot linecolor rgb "
               "\"#90%s\", \\\n     %s with lines linewidth 1.4 dashtype (6,4) linecolor \"" COLOUR_INK "\"",
               p, point_size(panel->count), &COLOUR_BLUE[1], diagonal ? "x" : "0");
    if (picture->trend_words != NULL)
        script_add(script,
                   ", \\\n     means using ($1 == %zu ? $2 : NaN):3 with linespoints pointtype 7 pointsize 0.7 * dot "
                   "linewidth 2.2 linecolor \"" COLOUR_ORANGE "\"",
                   p);
    script_add(script, "\nunset label\nunset arrow\n");
}

percept_status plot_cloud(const char *folder, const char *name, const CloudPicture *picture, percept_error *error)
{
    Script script = {0};
    const LegendEntry legend[] = {{.label = picture->line_words, .colour = COLOUR_INK, .mark = LEGEND_DASHED},
                                  {.label = picture->trend_words, .colour = COLOUR_ORANGE, .mark = LEGEND_LINE}};
    const size_t legends = picture->trend_words != NULL ? 2 : 1;
    Layout layout = layout_of(picture->panel_count, picture->panels[0].title != NULL, picture->title != NULL);
    if (picture->panel_count == 1) {
        layout.width = picture->line == CLOUD_DIAGONAL ? ALONE : layout.width * 0.8;
        layout.height = ALONE;
    }
    layout_finish(&layout);
    layout.legend_height = (double)legend_layout(legend, legends, layout.canvas.width, NULL) * LEGEND_ROW + 8;
    layout_finish(&layout);
    percept_status status = write_points(folder, name, picture, error);
    if (status == PERCEPT_OK)
        status = write_means(folder, name, picture, error);
    if (status != PERCEPT_OK)
        return status;
    script_add(&script,
               "data = \"%s.csv\"\nmeans = \"%s-means.csv\"\nset datafile separator comma\n"
               "set datafile columnheaders\nunset key\n",
               name, name);
    layout_add_title(&script, &layout, picture->title);
    legend_add(&script, &layout, legend, legends);
    script_add(&script, "set multiplot\n");
    for (size_t p = 0; p < picture->panel_count; p++)
        add_panel(&script, picture, &layout, p);
    script_add(&script, "unset multiplot\n");
    return script_draw(&script, folder, name, layout.canvas, error);
}
