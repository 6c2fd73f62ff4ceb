/* Notes about data (data/notes.h) on the terminal. */
#ifndef CLI_NOTES_H
#define CLI_NOTES_H

#include <stdbool.h>
#include <stdio.h>

#include "data/notes.h"

/* Prints the notes, one a line and long ones broken: what was taken for what behind "read", warnings behind "warning".
 * Nothing without notes; with `quiet` warnings alone. */
void notes_print(FILE *stream, const Notes *notes, bool quiet);

#endif
