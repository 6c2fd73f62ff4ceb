/* Completion for fish: a line a word. */
#include <stdio.h>
#include <string.h>

#include "cli/help.h"
#include "cli/offer.h"

/* Text inside '...'. */
static void print_quoted(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'' || *text == '\\')
            putchar('\\');
        putchar(*text);
    }
}

/* " -d 'what it is'" */
static void print_description(const char *text)
{
    fputs(" -d '", stdout);
    print_quoted(text);
    putchar('\'');
}

/* "complete -c percept -n '__percept_in data info'" of "percept data info". */
static void print_begin(const char *condition, const char *command)
{
    const char *space = strchr(command, ' ');
    printf("complete -c percept -n '__percept_%s%s'", condition, space != NULL ? space : "");
}

/* The offered words, exclusively or with files. */
static void print_offer(const Offer *offer)
{
    fputs(offer->files ? " -F" : " -f", stdout);
    if (offer->keys)
        fputs(" -a '(__percept_settings)'", stdout);
    else if (offer->words[0] != '\0' || offer->folders)
        printf(" -a '%s%s'", offer->words, offer->folders ? "(__fish_complete_directories (commandline -ct))" : "");
}

void help_fish_command(const Parser *parser, const char *summary)
{
    const char *command = parser->manual->command;
    Offer offer;
    (void)summary;
    for (size_t i = 0; i < parser->option_count; i++) {
        const Option *option = &parser->options[i];
        print_begin("in", command);
        printf(" -l %s", option->flag + 2);
        if (option->value != NULL) {
            offer_of_option(option, &offer);
            fputs(" -r", stdout);
            print_offer(&offer);
        }
        print_description(offer_help(option));
        putchar('\n');
    }
    if (parser->manual->help_all != NULL) {
        print_begin("in", command);
        fputs(" -l help-all", stdout);
        print_description(parser->manual->help_all);
        putchar('\n');
    }
    for (size_t i = 0; i < parser->operand_count; i++) {
        offer_of_operand(&parser->operands[i], &offer);
        print_begin("in", command);
        print_offer(&offer);
        print_description(parser->operands[i].name);
        putchar('\n');
    }
}

static void print_level(const CommandGroup *group)
{
    for (size_t i = 0; i < group->count; i++) {
        print_begin("at", group->name);
        printf(" -a %s", group->commands[i].name);
        print_description(group->commands[i].summary);
        putchar('\n');
    }
    print_begin("at", group->name);
    fputs(" -a help", stdout);
    print_description(COMMAND_HELP_SUMMARY);
    putchar('\n');
    for (size_t i = 0; i < group->count; i++)
        help_ask(&group->commands[i], help_form_find("fish"));
}

static void print_keys(void)
{
    const Key *key = NULL;
    Offer offer;
    puts("# KEY=VALUE of the recipe.\n"
         "function __percept_settings");
    for (size_t i = 0; (key = recipe_key_at(i)) != NULL; i++) {
        offer_of_key(key, &offer);
        if (offer.words[0] != '\0')
            printf("    for word in %s\n        echo %s=$word\\t'", offer.words, key->name);
        else
            printf("    echo %s=\\t'", key->name);
        print_quoted(key->help);
        puts(offer.words[0] != '\0' ? "'\n    end" : "'");
    }
    puts("end\n");
}

void help_fish_group(const CommandGroup *group, const char *summary)
{
    (void)summary;
    if (group != &command_program) {
        print_level(group);
        return;
    }
    puts("# Completion of percept for fish, made by `percept completion fish` from the program's own tables.\n\n"
         "# True if the words before the cursor begin with these; and if they are these.\n"
         "function __percept_in\n"
         "    set -l words (commandline -opc)\n"
         "    set -e words[1]\n"
         "    test \"$words[1]\" = help; and set -e words[1]\n"
         "    test (count $words) -ge (count $argv); or return 1\n"
         "    for i in (seq (count $argv))\n"
         "        test \"$words[$i]\" = \"$argv[$i]\"; or return 1\n"
         "    end\n"
         "end\n"
         "function __percept_at\n"
         "    set -l words (commandline -opc)\n"
         "    set -e words[1]\n"
         "    test \"$words[1]\" = help; and set -e words[1]\n"
         "    test \"$words\" = \"$argv\"\n"
         "end\n");
    print_keys();
    puts("complete -c percept -f\n"
         "complete -c percept -l help -d 'print help'\n"
         "complete -c percept -n '__percept_at' -l version -d 'print the version'");
    print_level(group);
}
