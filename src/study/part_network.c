/* A small network over arrays: what it computes, its loss, and its gradient against differences:
 *
 *   - network:
 *       layers: [5, 1]
 *       output: sigmoid                               activation; `hidden` for those before it
 *       loss: binary-cross-entropy                    without it L is the sum of all outputs: dL/da = 1
 *       by_input: true                                weights are drawn as inputs x outputs
 *       generator: 12345                              draws.h
 *       draw:                                         arrays: layers.h
 *         W1: {normal: [0, 1], shape: [1, 5]}
 *         x: {uniform: [0, 1], shape: 5}
 *         labels: {values: 1}
 *
 * Results: "NAME.y 0" and so on, row by row, "NAME.dx 0", "NAME.loss", and those of checked.h. */
#include <math.h>
#include <stdio.h>

#include "nn/activation.h"
#include "nn/loss.h"
#include "study/cells.h"
#include "study/checked.h"
#include "study/draws.h"
#include "study/layers.h"
#include "study/part_runs.h"

typedef struct NetworkPart {
    const char *name, *caption;
    FieldNumbers layers;
    FieldTexts hidden;
    uint64_t sizes[FIELD_ITEMS];
    uint64_t generator;
    const yaml_node_t *draw;
    LayersOptions options;
    char prefix[PART_NAME_SIZE];
} NetworkPart;

static percept_status read_fields(const StudyWork *work, const Part *part, NetworkPart *out, percept_error *error)
{
    LayersOptions *options = &out->options;
    const Field fields[] = {
        {"layers", &out->layers, FIELD_NUMBERS, true},
        {"hidden", &out->hidden, FIELD_TEXTS, false},
        {"output", &options->output, FIELD_TEXT, true},
        {"loss", &options->loss, FIELD_TEXT, false},
        {"by_input", &options->by_input, FIELD_BOOLEAN, false},
        {"generator", &out->generator, FIELD_COUNT, false},
        {"draw", &out->draw, FIELD_NODE, true},
        {"name", &out->name, FIELD_TEXT, false},
        {"caption", &out->caption, FIELD_TEXT, false},
    };
    *out = (NetworkPart){.options = {.engine = recipe_text(work->study->common, "engine")}};
    percept_status status = part_read(work, part, fields, sizeof fields / sizeof fields[0], error);
    for (size_t i = 0; i < out->layers.count && status == PERCEPT_OK; i++) {
        const double size = out->layers.items[i];
        if (!(size >= 1 && size <= 1e6 && size == floor(size)))
            status = part_refuse(work, part, error, "layers: expected whole numbers from 1");
        else
            out->sizes[i] = (uint64_t)size;
    }
    if (status == PERCEPT_OK && out->layers.count < 2)
        status = part_refuse(work, part, error, "layers: expected two sizes or more");
    options->sizes = out->sizes;
    options->size_count = out->layers.count;
    options->hidden = out->hidden.items;
    options->hidden_count = out->hidden.count;
    part_name(part->kind->name, part, out->name, out->prefix);
    return status;
}

static percept_status add_figures(StudyWork *work, const NetworkPart *own, const Layers *layers, percept_error *error)
{
    const size_t outputs = layers->examples * network_outputs(&layers->network);
    const size_t inputs = layers->examples * network_inputs(&layers->network);
    char figure[PART_NAME_SIZE + 32];
    percept_status status = PERCEPT_OK;
    for (size_t i = 0; i < outputs && status == PERCEPT_OK; i++) {
        snprintf(figure, sizeof figure, "%s.y %zu", own->prefix, i);
        status = part_figure(work, NULL, figure, layers->outputs[i], error);
    }
    for (size_t i = 0; i < inputs && status == PERCEPT_OK; i++) {
        snprintf(figure, sizeof figure, "%s.dx %zu", own->prefix, i);
        status = part_figure(work, NULL, figure, layers_input_gradient(layers)[i].gradient, error);
    }
    snprintf(figure, sizeof figure, "%s.loss", own->prefix);
    if (status == PERCEPT_OK && own->options.loss != NULL)
        status = part_figure(work, NULL, figure, layers->report.loss, error);
    return status == PERCEPT_OK ? checked_figures(work, own->prefix, &layers->report, error) : status;
}

/* One row an example, as far as a row of a table goes. */
static void report_matrix(Page *page, const char *caption, const char *letter, size_t rows, size_t columns,
                          const double *values)
{
    char names[CELLS_MOST][16];
    const char *texts[CELLS_MOST];
    Cells cells = {0};
    size_t shown = columns;
    if (shown > CELLS_MOST)
        shown = CELLS_MOST;
    for (size_t c = 0; c < shown; c++) {
        snprintf(names[c], sizeof names[c], "%s[%zu]", letter, c);
        texts[c] = names[c];
    }
    cells_table(page, caption, texts, shown, 0);
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < shown; c++)
            cells_number(&cells, values[r * columns + c], 8);
        cells_row(&cells, page, PAGE_PLAIN);
    }
    page_table_end(page);
}

static void report(const StudyWork *work, const NetworkPart *own, const Draws *draws, const Layers *layers)
{
    const Network *network = &layers->network;
    Page *page = work->page;
    if (own->caption != NULL)
        page_subheading(page, own->caption);
    page_text_format(page, "%zu example%s, output %s, engine %s in float64. %s", layers->examples,
                     layers->examples == 1 ? "" : "s", own->options.output, own->options.engine,
                     own->options.loss != NULL ? "" : "L is the sum of all outputs, so that dL/dy = 1.");
    if (own->options.loss != NULL)
        page_text_format(page, "The loss, %s, is %.15g.", own->options.loss, layers->report.loss);
    report_matrix(page, "Inputs x", "x", layers->examples, network_inputs(network), draws_find(draws, "x")->values);
    report_matrix(page, "Outputs y", "y", layers->examples, network_outputs(network), layers->outputs);
    checked_report(page, "Gradients of L, and central differences", network, &layers->report, NULL);
    page_notice(page, layers->report.all.counts[CHECK_WRONG] == 0 ? PAGE_GOOD : PAGE_BAD,
                layers->report.all.counts[CHECK_WRONG] == 0 ? "Every gradient agrees with its difference"
                                                            : "Some gradients are wrong");
}

percept_status part_network(StudyWork *work, const Part *part, percept_error *error)
{
    NetworkPart own;
    Draws draws = {0};
    Layers layers = {0};
    Team *team = NULL;
    percept_error told;
    percept_status status = read_fields(work, part, &own, error);
    if (status == PERCEPT_OK)
        status = draws_read(&work->study->source, own.draw, own.generator, &draws, error);
    if (status == PERCEPT_OK)
        status = team_create(1, &team, error);
    if (status == PERCEPT_OK && layers_compute(&own.options, &draws, team, &layers, &told) != PERCEPT_OK)
        status = part_refuse(work, part, error, "%s", told.message);
    if (status == PERCEPT_OK)
        status = add_figures(work, &own, &layers, error);
    if (status == PERCEPT_OK)
        report(work, &own, &draws, &layers);
    layers_clear(&layers);
    team_free(team);
    draws_clear(&draws);
    return status;
}
