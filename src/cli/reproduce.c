/* percept reproduce: an experiment of several runs, with its report, compared with published results. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/command.h"
#include "cli/comparison.h"
#include "cli/help_writer.h"
#include "cli/interrupt.h"
#include "cli/message.h"
#include "cli/parser.h"
#include "cli/recipes.h"
#include "cli/settings.h"
#include "cli/shell.h"
#include "cli/text.h"
#include "plot/progress.h"
#include "store/run_folder.h"
#include "study/part_kinds.h"
#include "study/reproduce.h"
#include "study/study_file.h"

static void print_parts(const HelpWriter *writer);

static const Manual manual = {
    .command = "percept reproduce",
    .example = "percept reproduce\n"
               "percept reproduce cs171-binary --out runs/five-or-eight\n"
               "percept reproduce radboud --run epochs-50 --set seed=77\n",
    .usage = "percept reproduce [NAME|FILE] [FLAG]... [--set KEY=VALUE]...\n"
             "percept reproduce --resume DIR\n",
    .text = "Repeats a published experiment from its recipe and compares the results with the\n"
            "published numbers. Without a name it lists the recipes. The folder gets\n"
            "metrics.csv, plots/, report.html, study.yaml, which repeats the experiment, and\n"
            "the runs, each in a folder of its own if there are several. --set changes a key\n"
            "in every run; a changed experiment is not compared with the published numbers.\n"
            "--resume continues an interrupted experiment and keeps finished runs.\n",
    .more = print_parts,
};

/* Where the help of a part begins. */
#define PART_COLUMN 16

static void print_parts(const HelpWriter *writer)
{
    size_t count = 0;
    const ShowKind *kinds = show_kinds(&count);
    writer->section("Parts");
    writer->paragraph("Kinds of parts, for the section `parts` of a recipe; see docs/studies.md.\n");
    writer->gap();
    for (size_t i = 0; part_kind_at(i) != NULL; i++)
        writer->entry(part_kind_at(i)->name, NULL, part_kind_at(i)->summary, PART_COLUMN);
    writer->gap();
    for (size_t i = 0; i < count; i++)
        writer->entry(kinds[i].name, NULL, kinds[i].summary, PART_COLUMN);
}

typedef struct Arguments {
    const char *name, *out, *run, *resume;
    bool force, quiet;
    Settings settings;
} Arguments;

/* ---- The list ---------------------------------------------------------------------------------------------------- */

/* Prints a line for a recipe with parts; an invalid file is reported and skipped. */
static void print_recipe(const char *folder, const char *name)
{
    percept_error error;
    char file[256], *path = NULL, *about = NULL;
    snprintf(file, sizeof file, "%s.yaml", name);
    percept_status status = file_join(folder, file, &path, &error);
    if (status == PERCEPT_OK)
        status = study_about(path, &about, &error);
    if (status != PERCEPT_OK)
        warn("%s", error.message);
    else if (about != NULL)
        printf("%-22s %.*s\n", name, (int)strcspn(about, "\n"), about);
    memory_free(about);
    memory_free(path);
}

static int list_recipes(void)
{
    percept_error error;
    char *folder = NULL, **names = NULL;
    size_t count = 0;
    percept_status status = recipes_folder(&folder, &error);
    if (status == PERCEPT_OK)
        status = recipes_list(folder, &names, &count, &error);
    for (size_t i = 0; status == PERCEPT_OK && i < count; i++)
        print_recipe(folder, names[i]);
    recipes_free(names, count);
    memory_free(folder);
    return status == PERCEPT_OK ? STATUS_DONE : fail(&error);
}

/* ---- Watching ---------------------------------------------------------------------------------------------------- */

typedef struct Watch {
    bool quiet;
    ProgressBar *bar;
} Watch;

static void watch_begin(const StudyRun *run, size_t number, size_t count, const Run *live, void *user)
{
    Watch *watch = user;
    if (watch->quiet)
        return;
    if (count > 1)
        fprintf(stderr, "run %zu of %zu: %s\n", number, count, text_plain(run->name).text);
    fprintf(stderr, "engine %s, %s, %zu threads\n", recipe_text(live->recipe, "engine"),
            recipe_text(live->recipe, "precision"), team_size(live->team));
    (void)progress_bar_create(stderr, isatty(STDERR_FILENO) == 1, &watch->bar, NULL); /* does without */
}

