#include "export/c_text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/quote.h"

#define WHAT "the C source"

static bool make_room(CText *text, size_t extra)
{
    if (text->status != PERCEPT_OK)
        return false;
    if (text->buffer.capacity - text->buffer.size < extra)
        text->status = buffer_reserve(&text->buffer, extra + text->buffer.size, WHAT, text->error);
    return text->status == PERCEPT_OK;
}

void c_put_bytes(CText *text, const char *bytes, size_t size)
{
    if (size == 0 || !make_room(text, size))
        return;
    memcpy(text->buffer.bytes + text->buffer.size, bytes, size);
    text->buffer.size += size;
}

void c_put_text(CText *text, const CText *other)
{
    c_put_bytes(text, (const char *)other->buffer.bytes, other->buffer.size);
    if (text->status == PERCEPT_OK)
        text->status = other->status;
}

void c_put(CText *text, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length > 0 && make_room(text, (size_t)length + 1)) {
        vsnprintf((char *)text->buffer.bytes + text->buffer.size, (size_t)length + 1, format, again);
        text->buffer.size += (size_t)length;
    }
    va_end(again);
}

/* U+202A … U+202E, U+2066 … U+2069: they turn the direction of text, and compilers warn of them. */
static bool turns_direction(const char *at, size_t length)
{
    const unsigned char *byte = (const unsigned char *)at;
    return length == 3 && byte[0] == 0xE2 &&
           ((byte[1] == 0x80 && byte[2] >= 0xAA && byte[2] <= 0xAE) ||
            (byte[1] == 0x81 && byte[2] >= 0xA6 && byte[2] <= 0xA9));
}

void c_put_comment(CText *text, const char *words)
{
    char before = ' ';
    while (*words != '\0') {
        bool shown = true;
        const size_t length = text_character(words, &shown);
        if (!shown || *words == '\\' || turns_direction(words, length))
            c_put(text, "?");
        else {
            if ((before == '*' && *words == '/') || (before == '/' && *words == '*') ||
                (before == '?' && *words == '?'))
                c_put(text, " ");
            c_put_bytes(text, words, length);
        }
        before = !shown || *words == '\\' ? '?' : *words;
        words += length;
    }
}

void c_put_string(CText *text, const char *words)
{
    c_put(text, "\"");
    for (; *words != '\0'; words++) {
        const unsigned char byte = (unsigned char)*words;
        if (byte == '"' || byte == '\\' || byte == '?') /* two '?' may begin a trigraph */
            c_put(text, "\\%c", byte);
        else if (byte < ' ' || byte > '~')
            c_put(text, "\\%03o", byte);
        else
            c_put(text, "%c", byte);
    }
    c_put(text, "\"");
}

void c_put_name(CText *text, const char *words)
{
    for (; *words != '\0'; words++)
        c_put(text, "%c", isascii((unsigned char)*words) && isalnum((unsigned char)*words) ? *words : '_');
}

const char *c_number(bool wide, double value, char literal[C_NUMBER_SIZE])
{
    char digits[NUMBER_SIZE];
    number_format_digits(value, wide ? 17 : 9, digits);
    snprintf(literal, C_NUMBER_SIZE, "%s%s%s", digits, strpbrk(digits, ".e") == NULL ? ".0" : "", wide ? "" : "f");
    return literal;
}
