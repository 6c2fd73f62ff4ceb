#include "plot/mosaic.h"

#include <math.h>
#include <stdio.h>

#include "base/memory.h"

/* A tile's longer side, and where there are few or many of them. */
#define TILE 66
#define TILE_LARGE 88
#define FEW 6 /* columns */

#define GAP 12       /* between tiles at least */
#define LINE 15      /* of words below a tile */
#define GROUP_GAP 26 /* between groups of columns, besides the gap */
#define MARGIN 18
#define HEADING 26
#define NOTE 26
#define TITLE_ROOM 32
#define NARROWEST 150 /* a picture that has `side` */
#define BAR 96        /* room for the bar and its numbers */

/* All positions are whole pixels of the matrix, so tiles and words are aligned. */
typedef struct Grid {
    double across, down;           /* units of a pixel */
    size_t gap, below, group_gap;  /* pixels */
    size_t rows, columns;          /* of the matrix */
    double left, top, right, foot; /* units around it */
    Canvas canvas;
} Grid;

static size_t lines_below(const MosaicPicture *picture)
{
    size_t lines = 0;
    for (size_t i = 0; i < picture->rows * picture->columns; i++) {
        lines = picture->tiles[i].first != NULL && lines < 1 ? 1 : lines;
        lines = picture->tiles[i].second != NULL ? 2 : lines;
    }
    return lines;
}

/* The widest word below a tile determines the distance of tiles. */
static double widest_words(const MosaicPicture *picture)
{
    double widest = 0;
    for (size_t i = 0; i < picture->rows * picture->columns; i++) {
        const MosaicTile *tile = &picture->tiles[i];
        widest = fmax(widest, tile->first != NULL ? axis_text_width(tile->first) : 0);
        widest = fmax(widest, tile->second != NULL ? axis_text_width(tile->second) : 0);
    }
    return 0.8 * widest; /* they are small */
}

static size_t pixels_of(double units, double scale)
{
    return (size_t)fmax(1, ceil(units / scale));
}

/* The first pixel column of a column of tiles. */
static size_t column_at(const MosaicPicture *picture, const Grid *grid, size_t column)
{
    const size_t groups = picture->group > 0 ? column / picture->group : 0;
    return column * (picture->width + grid->gap) + groups * grid->group_gap;
}

static size_t row_at(const MosaicPicture *picture, const Grid *grid, size_t row)
{
    return row * (picture->height + grid->below);
}

/* Units of a pixel, across and down: squares, but where that would make a narrow strip. */
static void choose_scale(const MosaicPicture *picture, Grid *grid)
{
    const double width = (double)picture->width, height = (double)picture->height;
    const double room = picture->side > 0 ? picture->side : picture->columns <= FEW ? TILE_LARGE : TILE;
    grid->across = grid->down = room / fmax(width, height);
    if (picture->side > 0) {
        grid->across = fmax(grid->across, NARROWEST / width);
        grid->down = fmax(grid->down, NARROWEST / height);
    }
}

/* A title or note that is wider than all the tiles makes the canvas wider. */
static void widen(const MosaicPicture *picture, Grid *grid)
{
    const double words = fmax(picture->title != NULL ? axis_text_width(picture->title) : 0,
                              picture->note != NULL ? axis_text_width(picture->note) : 0);
    const double missing = words + 2 * MARGIN - (grid->left + grid->across * (double)grid->columns + grid->right);
    grid->left += fmax(missing / 2, 0);
    grid->right += fmax(missing / 2, 0);
}

static Grid lay_out(const MosaicPicture *picture)
{
    Grid grid = {.top = MARGIN, .foot = MARGIN};
    choose_scale(picture, &grid);
    grid.gap = pixels_of(fmax(GAP, widest_words(picture) + 8 - grid.across * (double)picture->width), grid.across);
    grid.below = pixels_of((double)lines_below(picture) * LINE + GAP, grid.down);
    grid.group_gap = picture->group > 0 ? pixels_of(GROUP_GAP, grid.across) : 0;
    grid.columns = column_at(picture, &grid, picture->columns - 1) + picture->width;
    grid.rows = row_at(picture, &grid, picture->rows - 1) + picture->height;
    grid.left = grid.right = MARGIN + grid.across * (double)grid.gap / 2;
    grid.foot += (double)lines_below(picture) * LINE + (picture->note != NULL ? NOTE : 0);
    grid.top += (picture->title != NULL ? TITLE_ROOM : 0) + (picture->column_names != NULL ? HEADING : 0);
    for (size_t r = 0; r < picture->rows && picture->row_names != NULL; r++)
        grid.left = fmax(grid.left, MARGIN + 14 + axis_text_width(picture->row_names[r]));
    if (picture->scale == MOSAIC_DIVERGING)
        grid.right += BAR;
    widen(picture, &grid);
    grid.canvas = (Canvas){(unsigned)lround(grid.left + grid.across * (double)grid.columns + grid.right),
                           (unsigned)lround(grid.top + grid.down * (double)grid.rows + grid.foot), true};
    return grid;
}

