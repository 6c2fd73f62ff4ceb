/* percept gradcheck: is the gradient the derivative of the loss? */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/memory.h"
#include "check/differences.h"
#include "cli/command.h"
#include "cli/gradcheck_arguments.h"
#include "cli/gradcheck_report.h"
#include "cli/message.h"
#include "cli/options.h"
#include "cli/run_source.h"
#include "cli/settings.h"
#include "cli/text.h"
#include "engine/kinds.h"
#include "model/model.h"
#include "plot/sweep.h"
#include "recipe/experiment.h"

/* Minibatches whose gradient is computed in both forms, without --examples. */
#define LOOP_EXAMPLES 10

/* What a check holds. */
typedef struct Job {
    const GradcheckArguments *arguments;
    percept_recipe *recipe;
    percept_data data;
    percept_model *model;
    Team *team;
    Engine *engine;
    double *parameters;
    uint8_t *chosen;
    Batch batch;
    GradcheckReport report;
    percept_error *error;
} Job;

/* ---- Subject ------------------------------------------------------------------------------------------------ */

/* The key that a setting is about: "data.name" of --data as of --set data.name=… */
static bool is_about(const Setting *setting, const char *prefix)
{
    return strncmp(setting->key != NULL ? setting->key : setting->text, prefix, strlen(prefix)) == 0;
}

/* A trained network is as it is, and a model without a run does not say on what data. */
static percept_status check_settings(const Job *job, percept_error *error)
{
    const Settings *settings = &job->arguments->settings;
    bool data = job->recipe != NULL;
    for (size_t i = 0; i < settings->count; i++) {
        data = data || is_about(&settings->list[i], "data.name");
        if (is_about(&settings->list[i], "model."))
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "%s: '%s' is a trained model, whose network cannot be changed", settings->list[i].flag,
                             job->arguments->source);
    }
    return data ? PERCEPT_OK
                : error_set(error, PERCEPT_ERROR_ARGUMENT,
                            "'%s' is a model file without a run; give the data with --data NAME|FILE",
                            job->arguments->source);
}

/* The recipe, with what the command line sets; of something trained also the model. */
static int read_source(Job *job)
{
    const char *source = job->arguments->source;
    percept_status status = PERCEPT_OK;
    job->report.trained = run_source_is_trained(source);
    if (job->report.trained) {
        status = run_source_open(source, &job->model, &job->recipe, job->error);
        if (status == PERCEPT_OK)
            status = check_settings(job, job->error);
    } else if (source != NULL) {
        status = percept_recipe_load(source, &job->recipe, job->error);
    }
    if (status == PERCEPT_OK && job->recipe == NULL)
        status = percept_recipe_create(&job->recipe, job->error);
    if (status != PERCEPT_OK) {
        fail(job->error);
        return STATUS_FAILED;
    }
    if (settings_apply(&job->arguments->settings, job->recipe, job->error) != PERCEPT_OK)
        return fail_argument(GRADCHECK_COMMAND, job->error);
    return STATUS_DONE;
}

/* Data, model and its parameters in float64. */
static percept_status prepare_model(Job *job)
{
    percept_status status = recipe_set(job->recipe, "precision", "float64", NULL, job->error);
    if (status == PERCEPT_OK)
        status = percept_data_load(job->recipe, &job->data, job->error);
    if (status == PERCEPT_OK && job->model == NULL)
        status = percept_model_create(job->recipe, &job->data, &job->model, job->error);
    if (status == PERCEPT_OK)
        status = model_check_data(job->model, job->data.train, job->error);
    return status == PERCEPT_OK ? model_parameters_f64(job->model, &job->parameters, job->error) : status;
}

/* The first examples of the training part, `fallback` of them where nothing is said. */
static percept_status choose_examples(Job *job, size_t fallback)
{
    const char *examples = job->arguments->examples;
    const size_t there = job->data.train->count;
    size_t count = fallback < there ? fallback : there;
    if (examples != NULL && strcmp(examples, "batch") == 0) {
        const size_t batch = (size_t)recipe_integer(job->recipe, "train.batch_size");
        count = batch < there ? batch : there;
    } else if (examples != NULL) {
        percept_status status =
            option_take_count(&(Option){.flag = "--examples", .target = &count}, examples, job->error);
        if (status != PERCEPT_OK)
            return status;
    }
    if (count > there)
        return error_set(job->error, PERCEPT_ERROR_ARGUMENT, "--examples %zu: the training part has %zu", count, there);
    job->batch = (Batch){.data = job->data.train,
                         .scaler = &job->model->scaler,
                         .target_scaler = &job->model->target_scaler,
                         .count = count};
    return PERCEPT_OK;
}

static CheckSubject subject_of(const Job *job)
{
    return (CheckSubject){job->engine, job->parameters, &job->batch, job->team};
}

/* Team, engine, and the list of what to check. */
static percept_status prepare_check(Job *job)
{
    const size_t fallback = job->arguments->loop ? LOOP_EXAMPLES : check_default_examples(&job->model->network);
    percept_status status = choose_examples(job, fallback);
    if (status == PERCEPT_OK)
        status = team_create((size_t)recipe_integer(job->recipe, "threads"), &job->team, job->error);
    if (status != PERCEPT_OK)
        return status;
    const EngineConfig config = {.network = &job->model->network,
                                 .precision = PERCEPT_FLOAT64,
                                 .batch_capacity = job->batch.count,
                                 .training = true,
                                 .team = job->team};
    job->report.engine = recipe_text(job->recipe, "engine");
    job->report.model = job->model;
    job->report.data = recipe_text(job->recipe, "data.name");
    job->report.whole = job->arguments->all;
    job->report.examples = job->batch.count;
    status = engine_create(engine_kind_find(job->report.engine), &config, &job->engine, job->error);
    if (status == PERCEPT_OK) {
        const CheckSubject subject = subject_of(job);
        RandomStream stream;
        random_default_rng(&stream, (uint64_t)recipe_integer(job->recipe, "seed"));
        status = check_select(&subject, &job->arguments->selection, &stream, &job->chosen, job->error);
    }
    return status;
}

