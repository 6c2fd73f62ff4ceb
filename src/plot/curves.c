#include "plot/curves.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/number.h"
#include "plot/gnuplot.h"
#include "plot/table.h"

#define SCRIPT_SIZE 8192

/* Up to this many epochs each has its point; more of them would run together. */
#define MOST_POINTS 30

#define RANGE_DIGITS 8

/* How many steps an axis has at most. */
#define VALUE_STEPS 8
#define EPOCH_STEPS 10
#define LONG_EPOCH_STEPS 5 /* where the numbers have four digits and more */

/* One of the two panels. */
typedef struct Panel {
    const char *label, *train, *valid; /* of the axis; columns */
    double scale;                      /* from the column to the axis */
    double low, high;                  /* what the axis never leaves */
} Panel;

static const Panel panels[] = {
    {"loss", "train_loss", "valid_loss", 1, -INFINITY, INFINITY},
    {"accuracy (%)", "train_accuracy", "valid_accuracy", 100, 0, 100},
};

/* The script as it grows; what it is made of is bounded by the code below. */
typedef struct Script {
    char text[SCRIPT_SIZE];
    size_t length;
} Script;

static void add(Script *script, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(Script *script, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(script->text + script->length, SCRIPT_SIZE - script->length, format, arguments);
    va_end(arguments);
    if (length > 0 && script->length + (size_t)length < SCRIPT_SIZE)
        script->length += (size_t)length;
}

/* The smallest of …, 1, 2, 5, 10, 20, … that takes no more than `steps` steps for the span, and is no less than
 * `least`. */
static double nice_step(double span, double steps, double least)
{
    const double power = pow(10, floor(log10(fmax(span / steps, least))));
    for (int i = 0; i < 3; i++) {
        const double step = power * (const double[]){1, 2, 5}[i];
        if (span <= step * steps && step >= least)
            return step;
    }
    return 10 * power;
}

/* Widens low … high to the finite values of a column. */
static void widen(const Table *table, const char *name, double scale, double *low, double *high)
{
    const int column = table_find(table, name);
    for (size_t r = 0; column >= 0 && r < table->rows; r++) {
        const double value = scale * table->values[r * table->columns + (size_t)column];
        if (isfinite(value)) {
            *low = fmin(*low, value);
            *high = fmax(*high, value);
        }
    }
}

/* The axis of a panel: what is drawn and a margin, so that no curve lies on the frame. Curves that are constant, or not
 * there, get an axis too. */
static void find_range(const Panel *panel, const Table *table, double *low, double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    widen(table, panel->train, panel->scale, low, high);
    widen(table, panel->valid, panel->scale, low, high);
    if (!(*low <= *high)) {
        *low = 0;
        *high = 1;
    }
    const double span = *high - *low, size = fmax(fabs(*low), fabs(*high));
    const double margin = span > 1e-6 * size ? 0.06 * span : size > 0 ? 0.05 * size : 1;
    const double bottom = *low >= 0 ? 0 : -INFINITY; /* what is never negative has no negative axis */
    *low = fmax(fmax(*low - margin, panel->low), bottom);
    *high = fmin(*high + margin, panel->high + margin / 10);
}

static void add_range(Script *script, char axis, double low, double high)
{
    char from[NUMBER_SIZE], to[NUMBER_SIZE];
    number_format_digits(low, RANGE_DIGITS, from);
    number_format_digits(high, RANGE_DIGITS, to);
    add(script, "set %crange [%s:%s]\n", axis, from, to);
}

/* The numbers beside the values' axis, all with the same decimals; what is very large or small is left to gnuplot. */
static void add_value_tics(Script *script, double low, double high)
{
    const double step = nice_step(high - low, VALUE_STEPS, 0), decimals = fmax(0, -floor(log10(step)));
    if (decimals <= 4 && fmax(fabs(low), fabs(high)) < 1e5)
        add(script, "set ytics %.*f\nset format y \"%%.%.0ff\"\n", (int)decimals, step, decimals);
    else
        add(script, "set ytics autofreq\nset format y \"%%g\"\n");
}

static void add_epochs(Script *script, const Table *table)
{
    double first = INFINITY, last = -INFINITY;
    widen(table, "epoch", 1, &first, &last);
    if (!(first <= last))
        first = last = 0;
    const double margin = last > first ? 0.02 * (last - first) : 0.5;
    add_range(script, 'x', first - margin, last + margin);
    add(script, "set xtics %.0f\nset format x \"%%.0f\"\n",
        nice_step(last - first, last < 1000 ? EPOCH_STEPS : LONG_EPOCH_STEPS, 1));
}

/* The figure of the best epoch for the legend, "89.8 %" or "loss 0.301"; false if there is none. */
static bool describe_best(const Table *table, long best, char text[64])
{
    const int epoch = table_find(table, "epoch"), loss = table_find(table, "valid_loss");
    const int accuracy = table_find(table, "valid_accuracy");
    for (size_t r = 0; epoch >= 0 && loss >= 0 && r < table->rows; r++) {
        const double *row = table->values + r * table->columns;
        if (row[epoch] != (double)best || !isfinite(row[accuracy >= 0 ? accuracy : loss]))
            continue;
        if (accuracy >= 0)
            snprintf(text, 64, "%.2f %%", 100 * row[accuracy]);
        else
            snprintf(text, 64, "loss %.4g", row[loss]);
        return true;
    }
    return false;
}

/* How a line looks, without its points. */
static const char *train_line(const Table *table)
{
    return table_find(table, "valid_loss") >= 0 ? "linewidth 1.5 dashtype (7,4) linecolor \"" COLOUR_ORANGE "\""
                                                : "linewidth 2.2 linecolor \"" COLOUR_ORANGE "\"";
}

static const char valid_line[] = "linewidth 2.2 linecolor \"" COLOUR_BLUE "\"";

static const char best_point[] = "pointtype 7 pointsize 1.2 * dot linecolor \"" COLOUR_GREEN "\"";

static void add_curve(Script *script, const Panel *panel, const Table *table, const char *column, const char *line)
{
    const char *points = table->rows == 1             ? "linespoints pointtype 7 pointsize 1 * dot"
                         : table->rows <= MOST_POINTS ? "linespoints pointtype 7 pointsize 0.45 * dot"
                                                      : "lines";
    add(script, "    metrics using (column(\"epoch\")):(%g * column(\"%s\")) with %s %s", panel->scale, column, points,
        line);
}

/* Words are put at places of the canvas: the two terminals take different room for the labels of axes. */
#define INK "textcolor \"#222222\""

static void add_panel(Script *script, const Panel *panel, const Table *table, double left, double right, bool best)
{
    const bool valid = table_find(table, panel->valid) >= 0;
    double low = 0, high = 1;
    find_range(panel, table, &low, &high);
    add(script, "\nset lmargin at screen %.3f\nset rmargin at screen %.3f\n", left, right);
    add_range(script, 'y', low, high);
    add_value_tics(script, low, high);
    add(script, "set label \"%s\" at screen %.3f,0.59 center rotate " INK "\n", panel->label, left - 0.08);
    add(script, "set label \"epoch\" at screen %.3f,0.12 center " INK "\nplot \\\n", (left + right) / 2);
    add_curve(script, panel, table, panel->train, train_line(table));
    if (valid) {
        add(script, ", \\\n");
        add_curve(script, panel, table, panel->valid, valid_line);
    }
    if (valid && best) {
        static const char marked[] =
            ", \\\n    metrics using (column(\"epoch\") == best ? best : NaN):(%g * column(\"%s\")) with points %s";
        /* A white rim keeps the point apart from the curve that it lies on. */
        add(script, marked, panel->scale, panel->valid, "pointtype 7 pointsize 1.6 * dot linecolor \"white\"");
        add(script, marked, panel->scale, panel->valid, best_point);
    }
    add(script, "\n");
}

/* One line below the panels, where no curve can be: samples and words at places of the canvas. */
static void add_legend(Script *script, const Table *table, const char *best)
{
    const bool valid = table_find(table, "valid_loss") >= 0;
    double x = valid ? best[0] != '\0' ? 0.2 : 0.34 : 0.44;
    add(script, "set arrow from screen %.3f,0.05 to screen %.3f,0.05 nohead %s\n", x, x + 0.04, train_line(table));
    add(script, "set label \"training\" at screen %.3f,0.05 " INK "\n", x + 0.05);
    x += 0.18;
    if (valid) {
        add(script, "set arrow from screen %.3f,0.05 to screen %.3f,0.05 nohead %s\n", x, x + 0.04, valid_line);
        add(script, "set label \"validation\" at screen %.3f,0.05 " INK "\n", x + 0.05);
    }
    x += 0.21;
    if (valid && best[0] != '\0') {
        add(script, "set label \"\" at screen %.3f,0.05 point %s\n", x, best_point);
        add(script, "set label \"best: epoch \" . best . \", %s\" at screen %.3f,0.05 " INK "\n", best, x + 0.015);
    }
}

static void write_script(Script *script, const Table *table, long best_epoch)
{
    char best[64] = "";
    const bool accuracy = table_find(table, "train_accuracy") >= 0;
    const bool marked = best_epoch >= 0 && describe_best(table, best_epoch, best);
    add(script, "metrics = \"../metrics.csv\"\nset datafile separator comma\nset datafile columnheaders\n");
    if (marked)
        add(script, "best = %ld\n", best_epoch);
    add(script, "set tmargin at screen 0.955\nset bmargin at screen 0.225\nunset key\n");
    add_epochs(script, table);
    add_legend(script, table, best);
    add(script, "\nset multiplot\n");
    add_panel(script, &panels[0], table, 0.095, accuracy ? 0.485 : 0.975, marked);
    add(script, "\nunset arrow\nunset label\n");
    if (accuracy)
        add_panel(script, &panels[1], table, 0.59, 0.98, marked);
    add(script, "\nunset multiplot\n");
}

static percept_status draw(const char *folder, const Table *table, long best_epoch, percept_error *error)
{
    Script *script = NULL;
    char *plots = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *script, "a chart", &script, error);
    if (status == PERCEPT_OK)
        status = file_join(folder, "plots", &plots, error);
    if (status == PERCEPT_OK)
        status = file_make_folder(plots, error);
    if (status == PERCEPT_OK) {
        write_script(script, table, best_epoch);
        status = gnuplot_draw(plots, "curves", script->text, error);
    }
    memory_free(plots);
    memory_free(script);
    return status;
}

percept_status plot_curves(const char *folder, long best_epoch, percept_error *error)
{
    Table table = {0};
    char *path = NULL;
    percept_status status = file_join(folder, "metrics.csv", &path, error);
    if (status == PERCEPT_OK)
        status = table_read(path, &table, error);
    if (status == PERCEPT_OK && (table_find(&table, "epoch") < 0 || table_find(&table, "train_loss") < 0))
        status = error_set(error, PERCEPT_ERROR_FORMAT,
                           "'%s' has no columns epoch and train_loss; is it a run's metrics.csv?", path);
    if (status == PERCEPT_OK && table.rows == 0)
        status = error_set(error, PERCEPT_ERROR_FORMAT, "'%s' has no epochs to draw; train for at least one", path);
    if (status == PERCEPT_OK)
        status = draw(folder, &table, best_epoch, error);
    table_clear(&table);
    memory_free(path);
    return status;
}
