#include "cli/text.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/quote.h"

/* Bytes after the first of a code point are 10xxxxxx. */
static bool continues(char byte)
{
    return ((unsigned char)byte & 0xC0U) == 0x80U;
}

size_t text_columns(const char *text)
{
    size_t columns = 0;
    for (; *text != '\0'; text++)
        columns += !continues(*text);
    return columns;
}

size_t text_prefix(const char *text, size_t columns)
{
    size_t bytes = 0;
    for (size_t seen = 0; text[bytes] != '\0'; bytes++) {
        seen += !continues(text[bytes]);
        if (seen > columns)
            break;
    }
    return bytes;
}

static void write_clean(FILE *stream, const char *text, size_t bytes)
{
    bool shown = true;
    for (size_t i = 0, length = 0; i < bytes; i += length) {
        length = text_character(text + i, &shown);
        if (shown)
            (void)fwrite(text + i, 1, length, stream);
        else
            fputc('?', stream);
    }
}

static void write_spaces(FILE *stream, size_t count)
{
    while (count-- > 0)
        fputc(' ', stream);
}

static size_t missing(const char *text, size_t columns)
{
    const size_t taken = text_columns(text);
    return taken < columns ? columns - taken : 0;
}

void text_left(FILE *stream, const char *text, size_t columns)
{
    write_clean(stream, text, text_prefix(text, columns));
    write_spaces(stream, missing(text, columns));
}

void text_right(FILE *stream, const char *text, size_t columns)
{
    write_spaces(stream, missing(text, columns));
    write_clean(stream, text, text_prefix(text, columns));
}

void text_wrapped(FILE *stream, size_t indent, const char *text)
{
    size_t column = indent;
    while (*text != '\0') {
        const size_t bytes = strcspn(text, " ");
        size_t columns = 0;
        for (size_t i = 0; i < bytes; i++)
            columns += !continues(text[i]);
        if (column > indent && column + 1 + columns > TEXT_WIDTH - 1) {
            fputc('\n', stream);
            write_spaces(stream, indent);
            column = indent;
        } else if (column > indent) {
            fputc(' ', stream);
            column++;
        }
        write_clean(stream, text, bytes);
        column += columns;
        text += bytes + strspn(text + bytes, " ");
    }
    fputc('\n', stream);
}

TextPlain text_plain(const char *text)
{
    TextPlain out;
    snprintf(out.text, sizeof out.text, "%s", text);
    (void)text_make_plain(out.text);
    return out;
}

void text_csv_cell(FILE *stream, const char *text)
{
    text_csv_cell_as(stream, isatty(fileno(stream)) == 1, text);
}

void text_csv_cell_as(FILE *stream, bool terminal, const char *text)
{
    const bool quoted = strpbrk(text, ",\"\r\n") != NULL;
    bool shown = true;
    if (quoted)
        fputc('"', stream);
    for (size_t length = 0; *text != '\0'; text += length) {
        length = text_character(text, &shown);
        if (*text == '"')
            fputc('"', stream);
        if (terminal && !shown)
            fputc('?', stream);
        else
            (void)fwrite(text, 1, length, stream);
    }
    if (quoted)
        fputc('"', stream);
}
