/* Losses and errors against the hyperparameter in which runs differ. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/number.h"
#include "plot/chart.h"
#include "plot/figure.h"
#include "recipe/recipe.h"
#include "show/from_run.h"
#include "show/kinds.h"

#define VALUE_SIZE 64
#define COLUMN_SIZE (FIGURE_NAME_SIZE + 8)

/* A place on the axis: a value of the hyperparameter, which several runs (other seeds) may share. */
typedef struct Place {
    char text[VALUE_SIZE];
    double number;
} Place;

typedef struct Errors {
    const ShowRun *runs;
    size_t count;
    const ShowOptions *options;
    const Key *key;
    Table *tables; /* count */
    Place *places; /* place_count, in order */
    size_t place_count;
    bool numbers; /* all values are numbers above all else */
    FigureList figures;
    double *x, *y; /* place_count; metrics × place_count */
    const char **names;
    ChartSeries series[FIGURES_MOST];
    ChartPanel panels[FIGURES_MOST];
    LegendEntry legend[FIGURES_MOST];
    size_t panel_count, legend_count;
    percept_error *error;
} Errors;

/* ---- The hyperparameter ---------------------------------------------------------------------------------------------- */

/* The value of a key, as it would be typed; "" where it is not set. */
static percept_status value_of(const Errors *errors, const Key *key, size_t run, char text[VALUE_SIZE])
{
    char *value = NULL;
    percept_status status = recipe_format(errors->runs[run].recipe, key->name, &value, errors->error);
    if (status == PERCEPT_OK)
        snprintf(text, VALUE_SIZE, "%s", value);
    memory_free(value);
    return status;
}

static percept_status differs(const Errors *errors, const Key *key, bool *different)
{
    char first[VALUE_SIZE], other[VALUE_SIZE];
    percept_status status = value_of(errors, key, 0, first);
    *different = false;
    for (size_t r = 1; r < errors->count && status == PERCEPT_OK && !*different; r++) {
        status = value_of(errors, key, r, other);
        *different = strcmp(first, other) != 0;
    }
    return status;
}

/* Keys in which runs may differ without being compared: which seed, and what no result depends on. */
static bool is_beside(const Key *key)
{
    return key->idle || strcmp(key->name, "seed") == 0 || strcmp(key->name, "data.split_seed") == 0 ||
           strcmp(key->name, "name") == 0;
}

/* The one key in which the runs differ. */
static percept_status find_key(Errors *errors)
{
    char list[300] = "";
    const Key *found = NULL, *key = NULL;
    size_t used = 0, count = 0;
    for (size_t k = 0; (key = recipe_key_at(k)) != NULL; k++) {
        bool different = false;
        percept_status status = is_beside(key) ? PERCEPT_OK : differs(errors, key, &different);
        if (status != PERCEPT_OK)
            return status;
        if (!different)
            continue;
        found = key;
        if (used < sizeof list)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", count > 0 ? ", " : "", key->name);
        count++;
    }
    if (count == 0)
        return error_set(errors->error, PERCEPT_ERROR_ARGUMENT,
                         "the recipes of these runs differ in no hyperparameter; say along which to draw: --key KEY");
    if (count > 1)
        return error_set(errors->error, PERCEPT_ERROR_ARGUMENT,
                         "these runs differ in %s; say along which to draw: --key KEY", list);
    errors->key = found;
    return PERCEPT_OK;
}

static percept_status choose_key(Errors *errors)
{
    const char *name = errors->options->key;
    if (name == NULL)
        return find_key(errors);
    errors->key = recipe_key_find(name);
    if (errors->key != NULL)
        return PERCEPT_OK;
    const Key *nearest = recipe_key_nearest(name);
    return error_set(errors->error, PERCEPT_ERROR_ARGUMENT, "there is no hyperparameter '%s'%s%s%s", name,
                     nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest->name : "",
                     nearest != NULL ? "?" : "");
}

