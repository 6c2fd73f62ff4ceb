#include "plot/descent.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "plot/axis.h"

/* Contours at most. */
#define LEVELS 14

/* Where the median lies in the lowest part of the values, their distance from the lowest one is shown by its logarithm. */
#define SKEWED 0.12

static const char style[] =
    "set datafile separator comma\n"
    "set palette defined (0 \"#0B4A8F\", 0.2 \"#3B82C0\", 0.45 \"#82B7DD\", 0.75 \"#C6DBEF\", 1 \"#F7FBFF\")\n"
    "set tmargin at screen 0.9\nset bmargin at screen 0.165\nunset key\n";

static const char path_lines[] =
    "     path using \"x\":\"y\" with lines linewidth 4 linecolor \"white\", \\\n"
    "     path using \"x\":\"y\" with linespoints linewidth 2 pointtype 7 pointsize 0.6 * dot "
    "linecolor \"" COLOUR_ORANGE "\", \\\n"
    "     path using \"x\":\"y\" every ::::0 with points pointtype 7 pointsize 1.4 * dot linecolor \"white\", \\\n"
    "     path using \"x\":\"y\" every ::::0 with points pointtype 6 linewidth 2 pointsize 1.4 * dot "
    "linecolor \"" COLOUR_ORANGE "\", \\\n";

/* How values become heights of the map: t(v) = v, or log10(v - low + delta). */
typedef struct Heights {
    Range range;  /* of the finite values */
    double delta; /* 0: linear */
    double levels[LEVELS];
    size_t count;
} Heights;

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* To two digits. */
static double round_two(double value)
{
    const double power = pow(10, floor(log10(value)) - 1);
    return round(value / power) * power;
}

/* Contours at round values, or at distances from the lowest value that grow by a factor. */
static void choose_levels(Heights *heights)
{
    const double span = heights->range.high - heights->range.low;
    if (heights->delta > 0) {
        const double most = log10(span / heights->delta);
        for (size_t i = 0; i < LEVELS; i++)
            heights->levels[heights->count++] =
                heights->range.low + round_two(heights->delta * pow(10, most * (double)(i + 1) / (LEVELS + 1)));
    } else if (span > 0) {
        const double step = axis_step(span, LEVELS - 1, 0);
        for (int i = 0; i <= LEVELS; i++) {
            const double level = (floor(heights->range.low / step) + i) * step;
            if (level > heights->range.low && level < heights->range.high && heights->count < LEVELS)
                heights->levels[heights->count++] = level;
        }
    }
}

static percept_status measure(const DescentPicture *picture, Heights *heights, percept_error *error)
{
    double *sorted = NULL;
    size_t count = 0;
    const size_t cells = picture->rows * picture->columns;
    percept_status status = memory_allocate(cells, sizeof *sorted, "the grid", &sorted, error);
    if (status != PERCEPT_OK)
        return status;
    heights->range = RANGE_EMPTY;
    for (size_t i = 0; i < cells; i++)
        if (isfinite(picture->values[i])) {
            range_add(&heights->range, picture->values[i], false);
            sorted[count++] = picture->values[i];
        }
    if (count == 0)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT,
                           "the function is not finite anywhere between %g and %g, %g and %g; look elsewhere",
                           picture->x_low, picture->x_high, picture->y_low, picture->y_high);
    if (status == PERCEPT_OK) {
        qsort(sorted, count, sizeof *sorted, compare);
        const double median = sorted[count / 2] - heights->range.low, span = heights->range.high - heights->range.low;
        heights->delta = median > 0 && median < SKEWED * span ? median / 100 : 0;
        choose_levels(heights);
    }
    memory_free(sorted);
    return status;
}

static double height_of(const Heights *heights, double value)
{
    return heights->delta > 0 ? log10(value - heights->range.low + heights->delta) : value;
}

static double place_of(double low, double high, size_t i, size_t count)
{
    return low + (high - low) * (double)i / (double)(count - 1);
}

static percept_status write_grid(const char *folder, const char *name, const DescentPicture *picture,
                                 percept_error *error)
{
    FileWriter *writer = NULL;
    percept_status status = script_open_data(folder, name, "grid", &writer, error);
    if (status != PERCEPT_OK)
        return status;
    script_write_number(writer, true, (double)picture->columns);
    for (size_t c = 0; c < picture->columns; c++)
        script_write_number(writer, false, place_of(picture->x_low, picture->x_high, c, picture->columns));
    file_writer_print(writer, "\n");
    for (size_t r = 0; r < picture->rows; r++) {
        script_write_number(writer, true, place_of(picture->y_low, picture->y_high, r, picture->rows));
        for (size_t c = 0; c < picture->columns; c++) {
            const double value = picture->values[r * picture->columns + c];
            script_write_number(writer, false, isfinite(value) ? value : NAN);
        }
        file_writer_print(writer, "\n");
    }
    return file_writer_commit(writer, error);
}

static percept_status write_path(const char *folder, const char *name, const DescentPicture *picture,
                                 percept_error *error)
{
    FileWriter *writer = NULL;
    percept_status status = script_open_data(folder, name, NULL, &writer, error);
    if (status != PERCEPT_OK)
        return status;
    file_writer_print(writer, "step,x,y,value\n");
    for (size_t i = 0; i < picture->points; i++) {
        script_write_number(writer, true, (double)i);
        script_write_number(writer, false, picture->path[2 * i]);
        script_write_number(writer, false, picture->path[2 * i + 1]);
        script_write_number(writer, false, picture->path_values[i]);
        file_writer_print(writer, "\n");
    }
    return file_writer_commit(writer, error);
}

