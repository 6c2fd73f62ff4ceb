/* percept search: arguments, and the search from its space to its winner. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/command.h"
#include "cli/help_writer.h"
#include "cli/interrupt.h"
#include "cli/message.h"
#include "cli/parser.h"
#include "cli/search_live.h"
#include "cli/search_report.h"
#include "cli/search_space.h"
#include "cli/settings.h"
#include "cli/shell.h"
#include "cli/text.h"
#include "dist/launcher.h"
#include "plot/curves.h"
#include "plot/progress.h"
#include "search/search.h"
#include "search/strategy.h"

static void print_keys(const HelpWriter *writer);

static const Manual manual = {
    .command = "percept search",
    .example = "percept search digits\n"
               "percept search credit.csv --label Status --minutes 5\n"
               "percept search space.yaml --strategy halving --trials 64 --out runs/wide\n"
               "percept search --resume runs/wide\n",
    .usage = "percept search SPACE [FLAG]... [--set KEY=VALUE]...\n"
             "percept search --resume DIR [--minutes N]\n",
    .text = "Tries many settings and keeps the best, judged on the validation set. SPACE is a\n"
            "recipe with a section `space` (docs/searches.md), the name of one that comes\n"
            "with the program, or data: a file that `percept train --data` takes, or the name\n"
            "of a dataset. They are split as for `percept train`.\n"
            "\n"
            "A CSV file is searched around the preset for tables (docs/tables.md): first the\n"
            "preset with several seeds, then changes of the best trials. The winner is an\n"
            "ensemble of the best of them, one model file. With --minutes the search ends\n"
            "after this time, winner included. recipes/search/tabular.yaml is its space.\n"
            "Other data are searched over depth, widths, dropout, learning rate, batch size\n"
            "and weight decay by halving (recipes/search/table.yaml).\n"
            "\n"
            "Runs one single-threaded training per core; results do not depend on the\n"
            "number, unless --minutes ends the search. The best setting is trained again into\n"
            "DIR/best; with --ensemble, networks of the best trials become one model there.\n"
            "Only this winner is measured on the test set.\n"
            "\n"
            "DIR gets space.yaml, which repeats the search, and results.csv with one line per\n"
            "trial. Everything else is in the database percept.db beside DIR. --resume\n"
            "continues an interrupted search, with the same results as without the\n"
            "interruption. With --minutes it continues a search that has ended, too.\n",
    .more = print_keys,
};

#define KEY_COLUMN 30

static void print_keys(const HelpWriter *writer)
{
    char range[RECIPE_DESCRIPTION_SIZE], line[2 * RECIPE_DESCRIPTION_SIZE];
    writer->section("Strategies");
    for (size_t i = 0; strategy_at(i) != NULL; i++)
        writer->entry(strategy_at(i)->name, NULL, strategy_at(i)->summary, KEY_COLUMN);
    writer->section("Keys");
    writer->paragraph("Keys of the section `search`, for --set. Keys of the recipe can be set as well\n"
                      "(percept train --help-all), except those that your own space varies. [default]\n");
    writer->gap();
    for (size_t i = 0; search_key_at(i) != NULL; i++) {
        const Key *key = search_key_at(i);
        recipe_describe(key, range, sizeof range);
        snprintf(line, sizeof line, "%s; %s [%s]", key->help, range,
                 key->fallback != NULL ? key->fallback : key->unset);
        writer->entry(key->name, NULL, line, KEY_COLUMN);
    }
}

typedef struct Arguments {
    const char *space, *out, *resume;
    size_t jobs;
    bool force, quiet, json, no_best;
    SearchChange *changes;
    size_t change_count;
    double minutes; /* of a search that is continued; NAN: its own */
} Arguments;

/* ---- Arguments --------------------------------------------------------------------------------------------------- */

