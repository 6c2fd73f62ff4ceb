/* percept explain: which columns a model depends on, and why it gave an answer. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/command.h"
#include "cli/explain_opened.h"
#include "cli/message.h"
#include "cli/notes.h"
#include "cli/parser.h"
#include "cli/run_source.h"
#include "recipe/value.h"

static const Manual manual = {
    .command = "percept explain",
    .example = "percept explain runs/houses-001\n"
               "percept explain runs/houses-001 new-houses.csv --rows 1:3\n"
               "percept explain runs/houses-001 --dependence size,garden\n",
    .usage = "percept explain RUN|MODEL [FLAG]...\n"
             "percept explain RUN|MODEL FILE|- [FLAG]...\n",
    .text = "Explains a model of a table by its columns. RUN is a run folder, whose data are\n"
            "used unless --data names others; MODEL is a .safetensors file. A category, or\n"
            "all that is derived from one column of the file, is one column here.\n"
            "\n"
            "Without FILE: how much each column counts. Its values are shuffled among rows\n"
            "that the model was not trained on, several times; its importance is by how much\n"
            "the metric becomes worse (permutation importance). A column that the model does\n"
            "not use has importance 0; two columns that say the same share theirs.\n"
            "\n"
            "With FILE or --rows: why the model gave an answer. The Shapley values (SHAP) of\n"
            "the columns say how far each moved the answer from the baseline, which is the\n"
            "mean answer over rows of the training part, or of FILE where only a MODEL is\n"
            "known. Baseline and values add up to the answer. They are exact for up to 10\n"
            "columns; for more they are means over random orders of the columns until the\n"
            "standard error is small enough (--error).\n"
            "\n"
            "With --dependence: the mean answer if every row had a value of the column\n"
            "(partial dependence). `percept plot RUN dependence` draws it, `percept plot RUN\n"
            "shap` the values of many rows.\n"
            "\n"
            "--json prints one line: columns (deviation, importance, kind, name), count,\n"
            "data, metric, part, repeats, score, seed. For rows a line for each: background,\n"
            "baseline, columns (name, shap, standard_error, value), known, log_odds, method,\n"
            "output, prediction, rounds, row. For --dependence a line for each column:\n"
            "column, count, data, log_odds, output, part, values (deviation, mean, share,\n"
            "value).\n",
};

/* Rows of importances, if not --examples: so many that it takes seconds. */
#define ROWS_LEAST 1000
#define ROWS_MOST 10000

/* Rows of a dependence, and its values. */
#define DEPENDENCE_ROWS 1000
#define DEPENDENCE_PLACES 16

static void clear_all(ExplainOpened *opened)
{
    explain_subject_clear(&opened->subject);
    memory_free(opened->name);
    percept_data_free(&opened->data);
    percept_recipe_free(opened->recipe);
    percept_model_free(opened->model);
}

/* Pixels are no columns that a reader knows by name. */
static percept_status refuse_pictures(const ExplainArguments *arguments, const ExplainOpened *opened,
                                      percept_error *error)
{
    if (!opened->loaded || opened->data.train->storage->image_height == 0)
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_ARGUMENT,
                     "the examples of '%.80s' are pictures, which have no columns; see `percept plot RUN saliency`",
                     arguments->from.source);
}

static percept_status load(const ExplainArguments *arguments, ExplainOpened *opened, percept_error *error)
{
    percept_status status = data_choice_load(&arguments->from, opened->model, &opened->recipe, &opened->data, error);
    opened->loaded = status == PERCEPT_OK;
    if (status == PERCEPT_OK)
        status = refuse_pictures(arguments, opened, error);
    if (status == PERCEPT_OK)
        status = data_choice_find_part(&arguments->from, &opened->data, &opened->part, error);
    if (status == PERCEPT_OK)
        status = model_check_data(opened->model, data_choice_part(&opened->data, opened->part), error);
    if (status == PERCEPT_OK)
        notes_print(stderr, &opened->data.train->storage->notes, true);
    return status;
}

/* The model and, but for a model's file with rows of FILE, the data. */
static percept_status open_all(const ExplainArguments *arguments, ExplainOpened *opened, percept_error *error)
{
    percept_status status = run_source_open(arguments->from.source, &opened->model, &opened->recipe, error);
    const bool run = status == PERCEPT_OK && opened->recipe != NULL;
    if (status == PERCEPT_OK && (run || arguments->from.data != NULL || arguments->path == NULL))
        status = load(arguments, opened, error);
    if (status == PERCEPT_OK)
        status =
            explain_subject_create(opened->model, arguments->log_odds, arguments->threads, &opened->subject, error);
    if (status == PERCEPT_OK && opened->loaded)
        status = file_last_name(recipe_text(opened->recipe, "data.name"), &opened->name, error);
    if (status != PERCEPT_OK)
        return status;
    opened->whole = opened->loaded && data_choice_is_whole(&arguments->from, &opened->data);
    opened->explanation = (Explanation){.subject = &opened->subject,
                                        .stream = stdout,
                                        .json = arguments->json,
                                        .most = arguments->top,
                                        .data = opened->name};
    if (opened->loaded && !opened->whole) {
        opened->explanation.part = data_choice_part_name(opened->part);
        opened->explanation.part_title = data_choice_part_title(opened->part);
    }
    return PERCEPT_OK;
}

