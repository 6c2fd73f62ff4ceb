/* Runs as a table for people, and as CSV. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "cli/runs.h"
#include "cli/text.h"
#include "plot/terminal.h"
#include "store/run_columns.h"

/* Widest column of a table; longer texts are cut. */
#define WIDEST 32
#define GAP 2

/* ---- Columns ------------------------------------------------------------------------------------------------------ */

percept_status runs_columns_read(const char *list, RunsColumns *out, percept_error *error)
{
    RunsColumns columns = {0};
    char sql[RUN_KEY_SQL_SIZE], *rest = NULL;
    percept_status status = memory_copy_string(list, &columns.text, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(strlen(list) / 2 + 1, sizeof *columns.names, "the columns", &columns.names, error);
    char *name = status == PERCEPT_OK ? strtok_r(columns.text, ",", &rest) : NULL;
    for (; name != NULL && status == PERCEPT_OK; name = strtok_r(NULL, ",", &rest)) {
        status = run_key_sql(name, sql, error);
        columns.names[columns.count++] = name;
    }
    if (status == PERCEPT_OK && columns.count == 0)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "no column is named");
    if (status == PERCEPT_OK)
        *out = columns;
    else
        runs_columns_clear(&columns);
    return status;
}

void runs_columns_clear(RunsColumns *columns)
{
    memory_free(columns->names);
    memory_free(columns->text);
    *columns = (RunsColumns){0};
}

/* ---- Cells -------------------------------------------------------------------------------------------------------- */

/* Texts of runs × columns. */
typedef struct Grid {
    char **cells;
    size_t rows, columns;
} Grid;

static void clear_grid(Grid *grid)
{
    for (size_t i = 0; grid->cells != NULL && i < grid->rows * grid->columns; i++)
        memory_free(grid->cells[i]);
    memory_free(grid->cells);
}

static percept_status fill_row(Grid *grid, size_t r, const RunRow *row, const RunsColumns *columns, bool people,
                               percept_error *error)
{
    json_t *recipe = runs_recipe(row);
    percept_status status =
        recipe != NULL ? PERCEPT_OK : error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory for a recipe");
    for (size_t c = 0; c < columns->count && status == PERCEPT_OK; c++)
        status = runs_value(row, recipe, columns->names[c], people, &grid->cells[r * columns->count + c], error);
    json_decref(recipe);
    return status;
}

static percept_status fill_grid(const RunRows *rows, const RunsColumns *columns, bool people, Grid *grid,
                                percept_error *error)
{
    *grid = (Grid){.rows = rows->count, .columns = columns->count};
    percept_status status =
        memory_allocate_zeroed(rows->count, columns->count * sizeof *grid->cells, "the table", &grid->cells, error);
    for (size_t r = 0; r < rows->count && status == PERCEPT_OK; r++)
        status = fill_row(grid, r, &rows->rows[r], columns, people, error);
    return status;
}

/* ---- For people --------------------------------------------------------------------------------------------------- */

/* Columns that a column takes; 0: it is left out. */
static size_t width_of(const Grid *grid, size_t column, const char *name, bool all)
{
    size_t width = 0;
    for (size_t r = 0; r < grid->rows; r++) {
        const size_t own = text_columns(grid->cells[r * grid->columns + column]);
        width = own > width ? own : width;
    }
    if (width == 0 && !all)
        return 0;
    const size_t head = text_columns(name);
    width = width > head ? width : head;
    return width < WIDEST ? width : WIDEST;
}

static bool is_text(const char *name)
{
    const RunColumn *column = run_column_find(name);
    if (column != NULL)
        return column->type == COLUMN_TEXT || column->type == COLUMN_STATE || column->type == COLUMN_REQUEST;
    const Key *key = recipe_key_find(name);
    return key->list || (key->type != KEY_INTEGER && key->type != KEY_NUMBER);
}

static void print_cell(const char *text, bool left, size_t width, bool last)
{
    if (!left)
        text_right(stdout, text, width);
    else
        text_left(stdout, text, last && text_columns(text) < width ? text_columns(text) : width);
    fputs(last ? "\n" : "  ", stdout);
}

static void print_line(const Grid *grid, const RunsColumns *columns, const size_t *widths, const char *const *cells)
{
    size_t last = 0;
    for (size_t c = 0; c < grid->columns; c++)
        last = widths[c] > 0 ? c : last;
    for (size_t c = 0; c < grid->columns; c++)
        if (widths[c] > 0)
            print_cell(cells[c], is_text(columns->names[c]), widths[c], c == last);
}

/* Widths of the columns that there is room for. */
static void fit(const Grid *grid, const RunsColumns *columns, bool all, size_t *widths)
{
    const bool bounded = isatty(STDOUT_FILENO) == 1;
    const Terminal terminal = terminal_open(stdout, bounded);
    const size_t room = bounded ? terminal_width(&terminal) : SIZE_MAX;
    size_t used = 0;
    for (size_t c = 0; c < grid->columns; c++) {
        widths[c] = width_of(grid, c, columns->names[c], all);
        if (used > 0 && used + widths[c] > room)
            widths[c] = 0;
        used += widths[c] > 0 ? widths[c] + GAP : 0;
    }
}

percept_status runs_print_table(const RunRows *rows, const RunsColumns *columns, bool all, percept_error *error)
{
    Grid grid = {0};
    size_t *widths = NULL;
    percept_status status = fill_grid(rows, columns, true, &grid, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(columns->count, sizeof *widths, "the table", &widths, error);
    if (status == PERCEPT_OK) {
        fit(&grid, columns, all, widths);
        print_line(&grid, columns, widths, columns->names);
        for (size_t r = 0; r < grid.rows; r++)
            print_line(&grid, columns, widths, (const char *const *)grid.cells + r * grid.columns);
    }
    memory_free(widths);
    clear_grid(&grid);
    return status;
}

/* ---- CSV ---------------------------------------------------------------------------------------------------------- */

static void print_csv_cell(const char *text, bool last)
{
    text_csv_cell(stdout, text);
    putchar(last ? '\n' : ',');
}

percept_status runs_print_csv(const RunRows *rows, const RunsColumns *columns, percept_error *error)
{
    Grid grid = {0};
    percept_status status = fill_grid(rows, columns, false, &grid, error);
    for (size_t c = 0; c < columns->count && status == PERCEPT_OK; c++)
        print_csv_cell(columns->names[c], c + 1 == columns->count);
    for (size_t i = 0; i < grid.rows * grid.columns && status == PERCEPT_OK; i++)
        print_csv_cell(grid.cells[i], (i + 1) % grid.columns == 0);
    clear_grid(&grid);
    return status;
}
