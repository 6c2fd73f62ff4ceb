#include "plot/confusion.h"

#include <math.h>
#include <stdio.h>

/* Room of the matrix, and how small and large a cell is. */
#define ROOM 460
#define CELL_LEAST 14
#define CELL_MOST 92
#define CELL_COUNTED 27 /* with a number in it */

#define SHARES 76     /* room for recall, at the right */
#define PRECISION 138 /* room for that word, at the left */
#define RIGHT 24
#define ABOVE 22
#define TITLE_ROOM 30
#define WORDS_MOST 150 /* room of the longest class name; longer ones are cut */

static double widest_name(const ConfusionPicture *picture)
{
    double widest = 30;
    for (size_t k = 0; k < picture->class_count; k++)
        widest = fmax(widest, axis_text_width(picture->class_names[k]));
    return fmin(widest, WORDS_MOST);
}

static double cell_size(const ConfusionPicture *picture)
{
    return fmin(fmax(ROOM / (double)picture->class_count, CELL_LEAST), CELL_MOST);
}

static bool is_slanted(const ConfusionPicture *picture)
{
    return widest_name(picture) > cell_size(picture) - 6;
}

static bool is_counted(const ConfusionPicture *picture)
{
    return cell_size(picture) >= CELL_COUNTED;
}

static Layout lay_out(const ConfusionPicture *picture)
{
    const double side = cell_size(picture) * (double)picture->class_count, name = widest_name(picture);
    Layout layout = {.count = 1,
                     .columns = 1,
                     .width = side,
                     .height = side,
                     .left = fmax(50 + name, is_counted(picture) ? PRECISION : 0),
                     .right = RIGHT + (is_counted(picture) ? SHARES : 0),
                     .above = ABOVE + (is_counted(picture) ? 12 : 0),
                     .below = 50 + (is_slanted(picture) ? name : 20) + (is_counted(picture) ? 26 : 0),
                     .title = picture->title != NULL ? TITLE_ROOM : 0};
    layout_finish(&layout);
    return layout;
}

static uint64_t row_sum(const ConfusionPicture *picture, size_t label)
{
    uint64_t sum = 0;
    for (size_t k = 0; k < picture->class_count; k++)
        sum += picture->counts[label * picture->class_count + k];
    return sum;
}

static uint64_t column_sum(const ConfusionPicture *picture, size_t prediction)
{
    uint64_t sum = 0;
    for (size_t k = 0; k < picture->class_count; k++)
        sum += picture->counts[k * picture->class_count + prediction];
    return sum;
}

static double share(uint64_t count, uint64_t of)
{
    return of > 0 ? (double)count / (double)of : 0;
}

/* The largest share of wrong predictions, at least a tenth: that of the darkest orange. */
static double worst_share(const ConfusionPicture *picture)
{
    double worst = 0.1;
    for (size_t k = 0; k < picture->class_count; k++)
        for (size_t j = 0; j < picture->class_count; j++)
            if (j != k)
                worst = fmax(worst, share(picture->counts[k * picture->class_count + j], row_sum(picture, k)));
    return worst;
}

static percept_status write_data(const char *folder, const char *name, const ConfusionPicture *picture,
                                 percept_error *error)
{
    FileWriter *writer = NULL;
    percept_status status = script_open_data(folder, name, NULL, &writer, error);
    if (status != PERCEPT_OK)
        return status;
    file_writer_print(writer, "label,prediction,count,share\n");
    for (size_t k = 0; k < picture->class_count; k++)
        for (size_t j = 0; j < picture->class_count; j++) {
            const uint64_t count = picture->counts[k * picture->class_count + j];
            file_writer_print(writer, "%zu,%zu,%llu", k, j, (unsigned long long)count);
            script_write_number(writer, false, share(count, row_sum(picture, k)));
            file_writer_print(writer, "\n");
        }
    return file_writer_commit(writer, error);
}

static void add_names(Script *script, const ConfusionPicture *picture, char axis)
{
    script_add(script, "set %ctics scale 0 %s(", axis,
               axis == 'x' && is_slanted(picture) ? "rotate by 90 right offset 0,(kind eq \"svg\" ? -0.5 : 0) " : "");
    for (size_t k = 0; k < picture->class_count; k++) {
        char name[64];
        axis_fit_text(picture->class_names[k], WORDS_MOST, name, sizeof name);
        script_add(script, "%s", k > 0 ? ", " : "");
        script_add_tic(script, name);
        script_add(script, " %zu", k);
    }
    script_add(script, ")\n");
}

