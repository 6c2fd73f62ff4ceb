/* percept predict: new examples in, classes and probabilities out, in constant memory. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/options.h"
#include "cli/prediction.h"
#include "cli/rows.h"
#include "cli/run_source.h"
#include "cli/settings.h"
#include "recipe/experiment.h"

static const Manual manual = {
    .command = "percept predict",
    .example = "percept predict runs/fashion-mnist-001 pictures.csv > classes.csv\n"
               "percept predict model.safetensors - --json < pictures.csv\n",
    .usage = "percept predict RUN|MODEL [FILE|-] [FLAG]...\n",
    .text = "Predicts a class for each row of a table, or of standard input: raw feature\n"
            "values, unscaled, a column a feature and no label. Delimiter and header are\n"
            "found out; gzip is inflated. Prints CSV: the class, then the probability of each\n"
            "class. A model without classes gives its outputs. Any number of rows takes the\n"
            "same memory. --missing mean takes the means the model was trained with.\n"
            "\n"
            "With --json each row becomes an object on a line of its own: {\"class\": NAME,\n"
            "\"probabilities\": {NAME: NUMBER, ...}} or {\"outputs\": [NUMBER, ...]}.\n",
};

typedef struct PredictArguments {
    const char *source, *path;
    bool json;
    size_t threads;
    Settings settings; /* of how the table is read */
} PredictArguments;

/* Rows on their way through the model. */
typedef struct Stream {
    percept_predictor *predictor;
    size_t block, inputs, outputs; /* rows predicted at once; numbers of a row */
    RowReader reader;
    PredictionWriter writer;
    double *features, *results; /* block × inputs, block × outputs */
} Stream;

/* ---- The stream ------------------------------------------------------------------------------------------------ */

static percept_status predict_block(Stream *stream, size_t count, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    percept_predictor_run(stream->predictor, stream->features, count, stream->results);
    for (size_t i = 0; i < count && status == PERCEPT_OK; i++)
        status = prediction_print(&stream->writer, stream->results + i * stream->outputs, error);
    return status;
}

/* Reads, predicts and prints block after block; rows before a bad one are still predicted. Stops when nobody takes the
 * output any more, which the program's end tells. */
static percept_status predict_all(Stream *stream, percept_error *error)
{
    bool end = false;
    percept_status status = PERCEPT_OK;
    prediction_print_header(&stream->writer);
    while (!end && status == PERCEPT_OK && !ferror(stdout)) {
        size_t count = 0;
        while (count < stream->block) {
            status = row_reader_next(&stream->reader, stream->features + count * stream->inputs, &end, error);
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

static percept_status predict_stream(const PredictArguments *arguments, const percept_model *model,
                                     const SourceOptions *options, ByteStream *bytes, const char *name,
                                     percept_error *error)
{
    const bool typed = byte_stream_is_terminal(bytes);
    Stream stream = {.inputs = percept_model_inputs(model), .outputs = percept_model_outputs(model)};
    percept_status status = row_reader_create(bytes, name, options, model, &stream.reader, error);
    if (status == PERCEPT_OK)
        status = percept_predictor_create(model, arguments->threads, &stream.predictor, error);
    /* Whoever types rows waits for the answer to each. */
    stream.block = status != PERCEPT_OK || typed ? 1 : percept_predictor_block(stream.predictor);
    if (status == PERCEPT_OK)
        status = memory_allocate(stream.block, stream.inputs * sizeof(double), "the features", &stream.features, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(stream.block, stream.outputs * sizeof(double), "the outputs", &stream.results, error);
    if (status == PERCEPT_OK)
        status = prediction_writer_create(model, arguments->json, &stream.writer, error);
    if (status == PERCEPT_OK)
        status = predict_all(&stream, error);
    prediction_writer_clear(&stream.writer);
    row_reader_clear(&stream.reader);
    memory_free(stream.features);
    memory_free(stream.results);
    percept_predictor_free(stream.predictor);
    return status;
}

/* True if the key was given here, not in the run's recipe. */
static bool is_given(const PredictArguments *arguments, const char *name)
{
    for (size_t i = 0; i < arguments->settings.count; i++)
        if (strcmp(arguments->settings.list[i].key, name) == 0)
            return true;
    return false;
}

/* How the table is read: as the arguments say. Of a run's own table, decimal point and filling of missing values say
 * something of this one, too; delimiter, header and columns do not. */
static SourceOptions table_options(const PredictArguments *arguments, const percept_recipe *recipe)
{
    SourceOptions options = experiment_source(recipe);
    options.weight = NULL;
    options.target_count = 0;
    if (!is_given(arguments, "data.header"))
        options.header = HEADER_AUTO;
    if (!is_given(arguments, "data.delimiter"))
        options.delimiter = NULL;
    if (!is_given(arguments, "data.drop"))
        options.drop_count = 0;
    return options;
}

static percept_status predict(const PredictArguments *arguments, percept_error *error)
{
    const char *path = arguments->path;
    percept_model *model = NULL;
    percept_recipe *recipe = NULL;
    const bool from_standard_input = path == NULL || strcmp(path, "-") == 0;
    percept_status status = run_source_open(arguments->source, &model, &recipe, error);
    if (status != PERCEPT_OK)
        return status;
    const char *name = from_standard_input ? "standard input" : path;
    ByteStream *bytes = NULL;
    if (recipe == NULL)
        status = percept_recipe_create(&recipe, error);
    if (status == PERCEPT_OK)
        status = settings_apply(&arguments->settings, recipe, error);
    if (status == PERCEPT_OK)
        status = from_standard_input ? byte_stream_adopt(STDIN_FILENO, name, &bytes, error)
                                     : byte_stream_open(path, &bytes, error);
    if (status == PERCEPT_OK) {
        if (byte_stream_is_terminal(bytes))
            fprintf(stderr, "Rows of %zu values, please; Ctrl-D ends them.\n", percept_model_inputs(model));
        const SourceOptions options = table_options(arguments, recipe);
        status = predict_stream(arguments, model, &options, bytes, name, error);
    }
    percept_recipe_free(recipe);
    percept_model_free(model);
    return status;
}

int command_predict(int argc, char **argv)
{
    static const char *const keys[] = {SETTINGS_TABLE_KEYS};
    PredictArguments arguments = {.threads = 1};
    Option options[2 + SETTINGS_TABLE_COUNT] = {
        {"--json", NULL, "an object a row, instead of CSV", option_take_switch, &arguments.json},
        {"--threads", "N", "threads, 0 for one per core [1]", option_take_count, &arguments.threads},
    };
    settings_options_of(&arguments.settings, keys, SETTINGS_TABLE_COUNT, options + 2);
    const Operand operands[] = {{"RUN|MODEL", false, &arguments.source}, {"FILE", true, &arguments.path}};
    const Parser parser = {&manual, options, sizeof options / sizeof options[0], operands, 2};
    percept_error error;
    if (settings_create(argc, &arguments.settings, &error) != PERCEPT_OK)
        return fail(&error);
    int status = parser_read(&parser, argc, argv);
    if (status == PARSER_GO_ON)
        status = predict(&arguments, &error) == PERCEPT_OK ? STATUS_DONE : fail(&error);
    settings_clear(&arguments.settings);
    return status;
}
