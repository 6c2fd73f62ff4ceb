/* The text format of LIBSVM (C.-C. Chang, C.-J. Lin, 2011): each line is an example: its label, then INDEX:VALUE for
 * each feature that is not 0. Indices count from 1 (SourceOptions.zero_based: from 0). "#" starts a comment; qid:N
 * after the label is ignored. Plain or gzip. */
#ifndef DATA_LIBSVM_H
#define DATA_LIBSVM_H

#include "data/source_options.h"

/* Reads one or two files into one storage, first file first, as wide as the largest index of both. If they are read for
 * a model (SourceOptions.schema), its width applies, and no index may exceed it. Features that a file never mentions
 * are 0. counts[p] receives the examples of file p. The matrix is dense, in the smallest type, as in csv.h. A matrix
 * far larger than the files (more than 64 MiB and 1,024 bytes for each byte of text) is refused. The labels are
 * classes, or targets with the option targets = {"label"}; options about other columns are refused.
 *
 * A value such as nan is a missing one (SourceOptions.missing), and so is a label (SourceOptions.missing_label).
 *
 * PERCEPT_ERROR_FORMAT names file, line and item of an error. */
percept_status libsvm_read(const char *const paths[][SOURCE_FILES], size_t parts, const SourceOptions *options,
                           size_t class_count, Storage **out, size_t *counts, percept_error *error);

/* True if the first line that is no comment is a number followed by at least one item INDEX:VALUE. */
bool libsvm_recognize(const char *start, size_t size);

#endif
