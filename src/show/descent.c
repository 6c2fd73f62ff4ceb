#include "show/descent.h"

#include <math.h>

#include "base/memory.h"
#include "plot/descent.h"

/* Points of the grid in each direction. */
#define GRID 121

/* Beyond the path on each side, as a share of its extent; and the least that is shown of the shorter extent, as a share
 * of the longer one. */
#define MARGIN 0.35
#define LEAST_SHARE 0.5

/* The middle of the path in one direction, and half its extent. */
static void find_extent(const DescentPoint *points, size_t count, int axis, double *middle, double *half)
{
    double low = points[0].at[axis], high = low;
    for (size_t t = 1; t < count; t++) {
        low = fmin(low, points[t].at[axis]);
        high = fmax(high, points[t].at[axis]);
    }
    *middle = low + (high - low) / 2;
    *half = (high - low) / 2;
}

/* What part of the plane is shown. A path that stays where it is has a unit around it. */
static void choose_ranges(const DescentPoint *points, size_t count, DescentPicture *picture)
{
    double middle[2], half[2];
    for (int i = 0; i < 2; i++)
        find_extent(points, count, i, &middle[i], &half[i]);
    const double longer = fmax(half[0], half[1]);
    for (int i = 0; i < 2; i++) {
        half[i] = (1 + 2 * MARGIN) * fmax(half[i], LEAST_SHARE * longer);
        if (half[i] <= 1e-9 * fmax(1, fabs(middle[i])))
            half[i] = fmax(1, fabs(middle[i]) / 2);
    }
    picture->x_low = middle[0] - half[0];
    picture->x_high = middle[0] + half[0];
    picture->y_low = middle[1] - half[1];
    picture->y_high = middle[1] + half[1];
}

static void fill_grid(const DescentFunction *function, const DescentPicture *picture, double *values)
{
    for (size_t r = 0; r < picture->rows; r++)
        for (size_t c = 0; c < picture->columns; c++) {
            const double at[2] = {
                picture->x_low + (double)c * (picture->x_high - picture->x_low) / (double)(picture->columns - 1),
                picture->y_low + (double)r * (picture->y_high - picture->y_low) / (double)(picture->rows - 1)};
            values[r * picture->columns + c] = function->value(function->state, at);
        }
}

percept_status show_descent(const char *folder, const char *name, const char *title, const DescentFunction *function,
                            const DescentPoint *points, size_t count, percept_error *error)
{
    DescentPicture picture = {.title = title, .columns = GRID, .rows = GRID, .points = count};
    double *grid = NULL, *path = NULL;
    percept_status status = memory_allocate((size_t)GRID * GRID, sizeof *grid, "the contours", &grid, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, 3 * sizeof *path, "the path", &path, error); /* x, y; then values */
    if (status == PERCEPT_OK) {
        for (size_t t = 0; t < count; t++) {
            path[2 * t] = points[t].at[0];
            path[2 * t + 1] = points[t].at[1];
            path[2 * count + t] = points[t].value;
        }
        picture.values = grid;
        picture.path = path;
        picture.path_values = path + 2 * count;
        choose_ranges(points, count, &picture);
        fill_grid(function, &picture, grid);
        status = plot_descent(folder, name, &picture, error);
    }
    memory_free(path);
    memory_free(grid);
    return status;
}
