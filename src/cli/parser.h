/* Command lines, parsed by tables (options.h). `--` ends the flags, "-" is a name. */
#ifndef CLI_PARSER_H
#define CLI_PARSER_H

#include "cli/options.h"

#define PARSER_GO_ON (-1)

/* Reads the arguments. PARSER_GO_ON, or the exit status: --help was printed, or the usage was wrong and a message was printed. */
int parser_read(const Parser *parser, int argc, char **argv);

#endif