/* A key of the search, or of the recipe; NULL for --set. */
static const char *key_of_flag(const char *flag)
{
    for (size_t i = 0; search_key_at(i) != NULL; i++)
        if (search_key_at(i)->flag != NULL && strcmp(search_key_at(i)->flag, flag) == 0)
            return search_key_at(i)->name;
    for (size_t i = 0; recipe_key_at(i) != NULL; i++)
        if (recipe_key_at(i)->flag != NULL && strcmp(recipe_key_at(i)->flag, flag) == 0)
            return recipe_key_at(i)->name;
    return NULL;
}

static percept_status take_change(const Option *option, const char *value, percept_error *error)
{
    Arguments *arguments = option->target;
    (void)error;
    arguments->changes[arguments->change_count++] = (SearchChange){option->flag, key_of_flag(option->flag), value};
    return PERCEPT_OK;
}

/* The flags of the search's keys behind the command's own, then those that say how a file is read and split. */
#define OWN_OPTIONS 8
#define PART_KEYS                                                                                                      \
    "data.group", "data.time", "data.split", "data.validation", "data.test", "data.validation_file", "data.test_file"
#define PART_COUNT 7
#define DATA_OPTIONS (SETTINGS_COLUMN_COUNT + SETTINGS_TABLE_COUNT + PART_COUNT)
#define MOST_OPTIONS (OWN_OPTIONS + SETTINGS_MOST + DATA_OPTIONS)

static size_t add_key_options(Arguments *arguments, Option *options)
{
    static const char *const data_keys[] = {SETTINGS_COLUMN_KEYS, SETTINGS_TABLE_KEYS, PART_KEYS};
    size_t count = 0;
    for (size_t i = 0; search_key_at(i) != NULL; i++) {
        const Key *key = search_key_at(i);
        if (key->flag != NULL)
            options[count++] =
                (Option){key->flag, key->type == KEY_CHOICE ? "NAME" : "N", key->help, take_change, arguments};
    }
    for (size_t k = 0; k < DATA_OPTIONS; k++) {
        const Key *key = recipe_key_find(data_keys[k]);
        options[count++] = (Option){key->flag, settings_value_name(key), key->help, take_change, arguments};
    }
    return count;
}

static int read_arguments(int argc, char **argv, Arguments *out)
{
    percept_error error;
    Option options[MOST_OPTIONS] = {
        {"--jobs", "N", "trainings at once; results do not depend on the number [one per core]", option_take_count,
         &out->jobs},
        {"--out", "DIR", "output folder [runs/NAME-NNN, with a new number]", option_take_text, &out->out},
        {"--resume", "DIR", "continue the search in this folder", option_take_text, &out->resume},
        {"--force", NULL, "replace the search or run in DIR", option_take_switch, &out->force},
        {"--no-best", NULL, "do not train the winner again", option_take_switch, &out->no_best},
        {"--json", NULL, "print the results as JSON", option_take_switch, &out->json},
        {"--quiet", NULL, "print only warnings and errors", option_take_switch, &out->quiet},
        {"--set", "KEY=VALUE", "set a key of the recipe or of the search; may be repeated", take_change, out},
    };
    if (memory_allocate((size_t)argc, sizeof *out->changes, "the settings", &out->changes, &error) != PERCEPT_OK)
        return fail(&error);
    const Operand operands[] = {{"SPACE", true, &out->space}};
    const Parser parser = {.manual = &manual,
                           .options = options,
                           .option_count = OWN_OPTIONS + add_key_options(out, options + OWN_OPTIONS),
                           .operands = operands,
                           .operand_count = 1};
    return parser_read(&parser, argc, argv);
}

/* --minutes beside --resume: a limit for this session. It becomes the first change. */
static int read_minutes(Arguments *arguments)
{
    percept_error error;
    for (size_t i = 0; arguments->resume != NULL && i < arguments->change_count; i++) {
        const SearchChange change = arguments->changes[i];
        if (change.key == NULL || strcmp(change.key, "search.minutes") != 0)
            continue;
        SearchSettings settings;
        percept_status status = search_settings_create(&settings, &error);
        if (status == PERCEPT_OK)
            status = search_settings_set(&settings, change.key, change.text, change.flag, &error);
        if (status == PERCEPT_OK)
            arguments->minutes = search_setting_number(&settings, "minutes");
        search_settings_clear(&settings);
        arguments->changes[i] = arguments->changes[0];
        arguments->changes[0] = change;
        if (status != PERCEPT_OK)
            return fail_argument(manual.command, &error);
    }
    return PARSER_GO_ON;
}

