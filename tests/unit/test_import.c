/* Networks that were trained elsewhere: graphs as other programs write them, and weights by their names. */
#include "in_scratch.h"

#include <string.h>

#include "export/export.h"
#include "export/formats.h"
#include "export/import.h"
#include "export/onnx_file.h"
#include "exports.h"
#include "model/safetensors.h"
#include "nn/activation.h"

#define ROWS 20

static const double weights[] = {0.5, -1, 0.25, 2, 0.75, -0.5}; /* 3 × 2: outputs × inputs */
static const double turned[] = {0.5, 0.25, 0.75, -1, 2, -0.5};  /* 2 × 3 */
static const double biases[] = {0.1, -0.2, 0.3};
static const double last[] = {1, -1, 0.5, -0.5, 2, 1}; /* 2 × 3 */

/* A graph with the input x of two columns, on its way. */
static OnnxGraph begin(void)
{
    OnnxGraph graph = {.real = ONNX_FLOAT, .opset = 13, .ir_version = 7, .producer = "test"};
    onnx_input(&graph, "x", ONNX_FLOAT, 2);
    return graph;
}

static const char *gemm(OnnxGraph *graph, const char *x, size_t outputs, size_t inputs, const double *W,
                        const double *b)
{
    const char *z = ONNX(graph, "Gemm", x, onnx_numbers(graph, 2, (int64_t[]){(int64_t)outputs, (int64_t)inputs}, W),
                         onnx_vector(graph, outputs, b));
    onnx_set_integer(graph, "transB", 1);
    return z;
}

static const char *dense(OnnxGraph *graph, const char *x, size_t outputs, size_t inputs, const double *W,
                         const double *b)
{
    const char *z = ONNX(graph, "MatMul", x, onnx_numbers(graph, 2, (int64_t[]){(int64_t)inputs, (int64_t)outputs}, W));
    return ONNX(graph, "Add", z, onnx_vector(graph, outputs, b));
}

/* Ends the graph with its last node, and writes it. */
static void write_graph(OnnxGraph *graph, const char *path)
{
    onnx_output(graph, onnx_named(graph, "scores"), ONNX_FLOAT, -1);
    assert_ok(onnx_write(graph, path, error));
    onnx_graph_clear(graph);
}

static percept_model *import_graph(OnnxGraph *graph, const ImportOptions *options)
{
    char path[SCRATCH_PATH];
    ImportResult result = {0};
    write_graph(graph, scratch_path(&scratch, "graph.onnx", path));
    assert_ok(import_model(path, options, &result, error));
    assert_true(result.compared);
    assert_true(result.difference < 1e-5);
    return result.model;
}

static void refuse_graph(OnnxGraph *graph, const char *text)
{
    char path[SCRATCH_PATH];
    ImportResult result = {0};
    write_graph(graph, scratch_path(&scratch, "graph.onnx", path));
    assert_refused(import_model(path, &(ImportOptions){0}, &result, error), PERCEPT_ERROR_ARGUMENT, text);
    assert_null(result.model);
}

/* The prediction of the small network at (x, y): relu, then the sums of `last`. */
static void expected(const double *x, double *scores)
{
    double hidden[3];
    for (size_t j = 0; j < 3; j++)
        hidden[j] = fmax(0, weights[2 * j] * x[0] + weights[2 * j + 1] * x[1] + biases[j]);
    for (size_t k = 0; k < 2; k++)
        scores[k] = last[3 * k] * hidden[0] + last[3 * k + 1] * hidden[1] + last[3 * k + 2] * hidden[2];
}

static void expect_scores(const percept_model *model)
{
    for (int i = -4; i <= 4; i++) {
        const double row[] = {0.5 * i, 1 - 0.15 * i};
        double scores[2], outputs[2];
        expected(row, scores);
        assert_ok(percept_model_predict(model, row, 1, 1, outputs, error));
        assert_close(outputs[0], scores[0], 1e-6);
        assert_close(outputs[1], scores[1], 1e-6);
    }
}

static void products_are_layers_in_either_orientation(void **state)
{
    (void)state;
    const double none[2] = {0};
    for (size_t form = 0; form < 2; form++) {
        OnnxGraph graph = begin();
        const char *z = form == 0 ? gemm(&graph, "x", 3, 2, weights, biases) : dense(&graph, "x", 3, 2, turned, biases);
        (void)gemm(&graph, ONNX(&graph, "Relu", z), 2, 3, last, none);
        percept_model *model = import_graph(&graph, &(ImportOptions){0});
        assert_int_equal(model->network.depth, 2);
        assert_int_equal(model->class_count, 0);
        expect_scores(model);
        percept_model_free(model);
    }
}

