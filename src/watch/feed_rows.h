/* Rows of the runs database as JSON objects; NULL for lack of memory. */
#ifndef WATCH_FEED_ROWS_H
#define WATCH_FEED_ROWS_H

#include <jansson.h>

#include "store/database.h"

json_t *feed_run_row(const RunRow *row, bool recipe);

/* best: the best score of the search so far; NaN if it is omitted. */
json_t *feed_search_row(const SearchRow *row, double best);

/* {"count": …, "live": […], "rows": […]} of the runs of a search, or with search 0 of those that belong to none. */
json_t *feed_run_rows(const RunRows *rows, int64_t search, int64_t since, bool recipes);

#endif
