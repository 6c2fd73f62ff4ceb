/* percept train: from a recipe to a run folder. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/team.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/message.h"
#include "cli/options.h"
#include "cli/settings.h"
#include "cli/train_report.h"
#include "plot/curves.h"
#include "plot/progress.h"
#include "recipe/recipe.h"
#include "store/metrics_log.h"
#include "store/run_folder.h"

static const Manual manual = {
    .command = "percept train",
    .example = "percept train --data fashion-mnist --layers 784-64-10 --epochs 5\n"
               "percept train recipe.yaml --learning-rate 0.01 --out runs/slow\n",
    .usage = "percept train [RECIPE] [FLAG]... [--set KEY=VALUE]...\n",
    .text = "Trains a network as a recipe says (YAML; without one, with the defaults below)\n"
            "and keeps in a run folder: recipe.yaml, which repeats the run to the bit,\n"
            "metrics.csv, model.safetensors, summary.json, plots/. The best epoch on the\n"
            "validation part is kept; the test part is read once, after training.\n"
            "What the command line sets wins over the recipe.\n",
    .more = settings_print_keys,
};

typedef struct TrainArguments {
    const char *recipe, *out;
    bool force, quiet, no_plot;
    Settings settings;
} TrainArguments;

/* What a training holds. */
typedef struct Job {
    const TrainArguments *arguments;
    percept_recipe *recipe;
    percept_data data;
    percept_model *model;
    char *folder;
    MetricsLog *log;
    ProgressBar *bar;
    percept_error *error;
    percept_status log_status;
    TrainReport report;
} Job;

/* ---- Arguments ------------------------------------------------------------------------------------------------- */

static int read_arguments(int argc, char **argv, TrainArguments *out)
{
    const Option own[] = {
        {"--out", "DIR", "the run folder [runs/NAME-NNN, a new number]", option_take_text, &out->out},
        {"--force", NULL, "replace the run that DIR holds", option_take_switch, &out->force},
        {"--quiet", NULL, "no progress; warnings and errors only", option_take_switch, &out->quiet},
        {"--no-plot", NULL, "draw no curves", option_take_switch, &out->no_plot},
        {"--set", "KEY=VALUE", "set a key of the recipe; as often as you like", settings_take, &out->settings},
    };
    const Operand operands[] = {{"RECIPE", true, &out->recipe}};
    const size_t own_count = sizeof own / sizeof own[0];
    Option *options = NULL;
    percept_error error;
    if (settings_create(argc, &out->settings, &error) != PERCEPT_OK ||
        memory_allocate(own_count + settings_options(NULL, NULL), sizeof *options, "the flags", &options, &error) !=
            PERCEPT_OK)
        return fail(&error);
    memcpy(options, own, sizeof own);
    const Parser parser = {.manual = &manual,
                           .options = options,
                           .option_count = own_count + settings_options(&out->settings, options + own_count),
                           .operands = operands,
                           .operand_count = 1};
    const int status = parser_read(&parser, argc, argv);
    memory_free(options);
    return status;
}

/* The recipe, with what the command line sets. */
static int read_recipe(Job *job)
{
    const TrainArguments *arguments = job->arguments;
    percept_status status = arguments->recipe != NULL ? percept_recipe_load(arguments->recipe, &job->recipe, job->error)
                                                      : percept_recipe_create(&job->recipe, job->error);
    if (status != PERCEPT_OK)
        return fail(job->error);
    status = settings_apply(&arguments->settings, job->recipe, job->error);
    return status == PERCEPT_OK ? STATUS_DONE : fail_usage(manual.command, "%s", job->error->message);
}

/* ---- Training -------------------------------------------------------------------------------------------------- */

/* Data, model and folder. The folder comes last, so that whatever is refused before leaves nothing behind. */
static percept_status prepare(Job *job)
{
    const TrainArguments *arguments = job->arguments;
    percept_status status = percept_data_load(job->recipe, &job->data, job->error);
    if (status == PERCEPT_OK)
        status = percept_model_create(job->recipe, &job->data, &job->model, job->error);
    if (status == PERCEPT_OK)
        status = run_folder_create(arguments->out, recipe_text(job->recipe, "name"), arguments->force, &job->folder,
                                   job->error);
    return status;
}

