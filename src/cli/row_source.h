/* The argument FILE|-: rows for a model. */
#ifndef CLI_ROW_SOURCE_H
#define CLI_ROW_SOURCE_H

#include "cli/rows.h"
#include "cli/settings.h"

/* How the file is read: as the settings say. Of a run's own table, decimal point and the words for missing values say
 * something of this one, too; delimiter, header and columns do not. Gaps are filled where the model knows how;
 * PERCEPT_ERROR_ARGUMENT if the settings ask for means that it does not know. The options point into the recipe. */
percept_status row_source_options(const Settings *settings, const percept_recipe *recipe, const percept_model *model,
                                  SourceOptions *out, percept_error *error);

/* True for standard input (NULL or "-"), and its name for messages. */
bool row_source_is_standard_input(const char *path);
const char *row_source_name(const char *path);

/* True for a table, which is read in constant memory, for a pipe, which can be read only once, and for what cannot be
 * opened. */
bool row_source_is_table(const char *path, const SourceOptions *options);

/* Prepares to read rows in any form, without copied columns; `directory` is that of named datasets. */
percept_status row_source_open(const char *path, const char *directory, const SourceOptions *options,
                               const percept_model *model, RowReader *out, percept_error *error);

#endif
