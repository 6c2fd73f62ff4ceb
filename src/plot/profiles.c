#include "plot/profiles.h"

#include <math.h>
#include <stdio.h>

#define STEPS 6
#define NAME_MOST 110 /* units, of a value at the axis */
#define TEXT_SIZE 64
#define SLANTED 30 /* room for slanted names below the axis */
#define BESIDE 40  /* … and beside the last one */

/* The rows of the CSV: a row's line has its number from 1, the mean 0. */
static percept_status write_data(const char *folder, const char *name, const ProfilesPicture *picture,
                                 percept_error *error)
{
    FileWriter *writer = NULL;
    percept_status status = script_open_data(folder, name, NULL, &writer, error);
    if (status != PERCEPT_OK)
        return status;
    file_writer_print(writer, "panel,line,place,answer,column\n");
    for (size_t p = 0; p < picture->panel_count; p++) {
        const ProfilesPanel *panel = &picture->panels[p];
        for (size_t l = 0; l <= picture->line_count; l++) {
            const double *values = l == 0 ? panel->mean : panel->lines + (l - 1) * panel->count;
            for (size_t i = 0; i < panel->count; i++) {
                script_write_number(writer, true, (double)p);
                script_write_number(writer, false, (double)l);
                script_write_number(writer, false, panel->places[i]);
                script_write_number(writer, false, values[i]);
                script_write_text(writer, false, panel->name); /* last: a script reads none of it */
                file_writer_print(writer, "\n");
            }
            file_writer_print(writer, "\n"); /* ends the line */
        }
    }
    return file_writer_commit(writer, error);
}

static Range range_of(const ProfilesPicture *picture)
{
    Range range = RANGE_EMPTY;
    for (size_t p = 0; p < picture->panel_count; p++) {
        const ProfilesPanel *panel = &picture->panels[p];
        for (size_t i = 0; i < panel->count; i++)
            range_add(&range, panel->mean[i], false);
        for (size_t i = 0; i < picture->line_count * panel->count; i++)
            range_add(&range, panel->lines[i], false);
    }
    if (!(range.high > range.low))
        return axis_widen(range, false);
    const double margin = 0.05 * (range.high - range.low);
    return (Range){range.low - margin, range.high + margin};
}

/* False if all panels have names, and rows are points. */
static bool has_lines(const ProfilesPicture *picture)
{
    for (size_t p = 0; p < picture->panel_count; p++)
        if (picture->panels[p].names == NULL)
            return true;
    return false;
}

static bool is_slanted(const ProfilesPanel *panel, double width)
{
    double taken = 0;
    for (size_t i = 0; panel->names != NULL && i < panel->count; i++)
        taken = fmax(taken, fmin(axis_text_width(panel->names[i]), NAME_MOST));
    return panel->names != NULL && (taken + 6) * (double)panel->count > width;
}

static void add_names(Script *script, const ProfilesPanel *panel, bool slanted)
{
    char text[TEXT_SIZE];
    script_add(script, "unset logscale x\n");
    axis_add_range(script, "x", (Range){-0.5, (double)panel->count - 0.5});
    script_add(script, "set xtics %s(", slanted ? "rotate by -30 left " : "norotate ");
    for (size_t i = 0; i < panel->count; i++) {
        axis_fit_text(panel->names[i], NAME_MOST, text, sizeof text);
        script_add(script, "%s", i > 0 ? ", " : "");
        script_add_tic(script, text);
        script_add(script, " %zu", i);
    }
    script_add(script, ")\n");
}

static void add_numbers(Script *script, const ProfilesPanel *panel)
{
    Range range = {panel->places[0], panel->places[panel->count - 1]};
    const double margin = 0.03 * (range.high - range.low);
    range = margin > 0 ? (Range){range.low - margin, range.high + margin} : axis_widen(range, false);
    script_add(script, "set xtics norotate\n");
    axis_add(script, "x", range, false, STEPS);
    for (size_t i = 0; i < panel->mark_count; i++) {
        script_add(script, "set arrow from first ");
        script_add_number(script, panel->marks[i]);
        script_add(script, ",graph 0 to first ");
        script_add_number(script, panel->marks[i]);
        script_add(script, ",graph 0.045 nohead linewidth 1.6 linecolor \"" COLOUR_ORANGE "\"\n");
    }
}

