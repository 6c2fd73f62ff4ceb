/* Answers of an exported file beside Percept's own. */
#ifndef EXPORT_COMPARE_H
#define EXPORT_COMPARE_H

#include "export/format.h"

/* Compares answers (rows->count × export_answers) with those of the model and fills *check. PERCEPT_ERROR_FORMAT if they
 * differ by more than rounding explains: the message names the row. */
percept_status compare_answers(const percept_model *model, const ExportOptions *options, const ExportRows *rows,
                               const double *answers, ExportCheck *check, percept_error *error);

/* The largest difference of Percept's own answers to two versions of the same rows. */
percept_status compare_rows(const percept_model *model, const double *rows, const double *others, size_t count,
                            double *difference, percept_error *error);

/* The class of a row's answers, or -1. */
int32_t compare_class(const percept_model *model, const double *answers);

#endif
