/* Gradient descent on a formula:
 *
 *   - descend: {function: x^2 + y^2, gradient: 2*x; 2*y, start: [3, 2], step: 0.1, steps: 20, decay: 0.95}
 *
 * Without a gradient, central differences are used. Results: "NAME x", "NAME y" and "NAME f" of each step, "NAME lowest
 * f". */
#include <math.h>
#include <stdio.h>

#include "base/memory.h"
#include "formula/descent_formula.h"
#include "show/descent.h"
#include "study/cells.h"
#include "study/part_runs.h"

/* A path of more steps is not read by anybody. */
#define MOST_STEPS 10000

typedef struct DescentPart {
    const char *name, *caption, *function, *gradient;
    FieldNumbers start;
    double step, decay;
    uint64_t steps;
    char picture[PART_NAME_SIZE];
} DescentPart;

static percept_status read_fields(const StudyWork *work, const Part *part, DescentPart *out, percept_error *error)
{
    const Field fields[] = {
        {"function", &out->function, FIELD_TEXT, true}, {"gradient", &out->gradient, FIELD_TEXT, false},
        {"start", &out->start, FIELD_NUMBERS, true},    {"step", &out->step, FIELD_NUMBER, true},
        {"steps", &out->steps, FIELD_COUNT, true},      {"decay", &out->decay, FIELD_NUMBER, false},
        {"name", &out->name, FIELD_TEXT, false},        {"caption", &out->caption, FIELD_TEXT, false},
    };
    *out = (DescentPart){.decay = 1};
    percept_status status = part_read(work, part, fields, sizeof fields / sizeof fields[0], error);
    if (status == PERCEPT_OK && out->start.count != 2)
        status = part_refuse(work, part, error, "start: expected two numbers");
    if (status == PERCEPT_OK && (out->steps == 0 || out->steps > MOST_STEPS))
        status = part_refuse(work, part, error, "steps: expected 1 to %d", MOST_STEPS);
    part_name(part->kind->name, part, out->name, out->picture);
    return status;
}

/* x, y and f of each step, and the lowest f. */
static percept_status add_figures(StudyWork *work, const DescentPart *own, const DescentPoint *points, size_t count,
                                  percept_error *error)
{
    double lowest = INFINITY;
    percept_status status = PERCEPT_OK;
    for (size_t t = 0; t < count && status == PERCEPT_OK; t++) {
        const double values[3] = {points[t].at[0], points[t].at[1], points[t].value};
        for (int i = 0; i < 3 && status == PERCEPT_OK; i++) {
            char figure[PART_NAME_SIZE + 8];
            snprintf(figure, sizeof figure, "%s %c", own->picture, "xyf"[i]);
            status = results_add(&work->results, "", (long)t, figure, values[i], error);
        }
        lowest = fmin(lowest, points[t].value);
    }
    char figure[PART_NAME_SIZE + 16];
    snprintf(figure, sizeof figure, "%s lowest f", own->picture);
    return status == PERCEPT_OK ? part_figure(work, NULL, figure, lowest, error) : status;
}

static void report(StudyWork *work, const DescentPart *own, const DescentFunction *function, const DescentPoint *points,
                   size_t count)
{
    static const char *const columns[] = {"t", "step", "x", "y", "f(x, y)", "df/dx", "df/dy"};
    const DescentPoint *last = &points[count - 1];
    Page *page = work->page;
    Cells cells = {0};
    size_t worst = 0;
    page_text_format(page,
                     "f(x, y) = %s, from (%g, %g) with steps of %g · %g^t, the gradient %s. After %zu steps f is "
                     "%.6g at (%.6g, %.6g).",
                     own->function, own->start.items[0], own->start.items[1], own->step, own->decay,
                     own->gradient != NULL ? "as given" : "by central differences", count - 1, last->value, last->at[0],
                     last->at[1]);
    if (own->gradient != NULL)
        page_text_format(page, "Along the path, the given gradient and central differences differ by at most %.1e.",
                         descent_check(function, points, count, &worst));
    page_details_begin(page, "All steps");
    cells_table(page, NULL, columns, sizeof columns / sizeof columns[0], 0);
    for (size_t t = 0; t < count; t++) {
        cells_add(&cells, "%zu", t);
        cells_number(&cells, points[t].step, 4);
        for (int i = 0; i < 2; i++)
            cells_number(&cells, points[t].at[i], 8);
        cells_number(&cells, points[t].value, 8);
        for (int i = 0; i < 2; i++)
            cells_number(&cells, points[t].gradient[i], 4);
        cells_row(&cells, page, PAGE_PLAIN);
    }
    page_table_end(page);
    page_details_end(page);
}

/* The descent along a formula that has been read. */
static percept_status follow(StudyWork *work, const DescentPart *own, const DescentFunction *function,
                             percept_error *error)
{
    const DescentOptions options = {{own->start.items[0], own->start.items[1]}, own->step, own->decay, own->steps};
    DescentPoint *points = NULL;
    size_t count = 0;
    percept_status status = memory_allocate(own->steps + 1, sizeof *points, "the path", &points, error);
    if (status == PERCEPT_OK)
        status = descent_run(function, &options, points, &count, error);
    if (status == PERCEPT_OK)
        status = add_figures(work, own, points, count, error);
    if (status == PERCEPT_OK)
        status = part_drawn(
            work, show_descent(work->plots, own->picture, own->function, function, points, count, error), own->picture,
            own->caption != NULL ? own->caption : "The path over the function's contours, and its values", error);
    if (status == PERCEPT_OK)
        report(work, own, function, points, count);
    memory_free(points);
    return status;
}

percept_status part_descend(StudyWork *work, const Part *part, percept_error *error)
{
    DescentPart own;
    DescentFormula formula;
    percept_error told;
    percept_status status = read_fields(work, part, &own, error);
    if (status != PERCEPT_OK)
        return status;
    if (descent_formula_create(own.function, own.gradient, &formula, &told) != PERCEPT_OK)
        return part_refuse(work, part, error, "%s", told.message);
    const DescentFunction function = descent_formula_function(&formula);
    status = follow(work, &own, &function, error);
    descent_formula_clear(&formula);
    return status;
}
