#include <math.h>
#include <stdio.h>

#include "plot/trials.h"

#define STEPS 7

/* As many as a search can have: each takes at least twice the epochs of the one before. */
#define MOST_RUNGS 64

typedef struct Rung {
    size_t epochs, came, went_on;
} Rung;

typedef struct Rungs {
    const RungPicture *picture;
    Rung list[MOST_RUNGS];
    size_t count;
    Range x, y;
    size_t stopped;
    bool best;
} Rungs;

static void count_points(Rungs *rungs)
{
    rungs->x = rungs->y = RANGE_EMPTY;
    for (size_t i = 0; i < rungs->picture->count; i++) {
        const RungPoint *point = &rungs->picture->points[i];
        if (point->rung >= MOST_RUNGS)
            continue;
        rungs->count = point->rung + 1 > rungs->count ? point->rung + 1 : rungs->count;
        rungs->list[point->rung].epochs = point->epochs;
        rungs->list[point->rung].came++;
        rungs->list[point->rung].went_on += point->promoted;
        rungs->stopped += !point->promoted && isfinite(point->figure);
        rungs->best = rungs->best || point->best;
        range_add(&rungs->x, (double)point->epochs, true);
        range_add(&rungs->y, point->figure, false);
    }
}

/* A column for each way to be drawn; a blank line between two trials parts their lines. */
static percept_status write_data(const char *folder, const char *name, const RungPicture *picture, percept_error *error)
{
    FileWriter *writer = NULL;
    percept_status status = script_open_data(folder, name, NULL, &writer, error);
    if (status != PERCEPT_OK)
        return status;
    file_writer_print(writer, "trial,rung,epochs,figure,stopped,best\n");
    for (size_t i = 0; i < picture->count; i++) {
        const RungPoint *point = &picture->points[i];
        file_writer_print(writer, "%s%zu,%zu,%zu", i > 0 && point->trial != point[-1].trial ? "\n" : "", point->trial,
                          point->rung, point->epochs);
        script_write_number(writer, false, point->figure);
        script_write_number(writer, false, point->promoted ? NAN : point->figure);
        script_write_number(writer, false, point->best ? point->figure : NAN);
        file_writer_print(writer, "\n");
    }
    return file_writer_commit(writer, error);
}

/* "64 → 16" above each rung; below it, its epochs. */
static void add_rungs(Script *script, const Rungs *rungs, const Layout *layout, Box box)
{
    const Range range = axis_widen(rungs->x, true);
    const bool logarithmic = range.high / range.low >= 10;
    char text[80];
    script_add(script, "set xtics (");
    for (size_t r = 0; r < rungs->count; r++)
        script_add(script, "%s\"%zu\" %zu", r > 0 ? ", " : "", rungs->list[r].epochs, rungs->list[r].epochs);
    script_add(script, ")\n");
    for (size_t r = 0; r < rungs->count; r++) {
        const double x = (double)rungs->list[r].epochs;
        const double place =
            logarithmic ? log(x / range.low) / log(range.high / range.low) : (x - range.low) / (range.high - range.low);
        if (rungs->list[r].came == 0)
            continue;
        if (r + 1 < rungs->count)
            snprintf(text, sizeof text, "%zu → %zu", rungs->list[r].came, rungs->list[r].went_on);
        else
            snprintf(text, sizeof text, "%zu", rungs->list[r].came);
        layout_add_word(script, text, box.left + place * (box.right - box.left), box.top + 14.0 / layout->canvas.height,
                        false);
    }
}

static void add_lines(Script *script, const Rungs *rungs)
{
    const char *const width = rungs->picture->count <= 200 ? "1.2" : "0.6";
    const char *const size = rungs->picture->count <= 200 ? "0.9" : "0.5";
    script_add(script, "plot data using 3:4 with lines linewidth %s linecolor \"" COLOUR_SKY "\", \\\n", width);
    script_add(script,
               "     data using 3:5 with points pointtype 6 pointsize %s * dot linewidth 1.6 linecolor \"" COLOUR_GREY
               "\"",
               size);
    if (rungs->best)
        script_add(script, ", \\\n     data using 3:6 with linespoints pointtype 7 pointsize 1.2 * dot linewidth 3 "
                           "linecolor \"" COLOUR_ORANGE "\"");
    script_add(script, "\n");
}

percept_status plot_rungs(const char *folder, const char *name, const RungPicture *picture, percept_error *error)
{
    Script script = {0};
    Rungs rungs = {.picture = picture};
    count_points(&rungs);
    const LegendEntry legend[] = {{"a trial from rung to rung", COLOUR_SKY, LEGEND_LINE, 0},
                                  {"where it stopped", COLOUR_GREY, LEGEND_DOT, 6},
                                  {"the best", COLOUR_ORANGE, LEGEND_LINE, 0},
                                  {"above: how many came to a rung → went on", COLOUR_INK, LEGEND_NONE, 0}};
    const size_t entries = sizeof legend / sizeof legend[0];
    Layout layout = layout_of(1, true, picture->title != NULL);
    layout_finish(&layout);
    layout.legend_height = (double)legend_layout(legend, entries, layout.canvas.width, NULL) * LEGEND_ROW + 8;
    layout_finish(&layout);
    percept_status status = write_data(folder, name, picture, error);
    if (status != PERCEPT_OK)
        return status;
    const Box box = layout_box(&layout, 0);
    script_add_data(&script, name);
    layout_add_title(&script, &layout, picture->title);
    legend_add(&script, &layout, legend, entries);
    layout_add_box(&script, box);
    layout_add_labels(&script, &layout, box, "epochs", picture->label, NULL);
    axis_add(&script, "x", axis_widen(rungs.x, true), true, STEPS);
    axis_add(&script, "y", axis_widen(rungs.y, false), false, STEPS);
    add_rungs(&script, &rungs, &layout, box);
    add_lines(&script, &rungs);
    return script_draw(&script, folder, name, layout.canvas, error);
}
