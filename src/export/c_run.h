/* Exported C, compiled and run. */
#ifndef EXPORT_C_RUN_H
#define EXPORT_C_RUN_H

#include "export/c_source.h"

/* Compiles the file at path with `cc` in a temporary folder and lets it answer the rows (count ×
 * answers). Without a compiler *skipped says so. PERCEPT_ERROR_FORMAT if it does not compile, with the compiler's
 * words. */
percept_status c_run(CSource *source, const char *path, const ExportRows *rows, size_t width, double *answers,
                     ExportReason *skipped, percept_error *error);

#endif
