/* The structure of exported ONNX graphs: names, types and versions that other programs rely on, and what is refused. */
#include "in_scratch.h"

#include <string.h>

#include "base/file.h"
#include "export/export.h"
#include "export/formats.h"
#include "export/onnx_file.h"
#include "exports.h"

#define ROWS 60

/* Exports the model and reads the graph. */
static double export_graph(const percept_model *model, const ExportOptions *options, OnnxGraph *graph)
{
    char path[SCRATCH_PATH];
    double *rows = NULL;
    ExportCheck check = {0};
    assert_ok(memory_allocate(ROWS * network_inputs(&model->network), sizeof *rows, "rows", &rows, error));
    export_draw_rows(model, ROWS, rows);
    assert_ok(export_write(export_format_find("onnx"), model, options, &(ExportRows){.values = rows, .count = ROWS},
                           scratch_path(&scratch, "model.onnx", path), &check, error));
    assert_int_equal(check.labels, 0);
    assert_ok(onnx_read(path, graph, error));
    memory_free(rows);
    return check.difference;
}

static void expect_port(const OnnxPort *port, const char *name, OnnxType type, int64_t width)
{
    assert_string_equal(port->name, name);
    assert_int_equal(port->type, type);
    assert_int_equal(port->width, width);
}

static percept_status refused(const percept_model *model, const ExportOptions *options, percept_error *error)
{
    char path[SCRATCH_PATH];
    ExportCheck check = {0};
    double rows[64] = {0};
    const percept_status status =
        export_write(export_format_find("onnx"), model, options, &(ExportRows){.values = rows, .count = 1},
                     scratch_path(&scratch, "model.onnx", path), &check, error);
    assert_int_equal(scratch_count(scratch.folder), 0);
    return status;
}

static void one_tensor_goes_in_and_label_and_probabilities_come_out(void **state)
{
    (void)state;
    OnnxGraph graph = {0};
    percept_model *model = make_export_model(&stage_cases[0], PERCEPT_FLOAT32, 1, 1);
    (void)export_graph(model, &(ExportOptions){.precision = PERCEPT_FLOAT32, .recipe = "seed: 1\n"}, &graph);
    assert_int_equal(graph.opset, 13);
    assert_int_equal(graph.ir_version, 7);
    assert_string_equal(graph.producer, "percept");
    assert_int_equal(graph.input_count, 1);
    expect_port(&graph.inputs[0], "features", ONNX_FLOAT, 6);
    assert_int_equal(graph.output_count, 2);
    expect_port(&graph.outputs[0], "label", ONNX_STRING, -1);
    expect_port(&graph.outputs[1], "probabilities", ONNX_FLOAT, 3);
    assert_int_equal(graph.metadata_count, 3);
    assert_string_equal(graph.metadata[0][1], percept_version());
    assert_string_equal(graph.metadata[1][0], "features");
    assert_non_null(strstr(graph.metadata[1][1], "\"x5\""));
    assert_string_equal(graph.metadata[2][1], "seed: 1\n");
    for (size_t n = 0; n < graph.node_count; n++)
        assert_string_not_equal(graph.nodes[n].op, "BatchNormalization");
    onnx_graph_clear(&graph);
    percept_model_free(model);
}

/* Every kind of stage, and all versions of the operators in turn. */
static void columns_have_inputs_of_their_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * STAGE_CASES; i++) {
        OnnxGraph graph = {0};
        const percept_type precision = i % 2 == 0 ? PERCEPT_FLOAT32 : PERCEPT_FLOAT64;
        percept_model *model = make_export_model(&stage_cases[i / 2], precision, 1, i);
        const ExportOptions options = {.precision = precision, .columns = true, .opset = 13 + i % 10};
        const double difference = export_graph(model, &options, &graph);
        assert_true(difference < (precision == PERCEPT_FLOAT32 ? 8e-6 : 4e-12));
        assert_int_equal(graph.opset, options.opset);
        assert_true(graph.ir_version <= 10);
        assert_int_equal(graph.input_count, network_inputs(&model->network));
        for (size_t j = 0; j < graph.input_count; j++)
            expect_port(&graph.inputs[j], model->schema.names[j],
                        schema_is_category(&model->schema, j) ? ONNX_STRING
                        : precision == PERCEPT_FLOAT32        ? ONNX_FLOAT
                                                              : ONNX_DOUBLE,
                        1);
        onnx_graph_clear(&graph);
        percept_model_free(model);
    }
}

