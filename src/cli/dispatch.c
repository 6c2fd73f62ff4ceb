#include "cli/dispatch.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "cli/help.h"
#include "cli/message.h"

static const Command *find(const CommandGroup *group, const char *word)
{
    for (size_t i = 0; i < group->count; i++)
        if (strcmp(group->commands[i].name, word) == 0)
            return &group->commands[i];
    return NULL;
}

static int refuse(const CommandGroup *group, const char *word)
{
    const char *kind = word[0] == '-' ? "flag" : "command", *nearest = NULL;
    const char **names = NULL;
    if (memory_allocate(group->count + 5, sizeof *names, "the commands", &names, NULL) == PERCEPT_OK) {
        size_t count = 0;
        while (count < group->count) {
            names[count] = group->commands[count].name;
            count++;
        }
        names[count++] = "help";
        names[count++] = "--help";
        names[count++] = "--version";
        names[count++] = "--man";
        names[count++] = "--list";
        nearest = nearest_word(word, names, count);
    }
    memory_free(names);
    if (nearest != NULL)
        return fail_usage(group->name, "there is no %s '%s'; did you mean '%s'?", kind, word, nearest);
    return fail_usage(group->name, "there is no %s '%s'", kind, word);
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "--help-all") == 0;
}

/* `help`, `help train`, `help data info`, with --man, --list or --help-all anywhere. */
static int help(const CommandGroup *group, int argc, char **argv)
{
    const HelpForm *form = help_form_find("text");
    char *words[2] = {NULL, NULL}, flag[32];
    size_t count = 0;
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--man") == 0 || strcmp(argv[i], "--list") == 0)
            form = help_form_find(argv[i] + 2);
        else if (strcmp(argv[i], "--help-all") == 0)
            form = help_form_find("all");
        else if (argv[i][0] == '-' && !is_help(argv[i]))
            return refuse(group, argv[i]);
        else if (argv[i][0] != '-' && count < 2)
            words[count++] = argv[i];
    }
    if (count == 0) {
        form->group(group, group->summary);
        return STATUS_DONE;
    }
    const Command *command = find(group, words[0]);
    if (command == NULL)
        return refuse(group, words[0]);
    if (count == 1)
        return help_ask(command, form);
    snprintf(flag, sizeof flag, "--help=%s", form->name);
    char *arguments[] = {words[1], flag, NULL};
    return command->run(2, arguments);
}

int dispatch_command(const CommandGroup *group, int argc, char **argv)
{
    const char *summary = NULL;
    const HelpForm *form = help_requested(argc < 2 ? argc : 2, argv, &summary);
    if (argc == 0)
        return fail_usage(group->name, "which command?");
    if (form != NULL && strncmp(argv[0], "--help=", strlen("--help=")) == 0) {
        form->group(group, summary);
        return STATUS_DONE;
    }
    if (is_help(argv[0]) || strcmp(argv[0], "help") == 0)
        return help(group, argc - 1, argv + 1);
    const Command *command = find(group, argv[0]);
    if (command == NULL)
        return refuse(group, argv[0]);
    if (form != NULL && argc == 2)
        return help_ask(command, form);
    return command->run(argc - 1, argv + 1);
}
