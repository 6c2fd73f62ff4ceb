/* Manual pages in the man macros of roff, which groff and mandoc both read. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cli/help.h"
#include "cli/help_writer.h"

/* The code point that begins at *text, which moves past it. Not UTF-8, it is the byte itself. */
static unsigned next_point(const char **text)
{
    const unsigned char *at = (const unsigned char *)*text;
    const size_t more = at[0] >= 0xF0 ? 3 : at[0] >= 0xE0 ? 2 : at[0] >= 0xC0 ? 1 : 0;
    unsigned point = more == 0 ? at[0] : at[0] & (0x3FU >> more);
    size_t i = 1;
    for (; i <= more && (at[i] & 0xC0U) == 0x80U; i++)
        point = point << 6 | (at[i] & 0x3FU);
    *text += i;
    return point;
}

/* Text for roff: special characters are escaped, and characters outside ASCII are named by their number. */
static void print_roff(const char *text, size_t bytes)
{
    const char *end = text + bytes;
    if (bytes > 0 && (*text == '.' || *text == '\''))
        fputs("\\&", stdout);
    while (text < end) {
        const unsigned point = next_point(&text);
        if (point == '\\')
            fputs("\\e", stdout);
        else if (point == '-')
            fputs("\\-", stdout);
        else if (point == '\'')
            fputs("\\(aq", stdout);
        else if (point == '`')
            fputs("\\(ga", stdout);
        else if (point < 0x80)
            putchar((int)point);
        else
            printf("\\[u%04X]", point);
    }
}

static void print_word(const char *text)
{
    print_roff(text, strlen(text));
}

static void print_upper(const char *text)
{
    for (; *text != '\0'; text++)
        putchar(toupper((unsigned char)*text));
}

/* "PERCEPT\-TRAIN" */
static void print_title(const char *command)
{
    for (; *command != '\0'; command++)
        if (*command == ' ')
            fputs("\\-", stdout);
        else
            putchar(toupper((unsigned char)*command));
}

/* "percept train" as the name of its page, "percept-train". */
static void print_page(const char *command)
{
    for (; *command != '\0'; command++)
        print_roff(*command == ' ' ? "-" : command, 1);
}

static void print_section(const char *title)
{
    fputs(".SH ", stdout);
    if (strchr(title, ' ') != NULL)
        putchar('"');
    print_upper(title);
    puts(strchr(title, ' ') != NULL ? "\"" : "");
}

/* Lines that roff may fill anew; an empty one begins a paragraph. */
static void print_paragraph(const char *lines)
{
    while (*lines != '\0') {
        const size_t length = strcspn(lines, "\n");
        if (length == 0)
            fputs(".PP", stdout);
        print_roff(lines, length);
        putchar('\n');
        lines += length + (lines[length] == '\n');
    }
}

/* Lines that stay as they are. */
static void print_verbatim(const char *lines)
{
    puts(".nf");
    while (*lines != '\0') {
        const size_t length = strcspn(lines, "\n");
        print_roff(lines, length);
        putchar('\n');
        lines += length + (lines[length] == '\n');
    }
    puts(".fi");
}

/* Lines that each begin with the command. */
static void print_usage(const char *command, const char *lines)
{
    const size_t bold = strlen(command);
    for (const char *line = lines; *line != '\0'; line += strcspn(line, "\n") + 1) {
        const size_t length = strcspn(line, "\n");
        fputs(line == lines ? ".nf\n" : "", stdout);
        if (length >= bold && strncmp(line, command, bold) == 0) {
            fputs("\\fB", stdout);
            print_word(command);
            fputs("\\fR", stdout);
            print_roff(line + bold, length - bold);
        } else {
            print_roff(line, length);
        }
        putchar('\n');
    }
    puts(".fi");
}

static void print_gap(void)
{
}

static void print_entry(const char *name, const char *value, const char *help, size_t column)
{
    (void)column;
    fputs(".TP\n\\fB", stdout);
    print_word(name);
    fputs("\\fR", stdout);
    if (value != NULL) {
        fputs(" \\fI", stdout);
        print_word(value);
        fputs("\\fR", stdout);
    }
    putchar('\n');
    print_word(help);
    putchar('\n');
}

static void print_top(const char *command, const char *summary, const char *usage, const char *text)
{
    fputs(".TH \"", stdout);
    print_title(command);
    printf("\" 1 \"\" \"percept %s\" \"User Commands\"\n.nh\n.ad l\n", percept_version());
    print_section("Name");
    print_page(command);
    fputs(" \\- ", stdout);
    print_word(summary);
    putchar('\n');
    print_section("Synopsis");
    print_usage(command, usage);
    print_section("Description");
    print_paragraph(text);
}

/* The pages of the levels above: "percept(1), percept-data(1)" for "percept data list". */
static void print_above(const char *command)
{
    const char *separator = "";
    for (const char *end = strchr(command, ' '); end != NULL; end = strchr(end + 1, ' ')) {
        char above[64];
        snprintf(above, sizeof above, "%.*s", (int)(end - command), command);
        fputs(separator, stdout);
        print_page(above);
        fputs("(1)", stdout);
        separator = ",\n";
    }
}

static void print_bottom(const char *example)
{
    print_section("Exit status");
    puts("0 done, 1 failed, 2 wrong usage, 130 or 143 after an interrupt.");
    print_section("Examples");
    print_verbatim(example);
    print_section("See also");
}

void help_man_command(const Parser *parser, const char *summary)
{
    static const HelpWriter writer = {false, print_section, print_paragraph, print_gap, print_entry};
    const Manual *manual = parser->manual;
    print_top(manual->command, summary, manual->usage, manual->text);
    print_section("Options");
    for (size_t i = 0; i < parser->option_count; i++)
        if (parser->options[i].help != NULL)
            print_entry(parser->options[i].flag, parser->options[i].value, parser->options[i].help, 0);
    print_entry("--help", NULL, "print a summary of this", 0);
    if (manual->help_all != NULL)
        print_entry("--help-all", NULL, manual->help_all, 0);
    if (manual->more != NULL)
        manual->more(&writer);
    print_bottom(manual->example);
    print_above(manual->command);
    putchar('\n');
}

void help_man_group(const CommandGroup *group, const char *summary)
{
    print_top(group->name, summary, group->usage, group->text);
    print_section("Commands");
    for (size_t i = 0; i < group->count; i++)
        print_entry(group->commands[i].name, NULL, group->commands[i].summary, 0);
    print_entry("help", NULL, COMMAND_HELP_SUMMARY, 0);
    print_bottom(group->example);
    print_above(group->name);
    for (size_t i = 0; i < group->count; i++) {
        fputs(i > 0 || strchr(group->name, ' ') != NULL ? ",\n" : "", stdout);
        print_page(group->name);
        fputs("\\-", stdout);
        print_page(group->commands[i].name);
        fputs("(1)", stdout);
    }
    putchar('\n');
}
