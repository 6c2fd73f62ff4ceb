#include "cli/shell.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/quote.h"

/* Characters that no shell changes, anywhere in a word. */
static bool is_plain(char byte)
{
    return isalnum((unsigned char)byte) != 0 || (byte != '\0' && strchr("/._-+:@,", byte) != NULL);
}

/* Inside '...' nothing but ' has a meaning; it is written between two quoted pieces. */
static void print_quoted(FILE *stream, const char *word)
{
    fputc('\'', stream);
    for (; *word != '\0'; word++)
        if (*word == '\'')
            fputs("'\\''", stream);
        else
            fputc(*word, stream);
    fputc('\'', stream);
}

/* Inside $'...' what must not reach a terminal has a number. */
static void print_escaped(FILE *stream, const char *word)
{
    fputs("$'", stream);
    while (*word != '\0') {
        bool shown = true;
        const size_t bytes = text_character(word, &shown);
        if (*word == '\'' || *word == '\\')
            fputc('\\', stream);
        for (size_t i = 0; i < bytes; i++)
            fprintf(stream, shown ? "%c" : "\\%03o", (unsigned char)word[i]);
        word += bytes;
    }
    fputc('\'', stream);
}

static void print_word(FILE *stream, const char *word)
{
    bool plain = word[0] != '\0', shown = true;
    for (const char *at = word; *at != '\0';) {
        bool shows = true;
        plain = plain && is_plain(*at);
        at += text_character(at, &shows);
        shown = shown && shows;
    }
    if (!shown)
        print_escaped(stream, word);
    else if (plain)
        fputs(word, stream);
    else
        print_quoted(stream, word);
}

void shell_print_path(FILE *stream, const char *path)
{
    if (path[0] == '-')
        fputs("./", stream);
    print_word(stream, path);
}

void shell_print_program(FILE *stream)
{
    print_word(stream, program_invocation_name);
}

void shell_print_command(FILE *stream, const char *words, const char *path)
{
    shell_print_program(stream);
    fprintf(stream, " %s ", words);
    shell_print_path(stream, path);
    fputc('\n', stream);
}