static int by_number(const void *a, const void *b)
{
    const Place *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

static size_t place_of(const Errors *errors, const char *text)
{
    for (size_t p = 0; p < errors->place_count; p++)
        if (strcmp(errors->places[p].text, text) == 0)
            return p;
    return errors->place_count;
}

static percept_status find_places(Errors *errors)
{
    percept_status status =
        memory_allocate(errors->count, sizeof *errors->places, "the values", &errors->places, errors->error);
    errors->numbers = true;
    for (size_t r = 0; r < errors->count && status == PERCEPT_OK; r++) {
        Place place = {.number = 0};
        status = value_of(errors, errors->key, r, place.text);
        if (status != PERCEPT_OK || place_of(errors, place.text) < errors->place_count)
            continue;
        errors->numbers = number_parse(place.text, &place.number) && errors->numbers;
        errors->places[errors->place_count++] = place;
    }
    if (errors->numbers)
        qsort(errors->places, errors->place_count, sizeof *errors->places, by_number);
    return status;
}

/* ---- The metrics
 * ------------------------------------------------------------------------------------------------------- */

static percept_status read_tables(Errors *errors)
{
    percept_status status =
        memory_allocate_zeroed(errors->count, sizeof *errors->tables, "the tables", &errors->tables, errors->error);
    for (size_t r = 0; r < errors->count && status == PERCEPT_OK; r++) {
        char *path = NULL;
        status = file_join(errors->runs[r].folder, "metrics.csv", &path, errors->error);
        if (status == PERCEPT_OK)
            status = table_read(path, &errors->tables[r], errors->error);
        if (status == PERCEPT_OK && errors->tables[r].rows == 0)
            status = error_set(errors->error, PERCEPT_ERROR_FORMAT, "'%s' has no epochs to draw", path);
        memory_free(path);
    }
    return status;
}

/* The epoch whose model the run keeps. */
static size_t row_of(const Errors *errors, size_t run)
{
    const Table *table = &errors->tables[run];
    const int epoch = table_find(table, "epoch");
    const long best = show_best_epoch(&errors->runs[run]);
    const bool keeps_best = recipe_is(errors->runs[run].recipe, "train.keep", "best");
    for (size_t i = 0; i < table->rows && epoch >= 0 && keeps_best && best >= 0; i++)
        if (table->values[i * table->columns + (size_t)epoch] == (double)best)
            return i;
    return table->rows - 1;
}

/* The mean over the runs at each place; nan where a run has none. */
static percept_status fill(Errors *errors, const Figure *figure, double *y)
{
    char text[VALUE_SIZE];
    percept_status status = PERCEPT_OK;
    for (size_t p = 0; p < errors->place_count; p++) {
        size_t runs = 0;
        double sum = 0;
        for (size_t r = 0; r < errors->count && status == PERCEPT_OK; r++) {
            status = value_of(errors, errors->key, r, text);
            if (status != PERCEPT_OK || strcmp(text, errors->places[p].text) != 0)
                continue;
            sum += figure_value(figure, &errors->tables[r], row_of(errors, r));
            runs++;
        }
        y[p] = runs > 0 ? sum / (double)runs : NAN;
    }
    return status;
}

static void add_entry(Errors *errors, const Figure *figure, const ChartSeries *series)
{
    for (size_t i = 0; i < errors->legend_count; i++)
        if (strcmp(errors->legend[i].label, figure->label) == 0)
            return;
    LegendEntry *entry = &errors->legend[errors->legend_count++];
    *entry = (LegendEntry){.label = figure->label, .mark = errors->numbers ? series->mark : LEGEND_DOT};
    memcpy(entry->colour, series->colour, sizeof entry->colour);
}

static percept_status add_panel(Errors *errors, size_t first, size_t *used)
{
    static const char *const colours[FIGURE_PARTS] = {COLOUR_ORANGE, COLOUR_BLUE, COLOUR_GREEN, COLOUR_PURPLE};
    static const LegendMark marks[FIGURE_PARTS] = {LEGEND_DASHED, LEGEND_LINE, LEGEND_DOTTED, LEGEND_LINE};
    const Figure *model = &errors->figures.items[first];
    ChartPanel *panel = &errors->panels[errors->panel_count++];
    percept_status status = PERCEPT_OK;
    *panel = (ChartPanel){.y_label = model->unit,
                          .log = errors->options->log && model->logarithmic,
                          .may_log = model->logarithmic,
                          .limits = model->limits,
                          .series = errors->series + *used};
    for (size_t f = first; f < errors->figures.count && status == PERCEPT_OK; f++) {
        const Figure *figure = &errors->figures.items[f];
        if (strcmp(figure->unit, model->unit) != 0)
            continue;
        double *y = errors->y + *used * errors->place_count;
        ChartSeries *series = &errors->series[(*used)++];
        *series = (ChartSeries){.column = figure->column, .y = y, .mark = marks[figure->part]};
        snprintf(series->colour, sizeof series->colour, "%s", colours[figure->part]);
        status = fill(errors, figure, y);
        add_entry(errors, figure, series);
        panel->count++;
    }
    return status;
}

static bool is_first_of_unit(const Errors *errors, size_t f)
{
    for (size_t i = 0; i < f; i++)
        if (strcmp(errors->figures.items[i].unit, errors->figures.items[f].unit) == 0)
            return false;
    return true;
}

static percept_status fill_panels(Errors *errors)
{
    const size_t places = errors->place_count;
    size_t used = 0;
    percept_status status = memory_allocate(places, sizeof *errors->x, "the axis", &errors->x, errors->error);
    if (status == PERCEPT_OK)
        status = memory_allocate(places, sizeof *errors->names, "the axis", &errors->names, errors->error);
    if (status == PERCEPT_OK)
        status = memory_allocate(errors->figures.count + 1, places * sizeof *errors->y, "the figures", &errors->y,
                                 errors->error);
    for (size_t p = 0; p < places && status == PERCEPT_OK; p++) {
        errors->x[p] = errors->numbers ? errors->places[p].number : (double)p;
        errors->names[p] = errors->places[p].text[0] != '\0' ? errors->places[p].text : "not set";
    }
    for (size_t f = 0; f < errors->figures.count && status == PERCEPT_OK; f++)
        if (is_first_of_unit(errors, f))
            status = add_panel(errors, f, &used);
    return status;
}

static percept_status draw(const Errors *errors, const char *folder, const char *name)
{
    const Range reach = {errors->x[0], errors->x[errors->place_count - 1]};
    const Chart chart = {.title = errors->options->title,
                         .x_name = errors->key->name,
                         .x_label = errors->key->name,
                         .x = errors->x,
                         .rows = errors->place_count,
                         .axis = errors->numbers ? CHART_VALUES : CHART_NAMES,
                         .x_log = errors->numbers && axis_spans_decades(reach),
                         .names = errors->names,
                         .panels = errors->panels,
                         .panel_count = errors->panel_count,
                         .legend = errors->legend,
                         .legend_count = errors->legend_count};
    return plot_chart(folder, name, &chart, errors->error);
}

static void clear(Errors *errors)
{
    for (size_t r = 0; errors->tables != NULL && r < errors->count; r++)
        table_clear(&errors->tables[r]);
    memory_free(errors->tables);
    memory_free(errors->places);
    memory_free(errors->x);
    memory_free(errors->y);
    memory_free(errors->names);
    memory_free(errors);
}

percept_status show_errors(const ShowRun *runs, size_t count, const ShowOptions *options, const char *folder,
                           const char *name, percept_error *error)
{
    Errors *errors = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *errors, "a chart", &errors, error);
    if (status != PERCEPT_OK)
        return status;
    *errors = (Errors){.runs = runs, .count = count, .options = options, .error = error};
    status = choose_key(errors);
    if (status == PERCEPT_OK)
        status = find_places(errors);
    if (status == PERCEPT_OK)
        status = read_tables(errors);
    if (status == PERCEPT_OK && options->figures != NULL)
        status = figures_read(options->figures, errors->tables, count, &errors->figures, error);
    else if (status == PERCEPT_OK)
        figures_find(errors->tables, count, true, &errors->figures);
    if (status == PERCEPT_OK && errors->figures.count == 0)
        status = error_set(error, PERCEPT_ERROR_FORMAT, "'%s' has neither losses nor accuracies", runs[0].folder);
    if (status == PERCEPT_OK)
        status = fill_panels(errors);
    if (status == PERCEPT_OK)
        status = draw(errors, folder, name);
    clear(errors);
    return status;
}
