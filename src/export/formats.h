/* The table of formats. To add one: a file in this folder with its functions and its row, and a line in formats.c. */
#ifndef EXPORT_FORMATS_H
#define EXPORT_FORMATS_H

#include "export/format.h"

/* Row `index`, or NULL past the last one; the row with this name, or NULL. */
const ExportFormat *export_format_at(size_t index);
const ExportFormat *export_format_find(const char *name);

#endif