/* 0, 1, 2 are what the network says, other integers are taken from a list, and 01 is a text. */
static void integers_are_labels_as_integers(void **state)
{
    (void)state;
    static const char *const names[][3] = {{"0", "1", "2"}, {"7", "-3", "12"}, {"0", "01", "2"}};
    for (size_t f = 0; f < 3; f++) {
        OnnxGraph graph = {0};
        percept_model *model = make_export_model(&stage_cases[0], PERCEPT_FLOAT64, 1, f);
        for (size_t k = 0; k < 3; k++) {
            memory_free(model->class_names[k]);
            assert_ok(memory_copy_string(names[f][k], &model->class_names[k], error));
        }
        (void)export_graph(model, &(ExportOptions){.precision = PERCEPT_FLOAT64}, &graph);
        expect_port(&graph.outputs[0], "label", f < 2 ? ONNX_INT64 : ONNX_STRING, -1);
        onnx_graph_clear(&graph);
        percept_model_free(model);
    }
}

static void float64_has_no_operators_that_old_runtimes_lack(void **state)
{
    (void)state;
    static const char *const lacking[] = {"Gemm", "Transpose", "Erf", "Sigmoid", "Softplus", "Elu", "LeakyRelu"};
    for (size_t i = 0; i < STAGE_CASES; i++) {
        OnnxGraph graph = {0};
        percept_model *model = make_export_model(&stage_cases[i], PERCEPT_FLOAT64, 1, i);
        (void)export_graph(model, &(ExportOptions){.precision = PERCEPT_FLOAT64}, &graph);
        for (size_t n = 0; n < graph.node_count; n++)
            for (size_t k = 0; k < sizeof lacking / sizeof lacking[0]; k++)
                assert_string_not_equal(graph.nodes[n].op, lacking[k]);
        onnx_graph_clear(&graph);
        percept_model_free(model);
    }
}

static void targets_come_out_in_their_units(void **state)
{
    (void)state;
    OnnxGraph graph = {0};
    percept_model *model = make_export_model(&stage_cases[3], PERCEPT_FLOAT64, 2, 1);
    (void)export_graph(model, &(ExportOptions){.precision = PERCEPT_FLOAT64}, &graph);
    assert_int_equal(graph.output_count, 1);
    expect_port(&graph.outputs[0], "targets", ONNX_DOUBLE, 2);
    onnx_graph_clear(&graph);
    percept_model_free(model);
}

static void what_a_graph_cannot_hold_is_refused(void **state)
{
    (void)state;
    percept_model *model = make_export_model(&stage_cases[0], PERCEPT_FLOAT32, 1, 1);
    ExportOptions options = {.precision = PERCEPT_FLOAT32, .opset = 23};
    assert_refused(refused(model, &options, error), PERCEPT_ERROR_ARGUMENT, "--opset 23");
    options = (ExportOptions){.precision = PERCEPT_FLOAT32, .columns = true};
    model->schema.names[1][1] = '0'; /* x0 again */
    assert_refused(refused(model, &options, error), PERCEPT_ERROR_ARGUMENT, "column 2, 'x0'");
    percept_model_free(model);
    StageKind kind = *stage_kind_find("mix");
    kind.name = "unheard-of";
    model = make_export_model(&stage_cases[11], PERCEPT_FLOAT32, 1, 1);
    model->network.stages[0].kind = &kind;
    options = (ExportOptions){.precision = PERCEPT_FLOAT64};
    assert_refused(refused(model, &options, error), PERCEPT_ERROR_ARGUMENT,
                   "stages of kind 'unheard-of' cannot be exported to ONNX");
    percept_model_free(model);
}

/* A large mean beside a small deviation: in float32 the difference is taken first, and from two parts of the mean. */
static void scaling_keeps_its_digits_in_float32(void **state)
{
    (void)state;
    OnnxGraph graph = {0};
    percept_model *model = make_export_model(&stage_cases[0], PERCEPT_FLOAT32, 1, 1);
    for (size_t j = 0; j < 6; j++) {
        model->scaler.mean[j] = 2010.123456789 + (double)j;
        model->scaler.deviation[j] = 0.7;
    }
    assert_true(export_graph(model, &(ExportOptions){.precision = PERCEPT_FLOAT32}, &graph) < 2e-6);
    onnx_graph_clear(&graph);
    percept_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(one_tensor_goes_in_and_label_and_probabilities_come_out),
        IN_SCRATCH(columns_have_inputs_of_their_own),
        IN_SCRATCH(integers_are_labels_as_integers),
        IN_SCRATCH(float64_has_no_operators_that_old_runtimes_lack),
        IN_SCRATCH(targets_come_out_in_their_units),
        IN_SCRATCH(what_a_graph_cannot_hold_is_refused),
        IN_SCRATCH(scaling_keeps_its_digits_in_float32),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
