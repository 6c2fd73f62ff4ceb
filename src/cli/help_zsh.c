/* Completion for zsh: a function a command, with _arguments. */
#include <stdio.h>
#include <string.h>

#include "cli/help.h"
#include "cli/offer.h"

/* Text inside '...' and a part of _arguments' or _describe's own syntax: ':', '[' and ']' mean something there. */
static void print_quoted(const char *text)
{
    for (; *text != '\0'; text++)
        if (*text == '\'')
            fputs("'\\''", stdout);
        else if (strchr(":[]\\", *text) != NULL)
            printf("\\%c", *text);
        else
            putchar(*text);
}

/* "_percept_data_info" of "percept data info". */
static void print_function(const char *command)
{
    putchar('_');
    for (; *command != '\0'; command++)
        putchar(*command == ' ' ? '_' : *command);
}

/* ":message:action" */
static void print_offer(const char *name, const Offer *offer)
{
    putchar(':');
    print_quoted(name);
    putchar(':');
    const char *disk = offer->files ? "_files" : offer->folders ? "_files -/" : "";
    if (offer->keys)
        fputs("_percept_setting", stdout);
    else if (offer->list && offer->words[0] != '\0')
        printf("_sequence compadd - %s", offer->words);
    else if (offer->words[0] != '\0' && disk[0] != '\0')
        printf("{compadd - %s; %s}", offer->words, disk);
    else if (offer->words[0] != '\0')
        printf("(%s)", offer->words);
    else
        fputs(disk[0] != '\0' ? disk : " ", stdout);
}

void help_zsh_command(const Parser *parser, const char *summary)
{
    Offer offer;
    (void)summary;
    print_function(parser->manual->command);
    puts("() {\n    _arguments -S : \\");
    for (size_t i = 0; i < parser->option_count; i++) {
        const Option *option = &parser->options[i];
        offer = (Offer){.words = ""};
        if (option->value != NULL)
            offer_of_option(option, &offer);
        printf("        '%s%s%s[", offer.keys ? "*" : "", option->flag, option->value != NULL ? "=" : "");
        print_quoted(offer_help(option));
        putchar(']');
        if (option->value != NULL)
            print_offer(option->value, &offer);
        puts("' \\");
    }
    for (size_t i = 0; i < parser->operand_count; i++) {
        offer_of_operand(&parser->operands[i], &offer);
        fputs(operand_repeats(&parser->operands[i]) ? "        '*"
              : parser->operands[i].optional        ? "        ':"
                                                    : "        '",
              stdout);
        print_offer(parser->operands[i].name, &offer);
        puts("' \\");
    }
    if (parser->manual->help_all != NULL)
        printf("        '(- *)--help-all[%s]' \\\n", parser->manual->help_all);
    puts("        '(- *)--help[print help]'\n}\n");
}

static void print_level(const CommandGroup *group)
{
    print_function(group->name);
    puts("() {\n"
         "    local curcontext=$curcontext state line\n"
         "    local -a commands=(");
    for (size_t i = 0; i < group->count; i++) {
        printf("        '%s:", group->commands[i].name);
        print_quoted(group->commands[i].summary);
        puts("'");
    }
    fputs("        'help:", stdout);
    print_quoted(COMMAND_HELP_SUMMARY);
    puts("'\n    )");
    fputs("    _arguments -C '(- *)--help[print help]' ", stdout);
    if (group == &command_program)
        fputs("'(- *)--version[print the version]' ", stdout);
    puts("'1:command:->command' '*::argument:->argument'\n"
         "    case $state in\n"
         "    command) _describe command commands ;;\n"
         "    argument)\n"
         "        case $words[1] in");
    fputs("        help) ", stdout); /* its words are the level's own */
    print_function(group->name);
    puts(" ;;");
    for (size_t i = 0; i < group->count; i++) {
        printf("        %s) ", group->commands[i].name);
        print_function(group->name);
        printf("_%s ;;\n", group->commands[i].name);
    }
    puts("        esac\n"
         "        ;;\n"
         "    esac\n"
         "}\n");
    for (size_t i = 0; i < group->count; i++)
        help_ask(&group->commands[i], help_form_find("zsh"));
}

static void print_keys(void)
{
    const Key *key = NULL;
    Offer offer;
    puts("# KEY=VALUE of the recipe.\n"
         "_percept_setting() {\n"
         "    if [[ $PREFIX != *=* ]]; then\n"
         "        local -a keys=(");
    for (size_t i = 0; (key = recipe_key_at(i)) != NULL; i++) {
        printf("            '%s:", key->name);
        print_quoted(key->help);
        puts("'");
    }
    puts("        )\n"
         "        _describe key keys -S =\n"
         "        return\n"
         "    fi\n"
         "    local key=${PREFIX%%=*}\n"
         "    compset -P 1 '*='\n"
         "    case $key in");
    for (size_t i = 0; (key = recipe_key_at(i)) != NULL; i++) {
        offer_of_key(key, &offer);
        if (offer.words[0] == '\0' && !offer.files && !offer.folders)
            continue;
        printf("    %s) ", key->name);
        if (offer.list)
            fputs("_sequence ", stdout);
        if (offer.words[0] != '\0')
            printf("compadd - %s%s", offer.words, offer.files || offer.folders ? "; " : "");
        if (offer.files || offer.folders)
            fputs(offer.files ? "_files" : "_files -/", stdout);
        puts(" ;;");
    }
    puts("    esac\n"
         "}\n");
}

void help_zsh_group(const CommandGroup *group, const char *summary)
{
    (void)summary;
    if (group != &command_program) {
        print_level(group);
        return;
    }
    puts("#compdef percept\n"
         "# Completion of percept for zsh, made by `percept completion zsh` from the program's own tables.\n");
    print_level(group);
    print_keys();
    puts("_percept \"$@\"");
}
