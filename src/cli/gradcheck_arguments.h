/* The arguments of `percept gradcheck`. */
#ifndef CLI_GRADCHECK_ARGUMENTS_H
#define CLI_GRADCHECK_ARGUMENTS_H

#include "check/check.h"
#include "cli/settings.h"

typedef struct GradcheckArguments {
    const char *source, *examples, *out;
    CheckMethod method;
    double step; /* 0: the default of the method */
    CheckSelection selection;
    size_t first; /* --first */
    bool all, sweep, loop, json;
    Settings settings;
} GradcheckArguments;

/* For usage errors. */
#define GRADCHECK_COMMAND "percept gradcheck"

/* Reads the arguments into *out, which is zeroed except for the method. Returns PARSER_GO_ON, or the exit status after
 * a message. The settings are released with settings_clear in any case. */
int gradcheck_arguments_read(int argc, char **argv, GradcheckArguments *out);

#endif
