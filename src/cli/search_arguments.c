#include "cli/search_arguments.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "cli/help_writer.h"
#include "cli/message.h"
#include "cli/parser.h"
#include "cli/settings.h"
#include "search/settings.h"
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
            "Runs one single-threaded training per core, under mpirun on the cores of all\n"
            "machines; results do not depend on the number, unless --minutes ends the search.\n"
            "The best setting is trained again into DIR/best; with --ensemble, networks of\n"
            "the best trials become one model there. Only this winner is measured on the test\n"
            "set.\n"
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
    SearchArguments *arguments = option->target;
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

static size_t add_key_options(SearchArguments *arguments, Option *options)
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

static int read_arguments(int argc, char **argv, SearchArguments *out)
{
    percept_error error;
    Option options[MOST_OPTIONS] = {
        {"--jobs", "N", "trainings at once in each process; results do not depend on the number [one per core]",
         option_take_count, &out->jobs},
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
static int read_minutes(SearchArguments *arguments)
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

static int check_arguments(const SearchArguments *arguments)
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

int search_arguments_space(const SearchArguments *arguments, Space **out)
{
    percept_error error;
    bool wrong_usage = false;
    if (search_space_find(arguments->space, arguments->changes, arguments->change_count, out, &wrong_usage, &error) ==
        PERCEPT_OK)
        return PARSER_GO_ON;
    return wrong_usage ? fail_argument(manual.command, &error) : fail(&error);
}

int search_arguments_read(int argc, char **argv, SearchArguments *out)
{
    *out = (SearchArguments){.minutes = NAN};
    int status = read_arguments(argc, argv, out);
    if (status == PARSER_GO_ON)
        status = read_minutes(out);
    return status == PARSER_GO_ON ? check_arguments(out) : status;
}

void search_arguments_clear(SearchArguments *arguments)
{
    memory_free(arguments->changes);
    *arguments = (SearchArguments){.minutes = NAN};
}