percept_status explain_choose_output(const ExplainArguments *arguments, const ExplainOpened *opened,
                                     const double *answer, size_t *out, percept_error *error)
{
    const ExplainSubject *subject = &opened->subject;
    const int32_t class = subject->outputs > 2 && answer != NULL ? explain_class_of(subject, answer) : -1;
    *out = subject->model->class_count == 2 ? 1 : class > 0 ? (size_t) class : 0;
    return arguments->output != NULL ? explain_output_find(subject, arguments->output, out, error) : PERCEPT_OK;
}

/* ---- All rows ----------------------------------------------------------------------------------------------------- */

static percept_status explain_columns(const ExplainArguments *arguments, ExplainOpened *opened, percept_error *error)
{
    const ExplainMetric *metric = NULL;
    ExplainImportance importance = {0};
    ExplainRows rows = {0};
    const size_t each = (arguments->repeats + 1) * opened->subject.columns.count;
    const size_t most = arguments->examples > 0 ? arguments->examples
                                                : explain_rows_in_time(&opened->subject, each, ROWS_LEAST, ROWS_MOST);
    percept_status status = explain_metric_find(&opened->subject, arguments->metric, &metric, error);
    if (status == PERCEPT_OK && arguments->log_odds)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "--log-odds is for rows and --dependence");
    if (status == PERCEPT_OK && arguments->output != NULL)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT,
                           "--class and --target are for rows and --dependence; an importance is that for all answers");
    if (status == PERCEPT_OK)
        status = explain_rows_take(data_choice_part(&opened->data, opened->part), most, arguments->seed, &rows, error);
    if (status == PERCEPT_OK)
        status = explain_importance(&opened->subject, &rows, metric, arguments->repeats, arguments->seed, &importance,
                                    error);
    if (status == PERCEPT_OK)
        status =
            explanation_print_importance(&opened->explanation, metric, &importance, rows.count, arguments->seed, error);
    explain_importance_clear(&importance);
    explain_rows_clear(&rows);
    return status;
}

static percept_status explain_one_dependence(const ExplainArguments *arguments, ExplainOpened *opened,
                                             const ExplainRows *rows, const char *name, percept_error *error)
{
    size_t column = 0, output = 0;
    ExplainDependence dependence = {0};
    percept_status status = explain_column_find(&opened->model->schema, &opened->subject.columns, name, &column, error);
    if (status == PERCEPT_OK)
        status = explain_choose_output(arguments, opened, NULL, &output, error);
    if (status == PERCEPT_OK)
        status = explain_dependence(&opened->subject, rows, column, DEPENDENCE_PLACES, &dependence, error);
    if (status == PERCEPT_OK)
        status = explanation_print_dependence(&opened->explanation, &dependence, output, rows, error);
    explain_dependence_clear(&dependence);
    return status;
}

static percept_status explain_dependences(const ExplainArguments *arguments, ExplainOpened *opened,
                                          percept_error *error)
{
    ExplainRows rows = {0};
    Value names = {0};
    const size_t most = arguments->examples > 0 ? arguments->examples : DEPENDENCE_ROWS;
    percept_status status = value_parse(recipe_key_find("data.drop"), arguments->dependence, &names, error);
    if (status == PERCEPT_OK)
        status = explain_rows_take(data_choice_part(&opened->data, opened->part), most, arguments->seed, &rows, error);
    for (size_t i = 0; status == PERCEPT_OK && i < names.count; i++) {
        if (i > 0 && !arguments->json)
            fputc('\n', opened->explanation.stream);
        status = explain_one_dependence(arguments, opened, &rows, names.items.texts[i], error);
    }
    explain_rows_clear(&rows);
    value_clear(&names);
    return status;
}

/* ---- The command -------------------------------------------------------------------------------------------------- */

static percept_status explain_to(const ExplainArguments *arguments, ExplainOpened *opened, percept_error *error)
{
    if (arguments->dependence != NULL)
        return explain_dependences(arguments, opened, error);
    return arguments->path != NULL || arguments->rows != NULL ? explain_answers(arguments, opened, error)
                                                              : explain_columns(arguments, opened, error);
}

/* With --out the file appears whole or not at all. */
static percept_status explain_to_file(const ExplainArguments *arguments, ExplainOpened *opened, percept_error *error)
{
    FileWriter *writer = NULL;
    if (arguments->out == NULL)
        return explain_to(arguments, opened, error);
    percept_status status = file_writer_open(arguments->out, &writer, error);
    if (status != PERCEPT_OK)
        return status;
    opened->explanation.stream = file_writer_stream(writer);
    status = explain_to(arguments, opened, error);
    if (status == PERCEPT_OK)
        return file_writer_commit(writer, error);
    file_writer_abandon(writer);
    return status;
}

