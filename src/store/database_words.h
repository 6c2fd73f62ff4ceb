/* States and requests as words, in C and in SQL. */
#ifndef STORE_DATABASE_WORDS_H
#define STORE_DATABASE_WORDS_H

#include "store/database.h"

RunState database_state_of(const char *name);          /* RUN_FAILED for an unknown word */
RunRequest database_request_of(const char *name);      /* REQUEST_NONE for NULL */
const char *database_request_name(RunRequest request); /* NULL for REQUEST_NONE */

/* State as it is reported, of a row of runs or searches: SQL. */
#define STATE_SQL                                                                                                      \
    "(CASE WHEN state IN ('running', 'paused') AND NOT alive(pid, process_start, boot) THEN 'interrupted' ELSE state " \
    "END)"
#define IN_PROGRESS_SQL "(state IN ('running', 'paused') AND alive(pid, process_start, boot))"

#endif
