/* How many parameters networks have, and which of them are within bounds:
 *
 *   - parameters: {layers: [784-500-300-10, 784-800-200-10], least: 500000, most: 1000000}
 *
 * Without `layers`, the networks of the study's runs are used. Results: "parameters 784-500-300-10" and so on,
 * "parameters kept". */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recipe/stages.h"
#include "study/cells.h"
#include "study/part_runs.h"

typedef struct ParametersPart {
    const char *caption;
    FieldTexts layers;
    double least, most;
} ParametersPart;

#define LAYERS_SIZE 160

/* Weights and biases of "784-500-10", as a double, which holds far more than there can be; below 0 if that is no list of
 * sizes. */
static double count_parameters(const char *layers)
{
    double count = 0, inputs = 0;
    for (const char *text = layers;;) {
        char *end = NULL;
        const unsigned long long size = strtoull(text, &end, 10);
        if (*text < '0' || *text > '9' || size == 0 || (*end != '-' && *end != '\0'))
            return -1;
        if (inputs > 0)
            count += (inputs + 1) * (double)size;
        inputs = (double)size;
        if (*end == '\0')
            return count > 0 ? count : -1;
        text = end + 1;
    }
}

/* "784-500-10" of a run's recipe; "" where it leaves that open. */
static void layers_of(const percept_recipe *recipe, char text[LAYERS_SIZE])
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < recipe_count(recipe, "model.layers") && used < LAYERS_SIZE; i++)
        used += (size_t)snprintf(text + used, LAYERS_SIZE - used, "%s%lld", i > 0 ? "-" : "",
                                 (long long)recipe_integers(recipe, "model.layers")[i]);
}

static percept_status add_network(StudyWork *work, const Part *part, const ParametersPart *own, const char *layers,
                                  size_t *kept, percept_error *error)
{
    char figure[LAYERS_SIZE + 16];
    Cells cells = {0};
    const double count = count_parameters(layers);
    const bool within = own->least <= count && count <= own->most;
    if (count < 0)
        return part_refuse(work, part, error, "layers: expected sizes such as 784-64-10, found '%.64s'", layers);
    *kept += within;
    cells_add(&cells, "%s", layers);
    cells_add(&cells, "%.0f", count);
    cells_add(&cells, "%s", within ? "kept" : count < own->least ? "too few" : "too many");
    cells_row(&cells, work->page, within ? PAGE_PLAIN : PAGE_QUIET);
    snprintf(figure, sizeof figure, "parameters %s", layers);
    return part_figure(work, NULL, figure, count, error);
}

percept_status part_parameters(StudyWork *work, const Part *part, percept_error *error)
{
    static const char *const columns[] = {"layers", "parameters", "bounds"};
    ParametersPart own = {.most = INFINITY};
    const Study *study = work->study;
    size_t kept = 0;
    const Field fields[] = {
        {"layers", &own.layers, FIELD_TEXTS, false},
        {"least", &own.least, FIELD_NUMBER, false},
        {"most", &own.most, FIELD_NUMBER, false},
        {"caption", &own.caption, FIELD_TEXT, false},
    };
    percept_status status = part_read(work, part, fields, sizeof fields / sizeof fields[0], error);
    if (status != PERCEPT_OK)
        return status;
    if (own.caption != NULL)
        page_subheading(work->page, own.caption);
    if (isfinite(own.most))
        page_text_format(work->page, "Kept are networks of %.0f to %.0f parameters.", own.least, own.most);
    cells_table(work->page, NULL, columns, 3, 1);
    for (size_t i = 0; i < own.layers.count && status == PERCEPT_OK; i++)
        status = add_network(work, part, &own, own.layers.items[i], &kept, error);
    for (size_t r = 0; own.layers.count == 0 && r < study->run_count && status == PERCEPT_OK; r++) {
        char layers[LAYERS_SIZE];
        layers_of(study->runs[r].recipe, layers);
        if (study->runs[r].wanted &&
            (recipe_has_stages(study->runs[r].recipe) || recipe_integer(study->runs[r].recipe, "model.members") > 1))
            status =
                part_refuse(work, part, error,
                            "run '%.64s' has layers that are not dense, or several members, which are not counted here",
                            study->runs[r].name);
        else if (study->runs[r].wanted && layers[0] != '\0')
            status = add_network(work, part, &own, layers, &kept, error);
    }
    page_table_end(work->page);
    return status == PERCEPT_OK ? part_figure(work, NULL, "parameters kept", (double)kept, error) : status;
}
