/* A checksum of the data that a run sees: to notice that they changed between two of its parts. */
#ifndef DATA_CHECKSUM_H
#define DATA_CHECKSUM_H

#include "base/error.h"

/* "train:2800-0123456789abcdef;valid:600-…;test:600-…": of each part that there is, its examples and a 64-bit hash of its
 * features as they were read, targets, weights, labels and class names, in the order of its rows. Neither threads nor the
 * order of rows in the storage matter. No protection against somebody who wants two data to have one checksum. Reads
 * memory once, at about its speed. *out is released with memory_free. */
percept_status data_checksum(const percept_data *data, char **out, percept_error *error);

/* The first part in which two checksums differ: "training part", "validation part", "test part"; NULL where they are equal, or
 * where one is NULL or was not made by data_checksum. */
const char *data_checksum_difference(const char *before, const char *now);

#endif
