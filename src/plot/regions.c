#include "plot/regions.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"

#define ALONE 400
#define SMALL 262
#define LEFT 66
#define RIGHT 14
#define BELOW 54
#define TITLED 30
#define PLAIN 14
#define TITLE_ROOM 26

#define CELLS ((size_t)REGIONS_GRID * REGIONS_GRID)

/* Classes also differ in shape. */
static const int shapes[] = {7, 5, 9, 11, 13};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

double regions_place(Range range, size_t i)
{
    return range.low + (range.high - range.low) * (double)i / (REGIONS_GRID - 1);
}

#define LABEL_SIZE 72
#define LABEL_MOST 500 /* units */

/* What the legend calls a class: one whose name is a number "class 3". */
static void name_class(const char *name, char label[LABEL_SIZE])
{
    const bool number = name[0] != '\0' && name[strspn(name, "-0123456789.")] == '\0';
    char shown[LABEL_SIZE - sizeof "class "];
    axis_fit_text(name, LABEL_MOST, shown, sizeof shown);
    snprintf(label, LABEL_SIZE, "%s%s", number ? "class " : "", shown);
}

static Layout lay_out(const RegionsPicture *picture, const LegendEntry *legend)
{
    const size_t count = picture->panel_count;
    const bool titled = picture->panels[0].title != NULL;
    Layout layout = {.count = count,
                     .columns = count < 3 ? count : 3,
                     .width = count == 1 ? ALONE : SMALL,
                     .height = count == 1 ? ALONE : SMALL,
                     .left = LEFT,
                     .right = RIGHT,
                     .above = titled ? TITLED : PLAIN,
                     .below = BELOW,
                     .title = picture->title != NULL ? TITLE_ROOM : 0};
    layout_finish(&layout);
    const size_t rows = legend_layout(legend, picture->class_count, layout.canvas.width, NULL);
    layout.legend_height = (double)rows * LEGEND_ROW + 8;
    layout_finish(&layout);
    return layout;
}

static percept_status write_grid(const char *folder, const char *name, const RegionsPicture *picture,
                                 percept_error *error)
{
    FileWriter *writer = NULL;
    percept_status status = script_open_data(folder, name, NULL, &writer, error);
    if (status != PERCEPT_OK)
        return status;
    file_writer_print(writer, "panel,x,y,class,confidence\n");
    for (size_t p = 0; p < picture->panel_count; p++)
        for (size_t i = 0; i < CELLS; i++) {
            const RegionsPanel *panel = &picture->panels[p];
            file_writer_print(writer, "%zu,%.5g,%.5g,%d,%.3g\n", p, regions_place(panel->x, i % REGIONS_GRID),
                              regions_place(panel->y, i / REGIONS_GRID), (int)panel->classes[i], panel->confidence[i]);
        }
    return file_writer_commit(writer, error);
}

/* By class, so that each is drawn as one set of points. */
static percept_status write_points(const char *folder, const char *name, const RegionsPicture *picture,
                                   percept_error *error)
{
    FileWriter *writer = NULL;
    percept_status status = script_open_data(folder, name, "points", &writer, error);
    if (status != PERCEPT_OK)
        return status;
    file_writer_print(writer, "panel,x,y,class\n");
    for (size_t p = 0; p < picture->panel_count; p++)
        for (size_t i = 0; i < picture->panels[p].count; i++) {
            const RegionsPanel *panel = &picture->panels[p];
            script_write_number(writer, true, (double)p);
            script_write_number(writer, false, panel->points[2 * i]);
            script_write_number(writer, false, panel->points[2 * i + 1]);
            script_write_number(writer, false, panel->labels[i]);
            file_writer_print(writer, "\n");
        }
    return file_writer_commit(writer, error);
}

