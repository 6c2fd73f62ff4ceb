/* The gradient of a run's network against differences of its loss:
 *
 *   - gradcheck:
 *       run: NAME                  the first of them
 *       when: trained              with the weights that it ended with; initial: those that it began with
 *       examples: [1, 10]          the first so many of the training part, each in a check of its own
 *       method: central            forward, complex; `step` if not the method's own
 *       layer: 3                   of this layer only; `first: 10`: its first weights; `each: 4`: so many of weights and
 *                                  biases, drawn with the recipe's seed; else, or with `all: true`, all
 *       inputs: true               features, too
 *       loop: true                 the gradient summed example by example, beside it
 *       sweep: true                then the largest error for steps 1/N, with a picture
 *       steps: [10, 1000]          N of the sweep, rising; else 1, 5, 10, 50, ... up to 5e11
 *       caption: TEXT              of the picture, or of the table
 *
 * Results, for n examples: "NAME n" and what checked.h says; "NAME n loop difference", the largest of any parameter,
 * and "NAME n loop relative" to the largest gradient; "NAME sweep 1e-06 central", the largest error with that step. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "plot/sweep.h"
#include "study/cells.h"
#include "study/checked.h"
#include "study/part_runs.h"
#include "study/subject.h"

typedef struct GradcheckPart {
    const char *name, *caption, *run, *when, *method_name;
    bool trained, all, inputs, loop, sweep;
    FieldNumbers examples, steps;
    double step;
    uint64_t layer, first, each;
    CheckMethod method;
    char prefix[PART_NAME_SIZE];
} GradcheckPart;

/* One check. */
typedef struct Checked {
    const CheckSubject subject;
    uint8_t *chosen;
    CheckReport report;
    double *loop, *matrix; /* parameter_count; NULL without the loop form */
} Checked;

static percept_status read_fields(const StudyWork *work, const Part *part, GradcheckPart *out, percept_error *error)
{
    const Field fields[] = {
        {"run", &out->run, FIELD_TEXT, false},
        {"when", &out->when, FIELD_TEXT, false},
        {"examples", &out->examples, FIELD_NUMBERS, false},
        {"method", &out->method_name, FIELD_TEXT, false},
        {"step", &out->step, FIELD_NUMBER, false},
        {"layer", &out->layer, FIELD_COUNT, false},
        {"first", &out->first, FIELD_COUNT, false},
        {"each", &out->each, FIELD_COUNT, false},
        {"inputs", &out->inputs, FIELD_BOOLEAN, false},
        {"loop", &out->loop, FIELD_BOOLEAN, false},
        {"sweep", &out->sweep, FIELD_BOOLEAN, false},
        {"name", &out->name, FIELD_TEXT, false},
        {"all", &out->all, FIELD_BOOLEAN, false},
        {"steps", &out->steps, FIELD_NUMBERS, false},
        {"caption", &out->caption, FIELD_TEXT, false},
    };
    *out = (GradcheckPart){.when = "initial", .method_name = check_method_name(CHECK_CENTRAL), .examples = {1, {1}}};
    percept_status status = part_read(work, part, fields, sizeof fields / sizeof fields[0], error);
    if (status != PERCEPT_OK)
        return status;
    const int method = check_method_find(out->method_name);
    if (method < 0)
        return part_refuse(work, part, error, "method: expected central, forward or complex, found '%.64s'",
                           out->method_name);
    if (out->all + (out->first > 0) + (out->each > 0) > 1)
        return part_refuse(work, part, error, "all, first and each exclude each other");
    out->trained = strcmp(out->when, "trained") == 0;
    if (!out->trained && strcmp(out->when, "initial") != 0)
        return part_refuse(work, part, error, "when: expected initial or trained, found '%.64s'", out->when);
    for (size_t i = 0; i < out->steps.count; i++)
        if (!(out->steps.items[i] > (i > 0 ? out->steps.items[i - 1] : 0)))
            return part_refuse(work, part, error, "steps: expected numbers above 0, rising");
    out->method = (CheckMethod)method;
    part_name(part->kind->name, part, out->name, out->prefix);
    return PERCEPT_OK;
}

/* ---- Checking ---------------------------------------------------------------------------------------------------- */

static CheckOptions options_of(const GradcheckPart *own, const Checked *checked)
{
    return (CheckOptions){.method = own->method, .step = own->step, .inputs = own->inputs, .chosen = checked->chosen};
}

