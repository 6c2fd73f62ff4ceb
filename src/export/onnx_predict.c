#include "export/onnx_predict.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "export/compare.h"
#include "export/onnx_build.h"
#include "export/onnx_run.h"

/* Rows that are computed at once: all values of the graph for them are in memory. */
#define BLOCK 128

/* A column of texts: those of the codes, and for other numbers a text that no vocabulary has. */
static percept_status text_column(const percept_model *model, size_t j, const double *rows, size_t count,
                                  OnnxGraph *memory, OnnxValue *out, percept_error *error)
{
    const Vocabulary *vocabulary = &model->schema.vocabularies[j];
    const size_t width = network_inputs(&model->network);
    out->texts = onnx_allocate(memory, count, sizeof *out->texts);
    for (size_t i = 0; i < count && out->texts != NULL; i++) {
        const double code = rows[i * width + j];
        out->texts[i] = code >= 0 && code < (double)vocabulary->count ? vocabulary->values[(size_t)code] : "\x01";
    }
    return onnx_status(memory, error);
}

/* Columns begin … end-1 of the rows, rounded to the type of the graph's input. */
static percept_status number_columns(const percept_model *model, size_t begin, size_t end, const double *rows,
                                     size_t count, OnnxGraph *memory, OnnxValue *out, percept_error *error)
{
    const size_t width = network_inputs(&model->network), columns = end - begin;
    out->values = onnx_allocate(memory, count * columns, sizeof *out->values);
    for (size_t i = 0; i < count && out->values != NULL; i++)
        for (size_t j = begin; j < end; j++) {
            const double x = rows[i * width + j];
            out->values[i * columns + j - begin] = out->type == ONNX_FLOAT ? (double)(float)x : x;
        }
    return onnx_status(memory, error);
}

/* The values of the graph's inputs. */
static percept_status make_inputs(const OnnxGraph *graph, const percept_model *model, const ExportOptions *options,
                                  const double *rows, size_t count, OnnxGraph *memory, OnnxValue *inputs,
                                  percept_error *error)
{
    const size_t width = network_inputs(&model->network);
    percept_status status = PERCEPT_OK;
    if (graph->input_count != (options->columns ? width : 1))
        return error_set(error, PERCEPT_ERROR_FORMAT, "the file has %zu inputs", graph->input_count);
    for (size_t j = 0; j < graph->input_count && status == PERCEPT_OK; j++) {
        const size_t columns = options->columns ? 1 : width;
        inputs[j] = (OnnxValue){.type = graph->inputs[j].type,
                                .rank = 2,
                                .shape = {(int64_t)count, (int64_t)columns},
                                .count = count * columns};
        status = inputs[j].type == ONNX_STRING
                     ? text_column(model, j, rows, count, memory, &inputs[j], error)
                     : number_columns(model, j, j + columns, rows, count, memory, &inputs[j], error);
    }
    return status;
}

/* The label of row i must be that of its probabilities; NaN has none. */
static percept_status check_label(const OnnxValue *label, const percept_model *model, size_t i, const double *answers,
                                  percept_error *error)
{
    const int32_t class = compare_class(model, answers);
    char text[32];
    if (class < 0)
        return PERCEPT_OK;
    if (label->values != NULL)
        snprintf(text, sizeof text, "%lld", (long long)label->values[i]);
    const char *given = label->values != NULL ? text : label->texts[i];
    if (strcmp(given, model->class_names[class]) == 0)
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_FORMAT, "the file labels a row '%.60s' whose most probable class is '%.60s'",
                     given, model->class_names[class]);
}

static percept_status take_answers(const OnnxRun *run, const percept_model *model, size_t count, double *answers,
                                   percept_error *error)
{
    const size_t width = export_answers(model);
    const bool classes = model->class_count > 0;
    const OnnxValue *values = onnx_run_value(run, classes ? ONNX_PROBABILITIES : ONNX_TARGETS);
    const OnnxValue *label = onnx_run_value(run, ONNX_LABEL);
    percept_status status = PERCEPT_OK;
    if (values == NULL || values->values == NULL || values->count != count * width ||
        (classes && (label == NULL || label->count != count)))
        return error_set(error, PERCEPT_ERROR_FORMAT, "the file does not give the answers of the model");
    memcpy(answers, values->values, count * width * sizeof *answers);
    for (size_t i = 0; i < count && classes && status == PERCEPT_OK; i++)
        status = check_label(label, model, i, answers + i * width, error);
    return status;
}

percept_status onnx_predict(const OnnxGraph *graph, const percept_model *model, const ExportOptions *options,
                            const ExportRows *rows, double *answers, percept_error *error)
{
    const size_t inputs = network_inputs(&model->network), width = export_answers(model);
    OnnxRun *run = NULL;
    OnnxValue *values = NULL;
    percept_status status = onnx_run_create(graph, &run, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(graph->input_count, sizeof *values, "the inputs", &values, error);
    for (size_t first = 0; first < rows->count && status == PERCEPT_OK; first += BLOCK) {
        OnnxGraph memory = {0};
        const size_t count = rows->count - first < BLOCK ? rows->count - first : BLOCK;
        status = make_inputs(graph, model, options, rows->values + first * inputs, count, &memory, values, error);
        if (status == PERCEPT_OK)
            status = onnx_run(run, values, 0, error);
        if (status == PERCEPT_OK)
            status = take_answers(run, model, count, answers + first * width, error);
        onnx_graph_clear(&memory);
    }
    memory_free(values);
    onnx_run_free(run);
    return status;
}
