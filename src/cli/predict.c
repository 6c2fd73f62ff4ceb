/* percept predict: new examples in, classes and probabilities out, in constant memory. */
#include <errno.h>
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

static const Manual manual = {
    .command = "percept predict",
    .example = "percept predict runs/fashion-mnist-001 pictures.csv > classes.csv\n"
               "percept predict model.safetensors - --json < pictures.csv\n",
    .usage = "percept predict RUN|MODEL [FILE|-] [FLAG]...\n",
    .text = "Predicts a class for each row of a CSV file, or of standard input: raw feature\n"
            "values, unscaled, a column a feature and no label; a first line of names is\n"
            "skipped. Prints CSV: the class, then the probability of each class. A model\n"
            "without classes gives its outputs. Any number of rows takes the same memory.\n"
            "\n"
            "With --json each row becomes an object on a line of its own: {\"class\": NAME,\n"
            "\"probabilities\": {NAME: NUMBER, ...}} or {\"outputs\": [NUMBER, ...]}.\n",
};

typedef struct PredictArguments {
    const char *source, *path;
    bool json;
    size_t threads;
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

static percept_status predict_stream(const PredictArguments *arguments, const percept_model *model, FILE *file,
                                     const char *name, percept_error *error)
{
    Stream stream = {.inputs = percept_model_inputs(model), .outputs = percept_model_outputs(model)};
    percept_status status = percept_predictor_create(model, arguments->threads, &stream.predictor, error);
    if (status == PERCEPT_OK) {
        /* Whoever types rows waits for the answer to each. */
        stream.block = isatty(fileno(file)) == 1 ? 1 : percept_predictor_block(stream.predictor);
        status = row_reader_create(file, name, stream.inputs, &stream.reader, error);
    }
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

static percept_status predict(const PredictArguments *arguments, percept_error *error)
{
    const char *path = arguments->path;
    percept_model *model = NULL;
    const bool from_standard_input = path == NULL || strcmp(path, "-") == 0;
    percept_status status = run_source_open(arguments->source, &model, NULL, error);
    if (status != PERCEPT_OK)
        return status;
    FILE *stream = from_standard_input ? stdin : fopen(path, "re");
    if (stream == NULL) {
        status = error_set(error, PERCEPT_ERROR_IO, "cannot open '%s': %s", path, strerror(errno));
    } else {
        if (from_standard_input && isatty(STDIN_FILENO) == 1)
            fprintf(stderr, "Rows of %zu values, please; Ctrl-D ends them.\n", percept_model_inputs(model));
        status = predict_stream(arguments, model, stream, from_standard_input ? "standard input" : path, error);
        if (!from_standard_input)
            fclose(stream);
    }
    percept_model_free(model);
    return status;
}

int command_predict(int argc, char **argv)
{
    PredictArguments arguments = {.threads = 1};
    const Option options[] = {
        {"--json", NULL, "an object a row, instead of CSV", option_take_switch, &arguments.json},
        {"--threads", "N", "threads, 0 for one per core [1]", option_take_count, &arguments.threads},
    };
    const Operand operands[] = {{"RUN|MODEL", false, &arguments.source}, {"FILE", true, &arguments.path}};
    const Parser parser = {&manual, options, sizeof options / sizeof options[0], operands, 2};
    percept_error error;
    const int status = parser_read(&parser, argc, argv);
    if (status != PARSER_GO_ON)
        return status;
    return predict(&arguments, &error) == PERCEPT_OK ? STATUS_DONE : fail(&error);
}
