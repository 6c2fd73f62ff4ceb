/* Finds what `percept search` should search: a space, or data with the space for tables that comes with the program. */
#ifndef CLI_SEARCH_SPACE_H
#define CLI_SEARCH_SPACE_H

#include "search/space.h"

/* A setting of the command line, in order: a key of the search, or an argument of --set. */
typedef struct SearchChange {
    const char *flag, *key; /* key: NULL for --set */
    const char *text;
} SearchChange;

/* The space that `what` names, with all changes made. In this order `what` is
 *   a search space          a file that ends in .yaml, or has a section `space`
 *   a search                the name of one that comes with the program
 *   data                    a file or folder that `percept train --data` takes, or the name of a dataset: a CSV file is
 *                          searched with recipes/search/tabular.yaml, other data with recipes/search/table.yaml; a key
 *                          that a change sets is not varied
 * *wrong_usage distinguishes a wrong argument from a file that cannot be read. */
percept_status search_space_find(const char *what, const SearchChange *changes, size_t count, Space **out,
                                 bool *wrong_usage, percept_error *error);

#endif
