/* percept runs list and best: runs of a filter, in an order. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "cli/help_writer.h"
#include "cli/json.h"
#include "cli/message.h"
#include "cli/parser.h"
#include "cli/runs.h"
#include "store/run_columns.h"

/* The default columns of the table; the first ones stay if there is little room. */
#define USUAL_COLUMNS                                                                                                  \
    "id,folder,name,state,epoch,valid_accuracy,valid_loss,test_accuracy,seconds,tags,started,search,trial,kind"

static void print_columns(const HelpWriter *writer);

static const Manual list_manual = {
    .command = "percept runs list",
    .example = "percept runs list --order valid_accuracy --descending --limit 10\n"
               "percept runs list --where 'state = done and model.layers = 784-64-10'\n"
               "percept runs list --where 'epoch > 10 and train.optimizer in [adam, adamw]'\n"
               "percept runs list --columns id,train.learning_rate,valid_loss --csv\n",
    .usage = "percept runs list [FLAG]...\n",
    .text = "Lists the runs of a runs folder, with as many columns as the terminal has room\n"
            "for. FILTER compares columns or keys of recipes with values by = != < <= > >=\n"
            "and ~ (contains). `in [LEAST, MOST]` is a range of numbers or times, `in [VALUE,\n"
            "...]` a list of other values. Join comparisons with and, or, not and\n"
            "parentheses. Quote a value that has spaces; write a time as 2026-01-31 or\n"
            "2026-01-31T12:00. A comparison with a value that a run does not have is false.\n",
    .more = print_columns,
};

static const Manual best_manual = {
    .command = "percept runs best",
    .example = "percept runs best\n"
               "percept runs best --by test_loss --where 'train.batch_size = 128'\n",
    .usage = "percept runs best [FLAG]...\n",
    .text = "Shows the best finished run: the one with the highest validation accuracy or, if\n"
            "none has one, with the lowest validation loss. With --by, the highest accuracy\n"
            "or the lowest of any other value is best.\n",
};

static void print_columns(const HelpWriter *writer)
{
    char names[1024];
    size_t used = 0, line = 0;
    for (size_t c = 0; run_column_at(c) != NULL; c++) {
        const char *name = run_column_at(c)->name;
        if (line + strlen(name) + 2 > 78) {
            used += (size_t)snprintf(names + used, sizeof names - used, "\n");
            line = 0;
        }
        line += strlen(name) + 2;
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", name,
                                 run_column_at(c + 1) != NULL ? ", " : "\n");
    }
    writer->section("Columns");
    writer->paragraph("Besides the keys of recipes, which `percept train --help-all` lists:\n");
    writer->gap();
    writer->paragraph(names);
}

typedef struct ListArguments {
    const char *folder, *columns, *by;
    RunQuery query;
    bool json, csv;
} ListArguments;

/* ---- Answers ------------------------------------------------------------------------------------------------------ */

static percept_status print_json(const RunRows *rows, percept_error *error)
{
    json_t *list = json_array();
    bool good = list != NULL;
    for (size_t r = 0; r < rows->count && good; r++)
        good = json_array_append_new(list, runs_json(&rows->rows[r])) == 0;
    if (!good) {
        json_decref(list);
        list = NULL;
    }
    return json_print(list, JSON_DIGITS, error);
}

/* The names of all columns, "a,b,…". */
static percept_status name_all(char **out, percept_error *error)
{
    size_t size = 1;
    for (size_t c = 0; run_column_at(c) != NULL; c++)
        size += strlen(run_column_at(c)->name) + 1;
    percept_status status = memory_allocate(size, 1, "the columns", out, error);
    char *to = *out;
    for (size_t c = 0; status == PERCEPT_OK && run_column_at(c) != NULL; c++)
        to += sprintf(to, "%s%s", c > 0 ? "," : "", run_column_at(c)->name);
    return status;
}

static percept_status print_list(const ListArguments *arguments, const RunRows *rows, percept_error *error)
{
    RunsColumns columns = {0};
    char *all = NULL;
    if (arguments->json)
        return print_json(rows, error);
    percept_status status = arguments->csv ? name_all(&all, error) : PERCEPT_OK;
    if (status == PERCEPT_OK)
        status = runs_columns_read(arguments->columns != NULL ? arguments->columns
                                   : all != NULL              ? all
                                                              : USUAL_COLUMNS,
                                   &columns, error);
    if (status == PERCEPT_OK && arguments->csv)
        status = runs_print_csv(rows, &columns, error);
    else if (status == PERCEPT_OK && rows->count == 0)
        puts("no runs");
    else if (status == PERCEPT_OK)
        status = runs_print_table(rows, &columns, arguments->columns != NULL, error);
    runs_columns_clear(&columns);
    memory_free(all);
    return status;
}