/* What would be ignored, or cannot be computed. */
static percept_status check_arguments(const ExplainArguments *arguments, percept_error *error)
{
    if (arguments->path != NULL && arguments->dependence != NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "--dependence takes no FILE; give the data with --data");
    if (arguments->rows != NULL && arguments->dependence != NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "give either --rows or --dependence");
    if (arguments->metric != NULL &&
        (arguments->path != NULL || arguments->rows != NULL || arguments->dependence != NULL))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "--metric is for importances; leave it out, or FILE, --rows and --dependence");
    if (arguments->repeats == 0 || arguments->background == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "--%s is 0; give 1 or more",
                         arguments->repeats == 0 ? "repeats" : "background");
    return PERCEPT_OK;
}

static percept_status explain(const ExplainArguments *arguments, percept_error *error)
{
    ExplainOpened opened = {0};
    percept_status status = check_arguments(arguments, error);
    if (status == PERCEPT_OK)
        status = open_all(arguments, &opened, error);
    if (status == PERCEPT_OK)
        status = explain_to_file(arguments, &opened, error);
    clear_all(&opened);
    return status;
}

static int read_arguments(int argc, char **argv, ExplainArguments *out)
{
    static const char *const keys[] = {SETTINGS_COLUMN_KEYS, SETTINGS_TABLE_KEYS};
    enum { OWN = 19, ALL = OWN + SETTINGS_COLUMN_COUNT + SETTINGS_TABLE_COUNT };
    Option options[ALL] = {
        {"--rows", "N|A:B",
         "explain the answers for these rows of FILE or of the part, counted from 1 [1:5; JSON: all]", option_take_text,
         &out->rows},
        {"--row", "N", "the same for one row", option_take_text, &out->rows},
        {"--dependence", "COLUMN,...", "print how the answers depend on these columns", option_take_text,
         &out->dependence},
        {"--class", "NAME", "class whose probability is explained [the second of two; else the predicted one]",
         option_take_text, &out->output},
        {"--target", "NAME", "target that is explained [the first]", option_take_text, &out->output},
        {"--log-odds", NULL, "explain log odds in place of probabilities", option_take_switch, &out->log_odds},
        {"--metric", "NAME",
         "metric of importances: accuracy, auc or log-loss; for numbers r2, rmse or mae [auc for two classes, accuracy "
         "for more, r2]",
         option_take_text, &out->metric},
        {"--repeats", "N", "shuffles of each column [5]", option_take_count, &out->repeats},
        {"--examples", "N", "most rows that importances are measured on [1,000 to 10,000, by the size of the model]",
         option_take_count, &out->examples},
        {"--background", "N", "most rows that the baseline is a mean of [100, fewer for a large model of many columns]",
         option_take_count, &out->background},
        {"--error", "E", "standard error at which sampling stops, as a share of the deviation of the answers [0.01]",
         option_take_probability, &out->error},
        {"--data", "NAME|FILE", "use these data instead of the run's", option_take_text, &out->from.data},
        {"--data-dir", "DIR", "folder where datasets are looked for first", option_take_text, &out->from.directory},
        {"--part", "PART", "set that rows are taken from: test, valid or train [the first of these that exists]",
         option_take_choice, &out->from.part},
        {"--top", "N", "most columns that are printed; JSON has all [20]", option_take_count, &out->top},
        {"--seed", "N", "draw rows, shuffles and orders with this seed [0]", option_take_count, &out->seed},
        {"--json", NULL, "print JSON", option_take_switch, &out->json},
        {"--out", "FILE", "write to this file, whole or not at all", option_take_text, &out->out},
        {"--threads", "N", "threads, 0 for one per core [0]", option_take_count, &out->threads},
    };
    settings_options_of(&out->settings, keys, ALL - OWN, options + OWN);
    const Operand operands[] = {{"RUN|MODEL", false, &out->from.source}, {"FILE", true, &out->path}};
    const Parser parser = {&manual, options, ALL, operands, 2};
    return parser_read(&parser, argc, argv);
}

int command_explain(int argc, char **argv)
{
    ExplainArguments arguments = {.from = {.part = DATA_CHOICE_NO_PART, .settings = &arguments.settings},
                                  .error = 0.01,
                                  .repeats = 5,
                                  .background = SIZE_MAX,
                                  .top = 20};
    percept_error error;
    if (settings_create(argc, &arguments.settings, &error) != PERCEPT_OK)
        return fail(&error);
    int status = read_arguments(argc, argv, &arguments);
    if (status == PARSER_GO_ON)
        status = explain(&arguments, &error) == PERCEPT_OK ? STATUS_DONE : fail(&error);
    settings_clear(&arguments.settings);
    return status;
}