/* Weights that a node turns over, what only changes the shape, and constants that are nodes. */
static void what_depends_on_constants_alone_is_one(void **state)
{
    (void)state;
    OnnxGraph graph = begin();
    const char *flat = ONNX(&graph, "Flatten", ONNX(&graph, "Identity", "x"));
    const char *W = ONNX(&graph, "Transpose", onnx_numbers(&graph, 2, (int64_t[]){3, 2}, weights));
    const char *z = ONNX(&graph, "Add", onnx_vector(&graph, 3, biases), ONNX(&graph, "MatMul", flat, W));
    const char *a = ONNX(&graph, "Dropout", ONNX(&graph, "Relu", z));
    (void)gemm(&graph, a, 2, 3, last, (const double[2]){0});
    percept_model *model = import_graph(&graph, &(ImportOptions){0});
    expect_scores(model);
    percept_model_free(model);
}

/* Scaling before the network is the model's; behind it, and around activations, it goes into the weights. */
static void scalings_are_folded(void **state)
{
    (void)state;
    OnnxGraph graph = begin();
    const double offset[] = {0.5, -1}, scale[] = {2, 0.25}, ones[] = {1, 1, 1}, none[3] = {0}, two[] = {4, 0.5, 1};
    const char *x = onnx_node(&graph, "ai.onnx.ml", "Scaler", (const char *const[]){"x", NULL});
    onnx_set_numbers(&graph, "offset", 2, offset);
    onnx_set_numbers(&graph, "scale", 2, scale);
    const char *z =
        ONNX(&graph, "BatchNormalization", gemm(&graph, x, 3, 2, weights, biases), onnx_vector(&graph, 3, two),
             onnx_vector(&graph, 3, biases), onnx_vector(&graph, 3, ones), onnx_vector(&graph, 3, two));
    const char *a = ONNX(&graph, "Mul", ONNX(&graph, "Tanh", z), onnx_vector(&graph, 3, two));
    const char *sums = gemm(&graph, ONNX(&graph, "Sub", onnx_number(&graph, 1), a), 2, 3, last, none);
    (void)ONNX(&graph, "Div", sums, onnx_number(&graph, 3));
    percept_model *model = import_graph(&graph, &(ImportOptions){0});
    assert_close(model->scaler.mean[0], 0.5, 1e-12);
    assert_close(model->scaler.deviation[1], 4, 1e-12);
    percept_model_free(model);
}

/* x Φ(x) as PyTorch writes it, and z σ(z). */
static void activations_are_known_in_any_operators(void **state)
{
    (void)state;
    const char *const names[] = {"gelu", "silu"};
    for (size_t f = 0; f < 2; f++) {
        OnnxGraph graph = begin();
        const char *z = gemm(&graph, "x", 3, 2, weights, biases);
        const char *erf = ONNX(&graph, "Erf", ONNX(&graph, "Div", z, onnx_number(&graph, 1.4142135381698608)));
        const char *gelu = ONNX(&graph, "Mul", z, ONNX(&graph, "Add", erf, onnx_number(&graph, 1)));
        const char *a = f == 0 ? ONNX(&graph, "Mul", gelu, onnx_number(&graph, 0.5))
                               : ONNX(&graph, "Mul", z, ONNX(&graph, "Sigmoid", z));
        (void)ONNX(&graph, "LogSoftmax", gemm(&graph, a, 2, 3, last, (const double[2]){0}));
        percept_model *model = import_graph(&graph, &(ImportOptions){0});
        assert_string_equal(activation_at_f64(model->network.layers[0].activation)->name, names[f]);
        assert_int_equal(model->class_count, 2);
        percept_model_free(model);
    }
}

/* x.view(x.size(0), -1) of PyTorch takes the number of rows from the shape. */
static void a_view_of_as_many_rows_changes_nothing(void **state)
{
    (void)state;
    OnnxGraph graph = begin();
    const char *size = ONNX(&graph, "Gather", ONNX(&graph, "Shape", "x"), onnx_integers(&graph, 1, (int64_t[]){0}));
    const char *shape = ONNX(&graph, "Concat", size, onnx_integers(&graph, 1, (int64_t[]){-1}));
    onnx_set_integer(&graph, "axis", 0);
    const char *z = gemm(&graph, ONNX(&graph, "Reshape", "x", shape), 3, 2, weights, biases);
    (void)gemm(&graph, ONNX(&graph, "Relu", z), 2, 3, last, (const double[2]){0});
    percept_model *model = import_graph(&graph, &(ImportOptions){0});
    expect_scores(model);
    percept_model_free(model);
}

