/* percept runs compare: keys in which runs differ, their metrics side by side, their curves in one picture. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/json.h"
#include "cli/message.h"
#include "cli/parser.h"
#include "cli/runs.h"
#include "cli/text.h"
#include "plot/curves.h"
#include "recipe/recipe.h"
#include "store/metrics_log.h"

static const Manual manual = {
    .command = "percept runs compare",
    .example = "percept runs compare 3 5\n"
               "percept runs compare slow fast --out compared\n",
    .usage = "percept runs compare RUN RUN... [FLAG]...\n",
    .text = "Shows the keys in which the recipes of runs differ, and their metrics side by\n"
            "side. --out DIR draws their learning curves into one picture: DIR/curves.svg and\n"
            ".png, with data and script beside them.\n",
};

#define NAME_COLUMN 22
#define LEAST_WIDTH 12
#define MOST_WIDTH 24
#define LABEL_SIZE 64

/* One of the runs: its row alone, and its recipe. */
typedef struct Compared {
    RunRows rows;
    json_t *recipe;
} Compared;

typedef struct Comparison {
    size_t count;
    Compared *runs;
    Database *database;
} Comparison;

static const RunRow *row_of(const Comparison *comparison, size_t r)
{
    return comparison->runs[r].rows.rows;
}

/* ---- Side by side ------------------------------------------------------------------------------------------------- */

/* What each run has under a name, one string each. */
static percept_status read_values(const Comparison *comparison, const char *name, bool people, char **values,
                                  percept_error *error)
{
    percept_status status = PERCEPT_OK;
    memset(values, 0, comparison->count * sizeof *values);
    for (size_t r = 0; r < comparison->count && status == PERCEPT_OK; r++)
        status = runs_value(row_of(comparison, r), comparison->runs[r].recipe, name, people, &values[r], error);
    return status;
}

static void free_values(char **values, size_t count)
{
    for (size_t r = 0; r < count; r++)
        memory_free(values[r]);
}

static bool differ(char *const *values, size_t count)
{
    for (size_t r = 1; r < count; r++)
        if (strcmp(values[0], values[r]) != 0)
            return true;
    return false;
}

static bool is_empty(char *const *values, size_t count)
{
    for (size_t r = 0; r < count; r++)
        if (values[r][0] != '\0')
            return false;
    return true;
}

static void print_line(const char *name, char *const *values, size_t count)
{
    text_left(stdout, name, NAME_COLUMN);
    for (size_t r = 0; r < count; r++) {
        const size_t columns = text_columns(values[r]);
        fputs("  ", stdout);
        text_right(stdout, values[r],
                   columns < LEAST_WIDTH  ? LEAST_WIDTH
                   : columns > MOST_WIDTH ? MOST_WIDTH
                                          : columns);
    }
    putchar('\n');
}

/* A line for each of the names; for all, or for those in which the runs differ. */
static percept_status print_names(const Comparison *comparison, const char *const *names, percept_error *error)
{
    char **values = NULL;
    percept_status status = memory_allocate(comparison->count, sizeof *values, "the values", &values, error);
    for (size_t n = 0; names[n] != NULL && status == PERCEPT_OK; n++) {
        status = read_values(comparison, names[n], true, values, error);
        if (status == PERCEPT_OK && !is_empty(values, comparison->count))
            print_line(names[n], values, comparison->count);
        free_values(values, comparison->count);
    }
    memory_free(values);
    return status;
}

static percept_status print_differences(const Comparison *comparison, percept_error *error)
{
    char **values = NULL;
    bool any = false;
    percept_status status = memory_allocate(comparison->count, sizeof *values, "the values", &values, error);
    for (size_t k = 0; recipe_key_at(k) != NULL && status == PERCEPT_OK; k++) {
        const char *name = recipe_key_at(k)->name;
        status = read_values(comparison, name, true, values, error);
        if (status == PERCEPT_OK && differ(values, comparison->count)) {
            print_line(name, values, comparison->count);
            any = true;
        }
        free_values(values, comparison->count);
    }
    if (status == PERCEPT_OK && !any)
        puts("the recipes are the same");
    memory_free(values);
    return status;
}

