/* Help in several forms, all from the same tables of commands, flags, names and keys: for the terminal, as a manual page,
 * as completion for a shell, as a list of the pages.
 *
 * A command prints a form when it is run with --help=FORM and its summary as arguments. So only the command itself needs
 * to know its flags; plain --help is the form "text", --help-all the form "all". */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/command.h"
#include "cli/options.h"

typedef struct HelpForm {
    const char *name;
    void (*command)(const Parser *parser, const char *summary);
    void (*group)(const CommandGroup *group, const char *summary);
} HelpForm;

/* A form by its name. NULL if there is none. */
const HelpForm *help_form_find(const char *name);

/* The form that an argument before `--` asks for, or NULL; *summary is the argument after --help=FORM, or "". */
const HelpForm *help_requested(int argc, char **argv, const char **summary);

/* Makes a command print its help in this form. */
int help_ask(const Command *command, const HelpForm *form);

/* The forms. */
void help_text_command(const Parser *parser, const char *summary);
void help_all_command(const Parser *parser, const char *summary);
void help_text_group(const CommandGroup *group, const char *summary);
void help_man_command(const Parser *parser, const char *summary);
void help_man_group(const CommandGroup *group, const char *summary);
void help_bash_command(const Parser *parser, const char *summary);
void help_bash_group(const CommandGroup *group, const char *summary);
void help_zsh_command(const Parser *parser, const char *summary);
void help_zsh_group(const CommandGroup *group, const char *summary);
void help_fish_command(const Parser *parser, const char *summary);
void help_fish_group(const CommandGroup *group, const char *summary);

#endif
