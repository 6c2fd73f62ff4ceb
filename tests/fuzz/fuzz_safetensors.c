/* A safetensors file, read as such, as a model and as a checkpoint. Tensors lie within the file, and a model can be used. */
#include "model/safetensors.h"
#include "train/checkpoint.h"

#include "fuzz.h"

static void check_tensors(const char *path)
{
    static const char *const names[] = {"layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"};
    percept_error error = {PERCEPT_OK, ""};
    Safetensors *file = NULL;
    const percept_status status = safetensors_read(path, &file, &error);
    if (status != PERCEPT_OK) {
        fuzz_check_failure(status, &error);
        fuzz_assert(file == NULL);
        return;
    }
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        const Tensor *tensor = safetensors_find(file, names[n]);
        if (tensor == NULL)
            continue;
        size_t size = tensor_type_size(tensor->type);
        for (size_t d = 0; d < tensor->rank; d++)
            size *= tensor->shape[d];
        fuzz_touch(tensor->data, size);
    }
    const char *layers = safetensors_metadata(file, "layers");
    if (layers != NULL)
        fuzz_touch(layers, strlen(layers));
    safetensors_free(file);
}

static void check_checkpoint(const char *path)
{
    percept_error error = {PERCEPT_OK, ""};
    Checkpoint *checkpoint = NULL;
    const percept_status status = checkpoint_read(path, &checkpoint, &error);
    if (status == PERCEPT_OK) {
        fuzz_touch(checkpoint_arithmetic(checkpoint), strlen(checkpoint_arithmetic(checkpoint)));
    } else {
        fuzz_check_failure(status, &error);
        fuzz_assert(checkpoint == NULL);
    }
    checkpoint_free(checkpoint);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    FuzzFile file;
    percept_error error = {PERCEPT_OK, ""};
    percept_model *model = NULL;

    fuzz_file_open(&file, bytes, size);
    check_tensors(file.path);
    const percept_status status = percept_model_load(file.path, &model, &error);
    if (status == PERCEPT_OK) {
        fuzz_use_model(model);
        percept_model_free(model);
    } else {
        fuzz_check_failure(status, &error);
        fuzz_assert(model == NULL);
    }
    check_checkpoint(file.path);
    fuzz_file_close(&file);
    return 0;
}
