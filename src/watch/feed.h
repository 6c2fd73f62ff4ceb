/* What the live page is told: JSON of the runs database. Keys are the names of the columns (store/database.h); what is no
 * number or not there is null; times are seconds since 1970, states and requests words.
 *
 * The page asks again and again, and says what it has: rows that were changed before, epochs and pictures that it knows
 * are not sent a second time. Each answer stands alone, so that it does not matter how long ago the page asked, or whom:
 * another server, or this one before the machine slept. */
#ifndef WATCH_FEED_H
#define WATCH_FEED_H

#include <jansson.h>

#include "store/database.h"

/* The most epochs in one answer; the page asks for the rest at once. */
#define FEED_MOST_EPOCHS 2000

/* What the page says: numbers alone. */
typedef struct FeedQuery {
    int64_t id;    /* of the run or search */
    int64_t since; /* milliseconds since 1970: rows changed before that are known */
    int64_t from;  /* epochs before this one are known */
    int64_t wrong; /* epoch of the wrong pictures that are known; -1: none */
} FeedQuery;

/* An answer, released with json_decref. An id that is not there is PERCEPT_ERROR_ARGUMENT. */
typedef percept_status FeedAnswer(Database *database, const FeedQuery *query, json_t **out, percept_error *error);

/* Runs that belong to no search, as `runs`, and `searches`.
 * `runs`: {"count": all that there are, "live": [ids that are running, paused or waiting],
 * "rows": [those changed since]}. A page whose rows do not fit count and live asks anew from 0. */
FeedAnswer feed_overview;

/* `run` with its recipe; `epochs`: a list for each figure, from `from` on, and `more`: there are some behind; `wrong`: what
 * is misclassified now, null where that is known. */
FeedAnswer feed_run;

/* `search`; its runs, with recipes, as `runs`; `rungs`. */
FeedAnswer feed_search;

#endif
