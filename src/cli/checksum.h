/* Checks the content of a file against a known size and SHA-256. */
#ifndef CLI_CHECKSUM_H
#define CLI_CHECKSUM_H

#include "data/origin.h"
#include "percept/percept.h"

/* Compares what is in a file, inflated if it is gzip, with the size and the SHA-256 that it should have.
 * PERCEPT_ERROR_FORMAT if they differ or the gzip is corrupt; not a byte more than the size is inflated then. */
percept_status checksum_compare(const char *path, const OriginFile *file, percept_error *error);

#endif
