/* percept predict: new examples in, classes and probabilities out, in constant memory. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/options.h"
#include "cli/rows.h"
#include "cli/run_source.h"

/* Rows predicted at once. */
#define BLOCK 256

static const Manual manual = {
    .command = "percept predict",
    .example = "percept predict runs/fashion-mnist-001 pictures.csv > classes.csv\n"
               "percept predict model.safetensors - < pictures.csv\n",
    .usage = "percept predict RUN|MODEL [FILE|-]\n",
    .text = "Predicts a class for each row of a CSV file, or of standard input: raw feature\n"
            "values, unscaled, a column a feature and no label; a first line of names is\n"
            "skipped. Prints CSV: the class, then the probability of each class. A model\n"
            "without classes gives its outputs.\n",
};

typedef struct Predictor {
    percept_model *model;
    RowReader reader;
    double *features, *outputs; /* BLOCK × inputs, BLOCK × outputs */
} Predictor;

/* ---- Output ---------------------------------------------------------------------------------------------------- */

/* A cell; in quotes where RFC 4180 asks for them. */
static void print_cell(const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, stdout);
        return;
    }
    putchar('"');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            putchar('"');
        putchar(*text);
    }
    putchar('"');
}

static void print_header(const percept_model *model)
{
    const size_t classes = percept_model_classes(model), outputs = percept_model_outputs(model);
    if (classes > 0)
        fputs("class", stdout);
    for (size_t k = 0; k < classes; k++) {
        putchar(',');
        print_cell(percept_model_class_name(model, k));
    }
    for (size_t k = 0; classes == 0 && k < outputs; k++)
        printf("%soutput_%zu", k > 0 ? "," : "", k);
    putchar('\n');
}

/* Nine significant digits tell all numbers of single precision apart. */
static void print_row(const percept_model *model, const double *outputs)
{
    const size_t classes = percept_model_classes(model), count = percept_model_outputs(model);
    if (classes == 2 && count == 1) { /* one output: the probability of class 1 */
        print_cell(percept_model_class_name(model, outputs[0] >= 0.5));
        printf(",%.9g,%.9g\n", 1 - outputs[0], outputs[0]);
        return;
    }
    size_t best = 0;
    for (size_t k = 1; k < count; k++)
        best = outputs[k] > outputs[best] ? k : best;
    if (classes > 0)
        print_cell(percept_model_class_name(model, best));
    for (size_t k = 0; k < count; k++)
        printf("%s%.9g", classes > 0 || k > 0 ? "," : "", outputs[k]);
    putchar('\n');
}

/* ---- The stream ------------------------------------------------------------------------------------------------ */

static percept_status predict_block(Predictor *predictor, size_t count, percept_error *error)
{
    percept_status status =
        percept_model_predict(predictor->model, predictor->features, count, 1, predictor->outputs, error);
    for (size_t i = 0; i < count && status == PERCEPT_OK; i++)
        print_row(predictor->model, predictor->outputs + i * percept_model_outputs(predictor->model));
    return status;
}

/* Reads, predicts and prints block after block; rows before a bad one are still predicted. Stops when nobody takes the
 * output any more, which the program's end tells. */
static percept_status predict_all(Predictor *predictor, percept_error *error)
{
    const size_t inputs = percept_model_inputs(predictor->model);
    bool end = false;
    percept_status status = PERCEPT_OK;
    while (!end && status == PERCEPT_OK && !ferror(stdout)) {
        size_t count = 0;
        while (count < BLOCK) {
            status = row_reader_next(&predictor->reader, predictor->features + count * inputs, &end, error);
            if (status != PERCEPT_OK || end)
                break;
            count++;
        }
        percept_error block_error;
        if (count > 0 && predict_block(predictor, count, &block_error) != PERCEPT_OK) {
            *error = block_error;
            return block_error.status;
        }
    }
    return status;
}

static percept_status predict_stream(const percept_model *model, FILE *stream, const char *name, percept_error *error)
{
    Predictor predictor = {.model = (percept_model *)model};
    percept_status status = row_reader_create(stream, name, percept_model_inputs(model), &predictor.reader, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(BLOCK * percept_model_inputs(model), sizeof(double), "the features",
                                 &predictor.features, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(BLOCK * percept_model_outputs(model), sizeof(double), "the outputs",
                                 &predictor.outputs, error);
    if (status == PERCEPT_OK) {
        print_header(model);
        status = predict_all(&predictor, error);
    }
    row_reader_clear(&predictor.reader);
    memory_free(predictor.features);
    memory_free(predictor.outputs);
    return status;
}

static percept_status predict(const char *source, const char *path, percept_error *error)
{
    percept_model *model = NULL;
    const bool from_standard_input = path == NULL || strcmp(path, "-") == 0;
    percept_status status = run_source_open(source, &model, NULL, error);
    if (status != PERCEPT_OK)
        return status;
    FILE *stream = from_standard_input ? stdin : fopen(path, "re");
    if (stream == NULL) {
        status = error_set(error, PERCEPT_ERROR_IO, "cannot open '%s': %s", path, strerror(errno));
    } else {
        if (from_standard_input && isatty(STDIN_FILENO) == 1)
            fprintf(stderr, "Rows of %zu values, please; Ctrl-D ends them.\n", percept_model_inputs(model));
        status = predict_stream(model, stream, from_standard_input ? "standard input" : path, error);
        if (!from_standard_input)
            fclose(stream);
    }
    percept_model_free(model);
    return status;
}

int command_predict(int argc, char **argv)
{
    const char *source = NULL, *path = NULL;
    const Operand operands[] = {{"RUN|MODEL", false, &source}, {"FILE", true, &path}};
    const Parser parser = {&manual, NULL, 0, operands, 2};
    percept_error error;
    const int status = parser_read(&parser, argc, argv);
    if (status != PARSER_GO_ON)
        return status;
    return predict(source, path, &error) == PERCEPT_OK ? STATUS_DONE : fail(&error);
}
