#include "cli/parser.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "base/renamed.h"
#include "cli/help.h"
#include "cli/message.h"
#include "recipe/recipe.h"

#define FLAG_SIZE 64

/* The flag that begins `argument`, up to its end or '=', by today's name or a former one. */
static const Option *find_option(const Parser *parser, const char *argument)
{
    char word[FLAG_SIZE];
    snprintf(word, sizeof word, "%.*s", (int)strcspn(argument, "="), argument);
    const char *flag = renamed(word);
    for (size_t i = 0; i < parser->option_count; i++)
        if (strcmp(parser->options[i].flag, flag) == 0)
            return &parser->options[i];
    return NULL;
}

/* The key that a flag which does not exist seems to name, where keys can be set at all. */
static const Key *meant_key(const Parser *parser, const char *flag)
{
    char word[FLAG_SIZE];
    if (find_option(parser, "--set") == NULL || strncmp(flag, "--", 2) != 0)
        return NULL;
    snprintf(word, sizeof word, "%s", flag + 2);
    for (char *dash = strchr(word, '-'); dash != NULL; dash = strchr(dash, '-'))
        *dash = '_';
    return recipe_key_nearest(word);
}

static int refuse_flag(const Parser *parser, const char *argument)
{
    char flag[FLAG_SIZE];
    const char **flags = NULL;
    snprintf(flag, sizeof flag, "%.*s", (int)strcspn(argument, "="), argument);
    const char *nearest = NULL;
    if (memory_allocate(parser->option_count + 2, sizeof *flags, "the flags", &flags, NULL) == PERCEPT_OK) {
        size_t count = 0;
        for (; count < parser->option_count; count++)
            flags[count] = parser->options[count].flag;
        flags[count++] = "--help";
        if (parser->manual->help_all != NULL)
            flags[count++] = "--help-all";
        nearest = nearest_word(flag, flags, count);
    }
    memory_free(flags);
    if (nearest != NULL)
        return fail_usage(parser->manual->command, "there is no flag %s; did you mean %s?", flag, nearest);
    const Key *key = meant_key(parser, flag);
    if (key != NULL)
        return fail_usage(parser->manual->command, "there is no flag %s; did you mean --set %s=VALUE?", flag,
                          key->name);
    return fail_usage(parser->manual->command, "there is no flag %s", flag);
}

/* Reads the flag at argv[*at] and its value, and leaves *at on the last argument used. */
static int read_flag(const Parser *parser, int argc, char **argv, int *at)
{
    const char *argument = argv[*at], *equals = strchr(argument, '=');
    const Option *option = find_option(parser, argument);
    const char *value = equals != NULL ? equals + 1 : NULL;
    percept_error error;
    if (option == NULL)
        return refuse_flag(parser, argument);
    if (option->value == NULL && value != NULL)
        return fail_usage(parser->manual->command, "%s takes no value", option->flag);
    if (option->value != NULL && value == NULL) {
        if (*at + 1 >= argc || strncmp(argv[*at + 1], "--", 2) == 0)
            return fail_usage(parser->manual->command, "%s needs a value: %s %s", option->flag, option->flag,
                              option->value);
        value = argv[++*at];
    }
    if (option->take(option, value, &error) != PERCEPT_OK)
        return fail_usage(parser->manual->command, "%s %s", option->flag, error.message);
    return PARSER_GO_ON;
}

/* Takes an argument without a flag, the *given-th. */
static int take_operand(const Parser *parser, size_t *given, const char *argument)
{
    const size_t last = parser->operand_count - 1;
    const bool more = parser->operand_count > 0 && *given > last && operand_repeats(&parser->operands[last]);
    if (*given >= parser->operand_count && !more)
        return fail_usage(parser->manual->command, "'%s' is one argument too many", argument);
    const Operand *operand = &parser->operands[more ? last : *given];
    if (argument[0] == '\0')
        return fail_usage(parser->manual->command, "%s is empty", operand->name);
    operand->target[more ? *given - last : 0] = argument;
    (*given)++;
    return PARSER_GO_ON;
}

int parser_read(const Parser *parser, int argc, char **argv)
{
    const char *command = parser->manual->command;
    const char *summary = NULL;
    const HelpForm *form = help_requested(argc, argv, &summary);
    size_t given = 0;
    bool flags_over = false;
    if (form != NULL) {
        form->command(parser, summary);
        return STATUS_DONE;
    }
    for (int i = 0; i < argc; i++) {
        if (!flags_over && strcmp(argv[i], "--") == 0) {
            flags_over = true;
        } else if (!flags_over && argv[i][0] == '-' && argv[i][1] != '\0') {
            const int status = read_flag(parser, argc, argv, &i);
            if (status != PARSER_GO_ON)
                return status;
        } else {
            const int status = take_operand(parser, &given, argv[i]);
            if (status != PARSER_GO_ON)
                return status;
        }
    }
    if (given < parser->operand_count && !parser->operands[given].optional)
        return fail_usage(command, "%s is missing", parser->operands[given].name);
    return PARSER_GO_ON;
}
