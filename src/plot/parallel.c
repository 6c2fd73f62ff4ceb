/* Parallel coordinates (A. Inselberg, "The plane with parallel coordinates", 1985). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "plot/trials.h"

/* Least distance of two axes in units, and room for text beside the first and the last. */
#define LEAST_SPACING 125
#define HEIGHT 360
#define SIDE 110
#define NAMES_ROOM 52
#define NAME_HEIGHT 20

/* Numbers beside an axis. */
#define MOST_TICKS 16 /* TRIALS_FEW and more */
#define TICK_SIZE 32

/* Stops of the colour scale in the script. */
#define STOPS 16

/* Room that lines of the same value share: of what a name has, and of the whole axis. */
#define NAMES_SPREAD 0.5
#define VALUES_SPREAD 0.06
#define MARGIN (VALUES_SPREAD / 2)

typedef struct Parallel {
    const TrialsPicture *picture;
    size_t axis_count; /* including that of the score, the last */
    Layout layout;
    Box box;
    size_t *order; /* the trials from the worst to the best */
    Range figures; /* of the score axis */
    size_t beyond; /* trials with worse scores */
} Parallel;

static const TrialsAxis *axis_at(const Parallel *parallel, size_t a)
{
    return a < parallel->picture->axis_count ? &parallel->picture->axes[a] : &parallel->picture->figure;
}

static Range range_at(const Parallel *parallel, size_t a)
{
    return a < parallel->picture->axis_count ? trials_range(axis_at(parallel, a), parallel->picture->count)
                                             : parallel->figures;
}

/* The height of a value, 0 … 1; better scores are higher, and those beyond the axis lie at the bottom. */
static double place_of(const Parallel *parallel, size_t a, double value)
{
    const TrialsAxis *axis = axis_at(parallel, a);
    const Range range = range_at(parallel, a);
    double place = (value - range.low) / (range.high - range.low);
    if (axis->logarithmic && axis->name_count == 0)
        place = log(value / range.low) / log(range.high / range.low);
    if (axis != &parallel->picture->figure || isnan(place))
        return place;
    return fmax(parallel->picture->larger_better ? place : 1 - place, -MARGIN);
}

/* The same for a trial, beside those of the others with the same value. */
static double line_place(const Parallel *parallel, size_t a, size_t trial)
{
    const TrialsAxis *axis = axis_at(parallel, a);
    const double room = axis->name_count > 0 ? NAMES_SPREAD / (double)axis->name_count : VALUES_SPREAD;
    const double spread = a < parallel->picture->axis_count ? trials_spread(axis, parallel->picture->count, trial) : 0;
    return place_of(parallel, a, axis->values[trial]) + room * spread;
}

/* ---- Axes --------------------------------------------------------------------------------------------------------- */

static void add_tick(Script *script, const Parallel *parallel, size_t a, double value, const char *text)
{
    const bool last = a + 1 == parallel->axis_count;
    const double place = place_of(parallel, a, value);
    script_add(script, "set label ");
    script_add_quoted(script, text);
    script_add(script, " at %zu,%.4f %s offset %s,0 front boxed textcolor \"" COLOUR_INK "\"\n", a, place,
               last ? "left" : "right", last ? "2.1" : "-0.7");
    script_add(script, "set arrow from %zu,%.4f rto %s,0 nohead linecolor \"" COLOUR_INK "\" front\n", a, place,
               last ? "0.02" : "-0.02");
}

/* Round numbers within a range. */
static size_t round_values(Range range, bool logarithmic, double values[MOST_TICKS])
{
    size_t count = 0;
    const double step = axis_step(range.high - range.low, 6, 0);
    if (!logarithmic) {
        double k = ceil(range.low / step - 1e-9);
        while (k * step <= range.high + 1e-9 * step && count < MOST_TICKS)
            values[count++] = step * k++;
        return count;
    }
    const double decades = log10(range.high / range.low);
    const int every = (int)axis_step(decades, 8, 1);
    for (int power = (int)floor(log10(range.low)); power <= log10(range.high) + 1e-9; power += every)
        for (int i = 0; i < 3 && count < MOST_TICKS; i++) {
            const double value = pow(10, power) * (const double[]){1, 2, 5}[i];
            if ((i == 0 || decades < 2.5) && value > range.low * 0.999 && value < range.high * 1.001)
                values[count++] = value;
        }
    return count;
}

/* Every other name is placed higher if it would touch the next one. */
static bool is_raised(const Parallel *parallel, size_t a)
{
    const double spacing = parallel->layout.width / (double)(parallel->axis_count - 1);
    return a % 2 == 1 && axis_text_width(trials_label(axis_at(parallel, a)->label)) > 0.85 * spacing;
}