static percept_status choose(const GradcheckPart *own, uint64_t seed, Checked *checked, percept_error *error)
{
    const CheckSelection selection = {.layer = (size_t)own->layer,
                                      .each = (size_t)(own->first > 0 ? own->first : own->each),
                                      .first = own->first > 0,
                                      .inputs = own->inputs};
    RandomStream stream;
    random_default_rng(&stream, seed);
    return check_select(&checked->subject, &selection, &stream, &checked->chosen, error);
}

static percept_status compare_forms(Checked *checked, size_t count, percept_error *error)
{
    percept_status status = memory_allocate(count, sizeof(double), "a gradient", &checked->loop, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, sizeof(double), "a gradient", &checked->matrix, error);
    return status == PERCEPT_OK ? check_loop(&checked->subject, checked->loop, checked->matrix, error) : status;
}

/* The largest difference of both forms, and relative to the largest gradient. */
static percept_status tell_forms(StudyWork *work, const char *prefix, const Checked *checked, size_t count,
                                 percept_error *error)
{
    char figure[PART_NAME_SIZE + 48];
    double largest = 0, scale = 0;
    for (size_t p = 0; p < count; p++) {
        const double difference = fabs(checked->loop[p] - checked->matrix[p]);
        largest = isnan(difference) ? INFINITY : fmax(largest, difference);
        scale = fmax(scale, fabs(checked->matrix[p]));
    }
    page_text_format(work->page,
                     "Loop form (example by example) and matrix form (all at once) of all %zu parameters differ by "
                     "at most %.1e; the largest gradient is %.3g.",
                     count, largest, scale);
    snprintf(figure, sizeof figure, "%s loop difference", prefix);
    percept_status status = part_figure(work, NULL, figure, largest, error);
    snprintf(figure, sizeof figure, "%s loop relative", prefix);
    return status == PERCEPT_OK ? part_figure(work, NULL, figure, scale > 0 ? largest / scale : largest, error)
                                : status;
}

static void tell_check(const StudyWork *work, const GradcheckPart *own, const Subject *subject, const Checked *checked)
{
    const CheckReport *report = &checked->report;
    const size_t wrong = report->all.counts[CHECK_WRONG], examples = checked->subject.batch->count;
    char of[48] = "The first example", caption[160], verdict[160];
    if (examples > 1)
        snprintf(of, sizeof of, "The first %zu examples", examples);
    snprintf(caption, sizeof caption, "%s, loss %.10g, %s %s %g", of, report->loss, check_method_name(own->method),
             own->method == CHECK_COMPLEX ? "step" : "differences with step", report->step);
    checked_report(work->page, caption, &subject->model->network, report, checked->loop);
    if (wrong > 0)
        snprintf(verdict, sizeof verdict, "%zu of %zu gradients are wrong", wrong, report->all.checked);
    else if (isnan(report->all.ratio_low) || own->method == CHECK_COMPLEX)
        snprintf(verdict, sizeof verdict, "all of %zu gradients are right", report->all.checked);
    else
        snprintf(verdict, sizeof verdict, "all of %zu gradients are right; ratios from %.8f to %.8f",
                 report->all.checked, report->all.ratio_low, report->all.ratio_high);
    page_notice(work->page, wrong > 0 ? PAGE_BAD : PAGE_GOOD, verdict);
}

/* ---- The sweep --------------------------------------------------------------------------------------------------- */

