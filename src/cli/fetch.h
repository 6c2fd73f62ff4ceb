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

/* Sees to it that the file, or the file with .gz, lies in the folder. What is there already and right stays; what is there
 * and wrong is refused: somebody may want it. Else the mirrors are asked in turn. Bytes gather in a file .part of that
 * mirror, which a later call goes on with; only when size and SHA-256 of the content are right it gets its name. A broken
 * connection is taken up again where it broke, a busy server asked again after a while, wrong bytes deleted.
 * `fetched` is 0 if the file was there, else the bytes it has.
 * PERCEPT_ERROR_INTERRUPTED after Ctrl-C or SIGTERM (see cli/interrupt.h); PERCEPT_ERROR_IO, with a reason for each
 * mirror, if none would do. */
percept_status fetch_file(const OriginFile *file, const FetchPlan *plan, uint64_t *fetched, percept_error *error);

#endif