static void add_axis(Script *script, const Parallel *parallel, size_t a)
{
    const TrialsAxis *axis = axis_at(parallel, a);
    const bool figure = axis == &parallel->picture->figure;
    const double name = 14 + (is_raised(parallel, a) ? NAME_HEIGHT : 0); /* units above the axis */
    double values[MOST_TICKS];
    char text[TICK_SIZE];
    script_add(script, "set arrow from %zu,%.2f to %zu,%.2f nohead linewidth 1.4 linecolor \"" COLOUR_INK "\" front\n",
               a, -MARGIN, a, 1 + MARGIN);
    script_add(script, "set label ");
    script_add_quoted(script, trials_label(axis->label));
    script_add(script, " at first %zu,screen %.4f center front textcolor \"" COLOUR_INK "\"\n", a,
               parallel->box.top + name / parallel->layout.canvas.height);
    for (size_t n = 0; n < axis->name_count; n++)
        add_tick(script, parallel, a, (double)n, axis->names[n]);
    if (axis->name_count > 0)
        return;
    size_t count = figure ? 0 : trials_few_values(axis, parallel->picture->count, values);
    if (count == 0)
        count = round_values(range_at(parallel, a), axis->logarithmic, values);
    for (size_t i = 0; i < count; i++) {
        snprintf(text, sizeof text, "%.6g", fabs(values[i]) < 1e-12 ? 0 : values[i]);
        add_tick(script, parallel, a, values[i], text);
    }
}

/* The scale's colours, which the legend shows. */
static void add_colours(Script *script)
{
    script_add(script, "set palette defined (");
    for (size_t i = 0; i < STOPS; i++) {
        char colour[AXIS_COLOUR_SIZE];
        axis_colour(i, STOPS, colour);
        script_add(script, "%s%zu \"%s\"", i > 0 ? ", " : "", i, colour);
    }
    script_add(script, ")\nset cbrange [0:1]\nunset colorbox\n");
}

/* How many lines end at the foot of the score axis because their figure is beyond it. */
static void add_beyond(Script *script, const Parallel *parallel)
{
    char text[48];
    if (parallel->beyond == 0)
        return;
    snprintf(text, sizeof text, "▾ %zu worse", parallel->beyond);
    script_add(script, "set label ");
    script_add_quoted(script, text);
    script_add(script, " at first %zu,screen %.4f center front textcolor \"#666666\"\n", parallel->axis_count - 1,
               parallel->box.bottom - 12 / (double)parallel->layout.canvas.height);
}

/* ---- Lines -------------------------------------------------------------------------------------------------------- */

/* A column for each tone, so that a line has values in one of them. */
static percept_status write_data(const char *folder, const char *name, const Parallel *parallel, percept_error *error)
{
    const TrialsPicture *picture = parallel->picture;
    FileWriter *writer = NULL;
    percept_status status = script_open_data(folder, name, NULL, &writer, error);
    if (status != PERCEPT_OK)
        return status;
    file_writer_print(writer, "trial,axis,key,value,lost,stopped,finished,best,colour\n");
    const size_t finished = trials_count(picture, TRIAL_FINISHED) + trials_count(picture, TRIAL_BEST);
    for (size_t i = 0, rank = 0; i < picture->count; i++) {
        const size_t t = parallel->order[i];
        const bool ranked = picture->tones[t] == TRIAL_FINISHED || picture->tones[t] == TRIAL_BEST;
        const double colour = !ranked ? NAN : finished > 1 ? (double)rank / (double)(finished - 1) : 1;
        rank += ranked;
        file_writer_print(writer, "%s", i > 0 ? "\n" : "");
        for (size_t a = 0; a < parallel->axis_count; a++) {
            const double value = axis_at(parallel, a)->values[t];
            script_write_number(writer, true, (double)picture->numbers[t]);
            script_write_number(writer, false, (double)a);
            script_write_text(writer, false, axis_at(parallel, a)->label);
            script_write_number(writer, false, value);
            for (size_t tone = 0; tone < TRIAL_TONES; tone++)
                script_write_number(writer, false, picture->tones[t] == tone ? line_place(parallel, a, t) : NAN);
            script_write_number(writer, false, colour);
            file_writer_print(writer, "\n");
        }
    }
    return file_writer_commit(writer, error);
}

/* Thinner where there are more of them. */
static double line_width(size_t count)
{
    return count <= 50 ? 1.6 : count <= 250 ? 1.0 : 0.6;
}

