/* A checksum of the data of a run, to detect that they changed before it is resumed or evaluated. */
#ifndef DATA_CHECKSUM_H
#define DATA_CHECKSUM_H

#include "base/error.h"

/* "train:2800-0123456789abcdef;valid:600-…;test:600-…": for each existing part, the number of its examples and a 64-bit
 * hash of its features as read, targets, weights, labels and class names, in the order of its rows. Neither threads nor
 * the order of rows in the storage matter. It does not protect against forged data. Reads the data once, at about the
 * speed of memory. *out is released with memory_free. */
percept_status data_checksum(const percept_data *data, char **out, percept_error *error);

/* The first part in which two checksums differ: "training part", "validation part", "test part". NULL if they are
 * equal, or if one is NULL or not from data_checksum. */
const char *data_checksum_difference(const char *before, const char *now);

#endif