/* Recall at the end of each row, precision below each column. */
static void add_shares(Script *script, const ConfusionPicture *picture, const Layout *layout)
{
    const size_t count = picture->class_count;
    const double below = ((is_slanted(picture) ? widest_name(picture) : 20) + 20) / cell_size(picture);
    const char *style = "center textcolor \"#666666\"";
    for (size_t k = 0; k < count; k++) {
        const uint64_t right = picture->counts[k * count + k];
        const double column = 100 * share(right, column_sum(picture, k));
        script_add(script,
                   "set label \"%.1f %%\" at graph 1,first %zu offset character 0.8,0 left textcolor \"#666666\"\n",
                   100 * share(right, row_sum(picture, k)), k);
        script_add(script, "set label \"%.*f%s\" at first %zu,first %.4f %s\n", cell_size(picture) >= 44 ? 1 : 0,
                   column, cell_size(picture) >= 56 ? " %" : "", k, (double)count - 0.5 + below, style);
    }
    const Box box = layout_box(layout, 0);
    script_add(script, "set label \"recall\" at screen %.4f,%.4f left textcolor \"#666666\"\n",
               box.right + 10.0 / layout->canvas.width, box.top + 13.0 / layout->canvas.height);
    script_add(script, "set label \"precision (%%)\" at screen %.4f,first %.4f right textcolor \"#666666\"\n",
               box.left - 10.0 / layout->canvas.width, (double)count - 0.5 + below);
}

/* Colours: blue for correct, orange for wrong. */
static void add_colours(Script *script, const ConfusionPicture *picture)
{
    script_add(
        script,
        "worst = %.6g # the share of the deepest orange\n"
        "depth(right, share) = right ? share : (share > worst ? 1 : sqrt(share / worst))\n"
        "mix(d, r, g, b) = int(255 - d * (255 - r)) * 65536 + int(255 - d * (255 - g)) * 256 + "
        "int(255 - d * (255 - b))\n"
        "fill(right, share) = share == 0 ? 0xF6F6F6 : right ? mix(0.1 + 0.9 * share, 0x00, 0x5A, 0x96) : "
        "mix(0.08 + 0.8 * depth(0, share), 0xD5, 0x5E, 0x00)\n"
        "ink(right, share) = share == 0 ? 0xBBBBBB : depth(right, share) > (right ? 0.6 : 0.8) ? 0xFFFFFF : 0x222222\n",
        worst_share(picture));
}

percept_status plot_confusion(const char *folder, const char *name, const ConfusionPicture *picture,
                              percept_error *error)
{
    Script script = {0};
    const Layout layout = lay_out(picture);
    const Box box = layout_box(&layout, 0);
    percept_status status = write_data(folder, name, picture, error);
    if (status != PERCEPT_OK)
        return status;
    script_add_data(&script, name);
    script_add(&script, "unset grid\nunset border\nunset colorbox\n");
    add_colours(&script, picture);
    layout_add_title(&script, &layout, picture->title);
    layout_add_box(&script, box);
    layout_add_labels(&script, &layout, box, "prediction", "label", NULL);
    add_names(&script, picture, 'x');
    add_names(&script, picture, 'y');
    if (is_counted(picture))
        add_shares(&script, picture, &layout);
    axis_add_range(&script, "x", (Range){-0.5, (double)picture->class_count - 0.5});
    script_add(&script, "set yrange [%.1f:-0.5]\n", (double)picture->class_count - 0.5);
    script_add(&script, "plot data using 2:1:($2 - 0.48):($2 + 0.48):($1 - 0.48):($1 + 0.48):(fill($1 == $2, $4)) \\\n"
                        "         with boxxyerror fillstyle solid noborder linecolor rgb variable");
    if (is_counted(picture))
        script_add(&script,
                   ", \\\n     data using 2:1:(sprintf(\"%%d\", $3)):(ink($1 == $2, $4)) with labels %s"
                   "textcolor rgb variable",
                   cell_size(picture) < 40 ? "font \",\" . (kind eq \"png\" ? 15 : 10) " : "");
    script_add(&script, "\n");
    return script_draw(&script, folder, name, layout.canvas, error);
}