/* Files, head and progress bar, ready for the first step. */
static percept_status begin(Job *job)
{
    char *path = NULL;
    Team *team = NULL;
    percept_status status = file_join(job->folder, "recipe.yaml", &path, job->error);
    if (status == PERCEPT_OK)
        status = recipe_write(job->recipe, path, job->error);
    if (status == PERCEPT_OK)
        status = metrics_log_open(job->folder, percept_model_classes(job->model) > 0, job->data.valid != NULL,
                                  &job->log, job->error);
    if (status == PERCEPT_OK && !job->arguments->quiet)
        status = progress_bar_create(stderr, isatty(STDERR_FILENO) == 1, &job->bar, job->error);
    if (status == PERCEPT_OK)
        status = team_create((size_t)recipe_integer(job->recipe, "threads"), &team, job->error);
    job->report.recipe = job->recipe;
    job->report.data = &job->data;
    job->report.model = job->model;
    job->report.folder = job->folder;
    if (status == PERCEPT_OK && !job->arguments->quiet)
        report_head(&job->report, team_size(team));
    team_free(team);
    memory_free(path);
    return status;
}

static int observe(const percept_progress *progress, void *user)
{
    Job *job = user;
    if (job->bar != NULL)
        progress_bar_update(job->bar, progress);
    if (progress->epoch_done)
        job->log_status = metrics_log_add(job->log, progress, job->error);
    return job->log_status != PERCEPT_OK || interrupt_signal() != 0;
}

/* Trains; *caught is the signal that ended it early, or 0. */
static percept_status train(Job *job, int *caught)
{
    percept_error error;
    interrupt_watch();
    percept_status status =
        percept_model_train(job->model, job->recipe, &job->data, observe, job, &job->report.result, &error);
    interrupt_unwatch();
    *caught = interrupt_signal();
    progress_bar_free(job->bar);
    job->bar = NULL;
    if (job->log_status != PERCEPT_OK) /* job->error says why */
        return job->log_status;
    if (status != PERCEPT_OK)
        *job->error = error;
    if (status == PERCEPT_ERROR_INTERRUPTED && *caught != 0)
        status = PERCEPT_OK;
    percept_error ignored;
    percept_status closed = metrics_log_close(job->log, status == PERCEPT_OK ? job->error : &ignored);
    job->log = NULL;
    return status == PERCEPT_OK ? closed : status;
}

static percept_status save_model(Job *job)
{
    char *path = NULL;
    percept_status status = file_join(job->folder, "model.safetensors", &path, job->error);
    if (status == PERCEPT_OK)
        status = percept_model_save(job->model, path, job->error);
    memory_free(path);
    return status;
}

/* Test part, summary, curves. That the curves could not be drawn spoils nothing else. */
static percept_status finish(Job *job)
{
    TrainReport *report = &job->report;
    percept_status status = PERCEPT_OK;
    if (job->data.test != NULL)
        status = percept_model_evaluate(job->model, job->data.test, (size_t)recipe_integer(job->recipe, "threads"),
                                        &report->test, job->error);
    if (status == PERCEPT_OK)
        status = run_folder_write_summary(job->folder, &report->result, job->data.test != NULL ? &report->test : NULL,
                                          job->error);
    if (status != PERCEPT_OK || job->arguments->no_plot)
        return status;
    percept_error error;
    report->curves = plot_curves(job->folder, report->result.best_epoch, &error) == PERCEPT_OK;
    if (!report->curves)
        warn("no curves were drawn: %s", error.message);
    return PERCEPT_OK;
}

static int run_job(Job *job)
{
    int caught = 0;
    const int status = read_recipe(job);
    if (status != STATUS_DONE)
        return status;
    if (prepare(job) != PERCEPT_OK || begin(job) != PERCEPT_OK)
        return fail(job->error);
    if (train(job, &caught) != PERCEPT_OK) {
        complain("%s", job->error->message);
        fprintf(stderr, "kept      %s/recipe.yaml and metrics.csv, no model\n", job->folder);
        return STATUS_FAILED;
    }
    if ((caught == 0 || job->report.result.epochs > 0) && save_model(job) != PERCEPT_OK)
        return fail(job->error);
    if (!job->arguments->quiet)
        report_speed(&job->report);
    if (caught != 0) {
        report_interrupt(&job->report);
        return STATUS_SIGNAL + caught;
    }
    if (finish(job) != PERCEPT_OK)
        return fail(job->error);
    report_result(&job->report);
    return STATUS_DONE;
}

static void job_clear(Job *job)
{
    percept_recipe_free(job->recipe);
    percept_data_free(&job->data);
    percept_model_free(job->model);
    memory_free(job->folder);
    metrics_log_close(job->log, NULL);
    progress_bar_free(job->bar);
    percept_metrics_clear(&job->report.test);
}

int command_train(int argc, char **argv)
{
    TrainArguments arguments = {0};
    percept_error error;
    Job job = {.arguments = &arguments, .error = &error};
    int status = read_arguments(argc, argv, &arguments);
    if (status == PARSER_GO_ON) {
        status = run_job(&job);
        job_clear(&job);
    }
    settings_clear(&arguments.settings);
    return status;
}
