#include <math.h>
#include <stdio.h>

#include "plot/trials.h"

/* Points of the same value are spread over this part of the room of a name, and of the whole axis. */
#define NAMES_SPREAD 0.6
#define VALUES_SPREAD 0.05

#define STEPS 7

/* The position of a trial along a key. */
static double x_of(const TrialsPicture *picture, size_t a, size_t trial)
{
    const TrialsAxis *axis = &picture->axes[a];
    const Range range = trials_range(axis, picture->count);
    const double spread = trials_spread(axis, picture->count, trial);
    if (axis->name_count > 0)
        return axis->values[trial] + NAMES_SPREAD * spread;
    return axis->logarithmic ? axis->values[trial] * pow(range.high / range.low, VALUES_SPREAD * spread)
                             : axis->values[trial] + VALUES_SPREAD * (range.high - range.low) * spread;
}

static percept_status write_data(const char *folder, const char *name, const TrialsPicture *picture, Range y,
                                 percept_error *error)
{
    FileWriter *writer = NULL;
    percept_status status = script_open_data(folder, name, NULL, &writer, error);
    if (status != PERCEPT_OK)
        return status;
    file_writer_print(writer, "trial,lost,stopped,finished,best");
    for (size_t a = 0; a < picture->axis_count; a++)
        script_write_text(writer, false, picture->axes[a].label);
    file_writer_print(writer, "\n");
    for (size_t t = 0; t < picture->count; t++) {
        const double figure = picture->figure.values[t];
        const double height = isfinite(figure) ? fmin(fmax(figure, y.low), y.high) : y.low;
        script_write_number(writer, true, (double)picture->numbers[t]);
        for (size_t tone = 0; tone < TRIAL_TONES; tone++)
            script_write_number(writer, false, picture->tones[t] != tone ? NAN : height);
        for (size_t a = 0; a < picture->axis_count; a++)
            script_write_number(writer, false, x_of(picture, a, t));
        file_writer_print(writer, "\n");
    }
    return file_writer_commit(writer, error);
}

static void add_names(Script *script, const TrialsAxis *axis)
{
    double width = 0;
    for (size_t n = 0; n < axis->name_count; n++)
        width = fmax(width, axis_text_width(axis->names[n]));
    script_add(script, "unset logscale x\n");
    axis_add_range(script, "x", (Range){-0.5, (double)axis->name_count - 0.5});
    script_add(script, "set xtics %s(",
               width * (double)axis->name_count > LAYOUT_HALF ? "rotate by -30 left " : "norotate ");
    for (size_t n = 0; n < axis->name_count; n++) {
        script_add(script, "%s", n > 0 ? ", " : "");
        script_add_tic(script, axis->names[n]);
        script_add(script, " %zu", n);
    }
    script_add(script, ")\n");
}

static void add_x_axis(Script *script, const TrialsAxis *axis, size_t count)
{
    double values[TRIALS_FEW];
    if (axis->name_count > 0) {
        add_names(script, axis);
        return;
    }
    Range range = trials_range(axis, count);
    const double margin = 0.05 * (range.high - range.low);
    range = axis->logarithmic ? axis_widen(range, true) : (Range){range.low - margin, range.high + margin};
    axis_add(script, "x", range, axis->logarithmic, STEPS);
    const size_t few = trials_few_values(axis, count, values);
    script_add(script, few > 0 ? "set xtics norotate (" : "set xtics norotate\n");
    for (size_t i = 0; i < few; i++)
        script_add(script, "%s\"%g\" %.12g", i > 0 ? ", " : "", values[i], values[i]);
    script_add(script, few > 0 ? ")\n" : "");
}

/* Smaller where there are more of them. */
static double point_size(size_t count)
{
    return count <= 50 ? 1.1 : count <= 250 ? 0.8 : 0.5;
}

static void add_points(Script *script, const TrialsPicture *picture, size_t column)
{
    static const struct {
        const char *colour;
        int shape;
    } looks[TRIAL_TONES] = {{COLOUR_BLACK, 2}, {COLOUR_GREY, 6}, {COLOUR_BLUE, 7}, {COLOUR_ORANGE, 13}};
    const double size = point_size(picture->count);
    const char *between = "plot ";
    for (size_t tone = 0; tone < TRIAL_TONES; tone++) {
        if (trials_count(picture, (TrialsTone)tone) == 0)
            continue;
        if (tone == TRIAL_BEST) /* a white rim keeps it apart */
            script_add(script, "%sdata using %zu:%zu with points pointtype 13 pointsize 2.6 * dot linecolor \"white\"",
                       between, column, 2 + tone);
        script_add(script,
                   "%sdata using %zu:%zu with points pointtype %d pointsize %.1f * dot linewidth 1.6 linecolor \"%s\"",
                   tone == TRIAL_BEST ? ", \\\n     " : between, column, 2 + tone, looks[tone].shape,
                   tone == TRIAL_BEST ? 1.9 : size, looks[tone].colour);
        between = ", \\\n     ";
    }
    script_add(script, "\nunset label\nunset arrow\n");
}

static void add_panel(Script *script, const TrialsPicture *picture, const Layout *layout, size_t a, Range y)
{
    const Box box = layout_box(layout, a);
    script_add(script, "\n");
    layout_add_box(script, box);
    layout_add_labels(script, layout, box, picture->axes[a].label, picture->figure.label, NULL);
    add_x_axis(script, &picture->axes[a], picture->count);
    axis_add(script, "y", y, picture->figure.logarithmic, STEPS);
    add_points(script, picture, 2 + TRIAL_TONES + a);
}

static Layout lay_out(const TrialsPicture *picture, const TrialsLegend *legend)
{
    Layout layout = layout_of(picture->axis_count, false, picture->title != NULL);
    for (size_t a = 0; a < picture->axis_count; a++)
        layout.below = picture->axes[a].name_count > 4 ? layout.below + 24 : layout.below; /* slanted names */
    layout.below = fmin(layout.below, 96);
    layout_finish(&layout);
    layout.legend_height =
        (double)legend_layout(legend->entries, legend->count, layout.canvas.width, NULL) * LEGEND_ROW + 8;
    layout_finish(&layout);
    return layout;
}

percept_status plot_scatter(const char *folder, const char *name, const TrialsPicture *picture, percept_error *error)
{
    Script script = {0};
    TrialsLegend legend;
    trials_legend(picture, false, &legend);
    const Layout layout = lay_out(picture, &legend);
    size_t beyond = 0;
    const Range y = axis_widen(trials_figure_range(picture, &beyond), picture->figure.logarithmic);
    percept_status status = write_data(folder, name, picture, y, error);
    if (status != PERCEPT_OK)
        return status;
    script_add_data(&script, name);
    layout_add_title(&script, &layout, picture->title);
    legend_add(&script, &layout, legend.entries, legend.count);
    script_add(&script, "set multiplot\n");
    for (size_t a = 0; a < picture->axis_count; a++)
        add_panel(&script, picture, &layout, a, y);
    script_add(&script, "unset multiplot\n");
    return script_draw(&script, folder, name, layout.canvas, error);
}