static percept_status print(const Comparison *comparison, percept_error *error)
{
    static const char *const heads[] = {"id", "folder", "name", "state", "checksum", NULL};
    static const char *const figures[] = {"epoch",      "best_epoch",     "train_loss", "train_accuracy",
                                          "valid_loss", "valid_accuracy", "test_loss",  "test_accuracy",
                                          "parameters", "seconds",        NULL};
    percept_status status = print_names(comparison, heads, error);
    putchar('\n');
    if (status == PERCEPT_OK)
        status = print_differences(comparison, error);
    putchar('\n');
    return status == PERCEPT_OK ? print_names(comparison, figures, error) : status;
}

/* ---- JSON --------------------------------------------------------------------------------------------------------- */

/* {"differences": {KEY: [value, …]}, "runs": [run, …]} */
static json_t *make_json(const Comparison *comparison)
{
    json_t *differences = json_object(), *runs = json_array();
    bool good = differences != NULL && runs != NULL;
    for (size_t k = 0; recipe_key_at(k) != NULL && good; k++) {
        const char *name = recipe_key_at(k)->name;
        const json_t *first = json_object_get(comparison->runs[0].recipe, name);
        json_t *list = json_array();
        bool same = true;
        for (size_t r = 0; r < comparison->count && good; r++) {
            json_t *value = json_object_get(comparison->runs[r].recipe, name);
            same = same && (value == NULL ? first == NULL : json_equal(value, first) != 0);
            good = json_array_append_new(list, value != NULL ? json_incref(value) : json_null()) == 0;
        }
        if (good && !same)
            good = json_object_set(differences, name, list) == 0;
        json_decref(list);
    }
    for (size_t r = 0; r < comparison->count && good; r++)
        good = json_array_append_new(runs, runs_json(row_of(comparison, r))) == 0;
    if (good)
        return json_pack("{s:o, s:o}", "differences", differences, "runs", runs);
    json_decref(differences);
    json_decref(runs);
    return NULL;
}

/* ---- Curves ------------------------------------------------------------------------------------------------------- */

static percept_progress progress_of(const EpochRow *row)
{
    return (percept_progress){.epoch = row->epoch,
                              .train_loss = row->train_loss,
                              .train_accuracy = row->train_accuracy,
                              .valid_loss = row->valid_loss,
                              .valid_accuracy = row->valid_accuracy,
                              .test_loss = row->test_loss,
                              .test_accuracy = row->test_accuracy};
}

/* The epochs as metrics.csv in a folder of the run's own. */
static percept_status write_metrics(Database *database, const RunRow *run, const char *folder, percept_error *error)
{
    EpochRow *rows = NULL;
    MetricsLog *log = NULL;
    MetricsColumns columns = {0};
    size_t count = 0;
    percept_status status = database_epochs(database, run->id, 0, &rows, &count, error);
    if (status == PERCEPT_OK && count == 0)
        status = error_set(error, PERCEPT_ERROR_IO, "run %lld has no epochs to draw", (long long)run->id);
    for (size_t e = 0; e < count; e++) {
        columns.accuracy = columns.accuracy || !isnan(rows[e].train_accuracy);
        columns.validation = columns.validation || !isnan(rows[e].valid_loss);
        columns.test = columns.test || !isnan(rows[e].test_loss);
    }
    if (status == PERCEPT_OK)
        status = file_make_folder(folder, error);
    if (status == PERCEPT_OK)
        status = metrics_log_open(folder, columns, 0, &log, error);
    for (size_t e = 0; e < count && status == PERCEPT_OK; e++) {
        const percept_progress progress = progress_of(&rows[e]);
        status = metrics_log_add(log, &progress, error);
    }
    const percept_status closed = metrics_log_close(log, status == PERCEPT_OK ? error : NULL);
    memory_free(rows);
    return status == PERCEPT_OK ? closed : status;
}

/* A run in the picture of curves: its name and its data. */
typedef struct Curve {
    char label[LABEL_SIZE], file[LABEL_SIZE];
    char *folder, *path;
} Curve;

static percept_status prepare_curve(const Comparison *comparison, size_t r, const char *out, Curve *curve,
                                    percept_error *error)
{
    const RunRow *run = row_of(comparison, r);
    snprintf(curve->label, sizeof curve->label, "%lld %.48s", (long long)run->id,
             run->folder != NULL ? run->folder : run->name);
    snprintf(curve->file, sizeof curve->file, "run-%lld", (long long)run->id);
    percept_status status = file_join(out, curve->file, &curve->folder, error);
    if (status == PERCEPT_OK)
        status = file_join(curve->folder, "metrics.csv", &curve->path, error);
    return status == PERCEPT_OK ? write_metrics(comparison->database, run, curve->folder, error) : status;
}

