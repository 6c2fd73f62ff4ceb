/* percept runs show: all that is known of a run. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "cli/json.h"
#include "cli/message.h"
#include "cli/parser.h"
#include "cli/runs.h"
#include "cli/text.h"
#include "recipe/optimizer_keys.h"
#include "recipe/recipe.h"

static const Manual manual = {
    .command = "percept runs show",
    .example = "percept runs show 3\n"
               "percept runs show fashion-mnist-001 --all\n"
               "percept runs show 3 --json\n",
    .usage = "percept runs show RUN [FLAG]...\n",
    .text = "Shows what is recorded of a run: when, where and on which data it ran, its\n"
            "results, the keys of its recipe that differ from the defaults, and its epochs,\n"
            "some of them if there are many.\n",
};

/* Epochs that are shown unless all are wanted. */
#define SOME_EPOCHS 12

/* Where values begin. */
#define COLUMN 24

/* ---- Values ------------------------------------------------------------------------------------------------------- */

static void print_name(const char *name)
{
    text_left(stdout, name, COLUMN - 1);
    putchar(' ');
}

/* A line for each of these columns that the run has something for. */
static percept_status print_columns(const RunRow *row, const char *const *names, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t n = 0; names[n] != NULL && status == PERCEPT_OK; n++) {
        char *value = NULL;
        status = runs_value(row, NULL, names[n], true, &value, error);
        if (status == PERCEPT_OK && value[0] != '\0') {
            print_name(names[n]);
            text_left(stdout, value, text_columns(value));
            putchar('\n');
        }
        memory_free(value);
    }
    return status;
}

/* A key's line, if it has a value that is wanted: any, or another than the default (defaults not NULL). */
static percept_status print_key(const RunRow *row, const json_t *recipe, const percept_recipe *defaults,
                                const char *name, percept_error *error)
{
    char *value = NULL, *fallback = NULL;
    if (json_object_get(recipe, name) == NULL)
        return PERCEPT_OK;
    percept_status status = runs_value(row, recipe, name, true, &value, error);
    if (status == PERCEPT_OK && defaults != NULL)
        status = recipe_format(defaults, name, &fallback, error);
    if (status == PERCEPT_OK && (fallback == NULL || strcmp(value, fallback) != 0)) {
        print_name(name);
        text_left(stdout, value, text_columns(value));
        putchar('\n');
    }
    memory_free(fallback);
    memory_free(value);
    return status;
}

/* The defaults of a run, some of which depend on its optimizer. */
static percept_status defaults_of(const json_t *recipe, percept_recipe **out, percept_error *error)
{
    const char *optimizer = json_string_value(json_object_get(recipe, "train.optimizer"));
    percept_status status = percept_recipe_create(out, error);
    if (status == PERCEPT_OK && optimizer != NULL)
        status = recipe_set(*out, "train.optimizer", optimizer, NULL, error);
    return status == PERCEPT_OK ? optimizer_keys_decide(*out, error) : status;
}

/* The keys that have a value other than the default, or all that have one. */
static percept_status print_recipe(const RunRow *row, bool all, percept_error *error)
{
    percept_recipe *defaults = NULL;
    json_t *recipe = runs_recipe(row);
    percept_status status = recipe != NULL ? PERCEPT_OK : error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory");
    if (status == PERCEPT_OK && !all)
        status = defaults_of(recipe, &defaults, error);
    printf("\n%s\n", all ? "recipe" : "recipe, where it differs from the defaults");
    for (size_t k = 0; recipe_key_at(k) != NULL && status == PERCEPT_OK; k++)
        status = print_key(row, recipe, defaults, recipe_key_at(k)->name, error);
    percept_recipe_free(defaults);
    json_decref(recipe);
    return status;
}

/* ---- Epochs ------------------------------------------------------------------------------------------------------- */

typedef struct Figure {
    const char *head;
    size_t offset;
    bool share;
} Figure;

static const Figure figures[] = {
    {"train loss", offsetof(EpochRow, train_loss), false}, {"accuracy", offsetof(EpochRow, train_accuracy), true},
    {"valid loss", offsetof(EpochRow, valid_loss), false}, {"accuracy", offsetof(EpochRow, valid_accuracy), true},
    {"test loss", offsetof(EpochRow, test_loss), false},   {"accuracy", offsetof(EpochRow, test_accuracy), true},
};

enum { FIGURES = sizeof figures / sizeof *figures };

static double figure_of(const EpochRow *row, size_t figure)
{
    double value = 0;
    memcpy(&value, (const char *)row + figures[figure].offset, sizeof value);
    return value;
}

static void print_epoch(const EpochRow *row, const bool has[FIGURES], bool best)
{
    printf("%6zu", row->epoch);
    for (size_t f = 0; f < FIGURES; f++)
        if (has[f]) {
            const double value = figure_of(row, f);
            printf("%12s", figures[f].share ? text_percent(value).text : text_loss(value).text);
        }
    puts(best ? "  best" : "");
}

/* All epochs, or some at equal steps, with the last and the best among them. */
static void print_epochs(const EpochRow *rows, size_t count, long best, bool all)
{
    const size_t step = all ? 1 : (count + SOME_EPOCHS - 1) / SOME_EPOCHS;
    bool has[FIGURES] = {false};
    for (size_t e = 0; e < count; e++)
        for (size_t f = 0; f < FIGURES; f++)
            has[f] = has[f] || !isnan(figure_of(&rows[e], f));
    if (count == 0)
        return;
    printf("\n epoch");
    for (size_t f = 0; f < FIGURES; f++)
        if (has[f])
            printf("%12s", figures[f].head);
    putchar('\n');
    for (size_t e = 0; e < count; e++) {
        const bool is_best = best >= 0 && rows[e].epoch == (size_t)best;
        if (e % step == 0 || e + 1 == count || is_best)
            print_epoch(&rows[e], has, is_best);
    }
}

