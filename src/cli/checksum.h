/* Checks the content of a file against a known size and SHA-256. */
#ifndef CLI_CHECKSUM_H
#define CLI_CHECKSUM_H

#include "data/origin.h"
#include "percept/percept.h"

/* Compares the content of a file, inflated if it is gzip, with the expected size and SHA-256. PERCEPT_ERROR_FORMAT if
 * they differ or the gzip is corrupt. No byte beyond the size is inflated. */
percept_status checksum_compare(const char *path, const OriginFile *file, percept_error *error);

#endif
