#include "plot/sweep.h"

#include <math.h>
#include <stdbool.h>

#include "plot/script.h"

/* The labels' %T is the power of ten. An error of 0 has no place on a logarithmic axis. */
static const char style[] =
    "set datafile separator comma\n"
    "set datafile columnheaders\n"
    "set logscale xy\n"
    "set format x \"1e%T\"\n"
    "set format y \"1e%T\"\n"
    "set xtics 10\n"
    "set ytics 100\n"
    "unset mxtics\n"
    "unset mytics\n"
    "set xlabel \"1 / step of the differences\"\n"
    "set ylabel \"largest |gradient - difference|\"\n"
    "set key above center horizontal reverse Left samplen 3 width 2\n"
    "plot data using (column(\"inverse\")):(column(\"forward\") > 0 ? column(\"forward\") : NaN) \\\n"
    "         with linespoints pointtype 5 pointsize 0.7 * dot linewidth 1.5 dashtype (7,4) \\\n"
    "         linecolor \"" COLOUR_ORANGE "\" title \"forward differences\", \\\n"
    "     data using (column(\"inverse\")):(column(\"central\") > 0 ? column(\"central\") : NaN) \\\n"
    "         with linespoints pointtype 7 pointsize 0.7 * dot linewidth 2.2 \\\n"
    "         linecolor \"" COLOUR_BLUE "\" title \"central differences\"\n";

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

/* True if some error has a place on a logarithmic axis. */
static bool has_error(const CheckPoint *points, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if ((points[i].central > 0 && isfinite(points[i].central)) ||
            (points[i].forward > 0 && isfinite(points[i].forward)))
            return true;
    return false;
}

percept_status plot_sweep_as(const char *folder, const char *name, const CheckPoint *points, size_t count,
                             percept_error *error)
{
    Script script = {0};
    percept_status status = write_points(folder, name, points, count, error);
    if (status != PERCEPT_OK)
        return status;
    if (!has_error(points, count))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "there is nothing to draw: every difference is the gradient");
    script_add(&script, "set xrange [%g:%g]\n", points[0].inverse / 2, points[count - 1].inverse * 4);
    script_add(&script, "data = \"%s.csv\"\n%s", name, style);
    return script_draw(&script, folder, name, (Canvas){CANVAS_WIDTH, CANVAS_HEIGHT, false}, error);
}

percept_status plot_sweep(const char *folder, const CheckPoint *points, size_t count, percept_error *error)
{
    return plot_sweep_as(folder, "sweep", points, count, error);
}