/* ---- All of it ---------------------------------------------------------------------------------------------------- */

static percept_status print_files(Database *database, const RunRow *row, percept_error *error)
{
    char **paths = NULL;
    size_t count = 0;
    percept_status status = database_artifacts(database, row->id, &paths, &count, error);
    for (size_t i = 0; i < count; i++) {
        print_name(i == 0 ? "files" : "");
        text_left(stdout, paths[i], text_columns(paths[i]));
        putchar('\n');
    }
    database_free_paths(paths, count);
    return status;
}

percept_status runs_print(Database *database, const RunRow *row, bool all, percept_error *error)
{
    static const char *const first[] = {"id",      "kind",    "name",    "folder",  "search", "state",
                                        "request", "message", "tags",    "started", "ended",  "seconds",
                                        "machine", "version", "threads", NULL};
    static const char *const data[] = {"dataset",    "train_count", "valid_count", "test_count",
                                       "parameters", "checksum",    NULL};
    static const char *const outcome[] = {"epochs",         "epoch",      "best_epoch",     "train_loss",
                                          "train_accuracy", "valid_loss", "valid_accuracy", "test_loss",
                                          "test_accuracy",  NULL};
    percept_status status = print_columns(row, first, error);
    if (status == PERCEPT_OK)
        status = print_files(database, row, error);
    putchar('\n');
    if (status == PERCEPT_OK)
        status = print_columns(row, data, error);
    putchar('\n');
    if (status == PERCEPT_OK)
        status = print_columns(row, outcome, error);
    return status == PERCEPT_OK ? print_recipe(row, all, error) : status;
}

/* ---- JSON --------------------------------------------------------------------------------------------------------- */

static json_t *epoch_json(const EpochRow *row)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "epoch", json_count(row->epoch), "learning_rate",
                     json_figure(row->learning_rate), "seconds", json_figure(row->seconds), "train_loss",
                     json_figure(row->train_loss), "train_accuracy", json_figure(row->train_accuracy), "valid_loss",
                     json_figure(row->valid_loss), "valid_accuracy", json_figure(row->valid_accuracy), "test_loss",
                     json_figure(row->test_loss), "test_accuracy", json_figure(row->test_accuracy));
}

/* The run as an object with its files and epochs; NULL for lack of memory. */
static json_t *make_json(const RunRow *row, const EpochRow *rows, size_t count, char **paths, size_t path_count)
{
    json_t *object = runs_json(row), *epochs = json_array(), *files = json_array();
    bool good = object != NULL && epochs != NULL && files != NULL;
    for (size_t e = 0; e < count && good; e++)
        good = json_array_append_new(epochs, epoch_json(&rows[e])) == 0;
    for (size_t p = 0; p < path_count && good; p++)
        good = json_array_append_new(files, json_words(paths[p])) == 0;
    good =
        good && json_object_set(object, "epoch_figures", epochs) == 0 && json_object_set(object, "files", files) == 0;
    json_decref(epochs);
    json_decref(files);
    if (good)
        return object;
    json_decref(object);
    return NULL;
}

/* ------------------------------------------------------------------------------------------------------------------ */

typedef struct ShowArguments {
    const char *folder, *run;
    bool all, json;
} ShowArguments;

static percept_status show(Database *database, const RunRow *row, const ShowArguments *arguments, percept_error *error)
{
    EpochRow *epochs = NULL;
    char **paths = NULL;
    size_t count = 0, path_count = 0;
    percept_status status = database_epochs(database, row->id, 0, &epochs, &count, error);
    if (status == PERCEPT_OK && arguments->json) {
        status = database_artifacts(database, row->id, &paths, &path_count, error);
        if (status == PERCEPT_OK)
            status = json_print(make_json(row, epochs, count, paths, path_count), JSON_DIGITS, error);
    } else if (status == PERCEPT_OK) {
        status = runs_print(database, row, arguments->all, error);
        if (status == PERCEPT_OK)
            print_epochs(epochs, count, row->best_epoch, arguments->all);
    }
    database_free_paths(paths, path_count);
    memory_free(epochs);
    return status;
}

int command_runs_show(int argc, char **argv)
{
    ShowArguments arguments = {.folder = RUNS_FOLDER};
    const Option options[] = {
        {"--all", NULL, "show all keys of the recipe that have a value, and all epochs", option_take_switch,
         &arguments.all},
        {"--json", NULL, "print all of the run as a JSON object", option_take_switch, &arguments.json},
        RUNS_OPTION(&arguments.folder),
    };
    const Operand operands[] = {{"RUN", false, &arguments.run}};
    const Parser parser = {&manual, options, sizeof options / sizeof *options, operands, 1};
    percept_error error;
    Database *database = NULL;
    RunRows rows = {0};
    const int parsed = parser_read(&parser, argc, argv);
    if (parsed != PARSER_GO_ON)
        return parsed;
    percept_status status = database_open(arguments.folder, DATABASE_READ, &database, &error);
    if (status == PERCEPT_OK)
        status = runs_find(database, arguments.run, &rows, &error);
    if (status == PERCEPT_OK)
        status = show(database, rows.rows, &arguments, &error);
    run_rows_clear(&rows);
    database_close(database);
    return status == PERCEPT_OK ? STATUS_DONE : runs_fail(manual.command, &error);
}
