#include "plot/sweep.h"

#include <math.h>

#include "plot/layout.h"

/* An error of 0 has no place on a logarithmic axis. The labels' %T is the power of ten. */
static const char style[] = "set datafile separator comma\n"
                            "set datafile columnheaders\n"
                            "unset key\n"
                            "set logscale xy\n"
                            "set format x \"1e%T\"\n"
                            "set format y \"1e%T\"\n"
                            "set xtics 10\n"
                            "set ytics 100\n"
                            "unset mxtics\n"
                            "unset mytics\n";

static const char curves[] =
    "plot data using (column(\"inverse\")):(column(\"forward\") > 0 ? column(\"forward\") : NaN) \\\n"
    "         with linespoints pointtype 5 pointsize 0.7 * dot linewidth 1.6 dashtype (7,4) \\\n"
    "         linecolor \"" COLOUR_ORANGE "\", \\\n"
    "     data using (column(\"inverse\")):(column(\"central\") > 0 ? column(\"central\") : NaN) \\\n"
    "         with linespoints pointtype 7 pointsize 0.7 * dot linewidth 2.2 linecolor \"" COLOUR_BLUE "\"\n";

static const LegendEntry legend[] = {{"forward differences", COLOUR_ORANGE, LEGEND_DASHED, 0},
                                     {"central differences", COLOUR_BLUE, LEGEND_LINE, 0}};

static percept_status write_points(const char *folder, const char *name, const CheckPoint *points, size_t count,
                                   percept_error *error)
{
    FileWriter *writer = NULL;
    percept_status status = script_open_data(folder, name, NULL, &writer, error);
    if (status != PERCEPT_OK)
        return status;
    file_writer_print(writer, "inverse,step,forward,central\n");
    for (size_t i = 0; i < count; i++) {
        script_write_number(writer, true, points[i].inverse);
        script_write_number(writer, false, points[i].step);
        script_write_number(writer, false, points[i].forward);
        script_write_number(writer, false, points[i].central);
        file_writer_print(writer, "\n");
    }
    return file_writer_commit(writer, error);
}

/* The errors that have a place on a logarithmic axis. */
static Range find_range(const CheckPoint *points, size_t count)
{
    Range range = RANGE_EMPTY;
    for (size_t i = 0; i < count; i++) {
        range_add(&range, points[i].forward, true);
        range_add(&range, points[i].central, true);
    }
    return range;
}

percept_status plot_sweep_as(const char *folder, const char *name, const CheckPoint *points, size_t count,
                             percept_error *error)
{
    Script script = {0};
    percept_status status = write_points(folder, name, points, count, error);
    if (status != PERCEPT_OK)
        return status;
    const Range range = find_range(points, count);
    if (range_is_empty(range))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "there is nothing to draw: every difference equals the gradient");
    Layout layout = {.count = 1,
                     .columns = 1,
                     .width = 790,
                     .height = 310,
                     .left = 90,
                     .right = 20,
                     .above = 16,
                     .below = 58,
                     .legend_height = LEGEND_ROW + 8};
    layout_finish(&layout);
    const Box box = layout_box(&layout, 0);
    script_add(&script, "set xrange [%g:%g]\n", points[0].inverse / 2, points[count - 1].inverse * 4);
    script_add(&script, "data = \"%s.csv\"\n%s", name, style);
    axis_add_range(&script, "y", axis_widen(range, true));
    layout_add_box(&script, box);
    layout_add_labels(&script, &layout, box, "1 / step of the differences", "largest |gradient - difference|", NULL);
    legend_add(&script, &layout, legend, sizeof legend / sizeof legend[0]);
    script_add(&script, "%s", curves);
    return script_draw(&script, folder, name, layout.canvas, error);
}

percept_status plot_sweep(const char *folder, const CheckPoint *points, size_t count, percept_error *error)
{
    return plot_sweep_as(folder, "sweep", points, count, error);
}
