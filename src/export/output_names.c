#include "export/output_names.h"

#include <stdio.h>

#include "base/memory.h"

percept_status output_names(const percept_model *model, char ***out, percept_error *error)
{
    const size_t count = network_outputs(&model->network);
    char **names = NULL;
    percept_status status =
        memory_allocate(count, sizeof *names + MODEL_OUTPUT_NAME_SIZE, "the names of the outputs", &names, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t j = 0; j < count; j++) {
        names[j] = (char *)(names + count) + j * MODEL_OUTPUT_NAME_SIZE;
        const char *name = model_output_name(model, j, names[j], MODEL_OUTPUT_NAME_SIZE);
        if (name != names[j])
            snprintf(names[j], MODEL_OUTPUT_NAME_SIZE, "%s", name);
    }
    *out = names;
    return PERCEPT_OK;
}
