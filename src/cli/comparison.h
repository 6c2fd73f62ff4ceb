/* Published numbers beside the reproduced ones, as a table for a terminal. */
#ifndef CLI_COMPARISON_H
#define CLI_COMPARISON_H

#include "study/published.h"

/* Prints a line for each figure that the study has, and for the epochs of one figure together, then how many were compared
 * and how many agreed. Columns are as wide as they need to be, and lines have at most 100; a name that does not fit stands
 * on a line of its own. Without any figure there is no table. */
void comparison_print(const Published *published);

#endif
