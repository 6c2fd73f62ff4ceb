/* Rows for the check of an exported file. */
#ifndef CLI_EXPORT_ROWS_H
#define CLI_EXPORT_ROWS_H

#include "cli/settings.h"
#include "export/export.h"

typedef struct CheckRows {
    ExportRows rows;
    double *values;  /* owned */
    int32_t *labels; /* owned */
    bool tested; /* set by the caller: rows of the test part follow those of the training part, with their classes */
    char origin[96]; /* "of the training part" */
} CheckRows;

/* Loads up to a thousand rows: of the file `examples`, read with the settings; where that is NULL, of the training part of
 * the run in the folder `source`, spread over all of it; where there is none, drawn from the model's scaling. If the
 * model fills missing values or has categories, drawn rows with gaps and unknown texts follow. A file that cannot be read
 * is an error, data of the run that cannot be read are not. Released with check_rows_clear. */
percept_status check_rows_load(const char *source, const char *examples, const Settings *settings,
                               const percept_recipe *recipe, const percept_model *model, CheckRows *out,
                               percept_error *error);
void check_rows_clear(CheckRows *rows);

#endif