static int watch_progress(const percept_progress *progress, void *user)
{
    const Watch *watch = user;
    if (watch->bar != NULL)
        progress_bar_update(watch->bar, progress);
    return interrupt_signal() != 0;
}

static void watch_end(const StudyRun *run, const Run *live, void *user)
{
    Watch *watch = user;
    (void)run, (void)live;
    progress_bar_free(watch->bar);
    watch->bar = NULL;
}

/* From here on Ctrl-C ends the program at once: --resume makes again what was not finished. */
static int watch_trained(void *user)
{
    (void)user;
    interrupt_unwatch();
    return interrupt_signal() != 0;
}

static void watch_warning(const char *message, void *user)
{
    (void)user;
    warn("%s", message);
}

/* ---- What came out ------------------------------------------------------------------------------------------------ */

/* Where things lie, then the table, so that its last line is the last. */
static void print_result(const Study *study, const Published *published, const char *folder)
{
    printf("report    %s/report.html\n", text_plain(folder).text);
    if (study->run_count > 0)
        printf("metrics   %s/metrics.csv\n", text_plain(folder).text);
    printf("pictures  %s/plots\n\n", text_plain(folder).text);
    if (study->changed)
        puts("settings were changed, so nothing is compared with the published values\n0 values compared, 0 agreed");
    else
        comparison_print(published);
}

/* ---- Doing it ---------------------------------------------------------------------------------------------------- */

/* published/NAME.csv beside the recipe, or else among the program's own; released with memory_free. */
static percept_status published_path(const Study *study, char **out, percept_error *error)
{
    char *folder = NULL, file[256];
    snprintf(file, sizeof file, "published/%.200s.csv", study->name);
    percept_status status = file_beside(study->path, file, out, error);
    if (status != PERCEPT_OK || file_exists(*out) || recipes_folder(&folder, NULL) != PERCEPT_OK)
        return status;
    memory_free(*out);
    *out = NULL;
    status = file_join(folder, file, out, error);
    memory_free(folder);
    return status;
}

static int reproduce(const Arguments *arguments, Study *study)
{
    percept_error error;
    Published published = {0};
    char *folder = NULL, *path = NULL;
    Watch watch = {.quiet = arguments->quiet};
    const StudyWatcher watcher = {.begins = watch_begin,
                                  .progress = watch_progress,
                                  .ended = watch_end,
                                  .trained = watch_trained,
                                  .warns = watch_warning,
                                  .user = &watch};
    percept_status status = published_path(study, &path, &error);
    interrupt_watch();
    if (status == PERCEPT_OK) {
        const bool resume = arguments->resume != NULL;
        const StudyPlace place = {resume ? arguments->resume : arguments->out, arguments->force, resume, path};
        status = study_reproduce(study, &place, &watcher, &folder, &published, &error);
    }
    interrupt_unwatch();
    int result = STATUS_DONE;
    if (status == PERCEPT_OK) {
        if (!arguments->quiet)
            print_result(study, &published, folder);
    } else if (status == PERCEPT_ERROR_INTERRUPTED) { /* by a signal, or by a request, which counts as SIGTERM */
        const int caught = interrupt_signal();
        complain("%s; what was done is kept", caught != 0 ? "interrupted" : "stopped by request");
        fputs("continue  ", stderr);
        shell_print_command(stderr, "reproduce --resume", folder);
        result = STATUS_SIGNAL + (caught != 0 ? caught : SIGTERM);
    } else {
        result = fail(&error);
    }
    published_clear(&published);
    memory_free(folder);
    memory_free(path);
    return result;
}

/* Refuses settings that no recipe would take, before a file is asked. */
static int check_settings(const Settings *settings)
{
    percept_error error;
    percept_recipe *recipe = NULL;
    percept_status status = percept_recipe_create(&recipe, &error);
    if (status == PERCEPT_OK)
        status = settings_apply(settings, recipe, &error);
    percept_recipe_free(recipe);
    return status == PERCEPT_OK ? PARSER_GO_ON : fail_argument(manual.command, &error);
}

