/* From the arguments to the command that they name. */
#ifndef CLI_DISPATCH_H
#define CLI_DISPATCH_H

#include "cli/command.h"

/* Runs the command that argv[0] names. --help, and `help` with or without a command's name, print help; with --man as
 * a manual page, with --help-all all keys of a recipe, with --list the names of all pages. A missing or an unknown
 * command is wrong usage. */
int dispatch_command(const CommandGroup *group, int argc, char **argv);

#endif