static void add_panel(Script *script, const ProfilesPicture *picture, const Layout *layout, size_t p, Range y)
{
    const ProfilesPanel *panel = &picture->panels[p];
    const Box box = layout_box(layout, p);
    const bool points = panel->names != NULL;
    script_add(script, "\n");
    layout_add_box(script, box);
    layout_add_labels(script, layout, box, NULL, p % layout->columns == 0 ? picture->y_label : NULL, panel->name);
    if (points)
        add_names(script, panel, is_slanted(panel, layout->width));
    else
        add_numbers(script, panel);
    axis_add(script, "y", y, false, STEPS);
    if (points) /* rows are spread beside each other */
        script_add(script,
                   "plot data using ($1 == %zu && $2 > 0 ? $3 + 0.5 * ($2 - 0.5) / %zu - 0.25 : NaN):4 with points "
                   "pointtype 7 pointsize 0.4 * dot linecolor \"#AAAAAA\", \\\n     data using ($1 == %zu && $2 == 0 "
                   "? $3 - 0.34 : NaN):4:(0.68):(0) with vectors nohead linewidth 3.5 linecolor \"" COLOUR_BLUE "\"\n",
                   p, picture->line_count, p);
    else
        script_add(
            script,
            "plot data using ($1 == %zu && $2 > 0 ? $3 : NaN):4 with lines linewidth 0.7 linecolor \"#BBBBBB\", "
            "\\\n     data using ($1 == %zu && $2 == 0 ? $3 : NaN):4 with %s linewidth 3 linecolor \"" COLOUR_BLUE
            "\"\n",
            p, p, panel->count <= 12 ? "linespoints pointtype 7 pointsize 0.6 * dot" : "lines");
    script_add(script, "unset label\nunset arrow\n");
}

static Layout lay_out(const ProfilesPicture *picture, const LegendEntry *legend, size_t legends)
{
    Layout layout = layout_of(picture->panel_count, true, picture->title != NULL);
    bool slanted = false;
    for (size_t p = 0; p < picture->panel_count; p++)
        slanted = slanted || is_slanted(&picture->panels[p], layout.width);
    layout.height = picture->panel_count == 1 ? layout.height : 220;
    layout.below = 40 + (slanted ? SLANTED : 0);
    layout.right += slanted ? BESIDE : 0;
    layout_finish(&layout);
    layout.legend_height = (double)legend_layout(legend, legends, layout.canvas.width, NULL) * LEGEND_ROW + 8;
    layout_finish(&layout);
    return layout;
}

percept_status plot_profiles(const char *folder, const char *name, const ProfilesPicture *picture, percept_error *error)
{
    Script script = {0};
    const LegendEntry legend[] = {
        {.label = picture->mean_words, .colour = COLOUR_BLUE, .mark = LEGEND_LINE},
        {.label = picture->line_words, .colour = "#BBBBBB", .mark = has_lines(picture) ? LEGEND_LINE : LEGEND_DOT},
        {.label = picture->mark_words, .colour = COLOUR_ORANGE, .mark = LEGEND_LINE}};
    const size_t legends = picture->mark_words != NULL ? 3 : 2;
    const Layout layout = lay_out(picture, legend, legends);
    const Range y = range_of(picture);
    percept_status status = write_data(folder, name, picture, error);
    if (status != PERCEPT_OK)
        return status;
    script_add_data(&script, name);
    layout_add_title(&script, &layout, picture->title);
    legend_add(&script, &layout, legend, legends);
    script_add(&script, "set multiplot\n");
    for (size_t p = 0; p < picture->panel_count; p++)
        add_panel(&script, picture, &layout, p, y);
    script_add(&script, "unset multiplot\n");
    return script_draw(&script, folder, name, layout.canvas, error);
}