static percept_status draw(const Comparison *comparison, const char *out, percept_error *error)
{
    Curve *curves = NULL;
    CurvesRun *runs = NULL;
    const CurvesOptions options = {0};
    percept_status status = memory_allocate_zeroed(comparison->count, sizeof *curves, "the curves", &curves, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(comparison->count, sizeof *runs, "the curves", &runs, error);
    for (size_t r = 0; r < comparison->count && status == PERCEPT_OK; r++) {
        status = prepare_curve(comparison, r, out, &curves[r], error);
        runs[r] = (CurvesRun){curves[r].label, curves[r].path, -1};
    }
    if (status == PERCEPT_OK)
        status = curves_draw(runs, comparison->count, &options, out, "curves", error);
    if (status == PERCEPT_OK)
        printf("\ncurves    %s/curves.svg\n", text_plain(out).text);
    for (size_t r = 0; curves != NULL && r < comparison->count; r++) {
        memory_free(curves[r].folder);
        memory_free(curves[r].path);
    }
    memory_free(runs);
    memory_free(curves);
    return status;
}

/* ------------------------------------------------------------------------------------------------------------------ */

typedef struct CompareArguments {
    const char *folder, *out, **names;
    bool json;
} CompareArguments;

static percept_status open_runs(Comparison *comparison, const CompareArguments *arguments, percept_error *error)
{
    percept_status status = database_open(arguments->folder, DATABASE_READ, &comparison->database, error);
    if (status == PERCEPT_OK)
        status =
            memory_allocate_zeroed(comparison->count, sizeof *comparison->runs, "the runs", &comparison->runs, error);
    for (size_t r = 0; r < comparison->count && status == PERCEPT_OK; r++) {
        status = runs_find(comparison->database, arguments->names[r], &comparison->runs[r].rows, error);
        if (status == PERCEPT_OK)
            comparison->runs[r].recipe = runs_recipe(row_of(comparison, r));
        if (status == PERCEPT_OK && comparison->runs[r].recipe == NULL)
            status = error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory for the recipes");
    }
    return status;
}

static void clear(Comparison *comparison)
{
    for (size_t r = 0; comparison->runs != NULL && r < comparison->count; r++) {
        run_rows_clear(&comparison->runs[r].rows);
        json_decref(comparison->runs[r].recipe);
    }
    memory_free(comparison->runs);
    database_close(comparison->database);
}

static percept_status compare(Comparison *comparison, const CompareArguments *arguments, percept_error *error)
{
    percept_status status = open_runs(comparison, arguments, error);
    if (status == PERCEPT_OK && arguments->json)
        status = json_print(make_json(comparison), JSON_DIGITS, error);
    else if (status == PERCEPT_OK)
        status = print(comparison, error);
    return status == PERCEPT_OK && arguments->out != NULL ? draw(comparison, arguments->out, error) : status;
}

static int read_and_compare(int argc, char **argv, CompareArguments *arguments)
{
    const Option options[] = {
        {"--out", "DIR", "draw the learning curves into this folder", option_take_text, &arguments->out},
        {"--json", NULL, "print differences and runs as a JSON object", option_take_switch, &arguments->json},
        RUNS_OPTION(&arguments->folder),
    };
    const Operand operands[] = {{"RUN...", false, arguments->names}};
    const Parser parser = {&manual, options, sizeof options / sizeof *options, operands, 1};
    Comparison comparison = {0};
    percept_error error;
    const int parsed = parser_read(&parser, argc, argv);
    if (parsed != PARSER_GO_ON)
        return parsed;
    while (arguments->names[comparison.count] != NULL)
        comparison.count++;
    if (comparison.count < 2)
        return fail_usage(manual.command, "give at least two runs to compare; `percept runs show` shows one");
    const percept_status status = compare(&comparison, arguments, &error);
    clear(&comparison);
    return status == PERCEPT_OK ? STATUS_DONE : runs_fail(manual.command, &error);
}

int command_runs_compare(int argc, char **argv)
{
    CompareArguments arguments = {.folder = RUNS_FOLDER};
    percept_error error;
    if (memory_allocate_zeroed((size_t)argc + 1, sizeof *arguments.names, "the arguments", &arguments.names, &error) !=
        PERCEPT_OK)
        return fail(&error);
    const int status = read_and_compare(argc, argv, &arguments);
    memory_free(arguments.names);
    return status;
}
