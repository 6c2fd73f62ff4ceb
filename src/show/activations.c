/* Activation functions and their derivatives: those of a network, or named ones. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "model/model.h"
#include "nn/activation.h"
#include "plot/chart.h"
#include "show/kinds.h"

#define POINTS 401
#define REACH 6.0
#define MOST 16

/* The rows of the table that are drawn. */
typedef struct Choice {
    size_t rows[MOST], count;
} Choice;

static void choose(Choice *choice, size_t row)
{
    for (size_t i = 0; i < choice->count; i++)
        if (choice->rows[i] == row)
            return;
    if (activation_at_f64(row)->elementwise && choice->count < MOST)
        choice->rows[choice->count++] = row;
}

static percept_status refuse(const char *name, percept_error *error)
{
    const char *names[MOST];
    size_t count = 0;
    while (count < MOST && activation_at_f64(count) != NULL) {
        names[count] = activation_at_f64(count)->name;
        count++;
    }
    const char *nearest = nearest_word(name, names, count);
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "there is no activation '%s'%s%s%s", name,
                     nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "",
                     nearest != NULL ? "?" : "");
}

static percept_status choose_named(const char *names, Choice *choice, percept_error *error)
{
    for (;;) {
        char name[32];
        const size_t length = strcspn(names, ",");
        snprintf(name, sizeof name, "%.*s", (int)(length < 31 ? length : 31), names);
        const int row = activation_find(name);
        if (row < 0)
            return refuse(name, error);
        choose(choice, (size_t)row);
        if (names[length] == '\0')
            return PERCEPT_OK;
        names += length + 1;
    }
}

/* Those of a network, also where a stage takes an activation in. */
static void choose_of(const Network *network, Choice *choice)
{
    for (size_t l = 0; l < network->depth; l++)
        if (!network_activation_is_replaced(network, l))
            choose(choice, network->layers[l].activation);
    for (size_t s = 0; s < network->stage_count; s++)
        for (size_t i = 0; i < STAGE_SETTINGS && network->stages[s].kind->settings[i].name != NULL; i++)
            if (network->stages[s].kind->settings[i].kind == SETTING_ACTIVATION)
                choose(choice, (size_t)network->stages[s].settings[i]);
}

/* y (2 × count × POINTS): the functions, then their derivatives. */
static void evaluate(const Choice *choice, double *x, double *y)
{
    double ones[POINTS];
    for (size_t i = 0; i < POINTS; i++) {
        x[i] = -REACH + 2 * REACH * (double)i / (POINTS - 1);
        ones[i] = 1;
    }
    for (size_t a = 0; a < choice->count; a++) {
        const Activation_f64 *activation = activation_at_f64(choice->rows[a]);
        double *value = y + a * POINTS, *slope = y + (choice->count + a) * POINTS;
        activation->forward(POINTS, 1, x, value);
        activation->backward(POINTS, 1, x, value, ones, slope);
        for (size_t i = 1; i < POINTS; i++) /* a jump of the derivative is a gap, not a slope */
            if (fabs(slope[i] - slope[i - 1]) > 0.3)
                slope[i] = slope[i] == 1 ? NAN : slope[i];
    }
}

static percept_status draw(const Choice *choice, const double *x, const double *y, const char *title,
                           const char *folder, const char *name, percept_error *error)
{
    ChartSeries series[2 * MOST];
    LegendEntry legend[MOST];
    char columns[2 * MOST][48];
    for (size_t a = 0; a < choice->count; a++) {
        const Activation_f64 *activation = activation_at_f64(choice->rows[a]);
        legend[a] = (LegendEntry){.label = activation->name, .mark = a % 2 == 0 ? LEGEND_LINE : LEGEND_DASHED};
        axis_colour(a, choice->count, legend[a].colour);
        for (size_t s = a; s < 2 * choice->count; s += choice->count) {
            snprintf(columns[s], sizeof columns[s], "%s%s", activation->name, s == a ? "" : " derivative");
            series[s] = (ChartSeries){.column = columns[s], .y = y + s * POINTS, .mark = legend[a].mark};
            memcpy(series[s].colour, legend[a].colour, sizeof series[s].colour);
        }
    }
    const ChartPanel panels[] = {
        {.y_label = "f(z)", .limits = {-INFINITY, INFINITY}, .series = series, .count = choice->count},
        {.y_label = "derivative f'(z)",
         .limits = {-INFINITY, INFINITY},
         .series = series + choice->count,
         .count = choice->count},
    };
    const Chart chart = {.title = title,
                         .x_name = "z",
                         .x_label = "z",
                         .x = x,
                         .rows = POINTS,
                         .axis = CHART_LINEAR,
                         .panels = panels,
                         .panel_count = 2,
                         .legend = legend,
                         .legend_count = choice->count};
    return plot_chart(folder, name, &chart, error);
}

percept_status show_activations(const ShowRun *runs, size_t count, const ShowOptions *options, const char *folder,
                                const char *name, percept_error *error)
{
    Choice choice = {0};
    double *x = NULL, *y = NULL;
    percept_status status = PERCEPT_OK;
    if (options->figures != NULL)
        status = choose_named(options->figures, &choice, error);
    for (size_t r = 0; r < count && options->figures == NULL; r++)
        choose_of(&runs[r].model->network, &choice);
    if (status == PERCEPT_OK && choice.count == 0)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT,
                           "there is no activation to draw as a curve; name some: sigmoid,relu");
    if (status == PERCEPT_OK)
        status = memory_allocate(POINTS, sizeof *x, "the curves", &x, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(2 * choice.count, POINTS * sizeof *y, "the curves", &y, error);
    if (status == PERCEPT_OK) {
        evaluate(&choice, x, y);
        status = draw(&choice, x, y, options->title, folder, name, error);
    }
    memory_free(x);
    memory_free(y);
    return status;
}
