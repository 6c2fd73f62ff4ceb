#include "export/formats.h"

#include <string.h>

extern const ExportFormat export_onnx, export_c, export_npz, export_safetensors;

static const ExportFormat *const formats[] = {&export_onnx, &export_c, &export_npz, &export_safetensors};

const ExportFormat *export_format_at(size_t index)
{
    return index < sizeof formats / sizeof formats[0] ? formats[index] : NULL;
}

const ExportFormat *export_format_find(const char *name)
{
    for (size_t f = 0; f < sizeof formats / sizeof formats[0]; f++)
        if (strcmp(formats[f]->name, name) == 0)
            return formats[f];
    return NULL;
}