static void of_sums_and_probabilities_the_probabilities_count(void **state)
{
    (void)state;
    OnnxGraph graph = begin();
    (void)gemm(&graph, ONNX(&graph, "Relu", gemm(&graph, "x", 3, 2, weights, biases)), 2, 3, last,
               (const double[2]){0});
    onnx_output(&graph, onnx_named(&graph, "sums"), ONNX_FLOAT, -1);
    (void)ONNX(&graph, "Softmax", "sums");
    percept_model *model = import_graph(&graph, &(ImportOptions){0});
    assert_int_equal(model->class_count, 2);
    percept_model_free(model);
}

static void weighted_sums_become_probabilities_on_request(void **state)
{
    (void)state;
    OnnxGraph graph = begin();
    const char *const classes[] = {"cat", "dog"};
    (void)gemm(&graph, "x", 2, 2, weights, biases);
    percept_model *model =
        import_graph(&graph, &(ImportOptions){.output = "softmax", .classes = classes, .class_count = 2});
    assert_string_equal(percept_model_class_name(model, 1), "dog");
    percept_model_free(model);
}

static void what_is_not_known_is_named(void **state)
{
    (void)state;
    OnnxGraph graph = begin();
    const char *z = gemm(&graph, "x", 3, 2, weights, biases);
    (void)gemm(&graph, ONNX(&graph, "HardSigmoid", z), 2, 3, last, (const double[2]){0});
    refuse_graph(&graph, "HardSigmoid");
    graph = begin();
    z = ONNX(&graph, "LeakyRelu", gemm(&graph, "x", 3, 2, weights, biases));
    onnx_set_number(&graph, "alpha", 0.3);
    (void)gemm(&graph, z, 2, 3, last, (const double[2]){0});
    refuse_graph(&graph, "LeakyRelu compute no activation");
    graph = begin();
    (void)ONNX(&graph, "Relu", "x");
    refuse_graph(&graph, "no output of the graph comes from dense layers");
    graph = begin();
    z = gemm(&graph, "x", 2, 2, weights, biases);
    (void)ONNX(&graph, "Add", gemm(&graph, ONNX(&graph, "Relu", z), 2, 2, weights, biases), z);
    refuse_graph(&graph, "compute no activation that Percept knows");
}

/* The same model comes back from Percept's own graphs: any activation, scaling, fills, probabilities. */
static void own_graphs_come_back(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    for (size_t a = 0; activation_at_f64(a) != NULL; a++)
        for (size_t p = 0; p < 2; p++) {
            const StageCase c = {.shape = {.sizes = {4, 5, 6, p == 0 ? 1 : 3},
                                           .size_count = 4,
                                           .hidden = activation_at_f64(a)->name,
                                           .output = p == 0 ? "sigmoid" : "softmax",
                                           .loss = p == 0 ? "binary-cross-entropy" : "cross-entropy"}};
            const percept_type precision = p == 0 ? PERCEPT_FLOAT32 : PERCEPT_FLOAT64;
            percept_model *model = make_export_model(&c, precision, 1, a);
            double rows[ROWS * 4];
            ExportCheck check;
            ImportResult result = {0};
            export_draw_rows(model, ROWS, rows);
            assert_ok(export_write(export_format_find("onnx"), model, &(ExportOptions){.precision = precision},
                                   &(ExportRows){.values = rows, .count = ROWS},
                                   scratch_path(&scratch, "own.onnx", path), &check, error));
            assert_ok(import_model(path, &(ImportOptions){0}, &result, error));
            assert_true(result.difference < (p == 0 ? 2e-6 : 1e-12));
            assert_int_equal(result.model->network.value_count, model->network.value_count);
            assert_int_equal(result.model->class_count, model->class_count);
            assert_string_equal(result.model->class_names[1], model->class_names[1]);
            assert_string_equal(activation_at_f64(result.model->network.layers[1].activation)->name,
                                activation_at_f64(a)->name);
            assert_memory_equal(result.model->parameters, model->parameters,
                                model->network.value_count * model_real_size(model));
            assert_close(result.model->schema.fills[2], model->schema.fills[2], 1e-6);
            percept_model_free(result.model);
            percept_model_free(model);
        }
}

/* ---- Weights ------------------------------------------------------------------------------------------------------ */

