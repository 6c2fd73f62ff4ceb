#include "plot/bars.h"

#include <math.h>
#include <stdio.h>

#include "plot/named_rows.h"

/* Units: from bar to bar, of the bars' part, and behind it. */
#define ROW 26
#define BARS 430
#define RIGHT 76 /* a number behind the longest bar */

#define STEPS 6
#define NOTHING 1e-9

static NamedRows rows_of(const BarsPicture *picture)
{
    NamedRows rows = {.count = picture->count, .axis = picture->axis, .title = picture->title, .note = picture->note};
    for (size_t i = 0; i < picture->count; i++)
        rows.widest = fmax(rows.widest, axis_text_width(picture->names[i]));
    return rows;
}

static percept_status write_data(const char *folder, const char *name, const BarsPicture *picture, percept_error *error)
{
    FileWriter *writer = NULL;
    percept_status status = script_open_data(folder, name, NULL, &writer, error);
    if (status != PERCEPT_OK)
        return status;
    file_writer_print(writer, "place,");
    script_write_text(writer, true, picture->value_column);
    file_writer_print(writer, ",deviation");
    script_write_text(writer, false, picture->name_column);
    file_writer_print(writer, "\n");
    for (size_t i = 0; i < picture->count; i++) {
        script_write_number(writer, true, (double)i);
        script_write_number(writer, false, picture->values[i]);
        script_write_number(writer, false, picture->deviations != NULL ? picture->deviations[i] : NAN);
        script_write_text(writer, false, picture->names[i]); /* last: a script reads none of it */
        file_writer_print(writer, "\n");
    }
    return file_writer_commit(writer, error);
}

/* From 0, or from the least value, to the largest, the deviations with them. */
static Range range_of(const BarsPicture *picture)
{
    Range range = {0, 0};
    for (size_t i = 0; i < picture->count; i++) {
        const double beside =
            picture->deviations != NULL && isfinite(picture->deviations[i]) ? picture->deviations[i] : 0;
        range_add(&range, picture->values[i] - beside, false);
        range_add(&range, picture->values[i] + beside, false);
    }
    range.low = range.low < 0 ? range.low : 0;
    if (!(range.high > range.low))
        range.high = range.low + 1;
    return (Range){range.low - (range.low < 0 ? 0.03 * (range.high - range.low) : 0),
                   range.high + 0.03 * (range.high - range.low)};
}

/* The names of the bars at the left, their numbers at the right. */
static void add_words(Script *script, const BarsPicture *picture, const Layout *layout, Box box)
{
    char text[32];
    double largest = 0;
    for (size_t i = 0; i < picture->count; i++)
        largest = fmax(largest, fabs(picture->values[i]));
    for (size_t i = 0; i < picture->count; i++) {
        named_rows_add_name(script, layout, box, i, picture->names[i]);
        const double beside =
            picture->deviations != NULL && isfinite(picture->deviations[i]) ? picture->deviations[i] : 0;
        const bool nothing = fabs(picture->values[i]) < NOTHING * largest; /* sums that are 0 but for rounding */
        snprintf(text, sizeof text, "%.3g", nothing ? 0 : picture->values[i]);
        script_add(script, "set label \"%s\" at first ", text);
        script_add_number(script, fmax(picture->values[i] + beside, 0));
        script_add(script, ",first %zu left offset character 0.6,0 textcolor \"#666666\"\n", i);
    }
}

percept_status plot_bars(const char *folder, const char *name, const BarsPicture *picture, percept_error *error)
{
    Script script = {0};
    const NamedRows rows = rows_of(picture);
    const Layout layout = named_rows_layout(&rows, ROW, BARS, RIGHT);
    const Box box = layout_box(&layout, 0);
    percept_status status = write_data(folder, name, picture, error);
    if (status != PERCEPT_OK)
        return status;
    script_add_data(&script, name);
    script_add(&script, "set border 1\nunset ytics\nset grid noytics\nset style fill solid noborder\n");
    layout_add_title(&script, &layout, picture->title);
    layout_add_box(&script, box);
    add_words(&script, picture, &layout, box);
    named_rows_add_words(&script, &rows, &layout, box);
    axis_add(&script, "x", range_of(picture), false, STEPS);
    named_rows_add_range(&script, &rows);
    script_add(&script, "blue = 0x%s\ngrey = 0x%s\n", &COLOUR_BLUE[1], &COLOUR_GREY[1]);
    script_add(&script, "plot data using (0):1:($2 < 0 ? $2 : 0):($2 < 0 ? 0 : $2):($1 - 0.32):($1 + 0.32):"
                        "($2 < 0 ? grey : blue) \\\n         with boxxyerror linecolor rgb variable");
    if (picture->deviations != NULL)
        script_add(&script,
                   ", \\\n     data using 2:1:3 with xerrorbars pointtype 0 linewidth 1.4 linecolor \"" COLOUR_INK
                   "\"");
    script_add(&script, "\n");
    return script_draw(&script, folder, name, layout.canvas, error);
}