static int check_arguments(const Arguments *arguments)
{
    if (arguments->space == NULL && arguments->resume == NULL)
        return fail_usage(manual.command, "SPACE is missing");
    if (arguments->resume == NULL)
        return PARSER_GO_ON;
    if (arguments->space != NULL || arguments->out != NULL || arguments->force ||
        arguments->change_count > (isnan(arguments->minutes) ? 0 : 1))
        return fail_usage(manual.command,
                          "--resume continues the search in its own folder with its own space; leave out %s",
                          arguments->space != NULL    ? "SPACE"
                          : arguments->out != NULL    ? "--out"
                          : arguments->force          ? "--force"
                          : isnan(arguments->minutes) ? arguments->changes[0].flag
                                                      : arguments->changes[1].flag);
    return PARSER_GO_ON;
}

static int read_space(const Arguments *arguments, Space **out)
{
    percept_error error;
    bool wrong_usage = false;
    if (search_space_find(arguments->space, arguments->changes, arguments->change_count, out, &wrong_usage, &error) ==
        PERCEPT_OK)
        return PARSER_GO_ON;
    return wrong_usage ? fail_argument(manual.command, &error) : fail(&error);
}

/* ---- Searching --------------------------------------------------------------------------------------------------- */

static bool is_interrupted(void *user)
{
    (void)user;
    return interrupt_signal() != 0;
}

static void print_way_on(const Search *search)
{
    fputs("continue  ", stderr);
    shell_print_command(stderr, "search --resume", search_folder(search));
}

/* What was done is kept. */
static int tell_interrupt(const Search *search)
{
    const int signal = interrupt_signal();
    complain("%s; what was done is kept", signal != 0 ? "interrupted" : "stopped by request");
    print_way_on(search);
    return STATUS_SIGNAL + (signal != 0 ? signal : 2);
}

static int fail_later(const Search *search, percept_status status, const percept_error *error)
{
    if (status == PERCEPT_ERROR_INTERRUPTED)
        return tell_interrupt(search);
    complain("%s", error->message);
    if (status != PERCEPT_ERROR_DIVERGED)
        print_way_on(search);
    return STATUS_FAILED;
}

static percept_status run_trials(Search *search, const Arguments *arguments, percept_error *error)
{
    SearchLive *live = NULL;
    percept_status status = PERCEPT_OK;
    if (!arguments->quiet)
        status = search_live_create(search, stderr, isatty(STDERR_FILENO) == 1, &live, error);
    const SearchWatcher watcher = {.view = live != NULL ? search_live_view : NULL,
                                   .ended = live != NULL ? search_live_ended : NULL,
                                   .interrupted = is_interrupted,
                                   .user = live};
    if (status == PERCEPT_OK)
        status = search_run(search, &watcher, error);
    search_live_free(live);
    return status;
}

static int watch_best(const percept_progress *progress, void *user)
{
    ProgressBar *bar = user;
    if (bar != NULL)
        progress_bar_update(bar, progress);
    return interrupt_signal() != 0;
}

