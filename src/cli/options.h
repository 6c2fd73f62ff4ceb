/* Tables of a command's arguments: flags `--flag value` or `--flag=value`, switches, and names in a fixed order. Arguments
 * are parsed by them (parser.h), and help is printed from them (help.h), an example first. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

typedef struct Option Option;

/* Takes a flag's value (NULL for a switch). The error message should say what is valid; the flag is put in front of
 * it. */
typedef percept_status OptionTake(const Option *option, const char *value, percept_error *error);

/* A flag. */
struct Option {
    const char *flag;  /* "--out" */
    const char *value; /* the name of its value in help: "DIR"; NULL for a switch, which takes none */
    const char *help;  /* NULL: described elsewhere in the help */
    OptionTake *take;
    void *target; /* what `take` fills */
};

percept_status option_take_text(const Option *option, const char *value, percept_error *error);   /* const char ** */
percept_status option_take_switch(const Option *option, const char *value, percept_error *error); /* bool * */
percept_status option_take_count(const Option *option, const char *value, percept_error *error);  /* size_t * */

percept_status option_take_probability(const Option *option, const char *value,
                                       percept_error *error); /* double *, from 0 to 1 */

/* What option_take_choice fills: one of the names that `name` gives for 0, 1, ... until NULL. */
typedef struct OptionChoice {
    const char *(*name)(size_t index);
    size_t chosen;
} OptionChoice;

percept_status option_take_choice(const Option *option, const char *value, percept_error *error);

/* A name without a flag. The last one may end in "..." ("RUN...") and then takes one or more arguments: target is an
 * array of argc + 1 elements, all NULL, which is filled from the start. */
typedef struct Operand {
    const char *name; /* "RUN|MODEL" */
    bool optional;    /* those after it are then optional too */
    const char **target;
} Operand;

typedef struct HelpWriter HelpWriter; /* help_writer.h */

/* A subcommand's manual, printed by --help. Its lines are wrapped in the source to fit the width. */
typedef struct Manual {
    const char *command; /* "percept train" */
    const char *example; /* lines, without indentation, each ended by \n; so the next two */
    const char *usage;
    const char *text;
    void (*more)(const HelpWriter *writer); /* prints what follows the flags, or NULL */
    const char *help_all;                   /* the help of --help-all; NULL if there is none: --help is complete */
} Manual;

/* True for an operand that takes one or more arguments. */
bool operand_repeats(const Operand *operand);

/* Everything needed to parse the arguments of a command. */
typedef struct Parser {
    const Manual *manual;
    const Option *options;
    size_t option_count;
    const Operand *operands;
    size_t operand_count;
} Parser;

#endif
