/* How long an epoch of plain descent takes in the loop form (the engine is called for each example, and the gradients are
 * added), in the matrix form (once for each minibatch), and with the fast engine:
 *
 *   - timing: {run: NAME, examples: 10000}
 *
 * Data, network, batch size and learning rate are the run's; examples are taken in file order, all of the training part
 * unless `examples` says otherwise. Results: "loop_seconds", "matrix_seconds", "fast_seconds", "loop / matrix", "matrix
 * / fast", and "forms apart", the largest difference of any parameter after the epoch. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "check/check.h"
#include "study/cells.h"
#include "study/part_runs.h"
#include "study/subject.h"

typedef struct TimingPart {
    const char *caption, *run;
    uint64_t examples;
} TimingPart;

/* The three ways; each has its own parameters. */
enum { LOOP, MATRIX, FAST, WAYS };
static const char *const way_names[WAYS] = {"loop form", "matrix form", "fast engine"};
static const char *const way_engines[WAYS] = {"reference", "reference", "cpu"};
static const char *const way_figures[WAYS] = {"loop_seconds", "matrix_seconds", "fast_seconds"};

typedef struct Timing {
    Subject subject;
    size_t examples, batch_size;
    double learning_rate;
    double *parameters[WAYS], seconds[WAYS];
    double *sum, *gradient; /* of the loop form */
} Timing;

static percept_status prepare(const TimingPart *own, Timing *timing, percept_error *error)
{
    const size_t there = timing->subject.data.train->count, count = timing->subject.model->network.value_count;
    double **const vectors[] = {&timing->parameters[LOOP], &timing->parameters[MATRIX], &timing->parameters[FAST],
                                &timing->sum, &timing->gradient};
    percept_status status = PERCEPT_OK;
    if (check_mixes_examples(&timing->subject.model->network))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "timing: batch norm takes in all examples of a batch, so there is no loop form");
    timing->examples = own->examples > 0 && own->examples < there ? (size_t)own->examples : there;
    timing->batch_size = (size_t)recipe_integer(timing->subject.recipe, "train.batch_size");
    if (timing->batch_size > timing->examples)
        timing->batch_size = timing->examples;
    timing->learning_rate = recipe_is_set(timing->subject.recipe, "train.learning_rate")
                                ? recipe_number(timing->subject.recipe, "train.learning_rate")
                                : 0.1;
    for (size_t v = 0; v < sizeof vectors / sizeof vectors[0] && status == PERCEPT_OK; v++)
        status = memory_allocate(count, sizeof(double), "parameters", vectors[v], error);
    for (size_t w = 0; w < WAYS && status == PERCEPT_OK; w++)
        memcpy(timing->parameters[w], timing->subject.parameters, count * sizeof(double));
    return status;
}

/* One minibatch, example by example: p ← p - η/n Σ_i g_i, or without the 1/n where losses are summed. */
static void loop_step(Timing *timing, Engine *engine, Batch batch)
{
    const Network *network = &timing->subject.model->network;
    const size_t count = network->parameter_count, first = batch.first, examples = batch.count;
    double *parameters = timing->parameters[LOOP], *sum = timing->sum;
    const double *gradient = timing->gradient;
    const double factor = timing->learning_rate / (network->sum ? 1 : (double)examples);
    EngineSums sums;
    memset(sum, 0, count * sizeof *sum);
    batch.count = 1;
    for (size_t i = 0; i < examples; i++) {
        batch.first = first + i;
        engine_gradient(engine, parameters, &batch, timing->gradient, NULL, &sums);
        for (size_t p = 0; p < count; p++)
            sum[p] += gradient[p];
    }
    for (size_t p = 0; p < count; p++)
        parameters[p] -= factor * sum[p];
}

