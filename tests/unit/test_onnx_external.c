/* Graphs whose weights lie in another file, as PyTorch's exporter writes them. */
#include "in_scratch.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/protobuf.h"
#include "export/onnx_fields.h"
#include "export/onnx_file.h"

#define ROWS 3
#define COLUMNS 2
#define BEFORE 16 /* bytes before the weights */

static const float weights[ROWS * COLUMNS] = {1, -2, 0.5F, 1e-20F, 5, -0.25F};

static void entry(ProtoWriter *writer, const char *key, const char *value)
{
    const size_t begin = proto_begin(writer, TENSOR_EXTERNAL);
    proto_text(writer, ENTRY_KEY, key);
    proto_text(writer, ENTRY_VALUE, value);
    proto_end(writer, begin);
}

static void named_port(ProtoWriter *writer, uint32_t field, const char *name)
{
    const size_t begin = proto_begin(writer, field);
    proto_text(writer, PORT_NAME, name);
    proto_end(writer, begin);
}

/* y = x W, with W elsewhere. */
static void write_model(const char *path, const char *location, const char *offset, const char *length)
{
    ProtoWriter writer = {0};
    FileWriter *file = NULL;
    size_t begin = proto_begin(&writer, MODEL_OPSETS);
    proto_integer(&writer, OPSET_VERSION, 18);
    proto_end(&writer, begin);
    const size_t graph = proto_begin(&writer, MODEL_GRAPH);
    begin = proto_begin(&writer, GRAPH_NODE);
    proto_text(&writer, NODE_INPUT, "x");
    proto_text(&writer, NODE_INPUT, "W");
    proto_text(&writer, NODE_OUTPUT, "y");
    proto_text(&writer, NODE_OP, "MatMul");
    proto_end(&writer, begin);
    begin = proto_begin(&writer, GRAPH_INITIALIZER);
    proto_integer(&writer, TENSOR_DIMENSION, ROWS);
    proto_integer(&writer, TENSOR_DIMENSION, COLUMNS);
    proto_integer(&writer, TENSOR_TYPE, ONNX_FLOAT);
    proto_text(&writer, TENSOR_NAME, "W");
    entry(&writer, "location", location);
    entry(&writer, "offset", offset);
    if (length != NULL)
        entry(&writer, "length", length);
    proto_integer(&writer, TENSOR_LOCATION, 1);
    proto_end(&writer, begin);
    named_port(&writer, GRAPH_INPUT, "x");
    named_port(&writer, GRAPH_OUTPUT, "y");
    proto_end(&writer, graph);
    assert_ok(proto_status(&writer, error));
    assert_ok(file_writer_open(path, &file, error));
    file_writer_write(file, writer.buffer.bytes, writer.buffer.size);
    assert_ok(file_writer_commit(file, error));
    proto_clear(&writer);
}

static void write_weights(const char *name)
{
    char path[SCRATCH_PATH];
    const char before[BEFORE] = {0};
    FileWriter *file = NULL;
    assert_ok(file_writer_open(scratch_path(&scratch, name, path), &file, error));
    file_writer_write(file, before, sizeof before);
    file_writer_write(file, weights, sizeof weights);
    assert_ok(file_writer_commit(file, error));
}

static percept_status read_model(const char *location, const char *offset, const char *length, OnnxGraph *graph,
                                 percept_error *failure)
{
    char path[SCRATCH_PATH];
    write_model(scratch_path(&scratch, "model.onnx", path), location, offset, length);
    return onnx_read(path, graph, failure);
}

static void refuse(const char *location, const char *offset, const char *length, const char *text)
{
    OnnxGraph graph = {0};
    assert_refused(read_model(location, offset, length, &graph, error), PERCEPT_ERROR_FORMAT, text);
    onnx_graph_clear(&graph);
}

static void weights_of_a_file_beside_the_model_are_read(void **state)
{
    (void)state;
    static const char *const lengths[] = {"24", NULL};
    char path[SCRATCH_PATH];
    assert_ok(file_make_folder(scratch_path(&scratch, "below", path), error));
    write_weights("model.onnx.data");
    write_weights("below/weights");
    for (size_t l = 0; l < 2; l++)
        for (size_t below = 0; below < 2; below++) {
            OnnxGraph graph = {0};
            assert_ok(read_model(below ? "below/weights" : "model.onnx.data", "16", lengths[l], &graph, error));
            const OnnxTensor *W = onnx_find_tensor(&graph, "W");
            assert_non_null(W);
            assert_int_equal(W->count, ROWS * COLUMNS);
            for (size_t i = 0; i < W->count; i++)
                assert_true(W->values[i] == (double)weights[i]);
            onnx_graph_clear(&graph);
        }
}

static void a_file_without_the_weights_is_named(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    write_weights("model.onnx.data");
    refuse("elsewhere.data", "16", "24", "'elsewhere.data', which does not exist");
    refuse("model.onnx.data", "17", "24", "'model.onnx.data', which is too short");
    refuse("model.onnx.data", "9223372036854775807", "24", "too short");
    refuse("model.onnx.data", "16", "23", "does not fit");
    refuse("model.onnx.data", "-1", "24", "no number");
    refuse("model.onnx.data", "1x", "24", "no number");
    assert_int_equal(mkfifo(scratch_path(&scratch, "pipe", path), 0600), 0);
    refuse("pipe", "0", "24", "'pipe', which is no file");
}

static void files_outside_of_the_folder_are_refused(void **state)
{
    (void)state;
    static const char *const places[] = {"", "/etc/hostname", "..", "../model.onnx.data", "below/../../x", "below/.."};
    for (size_t p = 0; p < sizeof places / sizeof places[0]; p++)
        refuse(places[p], "0", "24", "outside of its folder");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(weights_of_a_file_beside_the_model_are_read),
        IN_SCRATCH(a_file_without_the_weights_is_named),
        IN_SCRATCH(files_outside_of_the_folder_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
