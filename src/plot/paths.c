#include "plot/paths.h"

#include <math.h>

#include "base/memory.h"

#define SIDE 430 /* units, of the square */
#define STEPS 6

static percept_status write_data(const char *folder, const char *name, const PathsPicture *picture,
                                 percept_error *error)
{
    FileWriter *writer = NULL;
    percept_status status = script_open_data(folder, name, NULL, &writer, error);
    if (status != PERCEPT_OK)
        return status;
    file_writer_print(writer, "curve");
    script_write_text(writer, false, picture->x_column);
    script_write_text(writer, false, picture->y_column);
    file_writer_print(writer, ",label\n");
    for (size_t p = 0; p < picture->count; p++)
        for (size_t i = 0; i < picture->paths[p].count; i++) {
            script_write_number(writer, true, (double)p);
            script_write_number(writer, false, picture->paths[p].x[i]);
            script_write_number(writer, false, picture->paths[p].y[i]);
            script_write_text(writer, false, picture->paths[p].label); /* last: a script reads none of it */
            file_writer_print(writer, "\n");
        }
    return file_writer_commit(writer, error);
}

static Layout lay_out(const PathsPicture *picture, const LegendEntry *legend, size_t legends)
{
    Layout layout = layout_of(1, false, picture->title != NULL);
    layout.width = layout.height = SIDE;
    const double title = picture->title != NULL ? axis_text_width(picture->title) + 24 : 0;
    layout.right += fmax(title - (layout.left + layout.width + layout.right), 0);
    layout_finish(&layout);
    layout.legend_height = (double)legend_layout(legend, legends, layout.canvas.width, NULL) * LEGEND_ROW + 8;
    layout_finish(&layout);
    return layout;
}

/* Dashed lines, paths, rings. */
static void add_plot(Script *script, const PathsPicture *picture, const LegendEntry *legend)
{
    const char *before = "plot ";
    if (picture->diagonal) {
        script_add(script, "plot x with lines linewidth 1.4 dashtype (6,4) linecolor \"" COLOUR_GREY "\"");
        before = ", \\\n     ";
    }
    for (size_t p = 0; p < picture->count; p++, before = ", \\\n     ")
        script_add(script, "%sdata using ($1 == %zu ? $2 : NaN):3 with %s linewidth 2.2 linecolor \"%s\"", before, p,
                   picture->steps ? "fsteps" : "lines", legend[p].colour);
    for (size_t p = 0; p < picture->count; p++) {
        const Path *path = &picture->paths[p];
        if (isfinite(path->level))
            script_add(script, ", \\\n     %.6g with lines linewidth 1.4 dashtype (6,4) linecolor \"" COLOUR_GREY "\"",
                       path->level);
        if (isfinite(path->mark_x))
            script_add(script,
                       ", \\\n     \"+\" every ::::0 using (%.6g):(%.6g) with points pointtype 6 pointsize 1.9 * dot "
                       "linewidth 2.2 linecolor \"%s\"",
                       path->mark_x, path->mark_y, legend[p].colour);
    }
    script_add(script, "\n");
}

percept_status plot_paths(const char *folder, const char *name, const PathsPicture *picture, percept_error *error)
{
    Script script = {0};
    LegendEntry *legend = NULL;
    size_t legends = picture->count;
    percept_status status = memory_allocate_zeroed(picture->count + 2, sizeof *legend, "the legend", &legend, error);
    if (status == PERCEPT_OK)
        status = write_data(folder, name, picture, error);
    if (status != PERCEPT_OK) {
        memory_free(legend);
        return status;
    }
    for (size_t p = 0; p < picture->count; p++) {
        legend[p] = (LegendEntry){.label = picture->paths[p].label, .mark = LEGEND_LINE};
        axis_colour(p, picture->count, legend[p].colour);
    }
    if (picture->mark_words != NULL)
        legend[legends++] =
            (LegendEntry){.label = picture->mark_words, .colour = COLOUR_BLUE, .mark = LEGEND_DOT, .shape = 6};
    if (picture->comparison_words != NULL)
        legend[legends++] =
            (LegendEntry){.label = picture->comparison_words, .colour = COLOUR_GREY, .mark = LEGEND_DASHED};
    const Layout layout = lay_out(picture, legend, legends);
    const Box box = layout_box(&layout, 0);
    script_add_data(&script, name);
    script_add(&script, "set samples 2\n");
    layout_add_title(&script, &layout, picture->title);
    legend_add(&script, &layout, legend, legends);
    layout_add_box(&script, box);
    layout_add_labels(&script, &layout, box, picture->x_label, picture->y_label, NULL);
    axis_add(&script, "x", (Range){-0.01, 1.01}, false, STEPS);
    axis_add(&script, "y", (Range){-0.01, 1.01}, false, STEPS);
    add_plot(&script, picture, legend);
    memory_free(legend);
    return script_draw(&script, folder, name, layout.canvas, error);
}
