/* The result of a search, as text and as JSON. */
#ifndef CLI_SEARCH_REPORT_H
#define CLI_SEARCH_REPORT_H

#include "search/search.h"

/* The winner, trained again. */
typedef struct SearchBest {
    bool trained;
    percept_result result;
    percept_metrics test; /* count 0 without a test part */
} SearchBest;

/* A score: "98.10 %", or a loss. */
#define SEARCH_FIGURE 48
void search_figure_text(const Search *search, double figure, char text[SEARCH_FIGURE]);

/* The short name of a column: the last word of the key, if no other column has it. */
const char *search_short_name(const Space *space, size_t column);

/* Prints the table, the rungs, the winner, the files, and the next command to standard output. */
percept_status search_report_print(const Search *search, const SearchBest *best, percept_error *error);
percept_status search_report_json(const Search *search, const SearchBest *best, percept_error *error);

#endif