/* The study's file, released with memory_free. */
static int find_study(const Arguments *arguments, char **path)
{
    percept_error error;
    if (arguments->resume == NULL) {
        const percept_status status = recipes_find(arguments->name, path, &error);
        return status == PERCEPT_OK ? PARSER_GO_ON : fail_argument(manual.command, &error);
    }
    percept_status status = file_join(arguments->resume, RUN_FOLDER_STUDY, path, &error);
    if (status == PERCEPT_OK && !file_exists(*path))
        status = error_set(&error, PERCEPT_ERROR_IO,
                           "'%s' holds no " RUN_FOLDER_STUDY ", so there is nothing to resume", arguments->resume);
    return status == PERCEPT_OK ? PARSER_GO_ON : fail(&error);
}

static int open_and_reproduce(const Arguments *arguments, const char *path)
{
    percept_error error;
    const char **changes = NULL;
    Study *study = NULL;
    const size_t count = arguments->settings.count;
    percept_status status = memory_allocate(count, sizeof *changes, "the settings", &changes, &error);
    for (size_t i = 0; status == PERCEPT_OK && i < count; i++)
        changes[i] = arguments->settings.list[i].text;
    if (status == PERCEPT_OK)
        status = study_open(path, changes, count, &study, &error);
    int result = STATUS_DONE;
    if (status != PERCEPT_OK)
        result = fail(&error);
    else if (arguments->run != NULL && study_choose(study, arguments->run, &error) != PERCEPT_OK)
        result = fail_argument(manual.command, &error);
    else
        result = reproduce(arguments, study);
    study_free(study);
    memory_free(changes);
    return result;
}

static int run_study(const Arguments *arguments)
{
    char *path = NULL;
    int status = find_study(arguments, &path);
    if (status == PARSER_GO_ON)
        status = open_and_reproduce(arguments, path);
    memory_free(path);
    return status;
}

/* A resumed experiment keeps its settings. */
static int check_resumption(const Arguments *arguments)
{
    const bool more = arguments->name != NULL || arguments->out != NULL || arguments->run != NULL || arguments->force ||
                      arguments->settings.count > 0;
    if (arguments->resume == NULL || !more)
        return PARSER_GO_ON;
    return fail_usage(manual.command,
                      "--resume continues the experiment as it was started; leave out everything but --quiet");
}

int command_reproduce(int argc, char **argv)
{
    Arguments arguments = {0};
    percept_error error;
    if (settings_create(argc, &arguments.settings, &error) != PERCEPT_OK)
        return fail(&error);
    const Option options[] = {
        {"--out", "DIR", "output folder [runs/NAME-NNN, with a new number]", option_take_text, &arguments.out},
        {"--run", "RUN", "do only this run, or this group of runs", option_take_text, &arguments.run},
        {"--resume", "DIR", "continue the experiment in this folder", option_take_text, &arguments.resume},
        {"--force", NULL, "replace the experiment in DIR", option_take_switch, &arguments.force},
        {"--quiet", NULL, "print only warnings and errors", option_take_switch, &arguments.quiet},
        {"--set", "KEY=VALUE", "set a key of the recipe in every run; may be repeated", settings_take,
         &arguments.settings},
    };
    const Operand operands[] = {{"NAME|FILE", true, &arguments.name}};
    const Parser parser = {.manual = &manual,
                           .options = options,
                           .option_count = sizeof options / sizeof options[0],
                           .operands = operands,
                           .operand_count = 1};
    int status = parser_read(&parser, argc, argv);
    if (status == PARSER_GO_ON)
        status = check_resumption(&arguments);
    if (status == PARSER_GO_ON)
        status = check_settings(&arguments.settings);
    if (status == PARSER_GO_ON)
        status = arguments.name == NULL && arguments.resume == NULL ? list_recipes() : run_study(&arguments);
    settings_clear(&arguments.settings);
    return status;
}
