/* percept predict: new examples in, classes and probabilities out. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/parser.h"
#include "cli/predict_stream.h"
#include "cli/row_source.h"
#include "cli/run_source.h"
#include "cli/settings.h"
#include "recipe/recipe.h"
#include "recipe/value.h"

static const Manual manual = {
    .command = "percept predict",
    .example = "percept predict runs/fashion-mnist-001 pictures.csv > classes.csv\n"
               "percept predict runs/houses new-houses.csv --copy address --out prices.csv\n"
               "percept predict model.safetensors - --json < pictures.csv\n",
    .usage = "percept predict RUN|MODEL [FILE|-] [FLAG]...\n",
    .text = "Predicts each row of a file or of standard input. Give raw values, as in the\n"
            "training file. A model that was trained on a table with names finds its columns\n"
            "by name, in any order; other columns are ignored, and those that training did\n"
            "not have are reported once. Without names, columns are used in order. Missing\n"
            "values are filled as in training.\n"
            "Texts of a category that training did not have count as unknown, as missing ones\n"
            "do, and are counted on standard error.\n"
            "Tables are read in constant memory; all other formats of training work, too.\n"
            "\n"
            "Prints CSV: the columns that identify rows (--id in training) and those named by\n"
            "--copy, then the class and the probability of each class, or the predicted\n"
            "targets under their names. A model that was trained with --intervals adds the\n"
            "ends of the interval, as PRICE_low and PRICE_high beside PRICE.\n"
            "\n"
            "With --json each row becomes an object on a line of its own: {\"class\": NAME,\n"
            "\"probabilities\": {NAME: NUMBER, ...}}, or {\"outputs\": {NAME: NUMBER, ...}}\n"
            "(a list if targets have no names). Copied columns are in \"copied\".\n",
};

typedef struct PredictArguments {
    const char *source, *path;
    const char *copy, *out;
    bool json;
    double threshold; /* NaN unless given */
    size_t threads;
    Settings settings; /* of how the file is read */
} PredictArguments;

/* ---- Rows ------------------------------------------------------------------------------------------------------- */

/* Columns that the model does not know are reported once. */
static void report_extra(const RowReader *reader)
{
    char extra[COLUMNS_EXTRA_SIZE];
    columns_describe_extra(&reader->columns, reader->csv.names, extra);
    if (extra[0] != '\0')
        warn("%s: %s", reader->csv.name, extra);
}

/* Predicts all rows of the reader. `typed`: rows come from a terminal and are answered one by one. */
static percept_status predict_rows(const PredictArguments *arguments, const percept_model *model, const char *source,
                                   bool typed, FILE *output, RowReader *reader, percept_error *error)
{
    const PredictionFormat format = {.stream = output,
                                     .terminal = isatty(fileno(output)) == 1,
                                     .json = arguments->json,
                                     .threshold = arguments->threshold,
                                     .names = (const char *const *)reader->copied.names,
                                     .copied_count = reader->copied.count};
    report_extra(reader);
    percept_status status =
        predict_stream(model, reader, &format, typed ? 1 : arguments->threads, typed ? 1 : 0, error);
    if (status == PERCEPT_OK) {
        char unknown[CATEGORIES_NOTE_SIZE];
        status = row_reader_unknown(reader, unknown, error);
        if (unknown[0] != '\0')
            warn("%s: %s", source, unknown);
        char unread[CSV_DATES_NOTE_SIZE];
        row_reader_unread(reader, unread);
        if (unread[0] != '\0')
            warn("%s: %s", source, unread);
    }
    return status;
}

/* ---- Where rows come from and go to ---------------------------------------------------------------------------- */

/* A table of the file or of standard input. */
static percept_status predict_table(const PredictArguments *arguments, const percept_model *model,
                                    const SourceOptions *options, FILE *output, percept_error *error)
{
    const char *path = arguments->path;
    const char *name = row_source_name(path);
    ByteStream *bytes = NULL;
    RowReader reader = {0};
    Value copy = {0};
    percept_status status = row_source_is_standard_input(path) ? byte_stream_adopt(STDIN_FILENO, name, &bytes, error)
                                                               : byte_stream_open(path, &bytes, error);
    if (status != PERCEPT_OK)
        return status;
    const bool typed = byte_stream_is_terminal(bytes);
    if (typed)
        fprintf(stderr, "Type rows of %zu values; Ctrl-D ends them.\n", percept_model_inputs(model));
    if (arguments->copy != NULL)
        status = value_parse(recipe_key_find("data.drop"), arguments->copy, &copy, error);
    if (status == PERCEPT_OK)
        status = row_reader_create(bytes, name, options, model, copy.items.texts, copy.count, &reader, error);
    else
        byte_stream_close(bytes);
    if (status == PERCEPT_OK)
        status = predict_rows(arguments, model, name, typed, output, &reader, error);
    row_reader_clear(&reader);
    value_clear(&copy);
    return status;
}