static void write_weights(const Tensor *tensors, size_t count, const char *path)
{
    assert_ok(safetensors_write(path, tensors, count, NULL, 0, error));
}

static void weights_are_found_by_name_and_shape(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    const double none[2] = {0};
    double last_turned[6];
    for (size_t k = 0; k < 6; k++)
        last_turned[k] = last[k % 2 * 3 + k / 2];
    /* "10" comes after "2"; scikit-learn's matrices are turned over. */
    const Tensor torch[] = {{"net.2.weight", TENSOR_F64, 2, {3, 2}, weights},
                            {"net.2.bias", TENSOR_F64, 1, {3, 0}, biases},
                            {"net.10.weight", TENSOR_F64, 2, {2, 3}, last},
                            {"net.10.bias", TENSOR_F64, 1, {2, 0}, none}};
    const Tensor sklearn[] = {{"coefs_.0", TENSOR_F64, 2, {2, 3}, turned},
                              {"intercepts_.0", TENSOR_F64, 1, {3, 0}, biases},
                              {"coefs_.1", TENSOR_F64, 2, {3, 2}, last_turned},
                              {"intercepts_.1", TENSOR_F64, 1, {2, 0}, none}};
    for (size_t f = 0; f < 2; f++) {
        ImportResult result = {0};
        write_weights(f == 0 ? torch : sklearn, 4, scratch_path(&scratch, "weights.safetensors", path));
        assert_ok(import_model(path, &(ImportOptions){.activation = "relu"}, &result, error));
        assert_int_equal(result.model->precision, PERCEPT_FLOAT64);
        expect_scores(result.model);
        percept_model_free(result.model);
    }
}

/* Of square matrices only the name tells. */
static void square_matrices_go_by_their_names(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    const double row[] = {1, 0};
    for (size_t f = 0; f < 2; f++) {
        const char *const names[][2] = {{"fc.weight", "fc.bias"}, {"coefs_.0", "intercepts_.0"}};
        const Tensor tensors[] = {{names[f][0], TENSOR_F64, 2, {2, 2}, weights},
                                  {names[f][1], TENSOR_F64, 1, {2, 0}, (const double[2]){0}}};
        ImportResult result = {0};
        double outputs[2];
        write_weights(tensors, 2, scratch_path(&scratch, "weights.safetensors", path));
        assert_ok(import_model(path, &(ImportOptions){0}, &result, error));
        assert_ok(percept_model_predict(result.model, row, 1, 1, outputs, error));
        assert_true(outputs[1] == (f == 0 ? weights[2] : weights[1]));
        percept_model_free(result.model);
    }
}

static void weights_that_are_no_dense_network_are_refused(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    ImportResult result = {0};
    const Tensor more[] = {{"fc.weight", TENSOR_F64, 2, {3, 2}, weights},
                           {"norm.scale", TENSOR_F64, 1, {3, 0}, biases}};
    const Tensor misfit[] = {{"a.weight", TENSOR_F64, 2, {3, 2}, weights},
                             {"b.weight", TENSOR_F64, 2, {1, 4}, weights}};
    scratch_path(&scratch, "weights.safetensors", path);
    write_weights(more, 2, path);
    assert_refused(import_model(path, &(ImportOptions){0}, &result, error), PERCEPT_ERROR_ARGUMENT, "'norm.scale'");
    write_weights(misfit, 2, path);
    assert_refused(import_model(path, &(ImportOptions){0}, &result, error), PERCEPT_ERROR_ARGUMENT,
                   "'b.weight' (1, 4)");
    write_weights(misfit, 1, path);
    assert_refused(import_model(path, &(ImportOptions){.output = "sofmax"}, &result, error), PERCEPT_ERROR_ARGUMENT,
                   "sofmax");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(products_are_layers_in_either_orientation),
        IN_SCRATCH(what_depends_on_constants_alone_is_one),
        IN_SCRATCH(scalings_are_folded),
        IN_SCRATCH(activations_are_known_in_any_operators),
        IN_SCRATCH(a_view_of_as_many_rows_changes_nothing),
        IN_SCRATCH(of_sums_and_probabilities_the_probabilities_count),
        IN_SCRATCH(weighted_sums_become_probabilities_on_request),
        IN_SCRATCH(what_is_not_known_is_named),
        IN_SCRATCH(own_graphs_come_back),
        IN_SCRATCH(weights_are_found_by_name_and_shape),
        IN_SCRATCH(square_matrices_go_by_their_names),
        IN_SCRATCH(weights_that_are_no_dense_network_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
