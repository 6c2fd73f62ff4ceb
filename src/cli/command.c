#include "cli/command.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "cli/message.h"
#include "cli/options.h"

#define SUMMARY_COLUMN 14

static int print_group(const CommandGroup *group)
{
    puts("Example");
    print_indented(group->example);
    puts("\nUsage");
    print_indented(group->usage);
    printf("\n%s", group->text);
    puts("\nCommands");
    for (size_t i = 0; i < group->count; i++)
        print_entry(group->commands[i].name, NULL, group->commands[i].summary, SUMMARY_COLUMN);
    print_entry("help", NULL, "what a command does, with an example", SUMMARY_COLUMN);
    return STATUS_DONE;
}

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
    if (memory_allocate(group->count + 3, sizeof *names, "the commands", &names, NULL) == PERCEPT_OK) {
        size_t count = 0;
        while (count < group->count) {
            names[count] = group->commands[count].name;
            count++;
        }
        names[count++] = "help";
        names[count++] = "--help";
        names[count++] = "--version";
        nearest = nearest_word(word, names, count);
    }
    memory_free(names);
    if (nearest != NULL)
        return fail_usage(group->name, "there is no %s '%s'; did you mean '%s'?", kind, word, nearest);
    return fail_usage(group->name, "there is no %s '%s'", kind, word);
}

/* `help`, `help train`, `help data info`. */
static int help(const CommandGroup *group, int argc, char **argv)
{
    char flag[] = "--help";
    char *arguments[] = {argc > 1 ? argv[1] : flag, flag, NULL};
    if (argc == 0)
        return print_group(group);
    const Command *command = find(group, argv[0]);
    if (command == NULL)
        return refuse(group, argv[0]);
    return command->run(argc > 1 ? 2 : 1, arguments);
}

int command_run(const CommandGroup *group, int argc, char **argv)
{
    if (argc == 0) {
        fail_usage(group->name, "which command?");
        return STATUS_USAGE;
    }
    if (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0 || strcmp(argv[0], "help") == 0)
        return help(group, argc - 1, argv + 1);
    const Command *command = find(group, argv[0]);
    if (command == NULL)
        return refuse(group, argv[0]);
    return command->run(argc - 1, argv + 1);
}
