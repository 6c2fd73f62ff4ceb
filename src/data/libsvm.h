/* The text format of LIBSVM (C.-C. Chang, C.-J. Lin, 2011): an example a line, its label, then INDEX:VALUE for each
 * feature that is not 0, the indices counting from 1 (SourceOptions.zero_based: from 0); "#" begins a comment, and qid:N
 * after the label is left out. Plain or gzip. */
#ifndef DATA_LIBSVM_H
#define DATA_LIBSVM_H

#include "data/source.h"

/* Reads one or two files into one storage, first file first, as wide as the largest index of both, or as the model that
 * they are read for (SourceOptions.schema), whose width no index may pass: what a file never uses is 0. counts[p] receives the
 * examples of file p. The matrix is dense, in the smallest type as in csv.h; one out of all proportion to the files (more
 * than 64 MiB and 1,024 bytes for each byte of text) is refused. The labels are classes, or with the option
 * targets = {"label"} numbers to learn; options about other columns do not fit.
 *
 * A value such as nan is a missing one (SourceOptions.missing), and so is a label (SourceOptions.missing_label).
 *
 * PERCEPT_ERROR_FORMAT names file, line and item of what cannot be read. */
percept_status libsvm_read(const char *const paths[][SOURCE_FILES], size_t parts, const SourceOptions *options,
                           size_t class_count, Storage **out, size_t *counts, percept_error *error);

/* True if the first line that is no comment is a number and items INDEX:VALUE, one at least. */
bool libsvm_recognize(const char *start, size_t size);

#endif
