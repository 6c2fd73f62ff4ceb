/* Commands that users can paste into a shell: the program as it was called, and quoted paths. */
#ifndef CLI_SHELL_H
#define CLI_SHELL_H

#include <stdio.h>

/* The path as a word of a shell: in quotes if it has characters that a shell would change, and with ./ in front if it
 * looks like a flag. */
void shell_print_path(FILE *stream, const char *path);

/* The program as it was called, "build/release/percept", as a word of a shell. */
void shell_print_program(FILE *stream);

/* "PROGRAM evaluate FOLDER" and a newline; `words` are the words between, such as "train --resume". */
void shell_print_command(FILE *stream, const char *words, const char *path);

#endif