/* Trains the winner; its curves are drawn if they can be. */
static percept_status train_best(Search *search, const Arguments *arguments, SearchBest *best, percept_error *error)
{
    ProgressBar *bar = NULL;
    percept_error other;
    char *folder = NULL;
    if (!arguments->quiet) {
        fprintf(stderr, "\ntraining the winner, trial %zu, again\n", search_winner(search));
        (void)progress_bar_create(stderr, isatty(STDERR_FILENO) == 1, &bar, NULL); /* does without */
    }
    percept_status status = search_train_best(search, watch_best, bar, &best->result, &best->test, error);
    progress_bar_free(bar);
    best->trained = status == PERCEPT_OK;
    if (status == PERCEPT_OK)
        status = file_join(search_folder(search), RUN_FOLDER_BEST, &folder, error);
    if (status == PERCEPT_OK && plot_curves(folder, best->result.best_epoch, &other) != PERCEPT_OK)
        warn("no curves were drawn: %s", other.message);
    memory_free(folder);
    return status;
}

/* After an interruption: what the finished trials make together, so that the best so far can be used. */
static void keep_best_so_far(Search *search, SearchBest *best)
{
    percept_error error;
    if (!search_wants_ensemble(search) || search_winner(search) == search_count(search))
        return;
    if (search_make_ensemble(search, &best->result, &best->test, &error) == PERCEPT_OK)
        complain("the best so far is in %s/" RUN_FOLDER_BEST, text_plain(search_folder(search)).text);
    else
        warn("the best so far was not kept: %s", error.message);
}

/* The winner: an ensemble, or the best trial trained again. */
static percept_status make_best(Search *search, const Arguments *arguments, SearchBest *best, percept_error *error)
{
    if (!search_wants_ensemble(search))
        return train_best(search, arguments, best, error);
    percept_status status = search_make_ensemble(search, &best->result, &best->test, error);
    best->trained = status == PERCEPT_OK;
    return status;
}

static int search_to_end(Search *search, const Arguments *arguments)
{
    percept_error error;
    SearchBest best = {0};
    interrupt_watch();
    percept_status status = run_trials(search, arguments, &error);
    if (status == PERCEPT_OK && !arguments->no_best)
        status = make_best(search, arguments, &best, &error);
    if (status == PERCEPT_ERROR_INTERRUPTED && !arguments->no_best)
        keep_best_so_far(search, &best);
    interrupt_unwatch();
    if (status == PERCEPT_OK)
        status = search_finish(search, &error);
    int result = STATUS_DONE;
    if (status == PERCEPT_OK && arguments->json)
        status = search_report_json(search, &best, &error);
    else if (status == PERCEPT_OK && !arguments->quiet)
        status = search_report_print(search, &best, &error);
    if (status != PERCEPT_OK)
        result = fail_later(search, status, &error);
    percept_metrics_clear(&best.test);
    return result;
}

static int search_or_resume(const Arguments *arguments)
{
    percept_error error;
    Space *space = NULL;
    Search *search = NULL;
    percept_status status = PERCEPT_OK;
    int result = arguments->resume == NULL ? read_space(arguments, &space) : PARSER_GO_ON;
    if (result != PARSER_GO_ON)
        return result;
    if (arguments->resume != NULL)
        status = search_reopen_for(arguments->resume, arguments->jobs, arguments->minutes, &search, &error);
    else
        status = search_open(space, arguments->out, arguments->force, arguments->jobs, &search, &error);
    if (status != PERCEPT_OK)
        return fail(&error);
    if (search_is_finished(search)) {
        if (!arguments->quiet)
            printf("%s is finished; there is nothing to resume\n", text_plain(arguments->resume).text);
        result = STATUS_DONE;
    } else {
        result = search_to_end(search, arguments);
    }
    search_close(search);
    return result;
}

int command_search(int argc, char **argv)
{
    Arguments arguments = {.minutes = NAN};
    if (launcher_size() > 1)
        return fail_usage(manual.command,
                          "a search runs in one process; leave mpirun out (--jobs sets how many trainings "
                          "run at once)");
    int status = read_arguments(argc, argv, &arguments);
    if (status == PARSER_GO_ON)
        status = read_minutes(&arguments);
    if (status == PARSER_GO_ON)
        status = check_arguments(&arguments);
    if (status == PARSER_GO_ON)
        status = search_or_resume(&arguments);
    memory_free(arguments.changes);
    return status;
}