/* Data in another format, which are read whole. */
static percept_status predict_data(const PredictArguments *arguments, const percept_model *model,
                                   const SourceOptions *options, const char *directory, FILE *output,
                                   percept_error *error)
{
    RowReader reader = {0};
    if (arguments->copy != NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "--copy is for tables, and '%.100s' is none", arguments->path);
    percept_status status = row_reader_open(arguments->path, directory, options, model, &reader, error);
    if (status == PERCEPT_OK)
        status = predict_rows(arguments, model, arguments->path, false, output, &reader, error);
    row_reader_clear(&reader);
    return status;
}

static percept_status predict_to(const PredictArguments *arguments, const percept_model *model,
                                 const percept_recipe *recipe, FILE *output, percept_error *error)
{
    SourceOptions options;
    percept_status status = row_source_options(&arguments->settings, recipe, model, &options, error);
    if (status != PERCEPT_OK)
        return status;
    return row_source_is_table(arguments->path, &options)
               ? predict_table(arguments, model, &options, output, error)
               : predict_data(arguments, model, &options, recipe_text(recipe, "data.directory"), output, error);
}

/* With --out the file appears when all rows are predicted, or not at all. */
static percept_status predict_to_file(const PredictArguments *arguments, const percept_model *model,
                                      const percept_recipe *recipe, percept_error *error)
{
    FileWriter *writer = NULL;
    if (arguments->out == NULL)
        return predict_to(arguments, model, recipe, stdout, error);
    percept_status status = file_writer_open(arguments->out, &writer, error);
    if (status != PERCEPT_OK)
        return status;
    status = predict_to(arguments, model, recipe, file_writer_stream(writer), error);
    if (status == PERCEPT_OK)
        return file_writer_commit(writer, error);
    file_writer_abandon(writer);
    return status;
}

static percept_status check_threshold(const PredictArguments *arguments, const percept_model *model,
                                      percept_error *error)
{
    if (isnan(arguments->threshold) || percept_model_classes(model) == 2)
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "--threshold is for models of two classes, and '%.100s' has %zu",
                     arguments->source, percept_model_classes(model));
}

static percept_status predict(const PredictArguments *arguments, percept_error *error)
{
    percept_model *model = NULL;
    percept_recipe *recipe = NULL;
    percept_status status = run_source_open(arguments->source, &model, &recipe, error);
    if (status == PERCEPT_OK)
        status = check_threshold(arguments, model, error);
    if (status == PERCEPT_OK && recipe == NULL)
        status = percept_recipe_create(&recipe, error);
    if (status == PERCEPT_OK)
        status = settings_apply(&arguments->settings, recipe, error);
    if (status == PERCEPT_OK)
        status = predict_to_file(arguments, model, recipe, error);
    percept_recipe_free(recipe);
    percept_model_free(model);
    return status;
}

int command_predict(int argc, char **argv)
{
    static const char *const keys[] = {"data.format", "data.encoding", "data.first_index", SETTINGS_TABLE_KEYS};
    enum { OWN = 5, ALL = OWN + 3 + SETTINGS_TABLE_COUNT };
    PredictArguments arguments = {.threads = 0, .threshold = NAN};
    Option options[ALL] = {
        {"--copy", "COLUMN,...", "columns to copy beside the predictions", option_take_text, &arguments.copy},
        {"--json", NULL, "print one JSON object per row, instead of CSV", option_take_switch, &arguments.json},
        {"--out", "FILE", "write to this file, whole or not at all", option_take_text, &arguments.out},
        {"--threshold", "P",
         "for two classes: predict the second if its probability is at least P [the model's own, "
         "or 0.5]",
         option_take_probability, &arguments.threshold},
        {"--threads", "N", "threads, 0 for one per core; the output is the same [0]", option_take_count,
         &arguments.threads},
    };
    settings_options_of(&arguments.settings, keys, ALL - OWN, options + OWN);
    const Operand operands[] = {{"RUN|MODEL", false, &arguments.source}, {"FILE", true, &arguments.path}};
    const Parser parser = {&manual, options, ALL, operands, 2};
    percept_error error;
    if (settings_create(argc, &arguments.settings, &error) != PERCEPT_OK)
        return fail(&error);
    int status = parser_read(&parser, argc, argv);
    if (status == PARSER_GO_ON)
        status = predict(&arguments, &error) == PERCEPT_OK ? STATUS_DONE : fail(&error);
    settings_clear(&arguments.settings);
    return status;
}
