/* Help for the terminal: an example first, then usage, what it does, flags. */
#include <stdio.h>
#include <string.h>

#include "cli/help.h"
#include "cli/help_writer.h"
#include "cli/text.h"

#define FLAG_COLUMN 26
#define SUMMARY_COLUMN 14

/* Lines of text, each indented by two spaces. */
static void print_indented(const char *lines)
{
    while (*lines != '\0') {
        const size_t length = strcspn(lines, "\n");
        printf("%s%.*s\n", length > 0 ? "  " : "", (int)length, lines);
        lines += length + (lines[length] == '\n');
    }
}

static void print_section(const char *title)
{
    printf("\n%s\n", title);
}

static void print_paragraph(const char *lines)
{
    fputs(lines, stdout);
}

static void print_gap(void)
{
    putchar('\n');
}

/* A flag or key with its help beside it, the help from column `column` on. */
static void print_entry(const char *name, const char *value, const char *help, size_t column)
{
    const int written = printf("  %s%s%s", name, value != NULL ? " " : "", value != NULL ? value : "");
    const size_t used = written > 0 ? (size_t)written : 0;
    if (used + 2 > column)
        printf("\n%*s", (int)column, "");
    else
        printf("%*s", (int)(column - used), "");
    text_wrapped(stdout, column, help);
}

static void print_top(const char *example, const char *usage, const char *text)
{
    puts("Example");
    print_indented(example);
    print_section("Usage");
    print_indented(usage);
    printf("\n%s", text);
}

static void print_command(const Parser *parser, bool everyday)
{
    const HelpWriter writer = {everyday, print_section, print_paragraph, print_gap, print_entry};
    const Manual *manual = parser->manual;
    print_top(manual->example, manual->usage, manual->text);
    print_section("Flags");
    for (size_t i = 0; i < parser->option_count; i++)
        if (parser->options[i].help != NULL)
            print_entry(parser->options[i].flag, parser->options[i].value, parser->options[i].help, FLAG_COLUMN);
    print_entry("--help", NULL, "print this", FLAG_COLUMN);
    if (manual->help_all != NULL)
        print_entry("--help-all", NULL, manual->help_all, FLAG_COLUMN);
    if (manual->more != NULL)
        manual->more(&writer);
}

void help_text_command(const Parser *parser, const char *summary)
{
    (void)summary;
    print_command(parser, true);
}

void help_all_command(const Parser *parser, const char *summary)
{
    (void)summary;
    print_command(parser, false);
}

void help_text_group(const CommandGroup *group, const char *summary)
{
    (void)summary;
    print_top(group->example, group->usage, group->text);
    print_section("Commands");
    for (size_t i = 0; i < group->count; i++)
        print_entry(group->commands[i].name, NULL, group->commands[i].summary, SUMMARY_COLUMN);
    print_entry("help", NULL, COMMAND_HELP_SUMMARY, SUMMARY_COLUMN);
}
