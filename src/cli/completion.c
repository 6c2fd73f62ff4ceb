/* percept completion: scripts that teach a shell the program's words. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/help.h"
#include "cli/message.h"
#include "cli/parser.h"

static const Manual manual = {
    .command = "percept completion",
    .example = "percept completion bash > ~/.local/share/bash-completion/completions/percept\n"
               "percept completion fish > ~/.config/fish/completions/percept.fish\n"
               "percept completion zsh > ~/.zfunc/_percept\n",
    .usage = "percept completion bash|zsh|fish\n",
    .text = "Prints a script that completes commands, flags, names and recipe keys in a\n"
            "shell. An installed Percept has the scripts in place already. For zsh the folder\n"
            "of the script must be in $fpath before compinit is called.\n",
};

static const char *shell_name(size_t index)
{
    static const char *const names[] = {"bash", "zsh", "fish"};
    return index < sizeof names / sizeof names[0] ? names[index] : NULL;
}

int command_completion(int argc, char **argv)
{
    const char *shell = NULL;
    OptionChoice choice = {shell_name, 0};
    const Option checked = {"shell", NULL, NULL, option_take_choice, &choice};
    const Operand operands[] = {{"bash|zsh|fish", false, &shell}};
    const Parser parser = {&manual, NULL, 0, operands, 1};
    const int status = parser_read(&parser, argc, argv);
    percept_error error;
    if (status != PARSER_GO_ON)
        return status;
    if (checked.take(&checked, shell, &error) != PERCEPT_OK)
        return fail_usage(manual.command, "the shell %s", error.message);
    help_form_find(shell)->group(&command_program, command_program.summary);
    return STATUS_DONE;
}