/* The parts of each class's colour, and how they fade into white. */
static void add_colours(Script *script, const RegionsPicture *picture)
{
    static const char *const names[] = {"red", "green", "blue"};
    for (int part = 0; part < 3; part++) {
        script_add(script, "array %s[%zu] = [", names[part], picture->class_count);
        for (size_t k = 0; k < picture->class_count; k++) {
            char colour[AXIS_COLOUR_SIZE];
            axis_colour(k, picture->class_count, colour);
            script_add(script, "%s0x%.2s", k > 0 ? ", " : "", colour + 1 + 2 * part);
        }
        script_add(script, "]\n");
    }
    script_add(script, "fade(part) = int(255 - (0.1 + 0.32 * $5) * (255 - part))\n");
}

static void add_points(Script *script, const RegionsPicture *picture, size_t p, size_t k)
{
    char colour[AXIS_COLOUR_SIZE];
    axis_colour(k, picture->class_count, colour);
    const double size = picture->panel_count > 1 ? 0.5 : 0.65;
    const int shape = shapes[k % SHAPES];
    script_add(script,
               ", \\\n     points using ($1 == %zu && $4 == %zu ? $2 : NaN):3 with points pointtype %d pointsize "
               "%.2f * dot linecolor \"white\", \\\n     points using ($1 == %zu && $4 == %zu ? $2 : NaN):3 with "
               "points pointtype %d pointsize %.2f * dot linecolor \"%s\"",
               p, k, shape, 1.5 * size, p, k, shape, size, colour);
}

static void add_panel(Script *script, const RegionsPicture *picture, const Layout *layout, size_t p)
{
    const RegionsPanel *panel = &picture->panels[p];
    const Box box = layout_box(layout, p);
    script_add(script, "\n");
    layout_add_box(script, box);
    layout_add_labels(script, layout, box, picture->x_label, p % layout->columns == 0 ? picture->y_label : NULL,
                      panel->title);
    axis_add(script, "x", panel->x, false, 6);
    axis_add(script, "y", panel->y, false, 6);
    script_add(script,
               "plot grid every ::%zu::%zu using 2:3:(fade(red[$4 + 1])):(fade(green[$4 + 1])):(fade(blue[$4 + 1])) "
               "with rgbimage",
               p * CELLS, (p + 1) * CELLS - 1);
    for (size_t k = 0; k < picture->class_count && panel->count > 0; k++)
        add_points(script, picture, p, k);
    script_add(script, "\nunset label\nunset arrow\n");
}

percept_status plot_regions(const char *folder, const char *name, const RegionsPicture *picture, percept_error *error)
{
    Script script = {0};
    LegendEntry *legend = NULL;
    char(*labels)[LABEL_SIZE] = NULL;
    percept_status status = memory_allocate_zeroed(picture->class_count, sizeof *legend, "the legend", &legend, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(picture->class_count, sizeof *labels, "the legend", &labels, error);
    if (status == PERCEPT_OK)
        status = write_grid(folder, name, picture, error);
    if (status == PERCEPT_OK)
        status = write_points(folder, name, picture, error);
    if (status == PERCEPT_OK) {
        for (size_t k = 0; k < picture->class_count; k++) {
            name_class(picture->class_names[k], labels[k]);
            legend[k] = (LegendEntry){.label = labels[k], .mark = LEGEND_DOT, .shape = shapes[k % SHAPES]};
            axis_colour(k, picture->class_count, legend[k].colour);
        }
        const Layout layout = lay_out(picture, legend);
        script_add(&script,
                   "grid = \"%s.csv\"\npoints = \"%s-points.csv\"\nset datafile separator comma\n"
                   "set datafile columnheaders\nunset key\nunset grid\nset border linewidth 1\n",
                   name, name);
        add_colours(&script, picture);
        layout_add_title(&script, &layout, picture->title);
        legend_add(&script, &layout, legend, picture->class_count);
        script_add(&script, "set multiplot\n");
        for (size_t p = 0; p < picture->panel_count; p++)
            add_panel(&script, picture, &layout, p);
        script_add(&script, "unset multiplot\n");
        status = script_draw(&script, folder, name, layout.canvas, error);
    }
    memory_free(labels);
    memory_free(legend);
    return status;
}