static void add_lines(Script *script, const Parallel *parallel)
{
    static const char *const looks[TRIAL_TONES] = {
        [TRIAL_LOST] = "dashtype (2,3) linecolor \"" COLOUR_GREY "\"",
        [TRIAL_STOPPED] = "linecolor \"#C4C4C4\"",
        [TRIAL_FINISHED] = "linecolor palette",
        [TRIAL_BEST] = "linecolor \"" COLOUR_ORANGE "\"",
    };
    const double width = line_width(parallel->picture->count);
    const char *between = "plot ";
    for (size_t tone = 0; tone < TRIAL_TONES; tone++) {
        if (trials_count(parallel->picture, (TrialsTone)tone) == 0)
            continue;
        script_add(script, "%sdata using 2:%zu%s with lines linewidth %.1f %s", between, 5 + tone,
                   tone == TRIAL_FINISHED ? ":9" : "",
                   tone == TRIAL_BEST       ? 3.2
                   : tone == TRIAL_FINISHED ? width
                                            : 0.6 * width,
                   looks[tone]);
        between = ", \\\n     ";
    }
    script_add(script, "\n");
}

/* ---- The picture -------------------------------------------------------------------------------------------------- */

static int compare(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Trials without a score, then from the worst to the best. */
static percept_status sort_trials(Parallel *parallel, percept_error *error)
{
    const TrialsPicture *picture = parallel->picture;
    const double *figures = picture->figure.values;
    double(*pairs)[2] = NULL;
    percept_status status =
        memory_allocate(picture->count, sizeof *parallel->order, "the trials", &parallel->order, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(picture->count, sizeof *pairs, "the trials", &pairs, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t t = 0; t < picture->count; t++) {
        pairs[t][0] = isnan(figures[t]) ? -INFINITY : picture->larger_better ? figures[t] : -figures[t];
        pairs[t][1] = (double)t;
    }
    qsort(pairs, picture->count, sizeof *pairs, compare);
    for (size_t t = 0; t < picture->count; t++)
        parallel->order[t] = (size_t)pairs[t][1];
    memory_free(pairs);
    return PERCEPT_OK;
}

static void lay_out(Parallel *parallel, const TrialsLegend *legend)
{
    Layout *layout = &parallel->layout;
    *layout = layout_of(1, false, parallel->picture->title != NULL);
    layout->width = fmax(layout->width - SIDE, LEAST_SPACING * (double)(parallel->axis_count - 1));
    layout->height = HEIGHT;
    layout->left = layout->right = SIDE;
    layout->above = NAMES_ROOM;
    layout->below = parallel->beyond > 0 ? 30 : 14;
    layout_finish(layout);
    layout->legend_height =
        (double)legend_layout(legend->entries, legend->count, layout->canvas.width, NULL) * LEGEND_ROW + 8;
    layout_finish(layout);
    parallel->box = layout_box(layout, 0);
}

static percept_status draw(const Parallel *parallel, const TrialsLegend *legend, const char *folder, const char *name,
                           percept_error *error)
{
    Script script = {0};
    script_add_data(&script, name);
    script_add(&script, "unset border\nunset xtics\nunset ytics\nunset grid\nset style textbox opaque noborder\n"
                        "set style textbox margins 0.3,0.2\n");
    layout_add_title(&script, &parallel->layout, parallel->picture->title);
    legend_add(&script, &parallel->layout, legend->entries, legend->count);
    layout_add_box(&script, parallel->box);
    script_add(&script, "set xrange [0:%zu]\nset yrange [%.2f:%.2f]\n", parallel->axis_count - 1, -MARGIN, 1 + MARGIN);
    for (size_t a = 0; a < parallel->axis_count; a++)
        add_axis(&script, parallel, a);
    add_colours(&script);
    add_beyond(&script, parallel);
    add_lines(&script, parallel);
    return script_draw(&script, folder, name, parallel->layout.canvas, error);
}

percept_status plot_parallel(const char *folder, const char *name, const TrialsPicture *picture, percept_error *error)
{
    Parallel parallel = {.picture = picture, .axis_count = picture->axis_count + 1};
    TrialsLegend legend;
    parallel.figures = trials_figure_range(picture, &parallel.beyond);
    trials_legend(picture, true, &legend);
    lay_out(&parallel, &legend);
    percept_status status = sort_trials(&parallel, error);
    if (status == PERCEPT_OK)
        status = write_data(folder, name, &parallel, error);
    if (status == PERCEPT_OK)
        status = draw(&parallel, &legend, folder, name, error);
    memory_free(parallel.order);
    return status;
}