static void add_word(Script *script, const char *word, double x, double y, bool rotated)
{
    script_add(script, "set label \"%s\" at screen %.3f,%.3f center %stextcolor \"" COLOUR_INK "\"\n", word, x, y,
               rotated ? "rotate " : "");
}

/* The map with its contours, and the path on it. */
static void add_map(Script *script, const DescentPicture *picture, const Heights *heights)
{
    script_add(script,
               "\n# The map: colours, contours, and the path from its ring on. Contours come with spaces for commas.\n"
               "part(i) = real(word(strcol(1), i))\n");
    if (heights->delta > 0)
        script_add(script, "height(v) = log10(v - (%.12g) + %.12g)\n", heights->range.low, heights->delta);
    else
        script_add(script, "height(v) = v\n");
    script_add(script, "set contour base\nunset surface\nset cntrparam levels discrete ");
    for (size_t i = 0; i < heights->count; i++)
        script_add(script, "%s%.8g", i > 0 ? "," : "", heights->levels[i]);
    script_add(script,
               "%s\nset table $contours\nsplot grid nonuniform matrix using 1:2:3\n"
               "unset table\nunset contour\nset surface\n",
               heights->count > 0 ? "" : "0");
    script_add(script, "set lmargin at screen 0.08\nset rmargin at screen 0.55\n");
    axis_add(script, "x", (Range){picture->x_low, picture->x_high}, false, 8);
    axis_add(script, "y", (Range){picture->y_low, picture->y_high}, false, 8);
    script_add(script, "set cbrange [");
    script_add_number(script, height_of(heights, heights->range.low));
    script_add(script, ":");
    const double top = height_of(heights, heights->range.high);
    script_add_number(script, heights->range.high > heights->range.low ? top : top + 1);
    script_add(script,
               "]\nset colorbox user origin screen 0.565,0.165 size screen 0.016,0.735\nset format cb \"%%g\"\n");
    script_add(script, "set cbtics scale 0.4 (");
    for (size_t i = 0; i<heights->count; i += heights->delta> 0 ? 2 : 1)
        script_add(script, "%s\"%.3g\" %.8g", i > 0 ? ", " : "", heights->levels[i],
                   height_of(heights, heights->levels[i]));
    script_add(script, ")\nunset grid\n");
    add_word(script, "x", 0.315, 0.045, false);
    add_word(script, "y", 0.022, 0.53, true);
    script_add(script,
               "plot grid nonuniform matrix using 1:2:(height($3)) with image, \\\n"
               "     $contours using (part(1)):(part(2)) with lines linewidth 0.8 linecolor \"#88FFFFFF\", \\\n%s"
               "     path using \"x\":\"y\" every ::%zu with points pointtype 3 linewidth 2 pointsize 1.2 * dot "
               "linecolor \"" COLOUR_ORANGE "\"\n",
               path_lines, picture->points - 1);
}

/* The value at each step. */
static void add_values(Script *script, const DescentPicture *picture)
{
    Range range = RANGE_EMPTY;
    for (size_t i = 0; i < picture->points; i++)
        range_add(&range, picture->path_values[i], false);
    script_add(script, "\n# The value at each step\nunset label\nunset colorbox\n"
                       "set grid linecolor \"#E4E4E4\" linetype 1 linewidth 1\n"
                       "set lmargin at screen 0.73\nset rmargin at screen 0.98\n");
    axis_add_whole(script, "x", (Range){0, (double)picture->points - 1}, 6);
    axis_add(script, "y", axis_widen(range, false), false, 8);
    add_word(script, "step", 0.855, 0.045, false);
    add_word(script, "value", 0.66, 0.53, true);
    script_add(script,
               "plot path using \"step\":\"value\" with linespoints linewidth 2 pointtype 7 pointsize 0.6 * dot "
               "linecolor \"" COLOUR_ORANGE "\"\nunset multiplot\n");
}

static percept_status check(const DescentPicture *picture, percept_error *error)
{
    if (picture->columns < 2 || picture->rows < 2 || picture->points < 1)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "a map needs at least 2 × 2 values and 1 point; these are %zu × %zu and %zu", picture->rows,
                         picture->columns, picture->points);
    if (!isfinite(picture->x_high - picture->x_low) || !isfinite(picture->y_high - picture->y_low) ||
        picture->x_high <= picture->x_low || picture->y_high <= picture->y_low)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "a map cannot reach from %g to %g and from %g to %g; give finite ranges that rise",
                         picture->x_low, picture->x_high, picture->y_low, picture->y_high);
    return PERCEPT_OK;
}

percept_status plot_descent(const char *folder, const char *name, const DescentPicture *picture, percept_error *error)
{
    Heights heights = {0};
    Script script = {0};
    percept_status status = check(picture, error);
    if (status == PERCEPT_OK)
        status = measure(picture, &heights, error);
    if (status == PERCEPT_OK)
        status = write_grid(folder, name, picture, error);
    if (status == PERCEPT_OK)
        status = write_path(folder, name, picture, error);
    if (status != PERCEPT_OK)
        return status;
    script_add(&script, "grid = \"%s-grid.csv\"\npath = \"%s.csv\"\n%s", name, name, style);
    if (picture->title != NULL) {
        script_add(&script, "set label 99 ");
        script_add_quoted(&script, picture->title);
        script_add(&script, " at screen 0.08,0.955 left textcolor \"" COLOUR_INK "\"\n");
    }
    script_add(&script, "set multiplot\n");
    add_map(&script, picture, &heights);
    add_values(&script, picture);
    return script_draw(&script, folder, name, (Canvas){CANVAS_WIDTH, CANVAS_HEIGHT, false}, error);
}