static percept_status sweep(StudyWork *work, const GradcheckPart *own, const Checked *checked, percept_error *error)
{
    static const char *const columns[] = {"1/step", "step", "forward", "central"};
    CheckPoint points[FIELD_ITEMS];
    size_t count = own->steps.count;
    const CheckOptions options = options_of(own, checked);
    char picture[PART_NAME_SIZE + 8], figure[PART_NAME_SIZE + 48];
    Cells cells = {0};
    percept_status status = PERCEPT_OK;
    for (size_t i = 0; i < count; i++)
        points[i].inverse = own->steps.items[i];
    if (count > 0)
        status = check_sweep_steps(&checked->subject, &options, points, count, error);
    else
        status = check_sweep(&checked->subject, &options, points, error);
    count = count > 0 ? count : CHECK_POINTS;

    snprintf(picture, sizeof picture, "%s-sweep", own->prefix);
    if (status == PERCEPT_OK)
        status = part_drawn(
            work, plot_sweep_as(work->plots, picture, points, count, error), picture,
            own->caption != NULL ? own->caption : "The largest difference from the gradient, against 1/step", error);
    if (status != PERCEPT_OK)
        return status;
    page_details_begin(work->page, "The largest |gradient - difference| for each step");
    cells_table(work->page, NULL, columns, sizeof columns / sizeof columns[0], 0);
    for (size_t i = 0; i < count && status == PERCEPT_OK; i++) {
        cells_number(&cells, points[i].inverse, 6);
        cells_number(&cells, points[i].step, 6);
        cells_add(&cells, "%.3e", points[i].forward);
        cells_add(&cells, "%.3e", points[i].central);
        cells_row(&cells, work->page, PAGE_PLAIN);
        snprintf(figure, sizeof figure, "%s sweep %g central", own->prefix, points[i].step);
        status = part_figure(work, NULL, figure, points[i].central, error);
    }
    page_table_end(work->page);
    page_details_end(work->page);
    return status;
}

/* ------------------------------------------------------------------------------------------------------------------ */

/* The check with an engine and a batch; then the forms and the sweep that go with it. */
static percept_status check(StudyWork *work, const GradcheckPart *own, const Subject *subject, Checked *checked,
                            bool last, percept_error *error)
{
    const size_t count = subject->model->network.parameter_count;
    char prefix[PART_NAME_SIZE];
    snprintf(prefix, sizeof prefix, "%.40s %zu", own->prefix, checked->subject.batch->count);
    percept_status status = choose(own, (uint64_t)recipe_integer(subject->recipe, "seed"), checked, error);
    const CheckOptions options = options_of(own, checked);
    if (status == PERCEPT_OK)
        status = check_gradient(&checked->subject, &options, &checked->report, error);
    if (status == PERCEPT_OK && own->loop)
        status = compare_forms(checked, count, error);
    if (status != PERCEPT_OK)
        return status;
    tell_check(work, own, subject, checked);
    status = checked_figures(work, prefix, &checked->report, error);
    if (status == PERCEPT_OK && own->loop)
        status = tell_forms(work, prefix, checked, count, error);
    return status == PERCEPT_OK && own->sweep && last ? sweep(work, own, checked, error) : status;
}

static percept_status check_examples(StudyWork *work, const Part *part, const GradcheckPart *own,
                                     const Subject *subject, size_t index, percept_error *error)
{
    const double wanted = own->examples.items[index];
    const size_t there = subject->data.train->count;
    Engine *engine = NULL;
    if (!(wanted >= 1 && wanted <= (double)there && wanted == floor(wanted)))
        return part_refuse(work, part, error, "examples: the training part has %zu, not %g", there, wanted);
    const Batch batch = {.data = subject->data.train,
                         .scaler = &subject->model->scaler,
                         .target_scaler = &subject->model->target_scaler,
                         .count = (size_t)wanted};
    percept_status status = subject_engine(subject, NULL, batch.count, &engine, error);
    if (status == PERCEPT_OK) {
        Checked checked = {.subject = {engine, subject->parameters, &batch, subject->team}};
        status = check(work, own, subject, &checked, index + 1 == own->examples.count, error);
        check_report_clear(&checked.report);
        memory_free(checked.chosen);
        memory_free(checked.loop);
        memory_free(checked.matrix);
    }
    engine_free(engine);
    return status;
}

percept_status part_gradcheck(StudyWork *work, const Part *part, percept_error *error)
{
    GradcheckPart own;
    Subject subject = {0};
    percept_status status = read_fields(work, part, &own, error);
    if (status == PERCEPT_OK)
        status = subject_open(work, part, own.run, own.trained, &subject, error);
    if (status == PERCEPT_OK) {
        char layers[SUBJECT_TEXT_SIZE];
        subject_layers(&subject, layers);
        if (own.caption != NULL && !own.sweep)
            page_subheading(work->page, own.caption);
        page_text_format(work->page,
                         "%s with its %s weights, engine %s in float64, against the loss of the reference "
                         "engine.",
                         layers, own.trained ? "trained" : "initial", recipe_text(subject.recipe, "engine"));
    }
    for (size_t i = 0; i < own.examples.count && status == PERCEPT_OK; i++)
        status = check_examples(work, part, &own, &subject, i, error);
    subject_close(&subject);
    return status;
}
