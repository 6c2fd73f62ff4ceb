/* Models leave Percept: files that other programs predict with.
 *
 * Each format is a row of one table (formats.h). Its functions receive a percept_model that is ready for prediction: batch
 * norms behind dense layers are folded into their weights (model/fold.h). The model holds everything from raw columns to
 * the answer: Schema (names, kinds, vocabularies, fills), Scaler, Network, parameters, target scaler and class names.
 *
 * An export is checked before it is handed over. The file is written into a temporary folder beside its place, read back,
 * and computes the answers to some rows, which are compared with Percept's own. Only then it moves to its place. */
#ifndef EXPORT_EXPORT_H
#define EXPORT_EXPORT_H

#include "export/format.h"

/* Writes the model to path, checked with the rows. PERCEPT_ERROR_FORMAT if the file's answers differ from Percept's by
 * more than check->bound: nothing is handed over then. On failure an existing file stays as it was. */
percept_status export_write(const ExportFormat *format, const percept_model *model, const ExportOptions *options,
                            const ExportRows *rows, const char *path, ExportCheck *check, percept_error *error);

/* Rows for the check where no data are at hand: drawn from the scaling, with missing values and unknown categories where the
 * model takes them. rows: count × inputs. */
void export_draw_rows(const percept_model *model, size_t count, double *rows);

#endif
