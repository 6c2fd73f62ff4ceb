/* Downloads a file of a named dataset from the first mirror that has the right content. */
#ifndef CLI_FETCH_H
#define CLI_FETCH_H

#include "data/origin.h"
#include "percept/percept.h"

/* The source and the destination of a download. */
typedef struct FetchPlan {
    const char *const *mirrors; /* mirror_count addresses of folders */
    size_t mirror_count;
    const char *folder;
    long silence; /* seconds without data after which a mirror is given up */
} FetchPlan;

/* Makes sure that the file, or the file with .gz, is in the folder. An existing correct file stays; an existing wrong
 * one is refused, because the user may want it. Else the mirrors are tried in turn. Bytes are collected in a file .part
 * for each mirror, which a later call continues; it gets its final name only if size and SHA-256 of the content are
 * correct. A broken connection is resumed, a busy server is tried again later, wrong bytes are deleted. `fetched` is 0
 * if the file existed, else its size in bytes. PERCEPT_ERROR_INTERRUPTED after Ctrl-C or SIGTERM (see cli/interrupt.h);
 * PERCEPT_ERROR_IO, with a reason for each mirror, if all failed. */
percept_status fetch_file(const OriginFile *file, const FetchPlan *plan, uint64_t *fetched, percept_error *error);

#endif