/* ---- The matrix ------------------------------------------------------------------------------------------------------ */

static double heat_of(const MosaicPicture *picture, const MosaicTile *tile, double value)
{
    if (!tile->heat)
        return fmin(fmax((value - picture->low) / (picture->high - picture->low), 0), 1);
    double most = 0;
    for (size_t i = 0; i < picture->height * picture->width; i++)
        most = fmax(most, tile->pixels[i]);
    return 2 + (most > 0 ? value / most : 0);
}

static void place_tile(const MosaicPicture *picture, const Grid *grid, size_t row, size_t column, double *matrix)
{
    const MosaicTile *tile = &picture->tiles[row * picture->columns + column];
    const size_t top = row_at(picture, grid, row), left = column_at(picture, grid, column);
    for (size_t i = 0; i < picture->height * picture->width; i++) {
        const double value = tile->pixels[i];
        matrix[(top + i / picture->width) * grid->columns + left + i % picture->width] =
            picture->scale == MOSAIC_HEAT ? heat_of(picture, tile, value) : value;
    }
}

static percept_status write_matrix(const char *folder, const char *name, const Grid *grid, const double *matrix,
                                   percept_error *error)
{
    FileWriter *writer = NULL;
    percept_status status = script_open_data(folder, name, NULL, &writer, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t r = 0; r < grid->rows; r++) {
        for (size_t c = 0; c < grid->columns; c++) {
            const double value = matrix[r * grid->columns + c];
            if (isfinite(value))
                file_writer_print(writer, "%s%.5g", c > 0 ? "," : "", value);
            else
                file_writer_print(writer, "%snan", c > 0 ? "," : "");
        }
        file_writer_print(writer, "\n");
    }
    return file_writer_commit(writer, error);
}

static percept_status write_tiles(const char *folder, const char *name, const MosaicPicture *picture, const Grid *grid,
                                  percept_error *error)
{
    double *matrix = NULL;
    percept_status status = memory_allocate(grid->rows, grid->columns * sizeof *matrix, "the picture", &matrix, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t i = 0; i < grid->rows * grid->columns; i++)
        matrix[i] = NAN;
    for (size_t r = 0; r < picture->rows; r++)
        for (size_t c = 0; c < picture->columns; c++)
            if (picture->tiles[r * picture->columns + c].pixels != NULL)
                place_tile(picture, grid, r, c, matrix);
    status = write_matrix(folder, name, grid, matrix, error);
    memory_free(matrix);
    return status;
}

/* ---- Words and frames ------------------------------------------------------------------------------------------------ */

/* Places in the matrix's own units: pixel (r, c) is centred at (c, r), y downwards. */
static void add_tile(Script *script, const MosaicPicture *picture, const Grid *grid, size_t row, size_t column)
{
    const MosaicTile *tile = &picture->tiles[row * picture->columns + column];
    const double left = (double)column_at(picture, grid, column) - 0.5, top = (double)row_at(picture, grid, row) - 0.5;
    const double right = left + (double)picture->width, bottom = top + (double)picture->height;
    if (tile->pixels == NULL && tile->first != NULL) {
        script_add(script, "set label ");
        script_add_quoted(script, tile->first);
        script_add(script, " at %g,%g center textcolor \"#666666\"\n", (left + right) / 2, (top + bottom) / 2);
    }
    if (tile->pixels == NULL)
        return;
    script_add(script,
               "set object rectangle from %g,%g to %g,%g front fillstyle empty border linecolor \"#BBBBBB\" "
               "linewidth 0.7\n",
               left, top, right, bottom);
    const char *words[] = {tile->first, tile->second};
    for (int line = 0; line < 2; line++) {
        if (words[line] == NULL)
            continue;
        script_add(script, "set label ");
        script_add_quoted(script, words[line]);
        script_add(script, " at %g,%.3f center font small textcolor \"%s\"\n", (left + right) / 2,
                   bottom + (LINE * line + 9) / grid->down,
                   line == 0     ? COLOUR_INK
                   : tile->wrong ? COLOUR_ORANGE
                                 : COLOUR_BLUE);
    }
}

