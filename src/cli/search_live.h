/* The progress of a search: on a terminal a table of running trials, redrawn in place, with a permanent line above it
 * for each new best trial; elsewhere one line for each trial that ended or reached a rung.
 *
 *     trial 17: 98.10 % of validation, epochs 10, learning_rate 0.1, hidden 256-128  ★
 *       trial 21  ━━━━━━━━━╸───────────────  epoch 4/10  97.20 %
 *       trial 24  ━━╸──────────────────────  epoch 1/10  95.88 %
 *     12 of 64 done, 3 diverged   best 98.10 % (trial 17)   0:41, 2:10 left */
#ifndef CLI_SEARCH_LIVE_H
#define CLI_SEARCH_LIVE_H

#include <stdio.h>

#include "search/search.h"

typedef struct SearchLive SearchLive;

/* Also prints the space. Released with search_live_free, which leaves the cursor on a new line and takes NULL. */
percept_status search_live_create(const Search *search, FILE *stream, bool terminal, SearchLive **out,
                                  percept_error *error);
void search_live_free(SearchLive *live);

/* For a SearchWatcher, whose user is the SearchLive. */
void search_live_view(const SearchView *view, void *user);
void search_live_ended(const SearchTrial *trial, void *user);

#endif
