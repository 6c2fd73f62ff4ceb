/* percept predict: new examples in, classes and probabilities out; tables in constant memory. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/parser.h"
#include "cli/prediction.h"
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

/* Rows on their way through the model. */
typedef struct Stream {
    percept_predictor *predictor;
    size_t block, inputs, outputs; /* rows predicted at once; numbers of a row */
    RowReader reader;
    PredictionWriter writer;
    double *features, *results; /* block × inputs, block × outputs */
    Buffer copied;              /* texts of the block's copied columns, row after row */
} Stream;

/* ---- The stream ------------------------------------------------------------------------------------------------ */

static percept_status predict_block(Stream *stream, size_t count, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    const size_t copies = stream->writer.format.copied_count;
    const char *copied = (const char *)stream->copied.bytes;
    percept_predictor_probabilities(stream->predictor, stream->features, count, stream->results);
    for (size_t i = 0; i < count && status == PERCEPT_OK; i++) {
        status = prediction_print(&stream->writer, stream->results + i * stream->outputs, copied, error);
        for (size_t k = 0; k < copies; k++)
            copied += strlen(copied) + 1;
    }
    return status;
}

/* Reads, predicts and prints block after block; rows before a bad one are still predicted. Stops if the reader of the
 * output is gone, which is reported when the program ends. */
static percept_status predict_all(Stream *stream, percept_error *error)
{
    bool end = false;
    percept_status status = PERCEPT_OK;
    prediction_print_header(&stream->writer);
    while (!end && status == PERCEPT_OK && !ferror(stream->writer.format.stream)) {
        size_t count = 0;
        stream->copied.size = 0;
        while (count < stream->block) {
            status = row_reader_next(&stream->reader, stream->features + count * stream->inputs, &stream->copied, &end,
                                     error);
            if (status != PERCEPT_OK || end)
                break;
            count++;
        }
        percept_error block_error;
        if (count > 0 && predict_block(stream, count, &block_error) != PERCEPT_OK) {
            *error = block_error;
            return block_error.status;
        }
    }
    return status;
}

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
                                   bool typed, FILE *output, Stream *stream, percept_error *error)
{
    percept_status status = percept_predictor_create(model, arguments->threads, &stream->predictor, error);
    stream->inputs = percept_model_inputs(model);
    stream->outputs = prediction_width(model);
    stream->block = status != PERCEPT_OK || typed ? 1 : percept_predictor_block(stream->predictor);
    if (status == PERCEPT_OK)
        status =
            memory_allocate(stream->block, stream->inputs * sizeof(double), "the features", &stream->features, error);
    if (status == PERCEPT_OK)
        status =
            memory_allocate(stream->block, stream->outputs * sizeof(double), "the outputs", &stream->results, error);
    const PredictionFormat format = {.stream = output,
                                     .json = arguments->json,
                                     .threshold = arguments->threshold,
                                     .names = (const char *const *)stream->reader.copied.names,
                                     .copied_count = stream->reader.copied.count};
    if (status == PERCEPT_OK)
        status = prediction_writer_create(model, &format, &stream->writer, error);
    if (status == PERCEPT_OK) {
        report_extra(&stream->reader);
        status = predict_all(stream, error);
    }
    if (status == PERCEPT_OK) {
        char unknown[CATEGORIES_NOTE_SIZE];
        status = row_reader_unknown(&stream->reader, unknown, error);
        if (unknown[0] != '\0')
            warn("%s: %s", source, unknown);
        char unread[CSV_DATES_NOTE_SIZE];
        row_reader_unread(&stream->reader, unread);
        if (unread[0] != '\0')
            warn("%s: %s", source, unread);
    }
    return status;
}

static void stream_clear(Stream *stream)
{
    prediction_writer_clear(&stream->writer);
    row_reader_clear(&stream->reader);
    memory_free(stream->features);
    memory_free(stream->results);
    buffer_clear(&stream->copied);
    percept_predictor_free(stream->predictor);
}

/* ---- Where rows come from and go to ---------------------------------------------------------------------------- */

/* A table of the file or of standard input. */
static percept_status predict_table(const PredictArguments *arguments, const percept_model *model,
                                    const SourceOptions *options, FILE *output, percept_error *error)
{
    const char *path = arguments->path;
    const char *name = row_source_name(path);
    ByteStream *bytes = NULL;
    Stream stream = {0};
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
        status = row_reader_create(bytes, name, options, model, copy.items.texts, copy.count, &stream.reader, error);
    else
        byte_stream_close(bytes);
    if (status == PERCEPT_OK)
        status = predict_rows(arguments, model, name, typed, output, &stream, error);
    stream_clear(&stream);
    value_clear(&copy);
    return status;
}

/* Data in another format, which are read whole. */
static percept_status predict_data(const PredictArguments *arguments, const percept_model *model,
                                   const SourceOptions *options, const char *directory, FILE *output,
                                   percept_error *error)
{
    Stream stream = {0};
    if (arguments->copy != NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "--copy is for tables, and '%.100s' is none", arguments->path);
    percept_status status = row_reader_open(arguments->path, directory, options, model, &stream.reader, error);
    if (status == PERCEPT_OK)
        status = predict_rows(arguments, model, arguments->path, false, output, &stream, error);
    stream_clear(&stream);
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
    PredictArguments arguments = {.threads = 1, .threshold = NAN};
    Option options[ALL] = {
        {"--copy", "COLUMN,...", "columns to copy beside the predictions", option_take_text, &arguments.copy},
        {"--json", NULL, "print one JSON object per row, instead of CSV", option_take_switch, &arguments.json},
        {"--out", "FILE", "write to this file, whole or not at all", option_take_text, &arguments.out},
        {"--threshold", "P",
         "for two classes: predict the second if its probability is at least P [the model's own, "
         "or 0.5]",
         option_take_probability, &arguments.threshold},
        {"--threads", "N", "threads, 0 for one per core [1]", option_take_count, &arguments.threads},
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