static percept_status run_epoch(Timing *timing, int way, percept_error *error)
{
    const EngineUpdate update = {.learning_rate = timing->learning_rate};
    struct timespec start, end;
    Engine *engine = NULL;
    EngineSums sums;
    percept_status status =
        subject_engine(&timing->subject, way_engines[way], way == LOOP ? 1 : timing->batch_size, &engine, error);
    if (status != PERCEPT_OK)
        return status;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (size_t first = 0; first < timing->examples; first += timing->batch_size) {
        const size_t left = timing->examples - first;
        const Batch batch = {.data = timing->subject.data.train,
                             .scaler = &timing->subject.model->scaler,
                             .target_scaler = &timing->subject.model->target_scaler,
                             .first = first,
                             .count = left < timing->batch_size ? left : timing->batch_size};
        if (way == LOOP)
            loop_step(timing, engine, batch);
        else
            engine_step(engine, timing->parameters[way], &batch, &update, &sums);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    timing->seconds[way] = (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec);
    engine_free(engine);
    return PERCEPT_OK;
}

/* The largest difference of any parameter between the first way and another. */
static double find_apart(const Timing *timing, int way)
{
    double apart = 0;
    for (size_t p = 0; p < timing->subject.model->network.parameter_count; p++) {
        const double difference = fabs(timing->parameters[way][p] - timing->parameters[LOOP][p]);
        apart = isnan(difference) ? INFINITY : fmax(apart, difference);
    }
    return apart;
}

static percept_status add_figures(StudyWork *work, const Timing *timing, percept_error *error)
{
    const double *seconds = timing->seconds;
    const struct {
        const char *name;
        double value;
    } figures[] = {
        {way_figures[LOOP], seconds[LOOP]},
        {way_figures[MATRIX], seconds[MATRIX]},
        {way_figures[FAST], seconds[FAST]},
        {"loop / matrix", seconds[LOOP] / seconds[MATRIX]},
        {"matrix / fast", seconds[MATRIX] / seconds[FAST]},
        {"forms apart", fmax(find_apart(timing, MATRIX), find_apart(timing, FAST))},
    };
    percept_status status = PERCEPT_OK;
    for (size_t f = 0; f < sizeof figures / sizeof figures[0] && status == PERCEPT_OK; f++)
        status = part_figure(work, NULL, figures[f].name, figures[f].value, error);
    return status;
}

static void report(const StudyWork *work, const TimingPart *own, const Timing *timing)
{
    static const char *const columns[] = {"form", "engine", "seconds", "examples/s", "faster", "apart"};
    char layers[SUBJECT_TEXT_SIZE];
    Cells cells = {0};
    const size_t threads = team_size(timing->subject.team);
    subject_layers(&timing->subject, layers);
    if (own->caption != NULL)
        page_subheading(work->page, own->caption);
    page_text_format(work->page,
                     "One epoch of %s over %zu examples in minibatches of %zu, in float64, on %zu thread%s. The loop "
                     "form calls the reference engine for one example at a time and adds the gradients.",
                     layers, timing->examples, timing->batch_size, threads, threads == 1 ? "" : "s");
    cells_table(work->page, "\"faster\" is against the loop form; \"apart\" is the largest difference of any parameter",
                columns, sizeof columns / sizeof columns[0], 2);
    for (int w = 0; w < WAYS; w++) {
        cells_add(&cells, "%s", way_names[w]);
        cells_add(&cells, "%s", way_engines[w]);
        cells_number(&cells, timing->seconds[w], 4);
        cells_add(&cells, "%.0f", (double)timing->examples / timing->seconds[w]);
        cells_add(&cells, "%.1f \xC3\x97", timing->seconds[LOOP] / timing->seconds[w]);
        if (w != LOOP)
            cells_apart(&cells, find_apart(timing, w));
        else
            cells_add(&cells, " ");
        cells_row(&cells, work->page, PAGE_PLAIN);
    }
    page_table_end(work->page);
}

percept_status part_timing(StudyWork *work, const Part *part, percept_error *error)
{
    TimingPart own = {0};
    Timing timing = {0};
    const Field fields[] = {
        {"run", &own.run, FIELD_TEXT, false},
        {"examples", &own.examples, FIELD_COUNT, false},
        {"caption", &own.caption, FIELD_TEXT, false},
    };
    percept_status status = part_read(work, part, fields, sizeof fields / sizeof fields[0], error);
    if (status == PERCEPT_OK)
        status = subject_open(work, part, own.run, false, &timing.subject, error);
    if (status == PERCEPT_OK)
        status = prepare(&own, &timing, error);
    for (int w = 0; w < WAYS && status == PERCEPT_OK; w++)
        status = run_epoch(&timing, w, error);
    if (status == PERCEPT_OK)
        status = add_figures(work, &timing, error);
    if (status == PERCEPT_OK)
        report(work, &own, &timing);
    for (int w = 0; w < WAYS; w++)
        memory_free(timing.parameters[w]);
    memory_free(timing.sum);
    memory_free(timing.gradient);
    subject_close(&timing.subject);
    return status;
}
