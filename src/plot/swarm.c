#include "plot/swarm.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "plot/named_rows.h"

/* Units: from row to row, of the points' part, and behind it. */
#define ROW 40
#define POINTS 560
#define RIGHT 24

#define STEPS 8

/* Points are side by side within this part of the axis, and spread over this part of a row. */
#define BINS 110
#define SPREAD 0.8

/* … but no further apart than this. */
#define APART 0.085

/* Colours between the ends of the scale. */
enum { TONES = 32 };

/* A point in its bin. Within a bin points are in the order of the rows, which is that of no value. */
typedef struct Placed {
    double bin;
    size_t point;
} Placed;

static int smaller_first(const void *left, const void *right)
{
    const Placed *a = left, *b = right;
    return a->bin != b->bin ? (a->bin > b->bin) - (a->bin < b->bin) : (a->point > b->point) - (a->point < b->point);
}

static Range range_of(const SwarmPicture *picture)
{
    Range range = {0, 0};
    for (size_t r = 0; r < picture->row_count; r++)
        for (size_t i = 0; i < picture->point_count; i++)
            range_add(&range, picture->rows[r].x[i], false);
    if (!(range.high > range.low))
        return (Range){-1, 1};
    const double margin = 0.04 * (range.high - range.low);
    return (Range){range.low - margin, range.high + margin};
}

/* How far from the middle of its row each point lies: those of one bin alternate above and below. */
static void spread_points(const SwarmPicture *picture, const SwarmRow *row, Range range, Placed *sorted, double *y)
{
    size_t most = 1;
    for (size_t i = 0; i < picture->point_count; i++)
        sorted[i] = (Placed){floor((row->x[i] - range.low) / (range.high - range.low) * BINS), i};
    qsort(sorted, picture->point_count, sizeof *sorted, smaller_first);
    for (int pass = 0; pass < 2; pass++) {
        const double step = fmin(SPREAD / (double)most, APART);
        for (size_t i = 0, first = 0; i < picture->point_count; i++) {
            first = sorted[i].bin != sorted[first].bin ? i : first;
            const size_t place = i - first;
            most = place + 1 > most ? place + 1 : most;
            const size_t away = (place + 1) / 2;
            y[sorted[i].point] = (place % 2 == 0 ? 1.0 : -1.0) * (double)away * step;
        }
    }
}

static percept_status write_data(const char *folder, const char *name, const SwarmPicture *picture, Range range,
                                 percept_error *error)
{
    FileWriter *writer = NULL;
    Placed *sorted = NULL;
    double *y = NULL;
    percept_status status = memory_allocate(picture->point_count, sizeof *sorted, "a picture", &sorted, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(picture->point_count, sizeof *y, "a picture", &y, error);
    if (status == PERCEPT_OK)
        status = script_open_data(folder, name, NULL, &writer, error);
    if (status == PERCEPT_OK) {
        script_write_text(writer, true, picture->value_column);
        file_writer_print(writer, ",place");
        script_write_text(writer, false, picture->tone_column);
        script_write_text(writer, false, picture->name_column);
        file_writer_print(writer, "\n");
    }
    for (size_t r = 0; status == PERCEPT_OK && r < picture->row_count; r++) {
        spread_points(picture, &picture->rows[r], range, sorted, y);
        for (size_t i = 0; i < picture->point_count; i++) {
            script_write_number(writer, true, picture->rows[r].x[i]);
            script_write_number(writer, false, (double)r + y[i]);
            script_write_number(writer, false, picture->rows[r].tones[i]);
            script_write_text(writer, false, picture->rows[r].name); /* last: a script reads none of it */
            file_writer_print(writer, "\n");
        }
    }
    memory_free(y);
    memory_free(sorted);
    return status == PERCEPT_OK ? file_writer_commit(writer, error) : status;
}

static NamedRows rows_of(const SwarmPicture *picture)
{
    NamedRows rows = {
        .count = picture->row_count, .axis = picture->axis, .title = picture->title, .note = picture->note};
    for (size_t r = 0; r < picture->row_count; r++)
        rows.widest = fmax(rows.widest, axis_text_width(picture->rows[r].name));
    return rows;
}

static Layout lay_out(const NamedRows *rows, const LegendEntry *legend, size_t legends)
{
    Layout layout = named_rows_layout(rows, ROW, POINTS, RIGHT);
    layout.legend_height = (double)legend_layout(legend, legends, layout.canvas.width, NULL) * LEGEND_ROW + 8;
    layout_finish(&layout);
    return layout;
}

static void add_palette(Script *script)
{
    script_add(script, "set palette defined (");
    for (size_t i = 0; i < TONES; i++) {
        char colour[AXIS_COLOUR_SIZE];
        axis_tone((double)i / (TONES - 1), colour);
        script_add(script, "%s%zu \"%s\"", i > 0 ? ", " : "", i, colour);
    }
    script_add(script, ")\nset cbrange [0:1]\nunset colorbox\n");
}

static double point_size(size_t count)
{
    return count <= 100 ? 0.75 : count <= 300 ? 0.6 : 0.45;
}

percept_status plot_swarm(const char *folder, const char *name, const SwarmPicture *picture, percept_error *error)
{
    Script script = {0};
    const LegendEntry legend[] = {{.label = picture->tone_words, .mark = LEGEND_TONES},
                                  {.label = picture->grey_words, .colour = COLOUR_GREY, .mark = LEGEND_DOT}};
    const size_t legends = picture->grey_words != NULL ? 2 : 1;
    const NamedRows rows = rows_of(picture);
    const Layout layout = lay_out(&rows, legend, legends);
    const Box box = layout_box(&layout, 0);
    const Range range = range_of(picture);
    percept_status status = write_data(folder, name, picture, range, error);
    if (status != PERCEPT_OK)
        return status;
    script_add_data(&script, name);
    script_add(&script, "set border 1\nunset ytics\nset grid noytics\n");
    layout_add_title(&script, &layout, picture->title);
    legend_add(&script, &layout, legend, legends);
    layout_add_box(&script, box);
    for (size_t r = 0; r < picture->row_count; r++)
        named_rows_add_name(&script, &layout, box, r, picture->rows[r].name);
    named_rows_add_words(&script, &rows, &layout, box);
    axis_add(&script, "x", range, false, STEPS);
    named_rows_add_range(&script, &rows);
    for (size_t r = 0; r < picture->row_count; r++)
        script_add(&script, "set arrow from graph 0,first %zu to graph 1,first %zu nohead back linecolor \"#EEEEEE\"\n",
                   r, r);
    script_add(&script, "set arrow from first 0,graph 0 to first 0,graph 1 nohead back linecolor \"#999999\"\n");
    add_palette(&script);
    const double size = point_size(picture->point_count);
    script_add(
        &script,
        "plot data using (valid(3) ? NaN : $1):2 with points pointtype 7 pointsize %.2f * dot linecolor "
        "\"" COLOUR_GREY
        "\", \\\n     data using (valid(3) ? $1 : NaN):2:3 with points pointtype 7 pointsize %.2f * dot linecolor "
        "palette\n",
        size, size);
    return script_draw(&script, folder, name, layout.canvas, error);
}
