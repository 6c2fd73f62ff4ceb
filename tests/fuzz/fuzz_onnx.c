/* An ONNX file, read as a graph and imported as a dense network. Tensors are as large as they say, and a model can be used. */
#include "export/import.h"
#include "export/onnx_file.h"

#include "fuzz.h"

static void check_graph(const OnnxGraph *graph)
{
    for (size_t t = 0; t < graph->tensor_count; t++) {
        const OnnxTensor *tensor = &graph->tensors[t];
        if (tensor->values != NULL)
            fuzz_touch(tensor->values, tensor->count * sizeof *tensor->values);
        for (size_t i = 0; i < tensor->count && tensor->texts != NULL; i++)
            fuzz_touch(tensor->texts[i], strlen(tensor->texts[i]));
        fuzz_touch(tensor->name, strlen(tensor->name));
    }
    for (size_t n = 0; n < graph->node_count; n++)
        fuzz_touch(graph->nodes[n].op, strlen(graph->nodes[n].op));
}

static void import(const char *path)
{
    percept_error error = {PERCEPT_OK, ""};
    ImportResult result = {0};
    const percept_status status = import_model_onnx(path, &(ImportOptions){.activation = "relu"}, &result, &error);
    if (status == PERCEPT_OK) {
        fuzz_use_model(result.model);
        percept_model_free(result.model);
    } else {
        fuzz_check_failure(status, &error);
        fuzz_assert(result.model == NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    FuzzFile file;
    percept_error error = {PERCEPT_OK, ""};
    OnnxGraph graph = {0};
    fuzz_file_open(&file, bytes, size);
    const percept_status status = onnx_read(file.path, &graph, &error);
    if (status == PERCEPT_OK)
        check_graph(&graph);
    else
        fuzz_check_failure(status, &error);
    onnx_graph_clear(&graph);
    import(file.path);
    fuzz_file_close(&file);
    return 0;
}
