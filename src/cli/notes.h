/* Notes about data (data/notes.h) on the terminal. */
#ifndef CLI_NOTES_H
#define CLI_NOTES_H

#include <stdbool.h>
#include <stdio.h>

#include "data/notes.h"

/* Prints the notes, one per line, with long ones wrapped: how data were understood after "read", warnings after
 * "warning". With `quiet` only warnings. */
void notes_print(FILE *stream, const Notes *notes, bool quiet);

#endif
