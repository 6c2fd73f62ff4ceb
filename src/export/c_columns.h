/* From raw columns to what the network takes, as C: missing values, scaling, and the codes of categories. */
#ifndef EXPORT_C_COLUMNS_H
#define EXPORT_C_COLUMNS_H

#include "export/c_source.h"

/* Writes a function `prepare(features, x)` to a text, and its tables. */
void c_columns_write_prepare(CSource *source, CText *out);

/* Writes the texts of categories and PREFIX_code, if the model has categories, to a text. */
void c_columns_write_codes(CSource *source, CText *out);

/* True if the model has categories. */
bool c_columns_have_categories(const CSource *source);

#endif
