/* Published numbers beside the reproduced ones, as a table for a terminal. */
#ifndef CLI_COMPARISON_H
#define CLI_COMPARISON_H

#include "study/published.h"

/* Prints a line for each published value that the study has, with the epochs of one result together, then how many were
 * compared and how many agreed. Columns are as wide as necessary, and lines have at most 100 columns; a name that does
 * not fit gets its own line. Without any value there is no table. */
void comparison_print(const Published *published);

#endif
