/* Tables as text: cells separated by commas (RFC 4180), semicolons, tabs, vertical bars or spaces; plain or gzip. */
#ifndef DATA_CSV_H
#define DATA_CSV_H

#include "data/source_options.h"

/* Reads one or two files of the same columns into one storage, first file first; counts[p] receives the rows of file p.
 * Delimiter, header and roles are detected (csv_dialect.h, columns.h); options override them. Features are bytes if all
 * of them are integers from 0 to 255, else float32 if that holds all of them exactly, else float64. Labels are classes
 * in the order of label_table.h. Missing features are kept as NAN, and counted, with MISSING_MEAN.
 *
 * PERCEPT_ERROR_FORMAT names file, line and column of an invalid cell, PERCEPT_ERROR_ARGUMENT an option that does not
 * fit. Needs memory for the storage, one block of the file, and the longest line. */
percept_status csv_read(const char *const paths[][SOURCE_FILES], size_t parts, const SourceOptions *options,
                        size_t class_count, Storage **out, size_t *counts, percept_error *error);

/* True if the first bytes of a file may be CSV: text with a delimiter in its first line, or several lines. */
bool csv_recognize(const char *start, size_t size);

#endif
