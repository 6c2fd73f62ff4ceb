/* What percept search is asked to do. */
#ifndef CLI_SEARCH_ARGUMENTS_H
#define CLI_SEARCH_ARGUMENTS_H

#include <stdbool.h>

#include "cli/search_space.h"

typedef struct SearchArguments {
    const char *space, *out, *resume;
    size_t jobs;
    bool force, quiet, json, no_best;
    SearchChange *changes;
    size_t change_count;
    double minutes; /* of a search that is continued; NAN: its own */
} SearchArguments;

/* PARSER_GO_ON, or the program's status. Released with search_arguments_clear in any case. */
int search_arguments_read(int argc, char **argv, SearchArguments *out);
void search_arguments_clear(SearchArguments *arguments);

/* The space that they name, with their changes; likewise. */
int search_arguments_space(const SearchArguments *arguments, Space **out);

#endif