/* ---- Checking ------------------------------------------------------------------------------------------------------ */

static double seconds_since(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + 1e-9 * (double)(now.tv_nsec - start->tv_nsec);
}

/* Files and picture; that the picture could not be drawn spoils nothing else. */
static percept_status write_files(Job *job)
{
    const char *folder = job->arguments->out;
    percept_error error;
    percept_status status = file_make_folder(folder, job->error);
    if (status == PERCEPT_OK)
        status = gradcheck_write_csv(&job->report, folder, job->error);
    if (status == PERCEPT_OK && job->arguments->sweep &&
        plot_sweep(folder, job->report.points, CHECK_POINTS, &error) != PERCEPT_OK)
        warn("the sweep was not drawn: %s", error.message);
    return status;
}

static int check(Job *job)
{
    const GradcheckArguments *arguments = job->arguments;
    const CheckSubject subject = subject_of(job);
    const CheckOptions options = {arguments->method, arguments->step, arguments->selection.inputs, job->chosen};
    GradcheckReport *report = &job->report;
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    percept_status status = check_gradient(&subject, &options, &report->check, job->error);
    if (status == PERCEPT_OK)
        fprintf(stderr, "%s gradients checked in %.2f s\n", text_count(report->check.entry_count).text,
                seconds_since(&start));
    if (status == PERCEPT_OK && arguments->sweep) {
        status = check_sweep(&subject, &options, report->points, job->error);
        report->point_count = CHECK_POINTS;
    }
    if (status == PERCEPT_OK && arguments->out != NULL)
        status = write_files(job);
    if (status == PERCEPT_OK && arguments->json)
        status = gradcheck_print_json(report, NULL, 0, job->error);
    if (status != PERCEPT_OK)
        return fail(job->error);
    if (!arguments->json)
        gradcheck_print(report);
    return report->check.all.counts[CHECK_WRONG] > 0 ? STATUS_FAILED : STATUS_DONE;
}

/* One size of minibatch. */
static percept_status compare_forms(Job *job, size_t examples, LoopReport *out)
{
    const size_t count = job->model->network.parameter_count;
    percept_status status = memory_allocate(count, sizeof(double), "a gradient", &out->loop, job->error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, sizeof(double), "a gradient", &out->matrix, job->error);
    job->batch.count = out->examples = examples;
    const CheckSubject subject = subject_of(job);
    if (status == PERCEPT_OK)
        status = check_loop(&subject, out->loop, out->matrix, job->error);
    for (size_t p = 0; p < count && status == PERCEPT_OK; p++) {
        const double error = fabs(out->loop[p] - out->matrix[p]);
        out->largest = isnan(error) ? INFINITY : fmax(out->largest, error);
        out->scale = fmax(out->scale, fabs(out->matrix[p]));
    }
    out->equal = out->largest <= CHECK_COMPLEX_TOLERANCE * out->scale;
    return status;
}

static int check_forms(Job *job)
{
    LoopReport loops[2] = {{0}, {0}};
    const size_t sizes[2] = {1, job->batch.count}, count = sizes[1] > 1 ? 2 : 1;
    percept_status status = PERCEPT_OK;
    bool equal = true;
    for (size_t i = 0; i < count && status == PERCEPT_OK; i++) {
        status = compare_forms(job, sizes[i], &loops[i]);
        equal = equal && loops[i].equal;
    }
    if (status == PERCEPT_OK && job->arguments->json)
        status = gradcheck_print_json(&job->report, loops, count, job->error);
    for (size_t i = 0; i < count; i++) {
        if (status == PERCEPT_OK && !job->arguments->json) {
            if (i > 0)
                putchar('\n');
            gradcheck_print_loop(&job->report, &loops[i], job->chosen);
        }
        memory_free(loops[i].loop);
        memory_free(loops[i].matrix);
    }
    if (status != PERCEPT_OK)
        return fail(job->error);
    return equal ? STATUS_DONE : STATUS_FAILED;
}

static int run_job(Job *job)
{
    const int status = read_source(job);
    if (status != STATUS_DONE)
        return status;
    if (prepare_model(job) != PERCEPT_OK || prepare_check(job) != PERCEPT_OK)
        return fail(job->error);
    return job->arguments->loop ? check_forms(job) : check(job);
}

static void job_clear(Job *job)
{
    check_report_clear(&job->report.check);
    engine_free(job->engine);
    team_free(job->team);
    memory_free(job->chosen);
    memory_free(job->parameters);
    percept_model_free(job->model);
    percept_data_free(&job->data);
    percept_recipe_free(job->recipe);
}

int command_gradcheck(int argc, char **argv)
{
    GradcheckArguments arguments = {.method = CHECK_CENTRAL};
    percept_error error;
    Job job = {.arguments = &arguments, .error = &error};
    int status = gradcheck_arguments_read(argc, argv, &arguments);
    if (status == PARSER_GO_ON) {
        status = run_job(&job);
        job_clear(&job);
    }
    settings_clear(&arguments.settings);
    return status;
}
