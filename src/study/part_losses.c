/* A loss of single outputs, and its derivative with respect to each, against differences:
 *
 *   - losses:
 *       loss: binary-cross-entropy
 *       generator: 12345                              draws.h; arrays `targets` and `outputs`
 *       draw:
 *         targets: {integers: [0, 2], shape: 5}
 *         outputs: {uniform: [0, 1], shape: 5}
 *
 * Results: "NAME 0", "NAME gradient 0" and so on, "NAME mean", "NAME largest error" of the differences. */
#include <math.h>
#include <stdio.h>

#include "base/memory.h"
#include "check/functions.h"
#include "nn/loss.h"
#include "study/cells.h"
#include "study/draws.h"
#include "study/part_runs.h"

typedef struct LossesPart {
    const char *name, *caption, *loss;
    uint64_t generator;
    const yaml_node_t *draw;
    size_t index; /* of the loss */
    char prefix[PART_NAME_SIZE];
} LossesPart;

static percept_status read_fields(const StudyWork *work, const Part *part, LossesPart *out, percept_error *error)
{
    const Field fields[] = {
        {"loss", &out->loss, FIELD_TEXT, true},        {"generator", &out->generator, FIELD_COUNT, false},
        {"draw", &out->draw, FIELD_NODE, true},        {"name", &out->name, FIELD_TEXT, false},
        {"caption", &out->caption, FIELD_TEXT, false},
    };
    *out = (LossesPart){0};
    percept_status status = part_read(work, part, fields, sizeof fields / sizeof fields[0], error);
    const int index = status == PERCEPT_OK ? loss_find(out->loss) : 0;
    if (index < 0)
        return part_refuse(work, part, error, "there is no loss '%.64s'", out->loss);
    out->index = (size_t)index;
    part_name(part->kind->name, part, out->name, out->prefix);
    return status;
}

static percept_status add_figures(StudyWork *work, const char *prefix, const LossRow *rows, size_t count,
                                  percept_error *error)
{
    char figure[PART_NAME_SIZE + 48];
    double sum = 0, largest = 0;
    percept_status status = PERCEPT_OK;
    for (size_t i = 0; i < count && status == PERCEPT_OK; i++) {
        snprintf(figure, sizeof figure, "%s %zu", prefix, i);
        status = part_figure(work, NULL, figure, rows[i].loss, error);
        snprintf(figure, sizeof figure, "%s gradient %zu", prefix, i);
        if (status == PERCEPT_OK)
            status = part_figure(work, NULL, figure, rows[i].gradient, error);
        sum += rows[i].loss;
        largest = fmax(largest, fabs(rows[i].gradient - rows[i].difference));
    }
    snprintf(figure, sizeof figure, "%s mean", prefix);
    if (status == PERCEPT_OK)
        status = part_figure(work, NULL, figure, sum / (double)count, error);
    snprintf(figure, sizeof figure, "%s largest error", prefix);
    return status == PERCEPT_OK ? part_figure(work, NULL, figure, largest, error) : status;
}

static void report(const StudyWork *work, const LossesPart *own, const LossRow *rows, size_t count)
{
    static const char *const columns[] = {"target", "output", "loss", "gradient", "difference", "apart"};
    Cells cells = {0};
    if (own->caption != NULL)
        page_subheading(work->page, own->caption);
    page_text_format(work->page, "L = %s for single outputs; the gradient is dL/da, beside central differences.",
                     loss_at_f64(own->index)->formula);
    cells_table(work->page, own->loss, columns, sizeof columns / sizeof columns[0], 0);
    for (size_t i = 0; i < count; i++) {
        cells_number(&cells, rows[i].target, 6);
        cells_number(&cells, rows[i].output, 6);
        cells_number(&cells, rows[i].loss, 7);
        cells_number(&cells, rows[i].gradient, 7);
        cells_number(&cells, rows[i].difference, 7);
        cells_apart(&cells, fabs(rows[i].gradient - rows[i].difference));
        cells_row(&cells, work->page, PAGE_PLAIN);
    }
    page_table_end(work->page);
}

static percept_status compute(StudyWork *work, const Part *part, const LossesPart *own, const Draws *draws,
                              percept_error *error)
{
    const DrawnArray *targets = draws_find(draws, "targets"), *outputs = draws_find(draws, "outputs");
    LossRow *rows = NULL;
    percept_error told;
    if (targets == NULL || outputs == NULL || draws->count != 2)
        return part_refuse(work, part, error, "draw: expected the arrays targets and outputs");
    const size_t count = targets->rows * targets->columns;
    if (count != outputs->rows * outputs->columns)
        return part_refuse(work, part, error, "draw: targets and outputs are not equally many");
    percept_status status = memory_allocate(count, sizeof *rows, "the losses", &rows, error);
    if (status == PERCEPT_OK &&
        check_loss_terms(own->index, targets->values, outputs->values, count, rows, &told) != PERCEPT_OK)
        status = part_refuse(work, part, error, "%s", told.message);
    if (status == PERCEPT_OK)
        status = add_figures(work, own->prefix, rows, count, error);
    if (status == PERCEPT_OK)
        report(work, own, rows, count);
    memory_free(rows);
    return status;
}

percept_status part_losses(StudyWork *work, const Part *part, percept_error *error)
{
    LossesPart own;
    Draws draws = {0};
    percept_status status = read_fields(work, part, &own, error);
    if (status == PERCEPT_OK)
        status = draws_read(&work->study->source, own.draw, own.generator, &draws, error);
    if (status == PERCEPT_OK)
        status = compute(work, part, &own, &draws, error);
    draws_clear(&draws);
    return status;
}