static void add_names(Script *script, const MosaicPicture *picture, const Grid *grid)
{
    const double height = grid->canvas.height;
    for (size_t r = 0; r < picture->rows && picture->row_names != NULL; r++) {
        script_add(script, "set label ");
        script_add_quoted(script, picture->row_names[r]);
        script_add(script, " at screen %.4f,first %.3f right textcolor \"" COLOUR_INK "\"\n",
                   (grid->left - 14) / grid->canvas.width,
                   (double)row_at(picture, grid, r) + (double)(picture->height - 1) / 2);
    }
    for (size_t g = 0; picture->column_names != NULL && picture->group > 0 && g * picture->group < picture->columns;
         g++) {
        const double from = (double)column_at(picture, grid, g * picture->group) - 0.5;
        const double to = (double)column_at(picture, grid, (g + 1) * picture->group - 1) + (double)picture->width - 0.5;
        script_add(script, "set label ");
        script_add_quoted(script, picture->column_names[g]);
        script_add(script, " at first %g,screen %.4f center textcolor \"" COLOUR_INK "\"\n", (from + to) / 2,
                   1 - (grid->top - HEADING / 2.0) / height);
    }
    if (picture->title != NULL)
        layout_add_word(script, picture->title, 0.5, 1 - TITLE_ROOM / 2.0 / height, false);
    if (picture->note != NULL)
        layout_add_word(script, picture->note, 0.5, NOTE / 2.0 / height, false);
}

static void add_scale(Script *script, const MosaicPicture *picture, const Grid *grid)
{
    const double width = grid->canvas.width, height = grid->canvas.height;
    const double bar_left = grid->left + grid->across * (double)grid->columns + 24;
    const double bar = fmin(240, grid->down * (double)grid->rows);
    const double middle = 1 - (grid->top + grid->down * (double)grid->rows / 2) / height;
    if (picture->scale != MOSAIC_DIVERGING) {
        script_add(script, "set palette defined (0 \"black\", 1 \"white\", 2 \"white\", 2.3 \"#FEE0B6\", "
                           "2.6 \"#E08214\", 3 \"#7F1D00\")\nunset colorbox\nset cbrange [");
        script_add_number(script, picture->scale == MOSAIC_HEAT ? 0 : picture->low);
        script_add(script, ":");
        script_add_number(script,
                          picture->scale == MOSAIC_HEAT ? 3 : picture->low + 3 * (picture->high - picture->low));
        script_add(script, "]\n");
        return;
    }
    script_add(script, "set palette defined (-1 \"#003F6B\", -0.6 \"" COLOUR_BLUE
                       "\", 0 \"white\", 0.6 \"" COLOUR_ORANGE "\", 1 \"#7A3300\")\n");
    axis_add(script, "cb", (Range){-picture->high, picture->high}, false, 6);
    script_add(script, "set cbtics scale 0.4\nset colorbox user origin screen %.4f,%.4f size screen %.4f,%.4f\n",
               bar_left / width, middle - bar / 2 / height, 12 / width, bar / height);
    if (picture->scale_label != NULL)
        layout_add_word(script, picture->scale_label, (bar_left + BAR - 22) / width, middle, true);
}

void mosaic_set_range(MosaicPicture *picture)
{
    double low = 0, high = 0;
    for (size_t t = 0; t < picture->rows * picture->columns; t++)
        for (size_t i = 0; picture->tiles[t].pixels != NULL && i < picture->height * picture->width; i++) {
            const double value = picture->tiles[t].pixels[i];
            low = value < low ? value : low;
            high = value > high ? value : high;
        }
    picture->low = low;
    picture->high = high > low ? high : low + 1;
}

percept_status plot_mosaic(const char *folder, const char *name, const MosaicPicture *picture, percept_error *error)
{
    Script script = {0};
    const Grid grid = lay_out(picture);
    percept_status status = write_tiles(folder, name, picture, &grid, error);
    if (status != PERCEPT_OK)
        return status;
    script_add(&script,
               "data = \"%s.csv\"\nset datafile separator comma\nunset key\nunset grid\nunset border\nunset tics\n"
               "small = kind eq \"png\" ? \",16\" : \",11\"\n",
               name);
    const double width = grid.canvas.width, height = grid.canvas.height;
    layout_add_box(&script, (Box){grid.left / width, (grid.left + grid.across * (double)grid.columns) / width,
                                  1 - (grid.top + grid.down * (double)grid.rows) / height, 1 - grid.top / height});
    axis_add_range(&script, "x", (Range){-0.5, (double)grid.columns - 0.5});
    script_add(&script, "set yrange [%.1f:-0.5]\n", (double)grid.rows - 0.5);
    add_scale(&script, picture, &grid);
    add_names(&script, picture, &grid);
    for (size_t r = 0; r < picture->rows; r++)
        for (size_t c = 0; c < picture->columns; c++)
            add_tile(&script, picture, &grid, r, c);
    script_add(&script, "plot data matrix with image\n");
    return script_draw(&script, folder, name, grid.canvas, error);
}