int command_runs_list(int argc, char **argv)
{
    ListArguments arguments = {.folder = RUNS_FOLDER};
    const Option options[] = {
        {"--where", "FILTER", "only runs that match", option_take_text, &arguments.query.where},
        {"--order", "KEY", "sort by a column or key; runs without it come last [id]", option_take_text,
         &arguments.query.order},
        {"--descending", NULL, "largest first", option_take_switch, &arguments.query.descending},
        {"--limit", "N", "only the first N", option_take_count, &arguments.query.limit},
        {"--columns", "KEY,...", "show these columns or keys, in this order", option_take_text, &arguments.columns},
        {"--json", NULL, "print all of each run as a JSON list", option_take_switch, &arguments.json},
        {"--csv", NULL, "print CSV; without --columns, all of each run", option_take_switch, &arguments.csv},
        RUNS_OPTION(&arguments.folder),
    };
    const Parser parser = {&list_manual, options, sizeof options / sizeof *options, NULL, 0};
    percept_error error;
    Database *database = NULL;
    RunRows rows = {0};
    const int parsed = parser_read(&parser, argc, argv);
    if (parsed != PARSER_GO_ON)
        return parsed;
    percept_status status = database_open(arguments.folder, DATABASE_READ, &database, &error);
    if (status == PERCEPT_OK)
        status = database_runs(database, &arguments.query, &rows, &error);
    if (status == PERCEPT_OK)
        status = print_list(&arguments, &rows, &error);
    run_rows_clear(&rows);
    database_close(database);
    return status == PERCEPT_OK ? STATUS_DONE : runs_fail(list_manual.command, &error);
}

/* ---- The best ----------------------------------------------------------------------------------------------------- */

static bool is_better_high(const char *key)
{
    const char *ending = strstr(key, "accuracy");
    return ending != NULL && ending[sizeof "accuracy" - 1] == '\0';
}

/* The best by one key; no rows where no run has it. */
static percept_status find_best(Database *database, const ListArguments *arguments, const char *key, RunRows *rows,
                                percept_error *error)
{
    const char *where = arguments->query.where;
    char *filter = NULL, *value = NULL;
    const size_t size = sizeof "state = done and ()" + (where != NULL ? strlen(where) : 0);
    percept_status status = memory_allocate(size, 1, "a filter", &filter, error);
    if (status != PERCEPT_OK)
        return status;
    snprintf(filter, size, "state = done%s%s%s", where != NULL ? " and (" : "", where != NULL ? where : "",
             where != NULL ? ")" : "");
    const RunQuery query = {.where = filter, .order = key, .descending = is_better_high(key), .limit = 1};
    if (where != NULL) /* checked alone first, so that a superfluous parenthesis is reported */
        status = database_runs(database, &(RunQuery){.where = where, .limit = 1}, rows, error);
    run_rows_clear(rows);
    if (status == PERCEPT_OK)
        status = database_runs(database, &query, rows, error);
    json_t *recipe = rows->count > 0 ? runs_recipe(rows->rows) : NULL;
    if (status == PERCEPT_OK && rows->count > 0)
        status = runs_value(rows->rows, recipe, key, false, &value, error);
    if (status == PERCEPT_OK && rows->count > 0 && value[0] == '\0')
        run_rows_clear(rows);
    json_decref(recipe);
    memory_free(value);
    memory_free(filter);
    return status;
}

static percept_status print_best(Database *database, const ListArguments *arguments, percept_error *error)
{
    static const char *const usual[] = {"valid_accuracy", "valid_loss"};
    RunRows rows = {0};
    percept_status status = PERCEPT_OK;
    if (arguments->by != NULL)
        status = find_best(database, arguments, arguments->by, &rows, error);
    for (size_t k = 0; arguments->by == NULL && k < 2 && rows.count == 0 && status == PERCEPT_OK; k++)
        status = find_best(database, arguments, usual[k], &rows, error);
    if (status == PERCEPT_OK && rows.count == 0)
        status = error_set(error, PERCEPT_ERROR_IO, "no finished run has %s%s",
                           arguments->by != NULL ? arguments->by : "validation metrics",
                           arguments->query.where != NULL ? " and fits the filter" : "");
    else if (status == PERCEPT_OK && arguments->json)
        status = json_print(runs_json(rows.rows), JSON_DIGITS, error);
    else if (status == PERCEPT_OK)
        status = runs_print(database, rows.rows, false, error);
    run_rows_clear(&rows);
    return status;
}

int command_runs_best(int argc, char **argv)
{
    ListArguments arguments = {.folder = RUNS_FOLDER};
    const Option options[] = {
        {"--by", "KEY", "column or key that decides [valid_accuracy, else valid_loss]", option_take_text,
         &arguments.by},
        {"--where", "FILTER", "only runs that match; see `percept runs list`", option_take_text,
         &arguments.query.where},
        {"--json", NULL, "print all of the run as a JSON object", option_take_switch, &arguments.json},
        RUNS_OPTION(&arguments.folder),
    };
    const Parser parser = {&best_manual, options, sizeof options / sizeof *options, NULL, 0};
    percept_error error;
    Database *database = NULL;
    const int parsed = parser_read(&parser, argc, argv);
    if (parsed != PARSER_GO_ON)
        return parsed;
    percept_status status = database_open(arguments.folder, DATABASE_READ, &database, &error);
    if (status == PERCEPT_OK)
        status = print_best(database, &arguments, &error);
    database_close(database);
    return status == PERCEPT_OK ? STATUS_DONE : runs_fail(best_manual.command, &error);
}
