/* The data of the live page: JSON from the runs database. Keys are the names of the columns (store/database.h); NaN and
 * missing values are null; times are seconds since 1970, states and requests are words.
 *
 * The page asks repeatedly and says what it already has; known rows, epochs and pictures are not sent again. Each
 * answer is complete in itself, so it does not matter when the page asked last, or whether another server answered
 * then. */
#ifndef WATCH_FEED_H
#define WATCH_FEED_H

#include <jansson.h>

#include "store/database.h"

/* The most epochs in one answer; the page asks for the rest at once. */
#define FEED_MOST_EPOCHS 2000

/* The parameters of a request: only numbers. */
typedef struct FeedQuery {
    int64_t id;    /* of the run or search */
    int64_t since; /* milliseconds since 1970: earlier changes of rows are known */
    int64_t from;  /* epochs before this one are known */
    int64_t wrong; /* epoch of the known misclassified pictures; -1: none */
} FeedQuery;

/* An answer, released with json_decref. An unknown id is PERCEPT_ERROR_ARGUMENT. */
typedef percept_status FeedAnswer(Database *database, const FeedQuery *query, json_t **out, percept_error *error);

/* Runs that belong to no search, as `runs`, and `searches`. `runs`: {"count": all that there are, "live": [ids that are
 * running, paused or waiting], "rows": [those changed since]}. A page whose rows do not fit count and live asks again
 * from 0. */
FeedAnswer feed_overview;

/* `run` with its recipe; `epochs`: a list for each metric, from `from` on, and `more`: true if there are later ones;
 * `wrong`: the currently misclassified pictures, null if the page has them. */
FeedAnswer feed_run;

/* `search`; its runs, with recipes, as `runs`; `rungs`. */
FeedAnswer feed_search;

#endif
