#include "plot/layout.h"

#include <math.h>

/* From the left of an entry: its sample and the gap before the words, and the gap before the next entry. */
#define SAMPLE 34
#define SCALE 72 /* of a scale of colours */
#define SAMPLE_GAP 8
#define ENTRY_GAP 26
#define EDGE 20 /* of the canvas stays free */

#define INK "textcolor \"" COLOUR_INK "\""

/* Sizes of panels: one alone, three side by side, else rows of two (LAYOUT_HALF). */
#define WIDE 790
#define THIRD 310
#define HEIGHT 300
#define LEFT 88
#define RIGHT 20
#define BELOW 56
#define ABOVE 16
#define TITLED 30
#define TITLE_ROOM 26

Layout layout_of(size_t count, bool titled, bool title)
{
    return (Layout){.count = count,
                    .columns = count <= 3 ? count : 2,
                    .width = count == 1   ? WIDE
                             : count == 3 ? THIRD
                                          : LAYOUT_HALF,
                    .height = HEIGHT,
                    .left = LEFT,
                    .right = RIGHT,
                    .above = titled ? TITLED : ABOVE,
                    .below = BELOW,
                    .title = title ? TITLE_ROOM : 0};
}

void layout_finish(Layout *layout)
{
    const size_t rows = (layout->count + layout->columns - 1) / layout->columns;
    layout->canvas.width = (unsigned)lround((double)layout->columns * (layout->left + layout->width + layout->right));
    layout->canvas.height = (unsigned)lround((double)rows * (layout->above + layout->height + layout->below) +
                                             layout->title + layout->legend_height);
}

Box layout_box(const Layout *layout, size_t i)
{
    const double width = layout->canvas.width, height = layout->canvas.height;
    const size_t column = i % layout->columns, row = i / layout->columns;
    const double left = (double)column * (layout->left + layout->width + layout->right) + layout->left;
    const double top = layout->title + (double)row * (layout->above + layout->height + layout->below) + layout->above;
    return (Box){left / width, (left + layout->width) / width, 1 - (top + layout->height) / height, 1 - top / height};
}

void layout_add_box(Script *script, Box box)
{
    script_add(script,
               "set lmargin at screen %.4f\nset rmargin at screen %.4f\nset bmargin at screen %.4f\n"
               "set tmargin at screen %.4f\n",
               box.left, box.right, box.bottom, box.top);
}

void layout_add_word(Script *script, const char *word, double x, double y, bool rotated)
{
    script_add(script, "set label ");
    script_add_quoted(script, word);
    script_add(script, " at screen %.4f,%.4f center %s" INK "\n", x, y, rotated ? "rotate " : "");
}

void layout_add_labels(Script *script, const Layout *layout, Box box, const char *x_label, const char *y_label,
                       const char *title)
{
    const double middle = (box.left + box.right) / 2, height = layout->canvas.height, width = layout->canvas.width;
    if (x_label != NULL)
        layout_add_word(script, x_label, middle, box.bottom - (layout->below - 16) / height, false);
    if (y_label != NULL)
        layout_add_word(script, y_label, box.left - (layout->left - 14) / width, (box.bottom + box.top) / 2, true);
    if (title != NULL)
        layout_add_word(script, title, middle, box.top + 14 / height, false);
}

void layout_add_title(Script *script, const Layout *layout, const char *title)
{
    if (title != NULL)
        layout_add_word(script, title, 0.5, 1 - layout->title / 2 / layout->canvas.height, false);
}

/* A legend that only words make has no samples. */
static double sample_width(LegendMark mark)
{
    if (mark == LEGEND_SCALE || mark == LEGEND_TONES)
        return SCALE + SAMPLE_GAP;
    return mark == LEGEND_NONE ? 0 : mark == LEGEND_DOT ? SAMPLE / 2.0 + SAMPLE_GAP : SAMPLE + SAMPLE_GAP;
}

static double entry_width(const LegendEntry *entry)
{
    return sample_width(entry->mark) + axis_text_width(entry->label);
}

