/* The IDX format of MNIST (Y. LeCun, C. Cortes, C. Burges, 1998): big-endian header (0, 0, type, rank), one
 * 32-bit size per dimension, then the items. Plain or gzip. */
#ifndef DATA_IDX_H
#define DATA_IDX_H

#include "data/dataset.h"

/* Reads images (rank 2 or 3, unsigned bytes: count × height × width or count × width) and their labels (rank 1) of one
 * or two parts into one storage, first part first. paths[p][0] is the images' file, paths[p][1] the labels'. counts[p]
 * receives the examples of part p. The pixels are inflated in place and never copied.
 *
 * Sizes are checked against the file before they are used. PERCEPT_ERROR_FORMAT for another magic, type or rank, for a
 * file longer or shorter than its header says, for no examples or a different number of labels, for parts whose images
 * differ in size, and for a label not below class_count (class_count 0: as many classes as the labels need). */
percept_status idx_read(const char *const paths[][2], size_t parts, size_t class_count, Storage **out, size_t *counts,
                        percept_error *error);

#endif
