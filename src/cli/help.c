#include "cli/help.h"

#include <stdio.h>
#include <string.h>

/* ---- The form "list": a line a page --------------------------------------------------------------------------------- */

static void list_command(const Parser *parser, const char *summary)
{
    (void)summary;
    puts(parser->manual->command);
}

static void list_group(const CommandGroup *group, const char *summary)
{
    (void)summary;
    puts(group->name);
    for (size_t i = 0; i < group->count; i++)
        help_ask(&group->commands[i], help_form_find("list"));
}

/* ---- Forms --------------------------------------------------------------------------------------------------------- */

static const HelpForm forms[] = {
    {"text", help_text_command, help_text_group}, {"all", help_all_command, help_text_group},
    {"man", help_man_command, help_man_group},    {"list", list_command, list_group},
    {"bash", help_bash_command, help_bash_group}, {"zsh", help_zsh_command, help_zsh_group},
    {"fish", help_fish_command, help_fish_group},
};

const HelpForm *help_form_find(const char *name)
{
    for (size_t f = 0; f < sizeof forms / sizeof forms[0]; f++)
        if (strcmp(forms[f].name, name) == 0)
            return &forms[f];
    return NULL;
}

const HelpForm *help_requested(int argc, char **argv, const char **summary)
{
    static const char flag[] = "--help=";
    *summary = "";
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return help_form_find("text");
        if (strcmp(argv[i], "--help-all") == 0)
            return help_form_find("all");
        if (strncmp(argv[i], flag, strlen(flag)) == 0 && help_form_find(argv[i] + strlen(flag)) != NULL) {
            *summary = i + 1 < argc ? argv[i + 1] : "";
            return help_form_find(argv[i] + strlen(flag));
        }
    }
    return NULL;
}

int help_ask(const Command *command, const HelpForm *form)
{
    char flag[32], summary[256];
    char *arguments[] = {flag, summary, NULL};
    snprintf(flag, sizeof flag, "--help=%s", form->name);
    snprintf(summary, sizeof summary, "%s", command->summary);
    return command->run(2, arguments);
}