/* The end of the row of entries that begins with `first`, and the position of its first entry. */
static size_t fill_row(const LegendEntry *entries, size_t first, size_t count, double width, double *x)
{
    double taken = entry_width(&entries[first]);
    size_t end = first + 1;
    for (; end < count && taken + ENTRY_GAP + entry_width(&entries[end]) <= width - 2 * EDGE; end++)
        taken += ENTRY_GAP + entry_width(&entries[end]);
    *x = fmax((width - taken) / 2, EDGE);
    return end;
}

size_t legend_layout(const LegendEntry *entries, size_t count, double width, LegendPlace *places)
{
    size_t rows = 0;
    for (size_t first = 0; first < count; rows++) {
        double x = 0;
        const size_t end = fill_row(entries, first, count, width, &x);
        for (; first < end; first++) {
            if (places != NULL)
                places[first] = (LegendPlace){x, rows};
            x += entry_width(&entries[first]) + ENTRY_GAP;
        }
    }
    return rows;
}

void legend_add_style(Script *script, LegendMark mark, const char *colour)
{
    static const char *const looks[] = {[LEGEND_LINE] = "linewidth 2.2",
                                        [LEGEND_DASHED] = "linewidth 1.6 dashtype (7,4)",
                                        [LEGEND_DOTTED] = "linewidth 1.9 dashtype (2,3)",
                                        [LEGEND_DOT] = "pointsize 0.9 * dot",
                                        [LEGEND_NONE] = "",
                                        [LEGEND_SCALE] = "linewidth 3",
                                        [LEGEND_TONES] = "linewidth 4"};
    script_add(script, "%s linecolor \"%s\"", looks[mark], colour);
}

/* Pieces of a line, each in its colour. */
static void add_scale(Script *script, const Layout *layout, LegendMark mark, double x, double y)
{
    enum { PIECES = 16 };
    const double width = layout->canvas.width;
    for (size_t i = 0; i < PIECES; i++) {
        char colour[AXIS_COLOUR_SIZE];
        if (mark == LEGEND_TONES)
            axis_tone((double)i / (PIECES - 1), colour);
        else
            axis_colour(i, PIECES, colour);
        script_add(script, "set arrow from screen %.4f,%.4f to screen %.4f,%.4f nohead ",
                   (x + SCALE * (double)i / PIECES) / width, y, (x + SCALE * (double)(i + 1) / PIECES) / width, y);
        legend_add_style(script, mark, colour);
        script_add(script, "\n");
    }
}

static void add_entry(Script *script, const Layout *layout, const LegendEntry *entry, double x, double y)
{
    const double width = layout->canvas.width, words = x + sample_width(entry->mark);
    if (entry->mark == LEGEND_DOT) {
        script_add(script, "set label \"\" at screen %.4f,%.4f point pointtype %d ", (x + 0.25 * SAMPLE) / width, y,
                   entry->shape > 0 ? entry->shape : 7);
        legend_add_style(script, entry->mark, entry->colour);
        script_add(script, "\n");
    } else if (entry->mark == LEGEND_SCALE || entry->mark == LEGEND_TONES) {
        add_scale(script, layout, entry->mark, x, y);
    } else if (entry->mark != LEGEND_NONE) {
        script_add(script, "set arrow from screen %.4f,%.4f to screen %.4f,%.4f nohead ", x / width, y,
                   (x + SAMPLE) / width, y);
        legend_add_style(script, entry->mark, entry->colour);
        script_add(script, "\n");
    }
    script_add(script, "set label ");
    script_add_quoted(script, entry->label);
    script_add(script, " at screen %.4f,%.4f left " INK "\n", words / width, y);
}

void legend_add(Script *script, const Layout *layout, const LegendEntry *entries, size_t count)
{
    for (size_t first = 0, row = 0; first < count; row++) {
        const double y = layout->legend_height - ((double)row + 0.5) * LEGEND_ROW;
        double x = 0;
        const size_t end = fill_row(entries, first, count, layout->canvas.width, &x);
        for (; first < end; first++) {
            add_entry(script, layout, &entries[first], x, y / layout->canvas.height);
            x += entry_width(&entries[first]) + ENTRY_GAP;
        }
    }
}
