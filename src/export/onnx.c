/* The format onnx: one graph from raw columns to the answer.
 *
 *   inputs    features (rows × inputs), NaN where a value is missing, codes for categories; or one input a column, under its
 *             name: rows × 1, texts for categories
 *   outputs   label (rows; int64 where all classes are named by integers, else texts), probabilities (rows × classes);
 *             or targets (rows × outputs), in their units
 *   metadata  percept_version, recipe, and features: names, kinds and words of the columns in their order, as in the model file;
 *             of models with intervals targets: the names of the outputs, NAME, NAME_low, NAME_high for each target
 *
 * The operators are those of opset 13 (2020), and other opsets up to 22 compute the same. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "export/format.h"
#include "export/onnx_build.h"
#include "export/onnx_file.h"
#include "export/onnx_predict.h"
#include "export/output_names.h"
#include "model/json_list.h"
#include "model/schema_text.h"
#include "nn/activation.h"

extern const ExportFormat export_onnx;

enum { FIRST_OPSET = 13, LAST_OPSET = 22 };

/* ---- What it holds ------------------------------------------------------------------------------------------------ */

static percept_status check_activation(size_t activation, percept_error *error)
{
    const char *name = activation_at_f64(activation)->name;
    if (onnx_activation_find(name) != NULL)
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_ARGUMENT,
                     "activation '%s' cannot be exported to ONNX; npz and safetensors hold every model", name);
}

static percept_status check_network(const Network *network, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t l = 0; l < network->depth && status == PERCEPT_OK; l++)
        status = check_activation(network->layers[l].activation, error);
    for (size_t s = 0; s < network->stage_count && status == PERCEPT_OK; s++) {
        const Stage *stage = &network->stages[s];
        if (onnx_stage_find(stage->kind) == NULL)
            status = error_set(error, PERCEPT_ERROR_ARGUMENT,
                               "stages of kind '%s' cannot be exported to ONNX; npz and safetensors hold every model",
                               stage->kind->name);
        for (size_t k = 0; k < STAGE_SETTINGS && status == PERCEPT_OK; k++)
            if (stage->kind->settings[k].name != NULL && stage->kind->settings[k].kind == SETTING_ACTIVATION)
                status = check_activation(stage->activation, error);
    }
    return status;
}

/* Inputs are found by their names, which must be different from each other and from those of the outputs. */
static percept_status check_names(const Schema *schema, percept_error *error)
{
    static const char *const outputs[] = {ONNX_LABEL, ONNX_PROBABILITIES, ONNX_TARGETS};
    if (schema->names == NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "--inputs columns: the model's columns have no names; leave the flag out");
    for (size_t j = 0; j < schema->width; j++) {
        const char *name = schema->names[j];
        bool taken = name[0] == '\0' || name[0] == '/';
        for (size_t o = 0; o < sizeof outputs / sizeof outputs[0]; o++)
            taken = taken || strcmp(name, outputs[o]) == 0;
        for (size_t k = 0; k < j; k++)
            taken = taken || strcmp(name, schema->names[k]) == 0;
        if (taken)
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "--inputs columns: column %zu, '%.60s', has a name that occurs twice or that ONNX needs; "
                             "leave the flag out",
                             j + 1, name);
    }
    return PERCEPT_OK;
}

static percept_status check(const percept_model *model, const ExportOptions *options, percept_error *error)
{
    percept_status status = check_network(&model->network, error);
    if (status == PERCEPT_OK && options->columns)
        status = check_names(&model->schema, error);
    if (status == PERCEPT_OK && options->opset != 0 && (options->opset < FIRST_OPSET || options->opset > LAST_OPSET))
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "--opset %zu: give one from %d to %d", options->opset,
                           FIRST_OPSET, LAST_OPSET);
    return status;
}

/* ---- Writing ------------------------------------------------------------------------------------------------------ */

/* The lowest IR version of files with this opset. */
static uint64_t ir_version(uint64_t opset)
{
    return opset >= 21 ? 10 : opset >= 19 ? 9 : opset >= 15 ? 8 : 7;
}

static percept_status list_targets(const percept_model *model, char **json, percept_error *error)
{
    char **names = NULL;
    percept_status status = output_names(model, &names, error);
    if (status == PERCEPT_OK)
        status = json_list_of_texts((const char *const *)names, network_outputs(&model->network), json, error);
    memory_free(names);
    return status;
}

static percept_status build(const percept_model *model, const ExportOptions *options, OnnxGraph *graph,
                            percept_error *error)
{
    double *parameters = NULL;
    char *columns = NULL, *targets = NULL;
    *graph = (OnnxGraph){.real = options->precision == PERCEPT_FLOAT64 ? ONNX_DOUBLE : ONNX_FLOAT,
                         .opset = options->opset != 0 ? options->opset : FIRST_OPSET,
                         .producer = "percept"};
    graph->ir_version = ir_version(graph->opset);
    percept_status status = schema_text_write(&model->schema, &columns, error);
    if (status == PERCEPT_OK && model->network.intervals > 0)
        status = list_targets(model, &targets, error);
    if (status == PERCEPT_OK)
        status = model_parameters_f64(model, &parameters, error);
    if (status != PERCEPT_OK) {
        memory_free(columns);
        memory_free(targets);
        return status;
    }
    const char *features = onnx_features(graph, model, options);
    onnx_answers(graph, model, onnx_network(graph, model, parameters, features));
    onnx_metadata(graph, "percept_version", percept_version());
    onnx_metadata(graph, "features", columns);
    if (targets != NULL)
        onnx_metadata(graph, "targets", targets);
    if (options->recipe != NULL)
        onnx_metadata(graph, "recipe", options->recipe);
    memory_free(columns);
    memory_free(targets);
    memory_free(parameters);
    return onnx_status(graph, error);
}

static percept_status write(const percept_model *model, const ExportOptions *options, const char *path,
                            percept_error *error)
{
    OnnxGraph graph = {0};
    percept_status status = build(model, options, &graph, error);
    if (status == PERCEPT_OK)
        status = onnx_write(&graph, path, error);
    onnx_graph_clear(&graph);
    return status;
}

/* ---- Reading ------------------------------------------------------------------------------------------------------ */

static percept_status run(const percept_model *model, const ExportOptions *options, const char *path,
                          const ExportRows *rows, double *answers, ExportReason *skipped, percept_error *error)
{
    OnnxGraph graph = {0};
    (void)skipped;
    percept_status status = onnx_read(path, &graph, error);
    if (status == PERCEPT_OK)
        status = onnx_predict(&graph, model, options, rows, answers, error);
    onnx_graph_clear(&graph);
    return status;
}

const ExportFormat export_onnx = {.name = "onnx",
                                  .extension = "onnx",
                                  .help = "an ONNX graph, for ONNX Runtime and others",
                                  .narrow = true,
                                  .check = check,
                                  .write = write,
                                  .run = run};
