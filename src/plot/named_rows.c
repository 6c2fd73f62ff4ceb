#include "plot/named_rows.h"

#include <math.h>

/* Units: the least and the most that names take, and around the rows. */
#define NAME_LEAST 40
#define NAME_MOST 260
#define GAP 12
#define ABOVE 14
#define BELOW 56
#define NOTE 24
#define TITLE 36

#define TEXT_SIZE 96

static double text_width(const char *text)
{
    return text != NULL ? axis_text_width(text) : 0;
}

Layout named_rows_layout(const NamedRows *rows, double height, double width, double right)
{
    Layout layout = {.count = 1,
                     .columns = 1,
                     .width = width,
                     .height = height * (double)rows->count,
                     .left = fmin(fmax(rows->widest, NAME_LEAST), NAME_MOST) + 2 * GAP,
                     .right = right,
                     .above = ABOVE,
                     .below = BELOW + (rows->note != NULL ? NOTE : 0),
                     .title = rows->title != NULL ? TITLE : 0};
    const double words = fmax(text_width(rows->title), text_width(rows->note));
    layout.width += fmax(words + 2 * GAP - (layout.left + layout.width + layout.right), 0);
    layout_finish(&layout);
    return layout;
}

void named_rows_add_name(Script *script, const Layout *layout, Box box, size_t r, const char *name)
{
    char text[TEXT_SIZE];
    axis_fit_text(name, NAME_MOST, text, sizeof text);
    script_add(script, "set label ");
    script_add_quoted(script, text);
    script_add(script, " at screen %.4f,first %zu right textcolor \"" COLOUR_INK "\"\n",
               box.left - GAP / (double)layout->canvas.width, r);
}

void named_rows_add_words(Script *script, const NamedRows *rows, const Layout *layout, Box box)
{
    const double height = layout->canvas.height;
    layout_add_word(script, rows->axis, (box.left + box.right) / 2,
                    box.bottom - (layout->below - (rows->note != NULL ? NOTE : 0) - 16) / height, false);
    if (rows->note != NULL)
        layout_add_word(script, rows->note, 0.5, (layout->legend_height + NOTE / 2.0) / height, false);
}

void named_rows_add_range(Script *script, const NamedRows *rows)
{
    script_add(script, "set yrange [%.1f:-0.6]\n", (double)rows->count - 0.4);
}
