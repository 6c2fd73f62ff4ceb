/* In place of npz.c where readers of files are left out, and with them what writes archives. */
#include "export/format.h"

static percept_status check(const percept_model *model, const ExportOptions *options, percept_error *error)
{
    (void)model, (void)options;
    return error_set(
        error, PERCEPT_ERROR_ARGUMENT,
        "cannot export to npz: this libpercept was built without archives (PERCEPT_READERS=OFF); export to "
        "safetensors");
}

const ExportFormat export_npz = {
    .name = "npz", .extension = "npz", .help = "NumPy arrays, which this library cannot write", .check = check};
